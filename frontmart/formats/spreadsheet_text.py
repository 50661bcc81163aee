"""Texts for spreadsheets: without formulas, short enough for a cell, and names of sheets."""

from collections.abc import Iterable, Sequence
from itertools import chain, count
from typing import Final

import polars as pl

# Limits of Excel: characters of a cell, in UTF-16 units, and of a sheet name.
MOST_CELL_UNITS: Final = 32_767
MOST_SHEET_NAME: Final = 31
# The beginnings of a text that a spreadsheet computes; full-width signs count in some languages. A tab or a line end
# may be dropped on import. Apostrophes in front belong to the pattern, so that one more can be taken off again.
_SIGNS: Final = "=+\\-@＝＋－＠"  # noqa: RUF001 (the full-width signs are meant)
_FORMULA: Final = f"^'*[{_SIGNS}\t\r\n]"
# Where a text can begin anew: Excel splits at semicolons in many countries, and at tabs, and knows no quotation mark
# within what it splits, so that quoting does not help. A quotation mark right after it is dropped.
_INNER: Final = f"([;\t\r\n])(['\"]*[{_SIGNS}])"
_INNER_NEUTRALISED: Final = f"([;\t\r\n])'(['\"]*[{_SIGNS}])"
_APOSTROPHE: Final = "'"
_ELLIPSIS: Final = "…"


def neutralise(frame: pl.DataFrame, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Put an apostrophe in front of what a spreadsheet would compute as a formula; `restore` reverses it.

    That is a text that begins like a formula, and a part of one after a semicolon, a tab or a line end, where a
    spreadsheet may split it. Numbers stay numbers: -1.5 in a column of numbers is not changed.

    Args:
        frame: the frame.
        columns: its columns of text; None for all columns of type String.
    """
    names = _texts(frame) if columns is None else columns
    frame = frame.with_columns(pl.col(name).str.replace_all(_INNER, "${1}'${2}") for name in names)
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA))
        .then(_APOSTROPHE + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in names
    )


def neutralise_text(text: str) -> str:
    """Put an apostrophe in front of what a spreadsheet would compute as a formula in one text, as `neutralise` does."""
    return str(neutralise(pl.DataFrame({"text": [text]}))["text"][0])


def count_formulas(frame: pl.DataFrame, columns: Sequence[str]) -> int:
    """The number of texts in some columns that a spreadsheet would compute as formulas."""
    return sum(int(frame[name].str.contains(f"{_FORMULA}|{_INNER}").sum()) for name in columns)


def restore(frame: pl.DataFrame) -> pl.DataFrame:
    """Reverse `neutralise`."""
    names = _texts(frame)
    frame = frame.with_columns(
        pl.when(pl.col(name).str.contains(f"^{_APOSTROPHE}{_FORMULA.removeprefix('^')}"))
        .then(pl.col(name).str.slice(1))
        .otherwise(pl.col(name))
        .alias(name)
        for name in names
    )
    return frame.with_columns(pl.col(name).str.replace_all(_INNER_NEUTRALISED, "${1}${2}") for name in names)


def _texts(frame: pl.DataFrame) -> list[str]:
    return [name for name, type_ in frame.schema.items() if type_ == pl.String]


def fit_cell(text: str) -> str:
    """Cut a text that is too long for a cell of Excel; a cut text ends in an ellipsis."""
    if utf16_units(text) <= MOST_CELL_UNITS:
        return text
    start = text.encode("utf-16-le")[: 2 * (MOST_CELL_UNITS - 1)].decode("utf-16-le", errors="ignore")
    return start + _ELLIPSIS


def utf16_units(text: str) -> int:
    """The length of a text as Excel counts it: an emoji counts twice."""
    return len(text) + sum(character > "\uffff" for character in text) if not text.isascii() else len(text)


def sheet_name(name: str, number: int, taken: Iterable[str]) -> str:
    """A sheet name that is short enough and not taken; Excel ignores case.

    Args:
        name: the table.
        number: 1 for its first sheet, 2 for its second, and so on.
        taken: the names of the other sheets.
    """
    others = {other.casefold() for other in taken}
    suffix = f" ({number})" if number > 1 else ""
    ends = chain([suffix], (f"~{attempt}{suffix}" for attempt in count(2)))
    candidates = (name[: MOST_SHEET_NAME - len(end)] + end for end in ends)
    return next(candidate for candidate in candidates if candidate.casefold() not in others)
