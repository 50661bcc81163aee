"""Write the mapping file of a source: the keys that fill each field today, with their counts in comments.

A build with it gives the same tables as one without: of the declared keys of each field, in their order, those stay
that fill the field in some document, or hold a value that it refuses.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from frontmart.errors import UsageError
from frontmart.inspection.inspect import Inspection, Row
from frontmart.inspection.keys import KeyUse
from frontmart.inspection.words import is_parent, kind_of, plural
from frontmart.mapping.check import READABLE_SHARE
from frontmart.mapping.model import COLUMN_NAME, RESERVED
from frontmart.terminal.text import printable
from transforms.fields import GENERIC_FIELDS, GenericField
from transforms.generic.keys import key_parts
from transforms.vocabulary import Preset

_COLUMN_TYPES: Final = {"text": "text", "number": "number", "date": "timestamp", "flag": "flag"}
_HEADER: Final = """\
# Mapping file of Frontmart, written by `frontmart inspect {source}`.
# A build takes it as frontmart.toml in that folder or beside it, or with --mapping.
#
# A list under [fields] replaces the declared keys of its field: a key that is not in it does not fill the field.
# ":default" in a list stands for the declared keys.
"""
_ARTICLES: Final = """
# Which documents are posts, by their path. Without this table, dates and folders decide: {kinds}.
# [articles]
# include = ["posts/**"]
# exclude = ["**/archive/**"]
"""
_DEFAULTS: Final = """
# Values for documents that have none, by their path.
# [[defaults]]
# path = "posts/**"
# values = {author = "Newsroom"}
"""
_COLUMNS: Final = """
# Columns of marts.article_columns, from any key. These keys fill no field:
# [columns]
"""


def require_free(file: Path) -> None:
    """Raise UsageError for a file that exists: what someone wrote is not overwritten."""
    if file.exists() or file.is_symlink():
        raise UsageError(f"{file}: exists and is not overwritten; give --write another name, or remove the file first")


def write_mapping(found: Inspection, file: Path) -> None:
    """Write the mapping file of an inspected source.

    Raises:
        UsageError: if the file exists, the source has a mapping file, or its preset takes none.
        OSError: if it cannot be written.
    """
    if found.mapping:
        message = f"{found.mapping.path}: is the mapping file of {found.source} already"
        raise UsageError(f"{message}; edit it, or move it away to write a new one")
    if found.preset.preset is Preset.SMARTABLE:
        message = f"{found.source}: its preset is smartable, whose keys are fixed"
        raise UsageError(f"{message}; add --preset generic to write a mapping file nevertheless")
    text = mapping_text(found)
    require_free(file)
    with file.open("x", encoding="utf-8") as opened:
        opened.write(text)


def mapping_text(found: Inspection) -> str:
    """The mapping file of an inspected source of the preset `generic`."""
    rows = {row["field"]: row for row in found.fields}
    issues = {issue["field"].partition("[")[0] for issue in found.field_issues}
    parts = [_HEADER.format(source=printable(found.source)), "\n[fields]\n"]
    for field in GENERIC_FIELDS:
        parts += _field(field, rows[field.name], issues, found)
    without = [name for name, row in rows.items() if not row["documents"]]
    if without:
        parts.append(f"# No document has {', '.join(without)}.\n")
    kinds = ", ".join(plural(count, kind) for kind, count in found.document_kinds.items())
    parts += [_ARTICLES.format(kinds=kinds or "no documents"), _DEFAULTS, *_columns(found)]
    return "".join(parts)


def _field(field: GenericField, row: Row, issues: set[str], found: Inspection) -> Iterator[str]:
    """The line of a field, and a comment with its counts; nothing for a field that no key fills."""
    keys = {key: count for key, count in row["keys"].items() if not key.startswith(":")}
    used = _aliases_in_use(field, keys, issues)
    if not used:
        return
    counts = ", ".join(f"{printable(key)} {count:,}" for key, count in keys.items())
    unread = "" if keys else "refused values only"
    yield f"# {row['documents']:,} of {plural(found.documents, 'document')}: {counts or unread}\n"
    yield f"{field.name} = [{', '.join(map(_quoted, used))}]\n"


def _aliases_in_use(field: GenericField, keys: Mapping[str, int], issues: set[str]) -> list[str]:
    """The declared keys in use, in their order, each as most files spell it."""
    used = []
    left = sorted(keys, key=lambda key: -keys[key])
    seen = [*left, *sorted(issues)]
    for alias in field.aliases:
        parts = key_parts(alias.key)
        if parts[-1] == "*":
            if any(key_parts(key)[:-1] == parts[:-1] for key in left):
                used.append(alias.key)
            continue
        spelling = next((key for key in seen if key_parts(key) == parts), None)
        if spelling is not None:
            used.append(spelling)
            left = [key for key in left if key_parts(key) != parts]
    return used


def _columns(found: Inspection) -> Iterator[str]:
    """A line to uncomment for each key that fills nothing."""
    unused = [use for use in found.keys if not use.used_as and use.unused and not is_parent(use, found)]
    if not unused:
        return
    yield _COLUMNS
    names: set[str] = set()
    for use in unused:
        name = _column_name(use.key, names)
        names.add(name)
        samples = f", such as {printable(use.samples[0])}" if use.samples else ""
        remark = f"{plural(use.documents, 'document')}, {kind_of(use)}{samples}"
        yield f"# {name} = {{key = {_quoted(use.key)}, type = {_quoted(_column_type(use))}}}  # {remark}\n"


def _column_type(use: KeyUse) -> str:
    """The type that reads most of the values of a key; text reads all."""
    kind, count = next(iter(use.kinds.items()))
    if count < READABLE_SHARE * use.documents:
        return "text"
    if kind == "text" and use.samples and all(each.startswith(("http://", "https://")) for each in use.samples):
        return "url"
    return _COLUMN_TYPES.get(kind, "text")


def _column_name(key: str, taken: set[str]) -> str:
    """A name for the column of a key: extra.readTime -> extra_read_time."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()
    name = re.sub(r"[^a-z0-9]+", "_", words).strip("_")[:50]
    if not re.match(COLUMN_NAME, name) or name in RESERVED:
        name = f"key_{name}".rstrip("_")
    numbered = (name, *(f"{name}_{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in numbered if each not in taken)


def _quoted(text: str) -> str:
    """A text as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
