"""Keys of the encrypted blob that is never stored, in any spelling, and nested values without them."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# The keys whose values are never stored, as lower-case letters and digits. All other modules but `secured_bytes`, which
# only saves time on the commonest key, derive from this line.
SECURED_KEYS: Final = ("secured",)
# Letters to Unicode that have no glyph. Other invisible characters are not letters.
_BLANK_LETTERS = dict.fromkeys(map(ord, "\u115f\u1160"))


def is_secured(key: str) -> bool:
    """Whether a key names the encrypted blob that is never stored, in any spelling.

    Two spellings are the same if they have the same letters and digits once case, width and font are removed (NFKC):
    spaces, quotes, dashes, byte order marks and zero-width characters around or between them do not count. Letters
    that only look alike do.
    """
    if key.isascii() and key.isalpha():
        return key.lower() in SECURED_KEYS  # the case of nearly all keys
    letters = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).casefold())
    return "".join(filter(str.isalnum, letters.translate(_BLANK_LETTERS))) in SECURED_KEYS


def without_secured(value: object, found: Callable[[object], None]) -> object:
    """A nested value without `secured` keys at any depth; calls `found` with the value of each."""
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


@dataclass(slots=True)
class SecuredFilter:
    """Leaves out the `secured` keys of one document and counts them.

    Attributes:
        count: how many were left out.
        is_nested: whether the value of one of them was a mapping or a list.
    """

    count: int = 0
    is_nested: bool = False

    def drops(self, key: str, value: object) -> bool:
        """Whether a key and its value are left out; if so, they are counted."""
        if not is_secured(key):
            return False
        self._left_out(value)
        return True

    def clean(self, value: object) -> object:
        """A value without `secured` keys at any depth."""
        return without_secured(value, self._left_out) if isinstance(value, dict | list) else value

    def may_show_repeated(self, key: str) -> bool:
        """Whether an earlier value of a repeated key may be shown, once all of the document was filtered.

        In a file with a nested `secured`, any repeated key may be a part of it.
        """
        return not self.is_nested and not is_secured(key)

    def _left_out(self, value: object) -> None:
        self.count += 1
        self.is_nested |= isinstance(value, dict | list)
