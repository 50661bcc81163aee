"""A memo that forgets everything when it is full: what it remembers can be found again."""

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedMemo(dict[K, V]):
    """What was found for keys, as long as it all takes few bytes."""

    def __init__(self, most_bytes: int) -> None:
        """Set how many bytes are remembered, as `remember` is told them, and at most one value more."""
        super().__init__()
        self._most_bytes = most_bytes
        self._bytes = 0

    def remember(self, key: K, value: V, size: int) -> V:
        """Remember a value of this many bytes, its key included -> the value."""
        if self._bytes > self._most_bytes:
            self.clear()
            self._bytes = 0
        self[key] = value
        self._bytes += size
        return value
