"""Values of a column as Excel cells, with a count of those that a cell does not represent exactly."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from html import escape
from math import isfinite
from typing import Final

import pyarrow as pa
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from frontmart.formats.spreadsheet_text import MOST_CELL_UNITS, fit_cell, utf16_units

Cell = str | float | int | bool | None

_SPECIAL: Final = re.compile("^<r>|_x[0-9A-Fa-f]{4}_|[\ufffe\uffff]")
_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML: Final = str.maketrans({"\ufffe": "_xFFFE_", "\uffff": "_xFFFF_"})
# Excel counts days from this one, and has a 29 February 1900, which did not exist: earlier days would be off by one.
_EPOCH: Final = dt.datetime(1899, 12, 30)
_FIRST_DAY: Final = dt.datetime(1900, 3, 1)
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_DAY_MICROSECONDS: Final = 86_400_000_000
# Excel calculates with 15 significant digits.
_MOST_EXACT: Final = 10**15
_TOO_LONG: Final = f"texts longer than {MOST_CELL_UNITS:,} characters are cut and end in an ellipsis"
_TOO_EARLY: Final = "dates before 1 March 1900, which Excel counts wrong, are text"
_TOO_EXACT: Final = "numbers of more than 15 digits are text"
_NOT_FINITE: Final = "NaN and infinite numbers are text"


class Exact(float):
    """A number written with all its digits: XlsxWriter writes 16, but some numbers need 17."""

    def __format__(self, _: str) -> str:
        """The shortest text that reads back as this number."""
        return repr(float(self))


def cells_of(column: pa.Array, problems: Counter[str]) -> list[Cell]:
    """The values of a column as Excel cells: None for NULL; values that Excel lacks are text, counted by problem."""
    values = column.to_pylist()
    convert = _converter(column.type)
    return [None if value is None else convert(value, problems) for value in values]


def format_of(field: pa.Field, workbook: Workbook) -> Format | None:
    """The number format of a column: a share as percent, a count with thousands separators, a date as ISO 8601."""
    if pa.types.is_date(field.type):
        pattern = "yyyy-mm-dd"
    elif pa.types.is_timestamp(field.type):
        pattern = "yyyy-mm-dd hh:mm:ss"
    elif field.name == "share" or field.name.endswith("_share"):
        pattern = "0.0%"
    elif pa.types.is_floating(field.type):
        pattern = "#,##0.00"
    elif pa.types.is_integer(field.type):
        pattern = "#,##0"
    else:
        return None
    return workbook.add_format({"num_format": pattern})


def _converter(type_: pa.DataType) -> Callable[..., Cell]:
    if pa.types.is_date(type_):
        return _day
    if pa.types.is_timestamp(type_):
        return _time
    if pa.types.is_boolean(type_):
        return _unchanged
    if pa.types.is_floating(type_):
        return _number
    return _integer if pa.types.is_integer(type_) else _text


def _unchanged(value: bool, _: Counter[str]) -> Cell:
    return value


def _text(value: str, problems: Counter[str]) -> Cell:
    if len(value) > MOST_CELL_UNITS // 2 and utf16_units(value) > MOST_CELL_UNITS:
        problems[_TOO_LONG] += 1
        return fit_cell(value)
    return value


def _integer(value: int, problems: Counter[str]) -> Cell:
    if abs(value) < _MOST_EXACT:
        return value
    problems[_TOO_EXACT] += 1
    return str(value)


def _number(value: float, problems: Counter[str]) -> Cell:
    if isfinite(value):
        return Exact(value)
    problems[_NOT_FINITE] += 1
    return str(value)


def _day(value: dt.date, problems: Counter[str]) -> Cell:
    return _serial(dt.datetime(value.year, value.month, value.day), value.isoformat(), problems)


def _time(value: dt.datetime, problems: Counter[str]) -> Cell:
    return _serial(value, value.isoformat(" "), problems)


def _serial(value: dt.datetime, text: str, problems: Counter[str]) -> Cell:
    if value < _FIRST_DAY:
        problems[_TOO_EARLY] += 1
        return text
    return Exact((value - _EPOCH) // _MICROSECOND / _DAY_MICROSECONDS)


def write_cell(sheet: Worksheet, row: int, column: int, value: Cell, style: Format | None) -> None:
    """Write a value to a cell: a text as a text, neither formula nor link."""
    if isinstance(value, str):
        sheet.write_string(row, column, _safe(value), style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    else:
        sheet.write_number(row, column, value, style)


def _safe(text: str) -> str:
    """A text in a form that XlsxWriter writes unchanged.

    XlsxWriter treats text between `<r>` and `</r>` as XML, misses the second of two Excel escapes (`_x0041_`) that
    share an underscore, and writes two characters that XML does not allow. Texts with any of these are passed as XML.
    """
    if not _SPECIAL.search(text):
        return text
    escaped = escape(_ESCAPE.sub("_x005F_", text).translate(_NOT_XML), quote=False)
    return f'<r><t xml:space="preserve">{escaped.replace("_", "&#95;")}</t></r>'
