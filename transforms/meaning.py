"""What a file means, as a hash: so that a file that was merely touched need not be parsed again.

A hash over a secret that is short would let anyone who knows the rest of the file try guesses. So nothing that is not
stored goes into the hash of a document.
"""

import re
from hashlib import blake2b

from transforms.fences import FrontMatter
from transforms.values import dump_json

# Two thirds of all updates of a real corpus touch nothing but this blob: its line, and indented ones that go on. One
# with an ampersand may hold an anchor, and so give other fields their values.
# The pattern begins with what it looks for, and looks back for the line's begin: that is some fifty times as fast.
_SECURED = re.compile(rb"secured(?<![^\n]secured)[ \t]*:[^\n&]*\n(?:[ \t]+[^\n&]*\n|\n(?=[ \t]))*+")


def content_hash(front: FrontMatter) -> tuple[str, int]:
    """32 hex digits: a hash of the front matter less `secured`, and the body, whatever the line ends and encoding.

    That there is a `secured` value counts, since a column says so; what it is does not. Only lines that begin with
    `secured` are left out; how many is told. Where a document turns out to have another number of such keys, its hash
    is that of `hash_of_stored`.
    """
    text, left_out = _SECURED.subn(b"secured\n", front.text) if front.format == "yaml" else (front.text, 0)
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
