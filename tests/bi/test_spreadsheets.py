"""LibreOffice opens what is made for Excel: numbers are numbers, days are days, and no text is computed."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from frontmart.export import ExportRequest, export
from tests.frontmart.export.conftest import TEXTS, hostile, publish

# What LibreOffice changes itself: it leaves out control characters, reads all line ends as one kind, and decodes an
# escape twice.
ODD = ("\x00", "\r", "\ufffe", "\ufeff", "_x005F_")


def converted(path: Path, to: str, folder: Path, *options: str) -> None:
    """Have LibreOffice open a file and save it as another kind."""
    program = shutil.which("soffice")
    if program is None:
        pytest.fail("LibreOffice is not installed: run `make test-bi`")
    home = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, home, "--headless", *options, "--convert-to", to, "--outdir", str(folder), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    publish(folder, {"hostile": hostile()})
    return folder


def test_the_workbook_opens_with_every_value_and_computes_no_text(out: Path, tmp_path: Path) -> None:
    export(out, str(tmp_path / "target"), ExportRequest(format="xlsx"))
    converted(tmp_path / "target" / "latest" / "frontmart.xlsx", "xlsx", tmp_path)
    book = openpyxl.load_workbook(tmp_path / "frontmart.xlsx")
    assert book.sheetnames == ["about", "columns", "hostile"]
    sheet = book["hostile"]
    # An empty cell is one of numbers; booleans LibreOffice saves as formulas of its own.
    assert {cell.data_type for cell in sheet["B"]} == {"s", "n"}
    header, *rows = sheet.values
    assert list(header) == hostile().columns
    texts = [(text, row[1]) for text, row in zip(TEXTS, rows, strict=True) if not any(odd in str(text) for odd in ODD)]
    assert [read or "" for _, read in texts] == [text or "" for text, _ in texts]
    # LibreOffice saves 15 digits, and no more of a number than that.
    assert [row[5] for row in rows[1:]] == pytest.approx(hostile()["article_share"].to_list()[1:], rel=1e-14)
    assert [row[7] for row in rows] == [
        value if value is None else f"={str(value).upper()}()" for value in hostile()["is_published"]
    ]
    assert [row[8] and row[8].date() for row in rows] == hostile()["day_date"].to_list()


def test_the_csv_opens_by_a_double_click_and_computes_no_text(out: Path, tmp_path: Path) -> None:
    export(out, str(tmp_path / "target"), ExportRequest(format="csv"))
    # Comma, quote, UTF-8, from the first line; the last one has formulas computed, where there are any.
    options = "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"
    converted(tmp_path / "target" / "latest" / "hostile.csv", "xlsx", tmp_path, options)
    sheet = openpyxl.load_workbook(tmp_path / "hostile.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == hostile().columns
    assert sheet.max_row == hostile().height + 1
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b"}
    assert sheet["B2"].value == "'" + str(TEXTS[0])
    assert "naïve café 東京 🚲🏽" in [cell.value for cell in sheet["B"]]
    assert sheet["I2"].value in (dt.datetime(1900, 3, 1), "1900-03-01")
    assert isinstance(sheet["F4"].value, float)


def test_a_formula_that_is_not_made_safe_would_be_computed(out: Path, tmp_path: Path) -> None:
    """The reason for the apostrophe: the same file as plain CSV."""
    frame = pl.DataFrame({"text": ["=1+1"]})
    publish(tmp_path / "out", {"plain": frame})
    export(tmp_path / "out", str(tmp_path / "target"), ExportRequest(format="csv", is_plain=True))
    options = "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"
    converted(tmp_path / "target" / "latest" / "plain.csv", "xlsx", tmp_path, options)
    assert openpyxl.load_workbook(tmp_path / "plain.xlsx").worksheets[0]["A2"].data_type == "f"
