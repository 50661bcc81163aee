"""Run `frontmart diff`: the differences as text for people, as one JSON object, or in a format of `query`."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from frontmart.diff.compare import COLUMNS, Change, Comparison
from frontmart.diff.sides import Side
from frontmart.formats import FORMATS, Form
from frontmart.formats.data import UNIX_CSV, WriteOptions
from frontmart.query.output import open_output
from frontmart.terminal.text import printable

_MOST_CHARACTERS: Final = 160
_WIDTH: Final = max(map(len, Change))


def write_rows(found: Comparison, file_format: str, output: Path | None) -> list[str]:
    """Write the differences in a format of `query` to a file, or to standard output -> notes about values."""
    options, format_ = WriteOptions(csv=UNIX_CSV), FORMATS[file_format]
    with open_output(output) as file:
        if format_.query is Form.BATCHES:
            reader = found.relation().to_arrow_reader(10_000)
            with reader:
                format_.writer(Form.BATCHES)(reader.schema, iter(reader), file, options)
            return []
        notes: list[str] = format_.writer(Form.ROWS)(found.rows(), file, options)
        return notes


def as_json(a: Side, b: Side, found: Comparison) -> dict[str, Any]:
    """The comparison for the command's JSON object: a document each, with its fields."""
    return {
        "a": a.as_json(),
        "b": b.as_json(),
        "has_same_rules": a.has_rules_of(b),
        "is_same": found.is_same,
        "counts": {change.value: count for change, count in found.counts.items()},
        "documents": [
            {
                **{name: rows[0][name] for name in ("change", "document_id", "path", "title")},
                "fields": [{name: row[name] for name in COLUMNS[4:]} for row in rows if row["field"] is not None],
            }
            for rows in _documents(found)
        ],
    }


def as_text(found: Comparison) -> Iterator[str]:
    """The lines for people: a document each, then its fields, indented; at the end how many of each there are."""
    for rows in _documents(found):
        first = rows[0]
        title = f"  {first['title']}" if first["title"] else ""
        yield printable(f"{first['change']:{_WIDTH}}  {first['path']}{title}")
        yield from (printable(_line(row)) for row in rows if row["field"] is not None)
    before, after = found.document_counts
    counts = ", ".join(f"{count:,} {change}" for change, count in found.counts.items() if count)
    yield f"{counts or 'no difference'}: {before:,} documents before, {after:,} after"


def _documents(found: Comparison) -> Iterator[list[dict[str, Any]]]:
    rows = (dict(zip(COLUMNS, row, strict=True)) for row in found.rows().rows)
    for _, group in groupby(rows, key=lambda row: (row["path"], row["document_id"])):
        yield list(group)


def _line(row: dict[str, Any]) -> str:
    """A field in which a document differs: an item that came or went, or a value before and after."""
    field, item, old, new = (row[name] for name in COLUMNS[4:])
    if item is not None and old is None and new == item:
        return f"    {field}: + {_short(item)}"
    if item is not None and new is None and old == item:
        return f"    {field}: - {_short(item)}"
    place = f"{field} of {_short(item)}" if item is not None else field
    return f"    {place}: {_short(old)} -> {_short(new)}"


def _short(value: str | None) -> str:
    """A value for people: one that is long is cut, which the other formats never do."""
    if value is None:
        return "(none)"
    text = value or "(empty)"
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
