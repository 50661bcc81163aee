"""Bytes of a file -> its front matter with its format, and the body."""

import codecs
import re
from dataclasses import dataclass
from typing import Final, Literal

from transforms.parse.outcomes import Reason, Reject

Format = Literal["yaml", "toml", "json"]

# UTF-32 before UTF-16, whose mark is the beginning of the other.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A UTF-8 byte order mark that was read as Windows-1252 and saved as UTF-8 once more.
_DOUBLE_ENCODED_MARK = "\ufeff".encode().decode("cp1252").encode()

# The character of the fences. As in python-frontmatter: three or more of it alone on a line.
_FENCES: Final[dict[Format, bytes]] = {"yaml": b"-", "toml": b"+"}
_OPENING = {name: re.compile(re.escape(mark) + rb"{3,}[ \t]*\n") for name, mark in _FENCES.items()}
_CLOSING = {name: re.compile(rb"\n" + re.escape(mark) + rb"{3,}[ \t]*(?=\n|\Z)") for name, mark in _FENCES.items()}
# A first line of dashes is a horizontal rule in Markdown, and a fence if a key follows; only a fence can be unclosed.
# The pattern does not backtrack: on ten megabytes of comments, backtracking took a gigabyte.
_KEY_LINE = re.compile(rb"\s*+(?:#[^\n]*+\n\s*+)*+[\"']?[A-Za-z_][^\n:=]*+[:=](?:\s|$)")
_JSON_OBJECT = re.compile(rb"\{\s*(\"|\})")

_NOTEBOOK: Final = ".ipynb"
_RST: Final = ".rst"
_KINDS: Final = (_NOTEBOOK, _RST, ".adoc", ".asciidoc")
# In these a line of dashes also frames a title, and one of plus signs a passage that is kept as written: front matter
# is between three of them, and begins with a key or is empty.
_MARKUP_FENCE = re.compile(rb"\s*+(-{3}|\+{3})[ \t]*+\n(?:\1[ \t]*+(?:\n|\Z)|(?=" + _KEY_LINE.pattern + rb"))")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A file split into front matter and body. Both are UTF-8 with Unix line ends; `text` begins on `line` (1-based).

    For JSON `text` runs to the end of the file: only its parser knows where the object ends.
    """

    format: Format
    text: bytes
    body: bytes
    line: int


def split_file(path: str, data: bytes) -> FrontMatter | None:
    """Split a file into front matter and body, as the extension of its name has it; None if it has no front matter.

    Of a notebook, the front matter is at the top of its first cell. In reStructuredText and AsciiDoc, it is between
    fences of three characters, or in reStructuredText, the list of fields at the top.

    Raises Reject if the bytes are not text, if a fence before keys is never closed, and for a malformed notebook.
    """
    name = path.lower()
    if not name.endswith(_KINDS):
        return split_front_matter(data)
    if name.endswith(_NOTEBOOK):
        from transforms.parse.notebook import split_notebook  # few folders have notebooks

        return split_notebook(data)
    text = as_unix_utf8(data)
    if _MARKUP_FENCE.match(text):
        return split_text(text)
    if name.endswith(_RST):
        from transforms.parse.docinfo import split_docinfo  # imports docutils

        return split_docinfo(text)
    return None


def split_front_matter(data: bytes) -> FrontMatter | None:
    """Split a text file into front matter and body; None if it has no front matter.

    Raises Reject if the bytes are not text, and if a fence before keys is never closed.
    """
    return split_text(as_unix_utf8(data))


def split_text(text: bytes) -> FrontMatter | None:
    """As `split_front_matter`, of UTF-8 with Unix line ends."""
    start = len(text) - len(text.lstrip())
    for format_, mark in _FENCES.items():
        if text.startswith(mark * 3, start):
            return _between_fences(text, start, format_)
    if _JSON_OBJECT.match(text, start):
        return FrontMatter("json", text[start:], b"", text.count(b"\n", 0, start) + 1)
    return None


def _between_fences(text: bytes, start: int, format_: Format) -> FrontMatter | None:
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
            f"the front matter opened by '{fence}' is never closed: add a line '{fence}' after its last key",
            line - 1,
            1,
        )
    return FrontMatter(format_, text[opening.end() : closing.start() + 1], text[closing.end() :], line)


def _closing(text: bytes, after: int, format_: Format) -> re.Match[bytes] | None:
    # From the line end of the opening fence on, so that empty front matter is found. To find the marks first is faster
    # than to search for the pattern.
    marks = b"\n" + _FENCES[format_] * 3
    place = text.find(marks, after - 1)
    while place >= 0:
        if closing := _CLOSING[format_].match(text, place):
            return closing
        place = text.find(marks, place + 1)
    return None


def as_unix_utf8(data: bytes) -> bytes:
    """The text of a file as UTF-8 with Unix line ends and without a byte order mark. Raises Reject if it is no text."""
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
        f"byte {error.start} is not valid {encoding.upper()} ({error.reason}): save the file as UTF-8",
        before.count("\n") + 1,
        len(before) - (before.rfind("\n") + 1) + 1,
    )
