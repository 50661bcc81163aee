"""The inspection of a source for people: tables and lines on standard output."""

from collections.abc import Sequence
from typing import Final

from frontmart.inspection.inspect import Inspection
from frontmart.inspection.words import (
    files_sentence,
    is_parent,
    keys_of,
    kind_of,
    kinds_sentence,
    plural,
    preset_sentence,
    summary,
    usage_of,
)
from frontmart.terminal.tables import Row, print_line, show_rows

# Longer tables are cut: --json has all rows.
_SHOWN_KEYS: Final = 40
_SHOWN: Final = 10
_SAMPLES_WIDTH: Final = 60
_KEY_WIDTH: Final = 40


def show_inspection(found: Inspection) -> None:
    """Show what a source has: files, keys, fields, what is left, and what could not be read."""
    print_line(files_sentence(found))
    print_line(preset_sentence(found))
    if kinds := kinds_sentence(found):
        print_line(kinds)
    _section("files", found.files, _SHOWN)
    keys = [use for use in found.keys if not is_parent(use, found)]
    rows = [
        {
            "key": use.key if len(use.key) <= _KEY_WIDTH else use.key[: _KEY_WIDTH - 3] + "...",
            "documents": use.documents,
            "kind": kind_of(use),
            "used as": usage_of(use),
            "samples": _samples(use.samples),
        }
        for use in keys
    ]
    _section("keys of the files", rows, _SHOWN_KEYS)
    filled = [
        {
            "field": row["field"],
            "documents": row["documents"],
            "from": keys_of(row["keys"], row["documents"]),
        }
        for row in found.fields
        if row["documents"]
    ]
    _section("fields", filled, len(filled))
    empty = [row["field"] for row in found.fields if not row["documents"]]
    if empty:
        print_line(f"no document has: {', '.join(empty)}")
    _show_mixed(found)
    _section("files that could not be read", found.rejects, _SHOWN)
    _section("values that could not be read", found.field_issues, _SHOWN)
    print_line("")
    for sentence in summary(found):
        print_line(sentence)
    for problem in found.mapping_problems:
        print_line(f"a build would fail: {found.mapping.path if found.mapping else ''}: {problem}")


def _section(title: str, rows: Sequence[Row], limit: int) -> None:
    if rows:
        print_line("")
        more = f"and {len(rows) - limit:,} more: see --json" if len(rows) > limit else ""
        print_line(title)
        show_rows(rows[:limit], note=more)


def _samples(samples: Sequence[str]) -> str:
    """As many samples as fit in 60 characters, the first cut."""
    text = " | ".join(samples)
    while len(text) > _SAMPLES_WIDTH and len(samples) > 1:
        samples = samples[:-1]
        text = " | ".join(samples)
    return text


def _show_mixed(found: Inspection) -> None:
    for row in found.mixed_folders[:_SHOWN]:
        print_line(
            f"{row['folder']}: {plural(row['dated'], 'dated document')} are posts, {row['undated']:,} without a date "
            "are pages; [articles] of a mapping file would say what is a post"
        )
    if found.mixed_folders[_SHOWN:]:
        print_line(f"and {len(found.mixed_folders) - _SHOWN:,} more folders with both: see --json")
