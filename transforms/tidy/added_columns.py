"""The values of the columns that a mapping file adds: text as written -> text that casts to the type of the column."""

from typing import Final

import polars as pl

from transforms.tidy.casts import ISSUE_COLUMNS, Parser, as_flag, as_integer, as_number, no_issues
from transforms.tidy.child_tables import generic_items
from transforms.tidy.dates import as_timestamp
from transforms.vocabulary import ColumnType

_CLOCK_AND_ZONE: Final = r"(\d:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?:[Zz]|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})$"
_URL: Final = r"(?i)^(?:https?://[^\s/?#]+\S*|[^\s:?#<>{}]*/[^\s<>{}]*)$"


def added_columns(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row per value of an added column, see `tables.DocumentColumns`, and an issue for each that is unreadable.

    Args:
        records: the shape of `records.RECORD_SCHEMA`.
    """
    rows = generic_items(records, "columns")
    if rows.is_empty():
        return rows.with_columns(typed_value="value"), no_issues()
    typed = [_typed(rows.filter(pl.col("type") == type_), parser) for type_, parser in _PARSERS.items()]
    issues = [no_issues(), *(_issues(part, _PARSERS[type_]) for type_, part in zip(_PARSERS, typed, strict=True))]
    return pl.concat(typed), pl.concat(issues)


def _typed(rows: pl.DataFrame, parser: Parser | None) -> pl.DataFrame:
    value = rows["value"].rename("typed_value")
    return rows.with_columns(parser(value) if parser else value)


def _issues(rows: pl.DataFrame, parser: Parser | None) -> pl.DataFrame:
    problem = parser.problem if parser else ""
    refused = rows.filter(pl.col("typed_value").is_null()).with_columns(field="key", problem=pl.lit(problem))
    return refused.select(ISSUE_COLUMNS)


def _as_date(text: pl.Expr) -> pl.Expr:
    """The day as written: a time zone does not move it to another day."""
    return as_timestamp(text.str.strip_chars().str.replace(_CLOCK_AND_ZONE, "${1} +0000")).dt.date()


def _as_url(text: pl.Expr) -> pl.Expr:
    text = text.str.strip_chars()
    return pl.when(text.str.contains(_URL)).then(text)


def _as_text(values: pl.Expr) -> pl.Expr:
    return values.cast(pl.String)


_EXAMPLE: Final = "2021-04-20T22:38:00Z"
_PARSERS: Final = {
    ColumnType.TEXT: None,
    ColumnType.INTEGER: Parser(lambda text: _as_text(as_integer(text)), "not an integer"),
    ColumnType.NUMBER: Parser(lambda text: _as_text(as_number(text)), "not a number"),
    ColumnType.FLAG: Parser(lambda text: _as_text(as_flag(text)), "neither true nor false"),
    ColumnType.DATE: Parser(
        lambda text: _as_date(text).dt.to_string("%Y-%m-%d"), "not a recognisable date; write it as 2021-04-20"
    ),
    ColumnType.TIMESTAMP: Parser(
        lambda text: as_timestamp(text).dt.to_string("%Y-%m-%d %H:%M:%S%.6f"),
        f"not a recognisable date or time; write it as {_EXAMPLE}",
    ),
    ColumnType.URL: Parser(_as_url, "neither an absolute URL nor a path"),
}
