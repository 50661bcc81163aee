"""The content hash of a file: equal for files that give the same document, so that a touched file is not parsed again.

With a hash over a short secret, anyone who knows the rest of the file could try guesses. So the hash of a document
covers nothing that is not stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from transforms.parse.nested import dump_json
from transforms.parse.related_list import RelatedText, RelatedTexts
from transforms.parse.split import FrontMatter
from transforms.redact.secured_bytes import blank_secured

# On which front matter begins, after a fence on the first.
_USUAL_LINE: Final = 2


@dataclass(frozen=True, slots=True)
class ContentHash:
    """The content hash of a file.

    Attributes:
        hexdigest: 32 hex digits.
        text: the front matter that it covers, without the values of `secured` and the list of related items.
        related: the list of related items, if it is apart from the text; the hash covers it, too.
        left_out: how many of these there are. Not every spelling is left out here: a document that turns out to have
            another number of `secured` keys gets the hash of `hash_of_stored` instead.
    """

    hexdigest: str
    text: bytes
    related: Sequence[RelatedText]
    left_out: int


def content_hash(front: FrontMatter, texts: RelatedTexts | None = None) -> ContentHash:
    """The hash of the front matter without `secured`, and the body, whatever the line ends and encoding.

    That there is a `secured` counts, because a column says so. `texts` remembers related items of other files, which
    saves time.
    """
    cut = (texts or RelatedTexts()).cut(front.text) if front.format == "yaml" else None
    rest = cut.rest if cut else front.text
    text, left_out = blank_secured(rest) if front.format == "yaml" else (rest, 0)
    digest = blake2b(front.format.encode(), digest_size=16)
    digest.update(text)
    digest.update(b"\0")
    if cut:
        digest.update(b"related %d %d\0%b\0" % (cut.line, len(cut.items), cut.opening))
        digest.update(b"".join([item.digest for item in cut.items]))
    if front.line != _USUAL_LINE:
        digest.update(b"line %d\0" % front.line)  # issues name lines
    if b"\0" in text:
        digest.update(b"length %d\0" % len(text))  # so that no other front matter and body have the same bytes
    digest.update(front.body)
    return ContentHash(digest.hexdigest(), text, cut.items if cut else (), left_out)


def hash_of_stored(values: object, body: bytes) -> str:
    """The hash of the stored values of a document, and the body: 32 hex digits. It is known only after parsing."""
    digest = blake2b(dump_json(values), digest_size=16)
    digest.update(b"\0")
    digest.update(body)
    return digest.hexdigest()
