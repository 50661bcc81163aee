"""Nested values as every format gives them: mappings, lists, None, True and False, and all else as the text it was."""

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
    """A value whose line had to be repaired: the field as in the file, the value as written, and what was done."""

    field: str
    value: str
    problem: str


@dataclass(slots=True)
class ParsedFrontMatter:
    """Front matter as read.

    Attributes:
        value: a mapping in all that is well.
        repeated: (key, earlier value) of each key that stands twice in a mapping.
        shared: the names of fields whose value a `secured` key has too, by an alias: they come without it.
        repairs: the values whose lines had to be repaired.
    """

    value: object
    repeated: list[tuple[str, object]] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    repairs: Sequence[Repair] = ()


def shadowed(pairs: Sequence[tuple[str, T]]) -> list[tuple[str, T]]:
    """The pairs of a mapping as written whose key stands once more behind them."""
    last = {key: place for place, (key, _) in enumerate(pairs)}
    return [(key, value) for place, (key, value) in enumerate(pairs) if last[key] != place]


def keep_last(pairs: list[tuple[str, object]], repeated: list[tuple[str, object]]) -> Mapping:
    """The mapping that pairs make, the last of a key winning; what it wins over goes to `repeated`."""
    values = dict(pairs)
    if len(values) != len(pairs):
        repeated.extend(shadowed(pairs))
    return values


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


def dump_json(value: object) -> bytes:
    """JSON of a nested value, keys in order of the alphabet; a lone surrogate, which is no text, becomes U+FFFD."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
