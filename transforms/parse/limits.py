"""What one file may ask of a build, and how a file is refused that asks for more.

With these bounds no file takes more than a second or two to read, or more than some 150 MB: `docs/reliability.md` has
the figures. A value is whatever stands behind a key or in a list: a text, a list, a mapping, null.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from transforms.parse.outcomes import Reason, Reject


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one file. Each is also a setting; its default is there what it is here.

    Attributes:
        file_bytes: size of the file.
        front_matter_bytes: length of the front matter, aliases written out.
        depth: how deep lists and mappings nest.
        values: how many values the front matter has, aliases written out.
        items: how many items of a list become rows; those behind stay together in one field issue.
    """

    file_bytes: int = 16_000_000
    front_matter_bytes: int = 1_000_000
    depth: int = 100
    values: int = 100_000
    items: int = 1_000


DEFAULT_LIMITS: Final = Limits()


def too_large(limits: Limits) -> Reject:
    """The reject of a file that is not read to its end."""
    message = f"larger than {limits.file_bytes:,} bytes: split the file, or raise the setting max_file_size"
    return Reject(Reason.TOO_LARGE, message)


def too_long(limits: Limits, line: int) -> Reject:
    """The reject of front matter that is longer than any that people write; `line` is where it begins."""
    advice = "move text into the body, split the file, or raise the setting max_front_matter_size"
    return Reject(Reason.TOO_LARGE, f"front matter of more than {limits.front_matter_bytes:,} bytes: {advice}", line, 1)


def too_deep(limits: Limits) -> Reject:
    """The reject of what nests deeper than any front matter needs."""
    advice = "flatten it, move it into the body, or raise the setting max_depth"
    return Reject(Reason.TOO_DEEP, f"nested more than {limits.depth:,} deep: {advice}")


def too_many_values(limits: Limits) -> Reject:
    """The reject of front matter with more values than any needs."""
    advice = "split the file, move data into the body, or raise the setting max_values"
    return Reject(Reason.TOO_MANY_VALUES, f"more than {limits.values:,} values: {advice}")


def too_many_aliases(limits: Limits) -> Reject:
    """The reject of aliases that stand for more than the front matter could have written out."""
    what = f"more than {limits.values:,} values or {limits.front_matter_bytes:,} characters"
    advice = "use fewer, or raise the settings max_values and max_front_matter_size"
    return Reject(Reason.TOO_MANY_ALIASES, f"aliases expand to {what}: {advice}")


def enforce(limits: Limits, value: object, repeated: Sequence[tuple[str, object]] = ()) -> None:
    """Raise Reject where a nested value, and the values of keys that it repeats, are too deep or too many."""
    level: list[object] = [value, *(earlier for _, earlier in repeated)]
    count = len(repeated)
    for _ in range(limits.depth):
        level = [item for held in level for item in _items(held)]
        count += len(level)
        if count > limits.values:
            raise too_many_values(limits)
    if any(isinstance(held, dict | list) for held in level):
        raise too_deep(limits)


def _items(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()
