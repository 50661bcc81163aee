"""What must not be stored although a field takes it: credentials in URLs, and texts with a `secured` key of their own.

One look at the whole line of a document tells whether any of its values is worth a look; few are.
"""

import re
from collections.abc import Callable
from typing import Final

from transforms.parse.nested import Mapping
from transforms.parse.records import Issue, RecordBuilder
from transforms.redact.text import redact_text

# No pattern here takes more than linear time.
_CREDENTIALS_IN_LINE: Final = re.compile(rb"//[^/?#]*@")
_KEY_IN_LINE: Final = b"secured"
# `has_secured`, which every line has.
_OWN_KEYS: Final = 1


def is_suspect(line: bytes) -> bool:
    """Whether a document as a line of JSON may hold what `withhold` takes out."""
    return (b"@" in line and _CREDENTIALS_IN_LINE.search(line) is not None) or (
        line.lower().count(_KEY_IN_LINE) > _OWN_KEYS
    )


def redact(record: Mapping, extra: Mapping, builder: RecordBuilder) -> tuple[Mapping, Mapping]:
    """A record and the extra, see `records.shape_record`, and the issues of a builder, without what must not be stored.

    Each value that is changed is one more issue, unless it is that of an issue.
    """
    issues = [_without_secrets(issue) for issue in builder.issues]
    builder.is_withheld |= issues != builder.issues
    builder.issues = issues

    def change(text: str, name: str) -> str | None:
        stored = redact_text(text)
        if stored is None:
            builder.withhold(name, None, "a text with a `secured` key, whose value is never stored")
        elif stored != text:
            builder.withhold(name, stored, "a URL with credentials, which are never stored: it stands without them")
        return stored

    changed = _changed(record, "", change), _changed(extra, "", change)
    builder.is_withheld |= changed != (record, extra)  # a key may be a URL too
    return changed  # type: ignore[return-value]


def _without_secrets(issue: Issue) -> Issue:
    value = issue["value"]
    return issue | {"field": _stored_name(issue["field"] or ""), "value": None if value is None else redact_text(value)}


def _stored_name(name: str) -> str:
    return redact_text(name) or "?"


def _changed(value: object, name: str, change: Callable[[str, str], str | None]) -> object:
    """A nested value with every text in it changed, given the text and its name, such as `images[0].url`."""
    if isinstance(value, str):
        return change(value, name)
    if isinstance(value, dict):
        inner = f"{name}." if name else ""
        stored = [(_stored_name(key), each) for key, each in value.items()]
        return {key: _changed(each, f"{inner}{key}", change) for key, each in stored}
    if isinstance(value, list):
        return [_changed(each, f"{name}[{place}]", change) for place, each in enumerate(value)]
    return value
