"""All texts of a document, without the parts that must not be stored: see `text`.

A look at the whole document as a line of JSON shows whether any of its texts needs a closer look; few documents do.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from transforms.redact.secured import SECURED_KEYS
from transforms.redact.text import redact_text

Mapping = dict[str, object]
# A value refused: field, value and problem.
Issue = dict[str, str | None]

# The pattern takes linear time.
_CREDENTIALS_IN_LINE: Final = re.compile(rb"//[^/?#]*@")
_KEYS_IN_LINE: Final = tuple(key.encode() for key in SECURED_KEYS)
# `has_secured`, which every line contains.
_OWN_KEYS: Final = 1


@dataclass(frozen=True, slots=True)
class Redacted:
    """A document after redaction.

    Attributes:
        record: the values that fields take.
        extra: the values that no field takes.
        issues: the issues, with one more for each value that was changed.
        is_changed: whether anything was left out.
    """

    record: Mapping
    extra: Mapping
    issues: list[Issue]
    is_changed: bool


def is_suspect(line: bytes) -> bool:
    """Whether `redact` might change a document, given as a line of JSON."""
    if b"@" in line and _CREDENTIALS_IN_LINE.search(line) is not None:
        return True
    lower = line.lower()
    return sum(map(lower.count, _KEYS_IN_LINE)) > _OWN_KEYS


def is_suspect_text(text: bytes, secured_count: int) -> bool:
    """Whether `redact` might change a document with this front matter, which has as many `secured` keys."""
    if b"@" in text and _CREDENTIALS_IN_LINE.search(text) is not None:
        return True
    lower = text.lower()
    return sum(map(lower.count, _KEYS_IN_LINE)) > secured_count


def redact(record: Mapping, extra: Mapping, issues: list[Issue], names: dict[str, str] | None = None) -> Redacted:
    """A document without credentials in URLs and without texts that contain a `secured` key.

    Args:
        record: the values that fields take.
        extra: the values that no field takes, under the keys of the file.
        issues: the issues so far.
        names: the keys of the file for those of the record, which issues name; None if they are the same.
    """
    kept = [_redact_issue(issue) for issue in issues]
    is_changed = kept != issues

    def change(text: str, name: str) -> str | None:
        stored = redact_text(text)
        if stored is None:
            kept.append(_issue(name, None, "contains a `secured` key, whose value is never stored"))
        elif stored != text:
            kept.append(_issue(name, stored, "a URL with credentials, which are never stored: kept without them"))
        return stored

    def change_taken(text: str, name: str) -> str | None:
        return change(text, name if names is None else _redact_key(_name_in_file(name, names)))

    redacted = _changed(record, "", change_taken), _changed(extra, "", change)
    is_changed |= redacted != (record, extra)  # also where a key is a URL
    return Redacted(*redacted, kept, is_changed)  # type: ignore[arg-type]  # mappings, as were given


def _issue(field: str, value: str | None, problem: str) -> Issue:
    return {"field": field, "value": value, "problem": problem}


def _redact_issue(issue: Issue) -> Issue:
    value = issue["value"]
    return issue | {"field": _redact_key(issue["field"] or ""), "value": None if value is None else redact_text(value)}


def _name_in_file(name: str, names: dict[str, str]) -> str:
    """The key of the file for a name in a record: that of the innermost list or mapping around it that has one."""
    while name not in names and (end := max(name.rfind("."), name.rfind("["))) > 0:
        name = name[:end]
    return names.get(name, name)


def _redact_key(name: str) -> str:
    return redact_text(name) or "?"


def _changed(value: object, name: str, change: Callable[[str, str], str | None]) -> object:
    """A nested value with every text in it changed, given the text and its name, such as `images[0].url`."""
    if isinstance(value, str):
        return change(value, name)
    if isinstance(value, dict):
        inner = f"{name}." if name else ""
        stored = [(_redact_key(key), each) for key, each in value.items()]
        return {key: _changed(each, f"{inner}{key}", change) for key, each in stored}
    if isinstance(value, list):
        return [_changed(each, f"{name}[{place}]", change) for place, each in enumerate(value)]
    return value
