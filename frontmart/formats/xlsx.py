"""One Excel workbook: a sheet of charts, one about the others, one that describes the columns, and one per table.

Texts stay texts: none becomes a formula, and only names of sheets are links. A table with more rows than a sheet allows
continues on another one.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from frontmart.formats.data import ExportTable, WriteOptions
from frontmart.formats.spreadsheet_text import sheet_name
from frontmart.formats.xlsx_cells import Cell, cells_of, format_of, write_cell
from frontmart.formats.xlsx_charts import find_charts, write_charts

# The limit of Excel, including the header.
MOST_SHEET_ROWS: Final = 1_048_576
_CHARTS: Final = "charts"
_ABOUT: Final = "about"
_COLUMNS: Final = "columns"
_WIDTHS: Final = (9, 60)
_WIDTH_ROWS: Final = 1_000
_OPTIONS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(slots=True)
class _Book:
    """A workbook in the making: its formats, its sheets by table, and notes on values that changed."""

    workbook: Workbook
    bold: Format
    wrapped: Format
    sheets: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, number: int = 1) -> Worksheet:
        return self.workbook.add_worksheet(sheet_name(name, number, (each.name for each in self.workbook.worksheets())))


def write_tables(tables: Sequence[ExportTable], path: Path, options: WriteOptions) -> list[str]:
    """Write all tables to a workbook -> notes on values that a cell or sheet of Excel does not represent exactly.

    Rows are written to disk one by one, so that memory does not grow with them. NULL is an absent cell.
    """
    with Workbook(str(path), {**_OPTIONS, "tmpdir": str(path.parent)}) as workbook:
        # The time of the snapshot rather than of the export, so that the same snapshot gives the same bytes.
        created = dt.datetime.strptime(options.snapshot_id[:15], "%Y%m%dT%H%M%S")
        workbook.set_properties({"title": f"Frontmart {options.snapshot_id}", "created": created})
        book = _Book(
            workbook, workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
        )
        charts = find_charts(tables)
        first = book.add(_CHARTS) if charts else None
        about, columns = book.add(_ABOUT), book.add(_COLUMNS)
        for table in tables:
            _write_table(book, table)
        _write_columns(book, columns, tables)
        _write_about(book, about, tables, options)
        if first:
            write_charts(workbook, first, charts, options)
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
        next_row = next(rows, None) if row_count == MOST_SHEET_ROWS - 1 else None
        if next_row is None:
            break
        rows = chain([next_row], rows)
    if len(names) > 1:
        book.notes.append(f"{table.full_name} has more rows than a sheet allows; it is in {', '.join(names)}")
    for name, counts in problems.items():
        book.notes += [f"{table.full_name}.{name}: {count:,} {problem}" for problem, count in sorted(counts.items())]


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
    """Write rows to a sheet until it is full or there are no more -> the number of rows."""
    names = table.schema.names
    _write_header(book, sheet, names)
    widths = [len(name) + 3 for name in names]  # room for the arrow of the filter
    row = 0
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values):
            if value is not None:
                write_cell(sheet, row, column, value, formats[column])
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


def _write_header(book: _Book, sheet: Worksheet, names: Sequence[str]) -> None:
    sheet.freeze_panes(1, 0)
    # Texts are cut already; their XML, which is longer, must not be cut again.
    sheet.xls_strmax = 1 << 30
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, book.bold)


def _width(value: Cell, type_: pa.DataType) -> int:
    """The number of characters that a cell displays."""
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
    """Write the data dictionary: a row per column of a table."""
    rows: list[list[Any]] = []
    for table in tables:
        for each in table.schema:
            is_key = each.name in table.key
            refers_to = next((key for key in table.references if key.columns == (each.name,)), None)
            target = refers_to and book.sheets[refers_to.table.rpartition(".")[2]][0]
            meaning = table.columns[each.name]
            rows.append([book.sheets[table.name][0], each.name, str(each.type), is_key, target, meaning])
    _write_list(
        book, sheet, ["sheet", "column", "type", "is_key", "refers to", "meaning"], rows, [30, 32, 14, 9, 24, 100]
    )


def _write_about(book: _Book, sheet: Worksheet, tables: Sequence[ExportTable], options: WriteOptions) -> None:
    """Write the sheet about the export: a row per table, the notes, and the snapshot."""
    rows: list[list[Any]] = [
        [", ".join(book.sheets[table.name]), table.row_count, table.grain, table.description] for table in tables
    ]
    rows += [["note", None, None, note] for note in book.notes]
    origin = f"Frontmart {options.frontmart_version}, snapshot {options.snapshot_id} as of {options.as_of_date}. "
    rows.append(["snapshot", None, None, f"{origin}Times are UTC; a share is 0 to 1, shown as percent."])
    _write_list(book, sheet, ["sheet", "rows", "a row is", "meaning"], rows, [30, 12, 50, 100], links=len(tables))


def _write_list(
    book: _Book, sheet: Worksheet, names: list[str], rows: list[list[Any]], widths: list[int], links: int = 0
) -> None:
    """Write a list with a header; the first cell of the first `links` rows leads to the sheet that it names."""
    _write_header(book, sheet, names)
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values):
            if column == 0 and row <= links:
                sheet.write_url(row, 0, f"internal:'{value.partition(', ')[0]}'!A1", None, value)
            elif value is not None:
                write_cell(sheet, row, column, value, book.wrapped)
    sheet.autofilter(0, 0, len(rows), len(names) - 1)
    _widen(sheet, widths)
