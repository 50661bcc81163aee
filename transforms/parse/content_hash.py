"""The content hash of a file: equal for files that give the same document, so that a touched file is not parsed again.

With a hash over a short secret, anyone who knows the rest of the file could try guesses. So the hash of a document
covers nothing that is not stored.
"""

from hashlib import blake2b

from transforms.parse.nested import dump_json
from transforms.parse.split import FrontMatter
from transforms.redact.secured_bytes import blank_secured


def content_hash(front: FrontMatter) -> tuple[str, int]:
    """The hash of the front matter without `secured`, and the body, whatever the line ends and encoding: 32 hex digits.

    Also returns how many `secured` values were left out. Their number counts, because a column says whether there is
    one. Not every spelling is left out here: a document that turns out to have another number of `secured` keys gets
    the hash of `hash_of_stored` instead.
    """
    text, left_out = blank_secured(front.text) if front.format == "yaml" else (front.text, 0)
    digest = blake2b(front.format.encode(), digest_size=16)
    digest.update(text)
    digest.update(b"\0")
    digest.update(front.body)
    return digest.hexdigest(), left_out


def hash_of_stored(values: object, body: bytes) -> str:
    """The hash of the stored values of a document, and the body: 32 hex digits. It is known only after parsing."""
    digest = blake2b(dump_json(values), digest_size=16)
    digest.update(b"\0")
    digest.update(body)
    return digest.hexdigest()
