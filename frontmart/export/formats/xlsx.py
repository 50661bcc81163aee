"""One Excel workbook: a sheet a table, one that tells about them, and one that says what each column means.

Text is text: nothing becomes a formula or a link. A table of more rows than a sheet holds goes on in another sheet.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from frontmart.export.formats.xlsx_cells import Cell, cells_of, format_of
from frontmart.export.manifest import ExportSpec
from frontmart.export.tables import ExportTable
from transforms.spreadsheets import sheet_name

# Of Excel, the header included.
MOST_SHEET_ROWS: Final = 1_048_576
_ABOUT: Final = "about"
_COLUMNS: Final = "columns"
_WIDTHS: Final = (9, 60)
_WIDTH_ROWS: Final = 1_000
_TROUBLE: Final = re.compile("^<r>|_x[0-9A-Fa-f]{4}_|[\ufffe\uffff]")
_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NO_XML: Final = str.maketrans({"\ufffe": "_xFFFE_", "\uffff": "_xFFFF_"})
_OPTIONS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(slots=True)
class _Book:
    """A workbook under way: what it is made of so far, and what it could not hold."""

    workbook: Workbook
    bold: Format
    wrapped: Format
    sheets: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, number: int = 1) -> Worksheet:
        return self.workbook.add_worksheet(sheet_name(name, number, (each.name for each in self.workbook.worksheets())))


def write_xlsx(tables: Sequence[ExportTable], path: Path, spec: ExportSpec) -> list[str]:
    """Write all tables to a workbook -> what a cell or sheet of Excel could not hold as it is.

    Rows go to the disk as they are written, so that memory does not grow with them. NULL is no cell at all.
    """
    with Workbook(str(path), {**_OPTIONS, "tmpdir": str(path.parent)}) as workbook:
        # When the snapshot was made, not when it is exported: the same snapshot gives the same bytes.
        created = dt.datetime.strptime(spec.snapshot_id[:15], "%Y%m%dT%H%M%S")
        workbook.set_properties({"title": f"Frontmart {spec.snapshot_id}", "created": created})
        book = _Book(
            workbook, workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
        )
        about, columns = book.add(_ABOUT), book.add(_COLUMNS)
        for table in tables:
            _write_table(book, table)
        _write_columns(book, columns, tables)
        _write_about(book, about, tables, spec)
    return book.notes


def _write_table(book: _Book, table: ExportTable) -> None:
    formats = [format_of(each, book.workbook) for each in table.schema]
    problems = {name: Counter[str]() for name in table.schema.names}
    rows = _rows(table, problems)
    names = book.sheets[table.name] = []
    while True:
        sheet = book.add(table.name, len(names) + 1)
        names.append(sheet.name)
        row_count = _fill(book, sheet, table, rows, formats)
        following = next(rows, None) if row_count == MOST_SHEET_ROWS - 1 else None
        if following is None:
            break
        rows = chain([following], rows)
    if len(names) > 1:
        book.notes.append(f"{table.full_name} has more rows than a sheet holds, and is in {', '.join(names)}")
    for name, found in problems.items():
        book.notes += [f"{table.full_name}.{name}: {count:,} {problem}" for problem, count in sorted(found.items())]


def _rows(table: ExportTable, problems: dict[str, Counter[str]]) -> Iterator[tuple[Cell, ...]]:
    for batch in table.batches():
        yield from zip(*(cells_of(batch.column(name), problems[name]) for name in table.schema.names), strict=True)


def _fill(
    book: _Book,
    sheet: Worksheet,
    table: ExportTable,
    rows: Iterator[tuple[Cell, ...]],
    formats: Sequence[Format | None],
) -> int:
    """Fill a sheet with as many rows as it holds -> how many."""
    names = table.schema.names
    _begin(book, sheet, names)
    widths = [len(name) + 3 for name in names]  # the arrow of the filter stands beside the name
    row = 0
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values):
            if value is not None:
                _write(sheet, row, column, value, formats[column])
        if row <= _WIDTH_ROWS:
            widths = [
                max(width, _width(value, type_))
                for width, value, type_ in zip(widths, values, table.schema.types, strict=True)
            ]
        if row == MOST_SHEET_ROWS - 1:
            break
    sheet.autofilter(0, 0, row, len(names) - 1)
    _widen(sheet, widths)
    return row


def _begin(book: _Book, sheet: Worksheet, names: Sequence[str]) -> None:
    sheet.freeze_panes(1, 0)
    # Texts fit already, and what `_safe` makes of them must not be cut.
    sheet.xls_strmax = 1 << 30
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, book.bold)


def _write(sheet: Worksheet, row: int, column: int, value: Cell, shown: Format | None) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, _safe(value), shown)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    else:
        sheet.write_number(row, column, value, shown)


def _safe(text: str) -> str:
    """A text that arrives as it is.

    XlsxWriter takes what is between `<r>` and `</r>` for XML, misses one of two escapes of Excel (`_x0041_`) that share
    an underscore, and lets two characters through that XML does not have. A text with any of these becomes XML here.
    """
    if not _TROUBLE.search(text):
        return text
    escaped = escape(_ESCAPE.sub("_x005F_", text).translate(_NO_XML), quote=False)
    return f'<r><t xml:space="preserve">{escaped.replace("_", "&#95;")}</t></r>'


def _width(value: Cell, type_: pa.DataType) -> int:
    """How many characters a cell shows."""
    if isinstance(value, str):
        return max(map(len, value[: _WIDTHS[1] * 2].splitlines()), default=0)
    if pa.types.is_temporal(type_):
        return len("2026-01-31") if pa.types.is_date(type_) else len("2026-01-31 06:00:00")
    return len(f"{value:,.2f}") if isinstance(value, float) else len(str(value))


def _widen(sheet: Worksheet, widths: Sequence[int]) -> None:
    least, most = _WIDTHS
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width + 1, least), most))


def _write_columns(book: _Book, sheet: Worksheet, tables: Sequence[ExportTable]) -> None:
    """The dictionary: a row a column of a table."""
    rows: list[list[Any]] = []
    for table in tables:
        for each in table.schema:
            is_key = each.name in table.key
            rows.append([book.sheets[table.name][0], each.name, str(each.type), is_key, table.columns[each.name]])
    _write_list(book, sheet, ["sheet", "column", "type", "is_key", "meaning"], rows, [30, 32, 14, 9, 100])


def _write_about(book: _Book, sheet: Worksheet, tables: Sequence[ExportTable], spec: ExportSpec) -> None:
    """What the workbook is: the snapshot, a row a table, and what it could not hold."""
    rows: list[list[Any]] = [
        [", ".join(book.sheets[table.name]), table.row_count, table.grain, table.description] for table in tables
    ]
    rows += [["note", None, None, note] for note in book.notes]
    said = f"Frontmart {spec.frontmart_version}, snapshot {spec.snapshot_id} as of {spec.as_of_date}. "
    rows.append(["snapshot", None, None, f"{said}Times are UTC; a share is 0 to 1, shown as percent."])
    _write_list(book, sheet, ["sheet", "rows", "a row is", "meaning"], rows, [30, 12, 50, 100])


def _write_list(book: _Book, sheet: Worksheet, names: list[str], rows: list[list[Any]], widths: list[int]) -> None:
    _begin(book, sheet, names)
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values):
            if value is not None:
                _write(sheet, row, column, value, book.wrapped)
    sheet.autofilter(0, 0, len(rows), len(names) - 1)
    _widen(sheet, widths)
