"""Nested values as every format gives them: mappings, lists, None, True and False, and all else as the text it was."""

import datetime as dt
import json
import unicodedata
from collections.abc import Callable, Sequence
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
class Loaded:
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


def earlier(pairs: Sequence[tuple[str, T]]) -> list[tuple[str, T]]:
    """The pairs of a mapping as written whose key stands once more behind them."""
    last = {key: place for place, (key, _) in enumerate(pairs)}
    return [(key, value) for place, (key, value) in enumerate(pairs) if last[key] != place]


def keep_last(pairs: list[tuple[str, object]], repeated: list[tuple[str, object]]) -> Mapping:
    """The mapping that pairs make, the last of a key winning; what it wins over goes to `repeated`."""
    values = dict(pairs)
    if len(values) != len(pairs):
        repeated.extend(earlier(pairs))
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


# Letters to Unicode that show nothing; whatever else does not show is no letter.
_BLANK_LETTERS = dict.fromkeys(map(ord, "\u115f\u1160"))


def is_secured(key: str) -> bool:
    """Whether a key names the encrypted blob that is never stored, in any spelling.

    A spelling has the same letters and digits once case, width and font are gone (NFKC): spaces, quotes, dashes, byte
    order marks and zero-width characters around or between them do not count. Letters that only look alike do.
    """
    if key.isascii() and key.isalpha():
        return key.lower() == "secured"  # as nearly all are
    letters = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).casefold())
    return "".join(filter(str.isalnum, letters.translate(_BLANK_LETTERS))) == "secured"


def without_secured(value: object, found: Callable[[object], None]) -> object:
    """A nested value without any `secured` key at any depth; calls `found` with the value of each."""
    if isinstance(value, dict):
        kept = {}
        for key, item in value.items():
            if is_secured(key):
                found(item)
            else:
                kept[key] = without_secured(item, found)
        return kept
    if isinstance(value, list):
        return [without_secured(item, found) for item in value]
    return value
