"""Compare a mapping file with all files of its source: an entry that has no effect is an error, not a surprise."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final

from frontmart.errors import UsageError
from frontmart.mapping.read import MappingFile
from transforms.generic.keys import key_parts
from transforms.generic.paths import matches_any

# The smallest share of the values of a column that its type must read.
READABLE_SHARE: Final = 0.8
_CUT: Final = 40


def check_keys_and_globs(mapping: MappingFile, keys: Collection[str], paths: Collection[str]) -> None:
    """Check that some document has each key, and that each glob matches one.

    Args:
        mapping: the mapping file.
        keys: all keys of the documents, with those above them.
        paths: the paths of all documents; without any, nothing is checked.

    Raises:
        UsageError: with the place in the file of the first entry without effect, and the number of others.
    """
    if paths:
        _raise_first(mapping, [*_missing_keys(mapping, keys), *_idle_globs(mapping, paths)])


def check_column(
    mapping: MappingFile, name: str, type_: str, count: int, readable: int, example: tuple[str | None, str | None]
) -> None:
    """Check that at least 80 percent of the values of a column are readable as its type.

    Args:
        mapping: the mapping file.
        name: the column.
        type_: its type.
        count: the number of values, more than 0.
        readable: the number of those that are readable.
        example: the first value that is not, and the path of its file.

    Raises:
        UsageError: if fewer are.
    """
    if readable >= READABLE_SHARE * count:
        return
    value, path = example
    shown = value if value is None or len(value) <= _CUT else value[: _CUT - 3] + "..."
    raise UsageError(
        f"{mapping.path}: [columns] {name}: only {readable:,} of {count:,} values are readable as {type_}: "
        f"not {shown!r} in {path}; give it another type, such as text, or correct the files"
    )


def _raise_first(mapping: MappingFile, problems: list[str]) -> None:
    if problems:
        more = f" (and {len(problems) - 1:,} more)" if problems[1:] else ""
        raise UsageError(f"{mapping.path}: {problems[0]}{more}")


def _missing_keys(mapping: MappingFile, keys: Collection[str]) -> Iterator[str]:
    known = {parts[:length]: key for key in keys for parts in [key_parts(key)] for length in range(1, len(parts) + 1)}
    for place, key in mapping.keys:
        parts = key_parts(key)
        wanted = parts[:-1] if parts[-1] == "*" else parts
        if wanted not in known:
            yield f"{place}: no file has the key {key}; {_advice(key, keys)}correct or remove it"


def _advice(key: str, keys: Collection[str]) -> str:
    near = get_close_matches(key, sorted(keys), n=1, cutoff=0.7)
    return f"did you mean {near[0]}? Else " if near else ""


def _idle_globs(mapping: MappingFile, paths: Collection[str]) -> Iterator[str]:
    for place, glob in mapping.globs:
        if not any(matches_any(path, (glob,)) for path in paths):
            yield f"{place}: the glob {glob} matches no document; correct or remove it"
