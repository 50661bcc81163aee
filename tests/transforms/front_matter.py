"""Helpers: files with front matter, the documents and tidy tables that they become, and comparison of whole tables."""

from collections import Counter
from collections.abc import Mapping

import polars as pl
from polars.testing import assert_frame_equal

from transforms.generic.adapt import adapter
from transforms.generic.rules import DEFAULT_RULES, FieldRules
from transforms.parse.frontmatter import document_id, parse_file
from transforms.parse.outcomes import Document, Outcome, Reject
from transforms.tables import TABLES, polars_schema
from transforms.tidy.flatten import read_records, tidy_tables, validate

Frames = dict[str, pl.DataFrame]
Row = dict[str, object]

PATH = "a.md"
_DOCUMENT: Row = {
    "is_suppressed": False,
    "has_secured": False,
    "is_text_repaired": False,
    "is_repaired": False,
    "body_chars": 0,
    "body_words": 0,
}


def fenced(front: str, body: str = "") -> bytes:
    """A file with YAML front matter."""
    return f"---\n{front.strip()}\n---\n{body}".encode()


def parsed(data: bytes, path: str = PATH) -> Document:
    """The document that a file becomes; a reject or a skip fails the test."""
    outcome = parse_file(path, data)
    assert isinstance(outcome, Document), outcome
    return outcome


def rejected(data: bytes) -> Reject:
    """The reject that a file becomes."""
    outcome = parse_file(PATH, data)
    assert isinstance(outcome, Reject), outcome
    return outcome


def tables_of(outcomes: list[Outcome]) -> Frames:
    """The tidy tables of all documents among the outcomes, each validated against its schema."""
    frames = tidy_tables(read_records(b"\n".join(one.line for one in outcomes if isinstance(one, Document))))
    validate(frames)
    return frames


def tidied(*fronts: str | bytes) -> Frames:
    """The tidy tables of files named a.md, b.md, ...; text is front matter, bytes are a whole file."""
    files = {f"{chr(97 + place)}.md": front for place, front in enumerate(fronts)}
    return tidied_at(files)


def tidied_at(files: Mapping[str, str | bytes]) -> Frames:
    """The tidy tables of files under given paths."""
    contents = {path: fenced(front) if isinstance(front, str) else front for path, front in files.items()}
    return tables_of([parsed(data, path) for path, data in contents.items()])


def adapted(files: Mapping[str, str | bytes], rules: FieldRules = DEFAULT_RULES) -> Frames:
    """The tidy tables of files under given paths, read with the preset `generic`."""
    contents = {path: fenced(front) if isinstance(front, str) else front for path, front in files.items()}
    make_record = adapter(rules)
    return tables_of([parse_file(path, data, make_record=make_record) for path, data in contents.items()])


def assert_table(frames: Frames, name: str, *rows: Row) -> None:
    """Compare a whole table without content_hash; columns that a row leaves out are null, or 0 or False.

    A row names its document by `path` (a.md where it does not), and its position counts up within the document.
    """
    schema = polars_schema(TABLES[name])
    places: Counter[object] = Counter()
    full: list[Row] = []
    for row in rows:
        path = row.get("path", PATH)
        parent = (path, row.get("related_position"))
        row = {"document_id": document_id(str(path)), "path": path, "position": places[parent]} | row
        places[parent] += 1
        full.append({column: row.get(column, _DOCUMENT.get(column)) for column in schema})
    hidden = [column for column in ("content_hash",) if column in schema]
    expected = pl.DataFrame(full, schema=schema, orient="row")
    assert_frame_equal(frames[name].drop(hidden), expected.drop(hidden))
