"""The outcomes of parsing a file: a document, an unchanged document, a reject or a skip. A file has exactly one."""

from dataclasses import dataclass

from transforms.vocabulary import Reason

__all__ = ["Document", "Outcome", "Reason", "Reject", "Skipped", "Unchanged"]


@dataclass(frozen=True, slots=True)
class Document:
    """A file with front matter: a line of JSON in the shape of `records.RECORD_SCHEMA`, and its content hash."""

    line: bytes
    content_hash: str


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
