"""Workbooks: typed values, text as text, and a note on everything that is left out."""

import datetime as dt
import re
import zipfile
from itertools import takewhile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from polars.testing import assert_frame_equal

from frontmart.export import Export, ExportRequest, export
from frontmart.formats import xlsx
from frontmart.run import Run
from frontmart.shipped_sql import shipped_sql
from tests.frontmart.export.conftest import SCHEMA, hostile, publish


def exported(out: Path, target: Path, **given: list[str]) -> tuple[Workbook, Export]:
    done = export(out, str(target), ExportRequest(format="xlsx", **given))
    return openpyxl.load_workbook(target / "latest" / "frontmart.xlsx"), done


def unescaped(value: object) -> object:
    """A value as Excel has it: openpyxl leaves the escapes of the standard, such as _x000D_, as they are."""
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), value) if isinstance(value, str) else value


def frame_of(sheet: Worksheet, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    header, *rows = sheet.iter_rows(values_only=True)
    assert list(header) == list(schema)
    columns = [list(map(unescaped, column)) for column in zip(*rows, strict=True)] or [[]] * len(schema)
    types = {name: pl.Datetime("us") if type_ == pl.Date else type_ for name, type_ in schema.items()}
    frame = pl.DataFrame(dict(zip(schema, columns, strict=True)), schema=types)
    return frame.cast({name: pl.Date for name, type_ in schema.items() if type_ == pl.Date})


def cells(sheet: Worksheet) -> list[Cell]:
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


def to_milliseconds(frame: pl.DataFrame) -> pl.DataFrame:
    """With what openpyxl keeps of the times of a sheet."""
    return frame.with_columns(pl.col(pl.Datetime).dt.round("1ms"))


def test_every_value_comes_back(out: Path, target: Path) -> None:
    book, _ = exported(out, target)
    assert_frame_equal(to_milliseconds(frame_of(book["hostile"], SCHEMA)), to_milliseconds(hostile()), check_exact=True)


def test_text_is_neither_formula_nor_link_nor_error_nor_number(out: Path, target: Path) -> None:
    book, _ = exported(out, target)
    assert {cell.data_type for sheet in book.worksheets for cell in cells(sheet)} == {"s", "n", "d", "b"}
    assert {cell.data_type for cell in cells(book["hostile"]) if cell.column_letter == "B"} == {"s"}
    with zipfile.ZipFile(target / "latest" / "frontmart.xlsx") as archive:
        sheets = {name: archive.read(name) for name in archive.namelist() if "worksheets" in name}
    assert len(sheets) == 3
    assert not [name for name, content in sheets.items() if b"<f>" in content]
    # The contents lead to sheets, and nothing leads out of the workbook.
    assert [name for name, content in sheets.items() if b"<hyperlink " in content] == ["xl/worksheets/sheet1.xml"]
    assert not any(b"r:id" in link for link in re.findall(b"<hyperlink [^>]*>", sheets["xl/worksheets/sheet1.xml"]))


def test_values_are_shown_as_what_they_are(out: Path, target: Path) -> None:
    book, _ = exported(out, target)
    names = [cell.value for cell in book["hostile"][1]]
    shown = dict(zip(names, [cell.number_format for cell in book["hostile"][8]], strict=True))
    assert shown == {
        "row_id": "#,##0",
        "text": "General",
        "article_count": "#,##0",
        "byte_count": "#,##0",
        "position": "#,##0",
        "article_share": "0.0%",
        "mean_heat": "#,##0.00",
        "is_published": "General",
        "day_date": "yyyy-mm-dd",
        "seen_at": "General",
    }
    assert book["hostile"]["J2"].number_format == "yyyy-mm-dd hh:mm:ss"


def test_the_header_stays_in_sight_and_filters_and_columns_are_wide_enough(out: Path, target: Path) -> None:
    book, _ = exported(out, target)
    sheet = book["hostile"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:J{hostile().height + 1}")
    assert sheet["A1"].font.bold
    widths = {name: sheet.column_dimensions[letter].width for name, letter in zip(SCHEMA, "ABCDEFGHIJ", strict=True)}
    assert all(len(name) + 3 < width < 61 for name, width in widths.items())
    assert widths["text"] > len('=HYPERLINK("https://evil.example","click")')
    assert widths["seen_at"] > len("2026-01-31 06:00:00")


def test_two_sheets_say_what_the_others_are_and_what_each_column_means(tmp_path: Path, target: Path) -> None:
    publish(tmp_path, {"one": pl.DataFrame({"a": [1], "b": ["x"]})}, {"two": pl.DataFrame({"c": ["y"]})})
    book, _ = exported(tmp_path, target, tables=["two"])
    assert book.sheetnames == ["about", "columns", "one", "two"]
    assert list(book["columns"].values) == [
        ("sheet", "column", "type", "is_key", "refers to", "meaning"),
        ("one", "a", "int64", True, None, "Meaning of a."),
        ("one", "b", "string", False, None, "Meaning of b."),
        ("two", "c", "string", True, None, "Meaning of c."),
    ]
    header, one, two, said = book["about"].values
    assert header == ("sheet", "rows", "a row is", "meaning")
    assert one == ("one", 1, "a row of one", "About one: ünïcode, `code` & <tags>.")
    assert two == ("two", 1, "a row of two", "About two: ünïcode, `code` & <tags>.")
    assert said[:3] == ("snapshot", None, None)
    assert "20260131T060000000000Z as of 2026-01-31" in str(said[3])
    assert book["about"]["D2"].alignment.wrap_text
    assert [book["about"][cell].hyperlink.location for cell in ("A2", "A3")] == ["'one'!A1", "'two'!A1"]


def test_more_rows_than_a_sheet_allows_continue_on_another(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MOST_SHEET_ROWS", 11)
    long_name = "coverage_by_topic_and_provider_over_time"
    full, over = pl.DataFrame({"a": range(10)}), pl.DataFrame({"a": range(21)})
    publish(tmp_path, {"full": full, "none": full.clear(), long_name: over})
    book, done = exported(tmp_path, target)
    parts = ["coverage_by_topic_and_provider_", "coverage_by_topic_and_provi (2)", "coverage_by_topic_and_provi (3)"]
    assert book.sheetnames == ["about", "columns", *parts, "full", "none"]
    read = pl.concat([frame_of(book[part], {"a": pl.Int64()}) for part in parts])
    assert_frame_equal(read, over)
    assert_frame_equal(frame_of(book["full"], {"a": pl.Int64()}), full)
    assert_frame_equal(frame_of(book["none"], {"a": pl.Int64()}), full.clear())
    note = f"marts.{long_name} has more rows than a sheet allows; it is in {', '.join(parts)}"
    assert done.manifest.notes == (note,)
    assert ("note", None, None, note) in list(book["about"].values)


def test_values_that_do_not_fit_in_a_cell_are_cut_or_text_and_are_counted(tmp_path: Path, target: Path) -> None:
    long, longer = "🚲" * 16_383 + "x", "<r>" + "🚲" * 16_383 + "</r>"
    frame = pl.DataFrame(
        {
            "text": [long, longer, None],
            "number": [10**15 - 1, 10**15, -(2**63)],
            "real": [float("nan"), float("-inf"), 0.5],
            "day": [dt.date(1900, 2, 28), dt.date(1, 1, 1), dt.date(1900, 3, 1)],
            "time": [dt.datetime(1899, 12, 31, 6), None, dt.datetime(1900, 3, 1)],
        }
    )
    publish(tmp_path, {"wide": frame})
    book, done = exported(tmp_path, target)
    _, first, second, third = book["wide"].values
    assert first == (long, 10**15 - 1, "nan", "1900-02-28", "1899-12-31 06:00:00")
    assert second == ("<r>" + "🚲" * 16_381 + "…", "1000000000000000", "-inf", "0001-01-01", None)
    assert third == (None, "-9223372036854775808", 0.5, dt.datetime(1900, 3, 1), dt.datetime(1900, 3, 1))
    assert done.manifest.notes == (
        "marts.wide.text: 1 texts longer than 32,767 characters are cut and end in an ellipsis",
        "marts.wide.number: 2 numbers of more than 15 digits are text",
        "marts.wide.real: 2 NaN and infinite numbers are text",
        "marts.wide.day: 2 dates before 1 March 1900, which Excel counts wrong, are text",
        "marts.wide.time: 1 dates before 1 March 1900, which Excel counts wrong, are text",
    )


def test_the_same_snapshot_gives_the_same_bytes_and_no_other_file_is_left(out: Path, tmp_path: Path) -> None:
    first, second = (exported(out, tmp_path / name)[1].files for name in ("one", "two"))
    assert first == second
    assert [path.name for path in (tmp_path / "one" / "latest").iterdir()] == ["frontmart.xlsx"]


@pytest.fixture(scope="module")
def sample_book(sample: Run, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """The marts and the star schema of the sample."""
    book, done = exported(sample.out, tmp_path_factory.mktemp("target"))
    assert done.manifest.notes == ()
    return book


def mart_of(sample: Run, name: str) -> pl.DataFrame:
    return pl.read_parquet(sample.out / "published" / "marts" / f"{name}.parquet")


def test_the_marts_of_the_sample_come_back_in_the_order_that_matters(sample: Run, sample_book: Workbook) -> None:
    models = {model.name: model for model in shipped_sql().models if model.layer == "marts"}
    for path in sorted((sample.out / "published" / "marts").iterdir()):
        mart, order = mart_of(sample, path.stem), models[path.stem].order
        if order:
            columns, descending = [each.column for each in order], [each.is_descending for each in order]
            mart = mart.sort(columns, descending=descending, nulls_last=True, maintain_order=True)
        assert_frame_equal(
            to_milliseconds(frame_of(sample_book[path.stem], mart.schema)), to_milliseconds(mart), check_exact=True
        )


def test_the_workbook_opens_on_charts_whose_numbers_are_those_of_the_marts(sample: Run, sample_book: Workbook) -> None:
    assert sample_book.sheetnames[:3] == ["charts", "about", "columns"]
    assert sample_book.active.title == "charts"
    sheet = sample_book["charts"]
    # As a reader finds them: below the title, until the list ends.
    lists = {}
    for first in [row for row in range(4, sheet.max_row) if sheet.cell(row, 2).hyperlink]:
        rows = iter(sheet.iter_rows(first + 2, sheet.max_row, max_col=2, values_only=True))
        lists[sheet.cell(first, 1).value] = list(takewhile(any, rows))
    topics = mart_of(sample, "coverage_by_topic").filter(~pl.col("is_omnipresent") & (pl.col("event_count") > 0))
    topics = topics.sort("event_count", "article_count", descending=True, maintain_order=True).head(12)
    assert lists["Topics with the most events"] == topics.select("topic", "event_count").rows()
    months = mart_of(sample, "collection_health").filter("is_period_complete").tail(24)
    assert lists["News articles by month, complete months"] == [
        (str(day)[:7], count) for day, count in months.select("period_start_date", "news_article_count").rows()
    ]
    assert len(sheet._charts) == len(lists) >= 4
    for chart, rows in zip(sheet._charts, lists.values(), strict=True):
        first, last = re.findall(r"\d+", chart.series[0].val.numRef.f)
        assert int(last) - int(first) + 1 == len(rows)


def test_the_columns_say_what_they_refer_to(sample_book: Workbook) -> None:
    refers_to = {(row[0], row[1]): row[4] for row in sample_book["columns"].values}
    assert refers_to["articles", "provider_id"] == "dim_providers"
    assert refers_to["coverage_by_topic", "topic_id"] == "dim_topics"
    assert refers_to["articles", "title"] is None
