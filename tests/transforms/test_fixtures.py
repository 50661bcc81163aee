"""Every file in tests/fixtures, compared with its expectation: add a file and its .expected.json to add a case."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.transforms.front_matter import tables_of
from transforms.parse.frontmatter import parse_file
from transforms.parse.outcomes import Document, Outcome, Reason, Reject

FIXTURES = Path(__file__).parents[1] / "fixtures"
EXPECTATIONS = sorted(FIXTURES.glob("*.expected.json"))
# The placeholder for the encrypted value in every fixture with one.
PRIVATE = "PRIVATE"
# Reasons that lie in the process, and those whose files are too large to commit: see tests/hostile.
NOT_IN_A_FIXTURE = {Reason.UNREADABLE, Reason.CRASHED, Reason.TOO_LARGE, Reason.TOO_MANY_VALUES}


def fixture_of(expectation: Path) -> Path:
    name = expectation.name.removesuffix(".expected.json")
    (file,) = (path for path in FIXTURES.glob(f"{name}.*") if path != expectation)
    return file


WITH_SECRETS = [expectation for expectation in EXPECTATIONS if PRIVATE.encode() in fixture_of(expectation).read_bytes()]


def outcome_of(expectation: Path) -> Outcome:
    file = fixture_of(expectation)
    return parse_file(file.name, file.read_bytes())


def plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows with every date as ISO text, as JSON has it."""
    dates = frame.with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S"))
    return dates.to_dicts()


def assert_rows(actual: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    """As many rows, and in each the values that are expected of it."""
    assert len(actual) == len(expected), actual
    assert [{key: row[key] for key in wanted} for row, wanted in zip(actual, expected, strict=True)] == expected


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_fixture_becomes_what_its_expectation_says(expectation: Path) -> None:
    expected, outcome = json.loads(expectation.read_text(encoding="utf-8")), outcome_of(expectation)
    assert type(outcome).__name__.lower() == expected["outcome"]
    if isinstance(outcome, Reject):
        place = (outcome.reason.value, outcome.line, outcome.column)
        assert place == (expected["reason"], expected["line"], expected["column"])
        assert expected["message"] in outcome.message
    if isinstance(outcome, Document):
        frames = tables_of([outcome])
        for name, rows in expected["tables"].items():
            assert_rows(plain(frames[name]), rows)


@pytest.mark.parametrize("expectation", WITH_SECRETS, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_fixture_shows_nothing_of_its_secured_value(expectation: Path) -> None:
    outcome = outcome_of(expectation)
    shown = [str(frame.rows()) for frame in tables_of([outcome]).values()]
    assert PRIVATE not in f"{outcome!r} {shown}"


def test_every_fixture_has_an_expectation() -> None:
    files = {path for path in FIXTURES.iterdir() if not path.name.endswith(".expected.json")}
    assert files == {fixture_of(expectation) for expectation in EXPECTATIONS}


def test_every_reason_that_lies_in_a_file_has_a_fixture() -> None:
    expected = [json.loads(path.read_text(encoding="utf-8")) for path in EXPECTATIONS]
    assert {one["reason"] for one in expected if one["outcome"] == "reject"} == set(Reason) - NOT_IN_A_FIXTURE


def test_fixtures_kept_their_line_ends_and_bytes() -> None:
    assert b"\r\n" in (FIXTURES / "crlf.md").read_bytes()
    assert (FIXTURES / "utf16_big_endian.md").read_bytes().startswith(b"\xfe\xff\x00-")
