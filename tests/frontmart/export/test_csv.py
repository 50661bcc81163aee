"""CSV: every value comes back, and a double click in a spreadsheet computes nothing."""

import codecs
import csv
from pathlib import Path

import duckdb
import polars as pl
from polars.testing import assert_frame_equal

from frontmart.export import ExportRequest, export
from frontmart.formats.spreadsheet_text import restore
from tests.frontmart.export.conftest import SCHEMA, TEXTS, hostile, publish


def records(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def exported(out: Path, target: Path, **given: bool) -> Path:
    export(out, str(target), ExportRequest(format="csv", **given))
    return target / "latest" / "hostile.csv"


def test_every_value_comes_back_and_null_is_not_the_empty_text(out: Path, target: Path) -> None:
    path = exported(out, target)
    columns = ", ".join(f"'{name}': '{type_}'" for name, type_ in duckdb_types().items())
    query = f"from read_csv('{path}', columns = {{{columns}}}, allow_quoted_nulls = false, quote = '\"', header = true)"
    assert_frame_equal(restore(duckdb.sql(query).pl()), hostile())


def duckdb_types() -> dict[str, str]:
    names = {pl.Int64: "BIGINT", pl.Int32: "INTEGER", pl.Float64: "DOUBLE", pl.Boolean: "BOOLEAN", pl.Date: "DATE"}
    return {name: names.get(type_, "VARCHAR" if type_ is pl.String else "TIMESTAMP") for name, type_ in SCHEMA.items()}


def test_no_text_begins_as_a_formula_does_and_no_number_is_touched(out: Path, target: Path) -> None:
    header, *rows = records(exported(out, target))
    texts = [row[header.index("text")] for row in rows]
    assert not [text for text in texts if text.startswith(tuple("=+-@\t\r\n＝＋－＠"))]  # noqa: RUF001
    assert texts[:4] == ['\'=HYPERLINK("https://evil.example","click")', "'+1+1", "'-1+1", "'@SUM(A1:A9)"]
    assert rows[2][header.index("article_count")] == "-1"
    assert rows[2][header.index("article_share")] == "-0.5"


def test_a_line_end_in_a_text_does_not_end_the_record(out: Path, target: Path) -> None:
    path = exported(out, target)
    assert len(records(path)) == hostile().height + 1
    assert {len(row) for row in records(path)} == {len(SCHEMA)}


def test_the_file_begins_with_the_mark_that_excel_takes_for_utf_8_and_lines_end_as_the_rfc_has_it(
    out: Path, target: Path
) -> None:
    content = exported(out, target).read_bytes()
    assert content.startswith(codecs.BOM_UTF8 + b"row_id,text,article_count,")
    assert content.endswith(b"\r\n")


def test_plain_csv_has_neither_the_mark_nor_an_apostrophe_that_was_not_there(out: Path, target: Path) -> None:
    path = exported(out, target, is_plain=True)
    assert path.read_bytes().startswith(b"row_id,text,")
    rows = records(path)[1:]
    assert [row[1] for row in rows] == [text or "" for text in TEXTS]


def test_null_is_nothing_and_an_empty_text_is_two_quotes(tmp_path: Path, target: Path) -> None:
    publish(
        tmp_path / "out",
        {"hostile": pl.DataFrame({"a": [1, 2], "b": ["", None]}), "none": pl.DataFrame({"a": [], "b": []})},
    )
    assert exported(tmp_path / "out", target, is_plain=True).read_bytes() == b'a,b\r\n1,""\r\n2,\r\n'
    assert (target / "latest" / "none.csv").read_bytes() == b"a,b\r\n"


def test_days_and_times_are_iso_8601_with_a_fraction_only_where_there_is_one(out: Path, target: Path) -> None:
    header, *rows = records(exported(out, target))
    assert [row[header.index("day_date")] for row in rows[:4]] == ["1900-03-01", "", "2024-02-29", "9999-12-31"]
    assert [row[header.index("seen_at")] for row in rows[:5]] == [
        "2026-01-31 23:59:59.999999",
        "",
        "2026-01-31 00:00:00",
        "1900-03-01 00:00:00.000001",
        "2021-04-27 06:00:00.120",
    ]
