"""Keys that name the encrypted blob which is never stored, in any spelling."""

import unicodedata
from collections.abc import Callable

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
