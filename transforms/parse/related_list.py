"""The list of related items at the top of YAML front matter, cut into the texts of its items.

Sources repeat these: each document of a cluster lists all others. What is known of an item's text is found once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from typing import Final

from transforms.parse.bounded_memo import BoundedMemo
from transforms.parse.yaml_rapid import is_root_indented
from transforms.redact.record import is_suspect_text
from transforms.redact.secured_bytes import has_open_quote

_KEY: Final = b"related:\n"
_FIRST_ITEM: Final = re.compile(rb"\n*( *- )")
# A key at the top ends the list. Another line there, such as a comment, does not.
_TOP: Final = re.compile(rb"\n(?=[A-Za-z_])")
# Bytes of texts to remember, and of a text in all that is kept of it, besides its characters.
_MOST_BYTES: Final = 32 * 2**20
_BYTES_PER_TEXT: Final = 400
# Of all texts of a process, whoever remembers them.
_NUMBERS: Final = count()


@dataclass(frozen=True, slots=True)
class RelatedText:
    """The text of a related item.

    Attributes:
        number: texts with the same number are equal.
        text: YAML, with the sign of an item before it.
        digest: a hash of the text.
        has_open_quote: whether a quote may not be closed on its line, so that the text may reach beyond its end.
        is_suspect: whether it may contain what must not be stored.
    """

    number: int
    text: bytes
    digest: bytes
    has_open_quote: bool
    is_suspect: bool


@dataclass(frozen=True, slots=True)
class CutText:
    """Front matter without its list of related items.

    Attributes:
        rest: the front matter without the list.
        line: the number of lines before the list.
        opening: the key and what follows it up to the text of the first item.
        items: the texts of its items. The front matter can be put together again from all of these.
    """

    rest: bytes
    line: int
    opening: bytes
    items: Sequence[RelatedText]


class RelatedTexts:
    """Cuts lists of related items out of front matter, and remembers their texts."""

    def __init__(self) -> None:
        """Start without texts."""
        self._known = BoundedMemo[tuple[bytes, bytes], RelatedText](_MOST_BYTES)

    def cut(self, text: bytes) -> CutText | None:
        """Cut the list out of YAML (UTF-8).

        None if there is none at the top of a mapping that begins at the start of a line, or an item may not end where
        it seems. If all lines of the rest are complete in themselves, they mean what they mean in the whole text.
        """
        place = 0 if text.startswith(_KEY) else text.find(b"\n" + _KEY) + 1
        first = _FIRST_ITEM.match(text, place + len(_KEY)) if place or text.startswith(_KEY) else None
        if first is None or is_root_indented(text):
            return None
        before = b"\n" + first[1]
        parts = text[first.end() :].split(before)
        after = self._cut_after_list(parts, before)
        items = [self._known.get((before, part)) or self._remember(before, part) for part in parts]
        if any(item.has_open_quote for item in items):
            return None
        return CutText(text[:place] + after, text.count(b"\n", 0, place), text[place : first.end()], items)

    def _cut_after_list(self, parts: list[bytes], before: bytes) -> bytes:
        """Cut what follows the list off its parts -> that. A known part has nothing that follows the list."""
        for place, part in enumerate(parts):
            end = None if (before, part) in self._known else _TOP.search(part)
            if end:
                after = before.join([part[end.end() :], *parts[place + 1 :]])
                parts[place:] = [part[: end.end()]]
                return after
        return b""

    def _remember(self, before: bytes, part: bytes) -> RelatedText:
        text = before[1:] + part
        digest = blake2b(text, digest_size=16).digest()
        item = RelatedText(next(_NUMBERS), text, digest, has_open_quote(text + b"\n"), is_suspect_text(text, 0))
        return self._known.remember((before, part), item, 2 * len(text) + _BYTES_PER_TEXT)
