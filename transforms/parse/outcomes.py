"""What can become of a file: a document, a reject or a skip. Every file is exactly one of them."""

import re
from dataclasses import dataclass
from typing import Final

from transforms.vocabulary import Reason

__all__ = ["Document", "Outcome", "Reason", "Reject", "Skipped", "Unchanged", "strip_quotes"]

# What parsers quote of a file, in the ways of Python's repr; a single character, or its escape, tells nothing.
_QUOTED: Final = re.compile(r"""(?<!\w)(?P<mark>['"])(?P<text>(?:\\.|(?!(?P=mark)).)*)(?P=mark)""", re.DOTALL)
_CHARACTER: Final = re.compile(r"\\?.|\\x..|\\u.{4}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """A file with front matter: one line of JSON in the shape of `records.RECORD_SCHEMA`, and what it means."""

    line: bytes
    content_hash: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A file whose bytes may have changed, but not what they mean."""

    content_hash: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file without front matter."""


@dataclass(frozen=True, slots=True)
class Reject(Exception):  # noqa: N818  (it is an outcome first, and is raised to leave a parser from any depth)
    """A file refused. Line and column are 1-based places in the file; None where the trouble has no place."""

    reason: Reason
    message: str
    line: int | None = None
    column: int | None = None


Outcome = Document | Unchanged | Reject | Skipped


def strip_quotes(problem: str) -> str:
    """What a parser says is wrong, without what it quotes of the file: that may be what must not be shown."""
    return _QUOTED.sub(lambda found: found[0] if _CHARACTER.fullmatch(found["text"]) else "...", problem)
