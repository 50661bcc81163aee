"""Invariants of parsing: what must be true of any file, however damaged."""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from tests.transforms.front_matter import Frames
from tests.transforms.outline.whole import whole
from tests.transforms.parse.test_yaml_readers import compared
from transforms.generic.adapt import adapter
from transforms.generic.rules import DEFAULT_RULES
from transforms.outline.mappings import MappingReader
from transforms.outline.records import LineReader
from transforms.parse.content_hash import content_hash
from transforms.parse.frontmatter import document_id, parse_file, read_front_matter
from transforms.parse.limits import DEFAULT_LIMITS
from transforms.parse.outcomes import Document, Outcome, Reject, Skipped
from transforms.parse.related_list import RelatedTexts
from transforms.parse.split import split_front_matter
from transforms.redact.secured import without_secured
from transforms.redact.text import redact_text

# Most CPU time for a file: a constant, plus a share for its size. PyYAML reads some 4 MB a second, and a file that it
# refuses is read up to five more times in search of a repair.
SECONDS_PER_FILE: Final = 0.5
SECONDS_PER_MEGABYTE: Final = 5.0

# Words that no cast reads as a number, a date or a duration, and no text repair changes.
_WORD: Final = re.compile(r"[a-z]{6,}")
_CHANGED: Final = re.compile(r"&#?\w+;?|%[0-9a-f]{2}|\\u[0-9a-f]{4}|infinity|minutes?|seconds?")
_SECURED_LINE: Final = re.compile(rb"(?m)^secured:.*$")
# Some ordinary values, and some that change how the lines around them are parsed.
_SECURED_VALUES: Final = (
    b"x", b"", b'"x"', b'"x', b"x: y", b"[x", b"*x", b"\tx", b"- x", b"{x: y, x: z}", b"!t x", b"|", b"@", b"'x' y",
)  # fmt: skip
# For all inputs: what they remember of one must not change another.
_LINES: Final = LineReader(DEFAULT_LIMITS)
_MAPPINGS: Final = MappingReader()
_TEXTS: Final = RelatedTexts()
_GENERIC: Final = adapter(DEFAULT_RULES)


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of checking an input.

    Attributes:
        outcome: a document, a reject or a skip.
        reader: the parser that accepts its YAML: `both`, `pyyaml` alone, `rapidyaml` alone, or `neither`;
            empty for other formats.
        is_repaired: whether `--repair` makes a document of it.
        seconds: the CPU time of parsing it once.
    """

    outcome: Outcome
    reader: str
    is_repaired: bool
    seconds: float


def check_file(path: str, data: bytes) -> Checked:
    """Parse a file in every way. Raises AssertionError with the invariant that is violated."""
    start = time.process_time()
    outcome = parse_file(path, data)
    seconds = time.process_time() - start
    bound = SECONDS_PER_FILE + SECONDS_PER_MEGABYTE * len(data) / 1e6
    assert seconds <= bound, f"slow: {seconds:.2f} s for {len(data):,} bytes, of at most {bound:.2f} s"
    assert isinstance(outcome, Document | Reject | Skipped), "every file is a document, a reject or a skip"
    assert parse_file(path, data) == outcome, "the same bytes give the same outcome"
    repaired = parse_file(path, data, repair=True)
    is_repaired = isinstance(outcome, Reject) and isinstance(repaired, Document)
    if is_repaired:
        assert orjson.loads(repaired.line)["is_repaired"], "a repaired document is marked"  # type: ignore[union-attr]
    elif not isinstance(outcome, Reject):
        assert repaired == outcome, "--repair changes nothing but rejects"
    _assert_outlines_change_nothing(path, data, outcome)
    if isinstance(outcome, Document):
        _assert_encoding_does_not_matter(path, data, outcome)
        _assert_secured_does_not_matter(path, data, outcome)
    return Checked(outcome, _reader_of(data), is_repaired, seconds)


def _assert_outlines_change_nothing(path: str, data: bytes, outcome: Outcome) -> None:
    assert whole(parse_file(path, data, read_line=_LINES.read)) == outcome, (
        "an outline gives the document of the parsers"
    )
    generic = parse_file(path, data, make_record=_GENERIC)
    plain = parse_file(path, data, make_record=_GENERIC, read_mapping=_MAPPINGS.read)
    assert plain == generic, "an outline gives the mapping of the parsers"


def _reader_of(data: bytes) -> str:
    try:
        front = split_front_matter(data)
    except Reject:
        return ""
    return compared(front.text) if front and front.format == "yaml" else ""


def _assert_encoding_does_not_matter(path: str, data: bytes, document: Document) -> None:
    text = data.decode("utf-8", "replace")
    if text.encode() != data or text.startswith("\ufeff"):
        return
    for twin in (data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), text.encode("utf-16")):
        assert parse_file(path, twin) == document, "line ends and encoding change nothing"


def _assert_secured_does_not_matter(path: str, data: bytes, document: Document) -> None:
    for value in _SECURED_VALUES:
        twin = _SECURED_LINE.sub(b"secured: " + value, data, count=1)
        if twin != data and _hash(twin) == document.content_hash:
            assert parse_file(path, twin) == document, "files with the same hash give the same document"


def _hash(data: bytes) -> str | None:
    try:
        front = split_front_matter(data)
    except Reject:
        return None
    return content_hash(front).hexdigest if front else None


def assert_nothing_is_lost(documents: Mapping[str, bytes], tables: Frames) -> None:
    """Assert that every word of every value is in a tidy table (including `extra` and `field_issues`).

    Args:
        documents: path -> bytes of files that are documents.
        tables: name -> tidy table of these documents.
    """
    shown = _shown(tables)
    for path, data in documents.items():
        front = split_front_matter(data)
        assert front is not None, "a document has front matter"
        loaded, _ = read_front_matter(front)
        cells = shown[document_id(path)]
        lost = {word for word in _words(without_secured(loaded.value, lambda _: None)) if word not in cells}
        assert not lost, f"lost of {path}: {sorted(lost)[:5]}"


def _shown(tables: Frames) -> dict[str, str]:
    """document_id -> all its cells in the tidy tables, in lower case."""
    cells: dict[str, list[str]] = {}
    for frame in tables.values():
        place = frame.columns.index("document_id")
        for row in frame.iter_rows():
            cells.setdefault(row[place], []).extend(str(cell) for cell in row if cell is not None)
    return {one: "\n".join(found).lower() for one, found in cells.items()}


def _words(value: Any) -> set[str]:
    """The words of all leaves, without those that are redacted."""
    found: set[str] = set()
    for leaf in _leaves(value):
        found.update(_WORD.findall(_CHANGED.sub(" ", leaf.lower())))
    return found


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, str):
        yield redact_text(value) or ""
