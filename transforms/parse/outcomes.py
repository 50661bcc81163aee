"""The outcomes of parsing a file: a document, an unchanged document, a reject or a skip. A file has exactly one."""

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.vocabulary import Reason

__all__ = ["Document", "Outcome", "Reason", "Reject", "RelatedItem", "Skipped", "Unchanged"]


@dataclass(frozen=True, slots=True)
class RelatedItem:
    """A related item that documents may share.

    Attributes:
        number: its number: items with the same number are equal.
        record: the values that fields take, as JSON.
        extra: the values that no field takes, as JSON; they are in the lines of documents too.
    """

    number: int
    record: bytes
    extra: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """A file with front matter.

    Attributes:
        line: a line of JSON in the shape of `records.RECORD_SCHEMA`.
        content_hash: the content hash of the file.
        related: its related items, if the line does not have them.
    """

    line: bytes
    content_hash: str
    related: Sequence[RelatedItem] = ()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A file whose content hash is the same as before, though its bytes may differ."""

    content_hash: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file without front matter."""


@dataclass(frozen=True, slots=True)
class Reject(Exception):  # noqa: N818  (an outcome; raised so that a parser can reject from any depth)
    """A rejected file. Line and column are 1-based; None where the problem has no place in the file."""

    reason: Reason
    message: str
    line: int | None = None
    column: int | None = None


Outcome = Document | Unchanged | Reject | Skipped
