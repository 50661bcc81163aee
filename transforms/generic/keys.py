"""Find the keys of a document whatever their case and separators, and keep account of those that filled a field."""

import re
from collections.abc import Iterator
from functools import cache

from transforms.parse.nested import Mapping

_SEPARATORS = re.compile(r"[-_ ]")


@cache
def key_parts(key: str) -> tuple[str, ...]:
    """The parts of a dotted key, each folded."""
    return tuple(fold(part) for part in key.split("."))


@cache
def fold(key: str) -> str:
    """A key without case and separators: `publishDate`, `publish_date` and `Publish date` are one."""
    return _SEPARATORS.sub("", key.casefold())


class Keys:
    """The keys of a document. A key that was taken fills no other field, and is left out of the extra."""

    def __init__(self, mapping: Mapping) -> None:  # noqa: D107
        self.mapping = mapping
        self._index: dict[int, dict[str, list[str]]] = {}
        self._taken: set[tuple[str, ...]] = set()

    def find(self, key: str) -> Iterator[tuple[tuple[str, ...], object]]:
        """The path and value of each key of the document that a dotted key means and that was not taken; not nulls.

        Several if the document has spellings that differ only in case or separators, or if the last part is `*`. The
        whole key may also be one, with dots in its name.
        """
        if "." in key:
            for name in self._spellings(self.mapping, fold(key)):
                yield from self._untaken((name,), self.mapping[name])
        yield from self._below(self.mapping, key_parts(key), ())

    def take(self, path: tuple[str, ...]) -> None:
        """Leave a key out of the extra."""
        self._taken.add(path)

    def extra(self) -> Mapping:
        """The mapping without the keys that were taken; a mapping of which all keys were taken is left out, too."""
        return self._rest(self.mapping, ()) if self._taken else self.mapping

    def _below(
        self, mapping: Mapping, parts: tuple[str, ...], above: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], object]]:
        first, rest = parts[0], parts[1:]
        names = list(mapping) if first == "*" else self._spellings(mapping, first)
        for name in names:
            value = mapping[name]
            if not rest:
                yield from self._untaken((*above, name), value)
            elif isinstance(value, dict):
                yield from self._below(value, rest, (*above, name))

    def _untaken(self, path: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], object]]:
        if value is not None and path not in self._taken:
            yield path, value

    def _spellings(self, mapping: Mapping, folded: str) -> list[str]:
        index = self._index.get(id(mapping))
        if index is None:
            index = self._index[id(mapping)] = {}
            for name in mapping:
                index.setdefault(_SEPARATORS.sub("", name.casefold()), []).append(name)
        return index.get(folded, [])

    def _rest(self, mapping: Mapping, above: tuple[str, ...]) -> Mapping:
        kept: Mapping = {}
        for name, value in mapping.items():
            path = (*above, name)
            if path in self._taken:
                continue
            if isinstance(value, dict) and any(taken[: len(path)] == path for taken in self._taken):
                value = self._rest(value, path)
                if not value:
                    continue
            kept[name] = value
        return kept
