"""Reading records: Arrow's JSON reader compared with that of Polars; validation of the frames."""

from contextlib import nullcontext
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from transforms.parse.frontmatter import parse_file
from transforms.parse.limits import Limits
from transforms.parse.outcomes import Document
from transforms.parse.records import RECORD_SCHEMA
from transforms.schema import ValidationError
from transforms.tables import TABLES, polars_schema
from transforms.tidy.flatten import read_records, tidy_tables, validate

ROOT = Path(__file__).parents[3]


def lines_of(folder: Path) -> bytes:
    outcomes = [
        parse_file(path.relative_to(folder).as_posix(), path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    return b"\n".join(outcome.line for outcome in outcomes if isinstance(outcome, Document))


@pytest.mark.parametrize("folder", ["data/raw", "tests/fixtures"])
def test_records_are_read_as_polars_reads_them(folder: str) -> None:
    lines = lines_of(ROOT / folder)
    assert lines.count(b"\n") > 20
    assert_frame_equal(read_records(lines), pl.read_ndjson(lines, schema=RECORD_SCHEMA))


def test_no_records_are_an_empty_frame_of_the_same_shape() -> None:
    assert_frame_equal(read_records(b""), pl.DataFrame(schema=RECORD_SCHEMA))


def test_a_record_of_many_megabytes_is_read() -> None:
    limits = Limits(file_bytes=30_000_000, front_matter_bytes=30_000_000)
    outcome = parse_file("a.md", b'---\ntitle: "' + b"x" * 20_000_000 + b'"\n---\n', limits=limits)
    assert isinstance(outcome, Document)
    assert read_records(outcome.line)["title"].str.len_bytes().to_list() == [20_000_000]


def test_every_table_of_no_records_is_empty_and_valid() -> None:
    frames = tidy_tables(read_records(b""))
    validate(frames)
    assert {frame.height for frame in frames.values()} == {0}


@pytest.mark.parametrize(("reason", "is_valid"), [("invalid_yaml", True), ("too_boring", False)])
def test_a_reason_is_one_of_its_enum_and_stays_text(reason: str, is_valid: bool) -> None:
    row = {"document_id": "0" * 16, "path": "a.md", "reason": reason, "message": "a message"}
    rejects = pl.DataFrame([row], schema=polars_schema(TABLES["rejects"]))
    assert rejects.schema["reason"] == pl.String
    with nullcontext() if is_valid else pytest.raises(ValidationError):
        validate({"rejects": rejects})


@pytest.mark.parametrize(("outcome", "is_valid"), [("skipped", True), ("lost", False)])
def test_an_outcome_is_one_of_its_enum(outcome: str, is_valid: bool) -> None:
    row = {
        "document_id": "0" * 16,
        "path": "a.md",
        "size": 1,
        "mtime_ns": 0,
        "ctime_ns": 0,
        "inode": 0,
        "outcome": outcome,
    }
    with nullcontext() if is_valid else pytest.raises(ValidationError):
        validate({"files": pl.DataFrame([row], schema=polars_schema(TABLES["files"]))})


def test_every_table_of_documents_has_a_frame() -> None:
    assert set(tidy_tables(read_records(b""))) == set(TABLES) - {"files", "rejects"}
