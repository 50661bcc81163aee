"""Find the keys of a document that can fill fields, whatever their case and separators.

An index of all rules is made once. A document then costs a look at each of its keys, not at each of all the aliases.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from transforms.generic.rules import KeySource

Path = tuple[str, ...]
_SEPARATORS = re.compile(r"[-_ ]")
_ANY: Final = "*"


@lru_cache(maxsize=4096)  # the keys of a corpus are few, but an attacker's need not be
def fold(key: str) -> str:
    """A key without case and separators: `publishDate`, `publish_date` and `Publish date` are one."""
    return _SEPARATORS.sub("", key.casefold())


def key_parts(key: str) -> tuple[str, ...]:
    """The parts of a dotted key, each folded."""
    return tuple(fold(part) for part in key.split("."))


@dataclass(frozen=True, slots=True)
class Match:
    """A key of a document that can fill a field: the field, the place of its source among those, path and value."""

    field: str
    place: int
    source: KeySource
    path: Path
    value: object

    @property
    def key(self) -> str:
        """The key with those above it, as in the file."""
        return ".".join(self.path)


@dataclass(slots=True)
class _Node:
    """The sources whose keys begin with the same parts: those that end here, and the next parts of the others."""

    ends: list[tuple[str, int, KeySource]] = field(default_factory=list)
    next: dict[str, "_Node"] = field(default_factory=dict)


class KeyIndex:
    """The keys of all sources, by their folded parts."""

    def __init__(self, sources: Mapping[str, Sequence[KeySource]]) -> None:  # noqa: D107
        self._root = _Node()
        for name, each in sources.items():
            for place, source in enumerate(each):
                if source.key:
                    self._add(name, place, source)

    def matches(self, mapping: Mapping[str, object]) -> dict[str, list[Match]]:
        """The keys of a document that can fill each field, the preferred first; nulls fill none.

        A key with dots in its name counts like a key with those above it.
        """
        found: dict[str, list[Match]] = {}
        for match in self._below(self._root, mapping, ()):
            found.setdefault(match.field, []).append(match)
        for matches in found.values():
            if len(matches) > 1:
                matches.sort(key=_place)
        return found

    def _add(self, name: str, place: int, source: KeySource) -> None:
        node = self._root
        for part in source.key.split("."):
            node = node.next.setdefault(fold(part), _Node())
        node.ends.append((name, place, source))
        if "." in source.key:
            self._root.next.setdefault(fold(source.key), _Node()).ends.append((name, place, source))

    def _below(self, node: _Node, mapping: Mapping[str, object], above: Path) -> Iterator[Match]:
        for key, value in mapping.items():
            if value is None:
                continue
            for part in (fold(key), _ANY):
                following = node.next.get(part)
                if following is None:
                    continue
                path = (*above, key)
                for name, place, source in following.ends:
                    yield Match(name, place, source, path, value)
                if following.next and isinstance(value, dict):
                    yield from self._below(following, value, path)


def _place(match: Match) -> int:
    return match.place


def without(mapping: Mapping[str, object], taken: set[Path]) -> dict[str, object]:
    """A mapping without the keys that were taken; a mapping of which all keys were taken is left out, too.

    The mapping, and those above a key that was taken, are copied; all others are shared.
    """
    parents = {path[:depth] for path in taken for depth in range(1, len(path))}
    return _without(mapping, taken, parents, ())


def _without(mapping: Mapping[str, object], taken: set[Path], parents: set[Path], above: Path) -> dict[str, object]:
    kept: dict[str, object] = {}
    for key, value in mapping.items():
        path = (*above, key)
        if path in taken:
            continue
        if path in parents and isinstance(value, dict):
            value = _without(value, taken, parents, path)
            if not value:
                continue
        kept[key] = value
    return kept


def put_back(mapping: dict[str, object], path: Path, value: object) -> None:
    """Put a value under a key that `without` left out, into the mapping that it returned."""
    *above, key = path
    for each in above:
        # A copy that `without` made of a parent of the key, or one that it dropped because nothing was left in it.
        mapping = mapping.setdefault(each, {})  # type: ignore[assignment]
    mapping[key] = value
