"""The limits of one file, and the rejects of files that exceed them.

Within these limits no file takes more than a second or two to read, or more than about 150 MB: `docs/reliability.md`
has the figures. A value is a text, list, mapping or null under a key or in a list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from transforms.parse.outcomes import Reason, Reject


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one file. Each is also a setting with the same default.

    Attributes:
        file_bytes: size of the file.
        front_matter_bytes: length of the front matter, aliases expanded.
        depth: nesting depth of lists and mappings.
        values: number of values in the front matter, aliases expanded.
        items: number of items of a list that become rows; the rest go into one field issue.
    """

    file_bytes: int = 16_000_000
    front_matter_bytes: int = 1_000_000
    depth: int = 100
    values: int = 100_000
    items: int = 1_000


DEFAULT_LIMITS: Final = Limits()


def too_large(limits: Limits) -> Reject:
    """Reject a file that is too large to be read whole."""
    message = f"larger than {limits.file_bytes:,} bytes: split the file, or raise the setting max_file_size"
    return Reject(Reason.TOO_LARGE, message)


def too_long(limits: Limits, line: int) -> Reject:
    """Reject front matter that is too long; `line` is the line on which it begins."""
    advice = "move text into the body, split the file, or raise the setting max_front_matter_size"
    return Reject(Reason.TOO_LARGE, f"front matter larger than {limits.front_matter_bytes:,} bytes: {advice}", line, 1)


def too_deep(limits: Limits) -> Reject:
    """Reject front matter that is nested too deeply."""
    advice = "flatten it, move it into the body, or raise the setting max_depth"
    return Reject(Reason.TOO_DEEP, f"nested more than {limits.depth:,} levels deep: {advice}")


def too_many_values(limits: Limits) -> Reject:
    """Reject front matter with too many values."""
    advice = "split the file, move data into the body, or raise the setting max_values"
    return Reject(Reason.TOO_MANY_VALUES, f"more than {limits.values:,} values: {advice}")


def too_many_aliases(limits: Limits) -> Reject:
    """Reject aliases that expand to more than the limits of the front matter."""
    limit = f"more than {limits.values:,} values or {limits.front_matter_bytes:,} characters"
    advice = "use fewer, or raise the settings max_values and max_front_matter_size"
    return Reject(Reason.TOO_MANY_ALIASES, f"aliases expand to {limit}: {advice}")


def enforce(limits: Limits, value: object, repeated: Sequence[tuple[str, object]] = ()) -> None:
    """Raise Reject if a nested value and the earlier values of repeated keys are too deep or too many."""
    level: list[object] = [value, *(shadowed for _, shadowed in repeated)]
    count = len(repeated)
    for _ in range(limits.depth):
        level = [item for container in level for item in _items(container)]
        count += len(level)
        if count > limits.values:
            raise too_many_values(limits)
    if any(isinstance(item, dict | list) for item in level):
        raise too_deep(limits)


def _items(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()
