"""What a file means, as a hash: so that a file that was merely touched need not be parsed again.

A hash over a secret that is short would let anyone who knows the rest of the file try guesses. So nothing that is not
stored goes into the hash of a document.
"""

import re
from hashlib import blake2b

from transforms.parse.nested import dump_json
from transforms.parse.split import FrontMatter

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


def content_hash(front: FrontMatter) -> tuple[str, int]:
    """32 hex digits: a hash of the front matter less `secured`, and the body, whatever the line ends and encoding.

    That there is a `secured` value counts, since a column says so; what it is does not. Files with the same hash give
    the same document. Not every spelling of `secured` is left out here; how many keys were is told: where a document
    turns out to have another number of them, its hash is that of `hash_of_stored`.
    """
    text, left_out = _without_secured(front.text) if front.format == "yaml" else (front.text, 0)
    digest = blake2b(front.format.encode(), digest_size=16)
    digest.update(text)
    digest.update(b"\0")
    digest.update(front.body)
    return digest.hexdigest(), left_out


def hash_of_stored(values: object, body: bytes) -> str:
    """32 hex digits: a hash of what is stored of a document, and the body.

    Whether a file that was touched still has it can be told only once the file is parsed.
    """
    digest = blake2b(dump_json(values), digest_size=16)
    digest.update(b"\0")
    digest.update(body)
    return digest.hexdigest()


def _without_secured(text: bytes) -> tuple[bytes, int]:
    """The text with the values of `secured` left out, and how many: an empty one, like any, gives the same document."""
    if b"secured" not in text or (b"'" in text and _OPEN_SINGLE.search(text)):
        return text, 0
    text, count = _SECURED.subn(b"secured:\n", text)
    if _UNUSUAL.search(text) and not _OPEN_DOUBLE.search(text):
        text, unusual = _UNUSUAL.subn(b"secured:\n", text)
        count += unusual
    return text, count
