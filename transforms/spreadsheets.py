"""Text on its way into a spreadsheet: what would be taken for a formula, what does not fit, what a sheet is called."""

from collections.abc import Iterable
from itertools import chain, count
from typing import Final

import polars as pl

from transforms.formulas import FORMULA, MARK

# Of Excel: characters in a cell, by UTF-16 units, and in the name of a sheet.
MOST_CELL_UNITS: Final = 32_767
MOST_SHEET_NAME: Final = 31
_CUT: Final = "…"


def neutralised(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame whose texts are no formulas: an apostrophe stands before those that a spreadsheet might compute.

    It also stands before a text that has one in front of such a beginning, so that `restored` finds every text again.
    Numbers stay numbers: -1.5 in a column of numbers is not touched.
    """
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(f"^{FORMULA}")).then(MARK + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in _texts(frame)
    )


def restored(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame that `neutralised` was given."""
    is_marked = f"^{MARK}{FORMULA}"
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(is_marked))
        .then(pl.col(name).str.slice(1))
        .otherwise(pl.col(name))
        .alias(name)
        for name in _texts(frame)
    )


def _texts(frame: pl.DataFrame) -> list[str]:
    return [name for name, type_ in frame.schema.items() if type_ == pl.String]


def fitted(text: str) -> str:
    """A text that fits into a cell of Excel: one that is too long is cut, and ends in an ellipsis."""
    if utf16_units(text) <= MOST_CELL_UNITS:
        return text
    kept = text.encode("utf-16-le")[: 2 * (MOST_CELL_UNITS - 1)].decode("utf-16-le", errors="ignore")
    return kept + _CUT


def utf16_units(text: str) -> int:
    """The length of a text as Excel counts it: an emoji counts twice."""
    return len(text) + sum(character > "\uffff" for character in text) if not text.isascii() else len(text)


def sheet_name(name: str, number: int, taken: Iterable[str]) -> str:
    """What the sheet of a table is called, the first, second and so on of them: short enough, and not taken.

    Excel tells sheets apart regardless of case.
    """
    others = {other.casefold() for other in taken}
    suffix = f" ({number})" if number > 1 else ""
    ends = chain([suffix], (f"~{attempt}{suffix}" for attempt in count(2)))
    candidates = (name[: MOST_SHEET_NAME - len(end)] + end for end in ends)
    return next(candidate for candidate in candidates if candidate.casefold() not in others)
