"""Nested values as every format gives them: mappings, lists, None, True and False, and all else as the text it was."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

Mapping = dict[str, object]


@dataclass(slots=True)
class Loaded:
    """Front matter as read: a value (a mapping in all that is well), and (key, earlier value) of each repeated key."""

    value: object
    repeated: list[tuple[str, object]] = field(default_factory=list)


def as_text(value: object) -> object:
    """A nested value with every scalar but None, True and False as text; keys too. Sets and tuples become lists."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, dict):
        return {_key(key): as_text(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_text(item) for item in value]
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def _key(key: object) -> str:
    if key is None:
        return "null"
    return str(as_text(key)) if not isinstance(key, bool) else str(key).lower()


def is_secured(key: str) -> bool:
    """Whether a key names the encrypted blob that is never stored, in any spelling."""
    return key.strip().casefold() == "secured"


def without_secured(value: object, found: Callable[[], None]) -> object:
    """A nested value without any `secured` key at any depth; calls `found` for each."""
    if isinstance(value, dict):
        kept = {}
        for key, item in value.items():
            if is_secured(key):
                found()
            else:
                kept[key] = without_secured(item, found)
        return kept
    if isinstance(value, list):
        return [without_secured(item, found) for item in value]
    return value
