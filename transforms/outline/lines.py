"""YAML text -> its outline and its values, if each line is complete in itself.

The pattern takes linear time: its parts are possessive.
"""

import re
from typing import Final

_KEY: Final = rb"[A-Za-z_][\w.-]*+(?: [\w.-]++)*+:"
# Only the escapes that YAML and JSON read alike. A text of blanks alone is left: lists refuse it.
_DOUBLE_QUOTED: Final = rb'"(?! ++")[^"\\\x00-\x1f\x7f]*+(?:\\["\\][^"\\\x00-\x1f\x7f]*+)*+"'
_SINGLE_QUOTED: Final = rb"'(?! ++')[^'\x00-\x1f\x7f]*+(?:''[^'\x00-\x1f\x7f]*+)*+'"
_QUOTED: Final = _DOUBLE_QUOTED + rb"|" + _SINGLE_QUOTED
# Characters that begin a text without quotes, and have no other meaning there.
_FIRST: Final = rb"(?:[\w/+$(^;\x80-\xff]|[.](?=[\w/])|-(?=[\w\x80-\xff]))"
_PLAIN: Final = _FIRST + rb"(?:[^\x00-\x20\x7f:#]++|:(?![ \n])|(?<! )#| ++(?![#\n]))*+"
_VALUE: Final = rb"(?:" + _QUOTED + rb"|" + _PLAIN + rb")"
# In brackets, more characters have a meaning.
_ITEM_PLAIN: Final = rb"[\w/+$(^;\x80-\xff](?:[^\x00-\x20\x7f:#,\[\]{}\"'&*!?|>%@`]++|(?<! )#| ++(?![#,\]\n]))*+"
_ITEM: Final = rb"(?:" + _QUOTED + rb"|" + _ITEM_PLAIN + rb")"

_BEFORE: Final = (
    rb"( *+(?:- ++)?+" + _KEY + rb"(?: ++\[|(?: ++(?=[^\n\[])|(?=\n)))"  # a key
    rb"| *+- ++(?=[^\n])"  # an item
    rb"| *+(?:#[^\n]*+)?(?=\n))"  # a blank line or a comment
)
_AFTER: Final = (
    rb"((?<=\[)(?: *+" + _ITEM + rb"(?: *+, *+" + _ITEM + rb")*+ *+)?\]"  # a list in brackets
    # a value; after an item, also those of the items that follow it at once
    rb"|(?<!\[)" + _VALUE + rb"(?:\n(?= *+- )(?! *+- ++" + _KEY + rb"[ \n])\1" + _VALUE + rb")*+"
    rb"|(?<![ \[]))\n"
)
# Without the anchor, a long line that is not plain would be tried from each of its characters.
_LINE: Final = re.compile(rb"^" + _BEFORE + _AFTER, re.MULTILINE)
_ITEM_OF_LIST: Final = re.compile(_ITEM)
_TRAILING_BLANKS: Final = re.compile(rb"(?<! ) ++$", re.MULTILINE)
# White space beyond ASCII that may begin a value, which the parsers keep and lists strip; line breaks of YAML 1.1,
# control characters and byte order marks anywhere. To look back from a literal is faster than to search for a class.
_UNUSUAL: Final = re.compile(
    rb"\xc2(?:[\x80-\x9f]|\xa0(?<=[ ,\"'\[]..))|\xe1\x9a\x80(?<=[ ,\"'\[]...)|\xe3\x80\x80(?<=[ ,\"'\[]...)"
    rb"|\xe2(?:\x80(?:[\xa8\xa9]|[\x80-\x8a\xaf](?<=[ ,\"'\[]...))|\x81\x9f(?<=[ ,\"'\[]...))"
    rb"|\xef(?:\xbb\xbf|\xbf[\xbe\xbf])"
)

# Before each value; the last characters say what it is.
Outline = tuple[bytes, ...]


def split_lines(text: bytes) -> tuple[Outline, list[bytes]] | None:
    """The outline of a YAML text (UTF-8), and a value as written per line of it; None if a line is not plain.

    The value of a line is empty, a single value, the rest of a list in brackets, or the single values of consecutive
    items, which share a line of the outline.
    """
    if b" \n" in text:
        text = _TRAILING_BLANKS.sub(b"", text)
    if not text.isascii() and _UNUSUAL.search(text):
        return None
    parts = _LINE.split(text)
    if any(parts[::3]):  # between matches: not plain
        return None
    return tuple(parts[1::3]), parts[2::3]


def is_item(before: bytes) -> bool:
    """Whether a line of an outline is an item of a list, or several."""
    return before.endswith(b"- ") or (before.endswith(b" ") and before.strip() == b"-")


def items_in_brackets(value: bytes) -> list[bytes]:
    """The items of a list in brackets, as written."""
    return _ITEM_OF_LIST.findall(value)


def items_of_lines(before: bytes, value: bytes) -> list[bytes]:
    """The values of consecutive items, as written."""
    return value.split(b"\n" + before)
