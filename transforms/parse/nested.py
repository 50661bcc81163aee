"""Nested values as every format gives them: mappings, lists, None, True and False, and other scalars as text."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import orjson

Mapping = dict[str, object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Repair:
    """A value whose line was repaired: the field as in the file, the value as written, and the problem."""

    field: str
    value: str
    problem: str


@dataclass(slots=True)
class ParsedFrontMatter:
    """Parsed front matter.

    Attributes:
        value: a mapping, unless the front matter is malformed.
        repeated: (key, earlier value) for each key that a mapping repeats.
        shared: the fields that were removed because an alias shares their value with a `secured` key.
        repairs: the values whose lines were repaired.
    """

    value: object
    repeated: list[tuple[str, object]] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    repairs: Sequence[Repair] = ()


def shadowed(pairs: Sequence[tuple[str, T]]) -> list[tuple[str, T]]:
    """The pairs of a mapping that a later pair with the same key replaces."""
    last = {key: place for place, (key, _) in enumerate(pairs)}
    return [(key, value) for place, (key, value) in enumerate(pairs) if last[key] != place]


def keep_last(pairs: list[tuple[str, object]], repeated: list[tuple[str, object]]) -> Mapping:
    """The mapping of pairs, with the last value of each key; earlier values are added to `repeated`."""
    values = dict(pairs)
    if len(values) != len(pairs):
        repeated.extend(shadowed(pairs))
    return values


def as_text(value: object) -> object:
    """A nested value with keys and all scalars but None, True and False as text. Sets and tuples become lists."""
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


def dump_json(value: object) -> bytes:
    """A nested value as JSON with sorted keys; a lone surrogate, which is not valid text, becomes U+FFFD."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
