"""Columns of a table as cells of Excel: values it takes, and what it cannot hold as it is, counted."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from math import isfinite
from typing import Final

import pyarrow as pa
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from transforms.spreadsheets import MOST_CELL_UNITS, fitted, utf16_units

Cell = str | float | int | bool | None

# A day is a whole number since this one, and Excel counts a 29 February 1900 that was none: it has no earlier days.
_EPOCH: Final = dt.datetime(1899, 12, 30)
_FIRST_DAY: Final = dt.datetime(1900, 3, 1)
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_DAY_MICROSECONDS: Final = 86_400_000_000
# Excel calculates with 15 digits.
_MOST_EXACT: Final = 10**15
_TOO_LONG: Final = f"texts longer than {MOST_CELL_UNITS:,} characters are cut and end in an ellipsis"
_TOO_EARLY: Final = "days before 1 March 1900, which Excel does not have, are text"
_TOO_EXACT: Final = "numbers of more than 15 digits are text"
_NO_NUMBER: Final = "numbers that are none (NaN) or infinite are text"


class Exact(float):
    """A number that is written with all its digits: XlsxWriter writes 16, and some need 17."""

    def __format__(self, _: str) -> str:
        """The shortest text that is this number."""
        return repr(float(self))


def cells_of(column: pa.Array, problems: Counter[str]) -> list[Cell]:
    """The values of a column as Excel takes them: NULL is None; what it cannot hold is text, and counted by problem."""
    values = column.to_pylist()
    convert = _converter(column.type)
    return [None if value is None else convert(value, problems) for value in values]


def format_of(field: pa.Field, workbook: Workbook) -> Format | None:
    """How the numbers of a column are shown: a share as percent, a count with its thousands, a day as a day."""
    if pa.types.is_date(field.type):
        shown = "yyyy-mm-dd"
    elif pa.types.is_timestamp(field.type):
        shown = "yyyy-mm-dd hh:mm:ss"
    elif field.name == "share" or field.name.endswith("_share"):
        shown = "0.0%"
    elif pa.types.is_floating(field.type):
        shown = "#,##0.00"
    elif pa.types.is_integer(field.type):
        shown = "#,##0"
    else:
        return None
    return workbook.add_format({"num_format": shown})


def _converter(type_: pa.DataType) -> Callable[..., Cell]:
    if pa.types.is_date(type_):
        return _day
    if pa.types.is_timestamp(type_):
        return _time
    if pa.types.is_boolean(type_):
        return _as_it_is
    if pa.types.is_floating(type_):
        return _number
    return _integer if pa.types.is_integer(type_) else _text


def _as_it_is(value: bool, _: Counter[str]) -> Cell:
    return value


def _text(value: str, problems: Counter[str]) -> Cell:
    if len(value) > MOST_CELL_UNITS // 2 and utf16_units(value) > MOST_CELL_UNITS:
        problems[_TOO_LONG] += 1
        return fitted(value)
    return value


def _integer(value: int, problems: Counter[str]) -> Cell:
    if abs(value) < _MOST_EXACT:
        return value
    problems[_TOO_EXACT] += 1
    return str(value)


def _number(value: float, problems: Counter[str]) -> Cell:
    if isfinite(value):
        return Exact(value)
    problems[_NO_NUMBER] += 1
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
