"""Compare a mapping file with all files of its source: an entry that has no effect is an error, not a surprise."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from frontmart.errors import UsageError
from frontmart.mapping.read import MappingFile
from frontmart.toml_file import nearest
from transforms.generic.keys import key_parts
from transforms.generic.paths import matches_any

# The smallest share of the values of a column that its type must read.
READABLE_SHARE: Final = 0.8
_CUT: Final = 40


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """The values of an added column: how many, how many of them are readable, and the first that is not."""

    name: str
    type: str
    count: int
    readable: int
    unreadable: str | None
    path: str | None


def find_idle_entries(mapping: MappingFile, keys: Collection[str], paths: Collection[str]) -> list[str]:
    """The entries without effect: keys that no document has, then globs that match none; a sentence each.

    Args:
        mapping: the mapping file.
        keys: all keys of the documents, with those above them.
        paths: the paths of all documents; without any, nothing is found.
    """
    return [*_missing_keys(mapping, keys), *_idle_globs(mapping, paths)] if paths else []


def find_unreadable_columns(columns: Iterable[ColumnValues]) -> list[str]:
    """The columns of which less than 80 percent of the values are readable as their type; a sentence each."""
    return [_unreadable(each) for each in columns if each.readable < READABLE_SHARE * each.count]


def raise_first(mapping: MappingFile, problems: Sequence[str]) -> None:
    """Raise UsageError with the first problem, and the number of others, if there is one."""
    if problems:
        more = f" (and {len(problems) - 1:,} more)" if problems[1:] else ""
        raise UsageError(f"{mapping.path}: {problems[0]}{more}")


def _unreadable(column: ColumnValues) -> str:
    value = column.unreadable or ""
    shown = value if len(value) <= _CUT else value[: _CUT - 3] + "..."
    return (
        f"[columns] {column.name}: only {column.readable:,} of {column.count:,} values are readable as {column.type}: "
        f"not {shown!r} in {column.path}; give it another type, such as text, or correct the files"
    )


def _missing_keys(mapping: MappingFile, keys: Collection[str]) -> Iterator[str]:
    known = {parts[:length]: key for key in keys for parts in [key_parts(key)] for length in range(1, len(parts) + 1)}
    for place, key in mapping.keys:
        parts = key_parts(key)
        wanted = parts[:-1] if parts[-1] == "*" else parts
        if wanted not in known:
            yield f"{place}: no file has the key {key}; {nearest(key, keys)}correct or remove it"


def _idle_globs(mapping: MappingFile, paths: Collection[str]) -> Iterator[str]:
    for place, glob in mapping.globs:
        if not any(matches_any(path, (glob,)) for path in paths):
            yield f"{place}: the glob {glob} matches no document; correct or remove it"
