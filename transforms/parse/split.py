"""Bytes of a file -> where its front matter is, in which format, and what stands behind it."""

import codecs
import re
from dataclasses import dataclass
from typing import Literal

from transforms.parse.outcomes import Reason, Reject

Format = Literal["yaml", "toml", "json"]

# Longest first: the mark of UTF-16 begins that of UTF-32.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A UTF-8 byte order mark that was read as Windows-1252 and saved as UTF-8 once more.
_DOUBLE_ENCODED_MARK = "\ufeff".encode().decode("cp1252").encode()

# As in python-frontmatter: three or more dashes alone on a line.
_OPENING = {"yaml": re.compile(rb"-{3,}[ \t]*\n"), "toml": re.compile(rb"\+{3,}[ \t]*\n")}
_CLOSING = {"yaml": re.compile(rb"\n-{3,}[ \t]*(?=\n|\Z)"), "toml": re.compile(rb"\n\+{3,}[ \t]*(?=\n|\Z)")}
# A first line of dashes is a rule in Markdown and a fence before keys; only the latter can be left open. Nothing is
# tried twice: remembering where to go back to took a gigabyte for ten of comments.
_KEY_LINE = re.compile(rb"\s*+(?:#[^\n]*+\n\s*+)*+[\"']?[A-Za-z_][^\n:=]*+[:=](?:\s|$)")
_JSON_OBJECT = re.compile(rb"\{\s*(\"|\})")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A file taken apart. `text` and `body` are UTF-8 with Unix line ends; `line` is the 1-based line `text` begins in.

    For JSON `text` runs to the end of the file: only its parser knows where the object ends.
    """

    format: Format
    text: bytes
    body: bytes
    line: int


def split_front_matter(data: bytes) -> FrontMatter | None:
    """Take a file apart; None where it has no front matter.

    Raises Reject where the bytes are no text, or a fence is opened before keys and never closed.
    """
    text = _as_unix_utf8(data)
    start = len(text) - len(text.lstrip())
    for format_, mark in (("yaml", b"---"), ("toml", b"+++")):
        if text.startswith(mark, start):
            return _between_fences(text, start, format_)  # type: ignore[arg-type]
    if _JSON_OBJECT.match(text, start):
        return FrontMatter("json", text[start:], b"", text.count(b"\n", 0, start) + 1)
    return None


def _between_fences(text: bytes, start: int, format_: Literal["yaml", "toml"]) -> FrontMatter | None:
    opening = _OPENING[format_].match(text, start)
    if opening is None:
        return None
    line = text.count(b"\n", 0, opening.end()) + 1
    closing = _closing(text, opening.end(), format_)
    if closing is None:
        if not _KEY_LINE.match(text, opening.end()):
            return None
        fence = opening[0].strip().decode()
        raise Reject(
            Reason.UNCLOSED_FENCE,
            f"the front matter opened by '{fence}' is never closed: put a line of '{fence}' behind its last key",
            line - 1,
            1,
        )
    return FrontMatter(format_, text[opening.end() : closing.start() + 1], text[closing.end() :], line)


def _closing(text: bytes, after: int, format_: Literal["yaml", "toml"]) -> re.Match[bytes] | None:
    # The line end of the opening fence counts, for front matter that is empty.
    return _CLOSING[format_].search(text, after - 1)


def _as_unix_utf8(data: bytes) -> bytes:
    data = _as_utf8(data)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.removeprefix(_DOUBLE_ENCODED_MARK)


def _as_utf8(data: bytes) -> bytes:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            data, source = data.removeprefix(mark), encoding
            break
    else:
        source = "utf-8"
    try:
        text = data.decode(source)
    except UnicodeDecodeError as error:
        raise _not_unicode(data, source, error) from None
    return data if source == "utf-8" else text.encode()


def _not_unicode(data: bytes, encoding: str, error: UnicodeDecodeError) -> Reject:
    before = data[: error.start].decode(encoding, errors="replace")
    return Reject(
        Reason.NOT_UNICODE,
        f"byte {error.start} is no valid {encoding.upper()} ({error.reason}): save the file as UTF-8",
        before.count("\n") + 1,
        len(before) - (before.rfind("\n") + 1) + 1,
    )
