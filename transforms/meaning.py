"""What a file means, as a hash: so that a file that was merely touched need not be parsed again."""

import re
from hashlib import blake2b

from transforms.fences import FrontMatter

# Two thirds of all updates of a real corpus touch nothing but this blob. What is left out must never make a difference:
# letters, digits and the like on one line, and no line behind it that might go on with the value.
# The patterns begin with what they look for, and look back for the line's begin: that is some fifty times as fast.
_BEFORE = rb"secured(?<![^\n]secured) *: +"
_BEHIND = rb" *\n(?=[^\s#-]|\Z)"
_SECURED = re.compile(_BEFORE + rb'"[\w+/=;:,. -]*"' + _BEHIND)
_UNUSUAL = re.compile(_BEFORE + rb"(?:'[\w+/=;:,. -]*'|[A-Za-z0-9+/][A-Za-z0-9+/=;]*)" + _BEHIND)
# Quotes that are not closed on their line, for what looks like the blob may stand within a text. One in double quotes
# cannot stand in a text in double quotes.
_OPEN_SINGLE = re.compile(rb"'(?<![^\s\[{(,:-]')(?:[^'\n]|'')*\n")
_OPEN_DOUBLE = re.compile(rb'"(?<![^\s\[{(,:-]")(?:[^"\\\n]|\\[^\n])*\\?\n')


def content_hash(front: FrontMatter) -> str:
    """32 hex digits: a hash of the front matter less `secured`, and the body, whatever the line ends and encoding.

    That there is a `secured` value counts, since a column says so; what it is does not. Files with the same hash give
    the same document.
    """
    digest = blake2b(front.format.encode(), digest_size=16)
    digest.update(_without_secured(front.text) if front.format == "yaml" else front.text)
    digest.update(b"\0")
    digest.update(front.body)
    return digest.hexdigest()


def _without_secured(text: bytes) -> bytes:
    """The text with the value of `secured` left out, which is as good as any: an empty one gives the same document."""
    if b"secured" not in text or (b"'" in text and _OPEN_SINGLE.search(text)):
        return text
    text = _SECURED.sub(b"secured:\n", text)
    if _UNUSUAL.search(text) and not _OPEN_DOUBLE.search(text):
        return _UNUSUAL.sub(b"secured:\n", text)
    return text
