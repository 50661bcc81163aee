"""A memo of what outlines parse to, bounded in size."""

from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

import orjson

from transforms.outline.lines import Outline
from transforms.outline.template import NotPlainError, places_in, with_placeholders
from transforms.outline.values import STRUCTURAL
from transforms.parse.bounded_memo import BoundedMemo
from transforms.parse.nested import ParsedFrontMatter
from transforms.parse.outcomes import Reject
from transforms.parse.yaml_rapid import parse_with_rapidyaml

T = TypeVar("T")

# Files of a generator have some hundred outlines of some thirty lines.
_MOST_LINES: Final = 1_000
_MOST_BYTES: Final = 16 * 2**20
# Characters of a key that libyaml accepts, and rapidyaml does not count: 1,024.
_LONGEST_LINE: Final = 1_000
# Of a line of an outline, in all that is kept of it, besides its text.
_BYTES_PER_LINE: Final = 500

# The values which may decide the structure and which the line before them does not show.
_HIDDEN: Final = STRUCTURAL - {b""}


class OutlineMemo(Generic[T]):
    """What the outlines seen so far were made into; None for those that are not plain."""

    def __init__(self, make: Callable[[Outline, Sequence[bytes]], T]) -> None:
        """Set the function that makes the result for an outline, given an example of its values.

        It raises NotPlainError if the result depends on the values.
        """
        self._make = make
        self._made = BoundedMemo[tuple[Outline, tuple[bytes | None, ...]], T | None](_MOST_BYTES)

    def get(self, outline: Outline, values: Sequence[bytes]) -> T | None:
        """The result for an outline and the values that may decide the structure; None if not plain, or very long."""
        if len(outline) > _MOST_LINES:
            return None
        structural = () if _HIDDEN.isdisjoint(values) else tuple([each if each in _HIDDEN else None for each in values])
        key = outline, structural
        try:
            return self._made[key]
        except KeyError:
            pass
        try:
            made = self._make(outline, values)
        except NotPlainError:
            made = None
        return self._made.remember(key, made, sum(map(len, outline)) + _BYTES_PER_LINE * len(outline))


def parse_outline(outline: Outline, values: Sequence[bytes]) -> object:
    """The nested value of the outline of a whole text, with placeholders for values.

    Raises NotPlainError if it is no valid YAML, repeats a key, or a placeholder is not one value.
    """
    return _parsed(outline, values, lambda text: parse_with_rapidyaml(text) or _parse_with_pyyaml(text))


def parse_outline_of_item(key: bytes, outline: Outline, values: Sequence[bytes]) -> object:
    """The nested value of the outline of an item of a list under a key at the top; otherwise as `parse_outline`.

    PyYAML parses it, whose strictness makes sure that the text ends with the item.
    """
    value = _parsed(outline, values, lambda text: _parse_with_pyyaml(key + b":\n" + text))
    items = value[key.decode()] if isinstance(value, dict) else None
    if not isinstance(items, list) or len(items) != 1:
        raise NotPlainError
    return items[0]


def _parsed(outline: Outline, values: Sequence[bytes], parse: Callable[[bytes], ParsedFrontMatter]) -> object:
    if max(map(len, outline), default=0) > _LONGEST_LINE:
        raise NotPlainError
    try:
        parsed = parse(with_placeholders(outline, values))
    except Reject:
        raise NotPlainError from None
    expected = [place for place, value in enumerate(values) if value not in STRUCTURAL]
    if parsed.repeated or parsed.shared or sorted(places_in(orjson.dumps(parsed.value))) != expected:
        raise NotPlainError
    return parsed.value


# Slow to import; not needed for files without related items.
def _parse_with_pyyaml(text: bytes) -> ParsedFrontMatter:
    from transforms.parse.yaml_reference import parse_with_pyyaml

    return parse_with_pyyaml(text, 1)
