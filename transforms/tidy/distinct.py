"""Expensive functions applied once per distinct text, after a cheap look at every value."""

from collections.abc import Callable

import polars as pl

Parse = Callable[[pl.Series], pl.Series]


def parse_distinct(texts: pl.Series, parse: Parse, parse_common: Parse | None = None) -> pl.Series:
    """Apply `parse` to each text, once per distinct text; null stays null.

    Args:
        texts: a column of any length.
        parse: takes any text; returns null for texts that it does not accept.
        parse_common: a cheap parser for the common spelling. A value that it returns must be what `parse` returns.
    """
    if parse_common is None:
        left = texts.drop_nulls().unique()
        parsed = parse(left)
        return texts.replace_strict(left, parsed, default=None, return_dtype=parsed.dtype)
    found = parse_common(texts)
    is_left = found.is_null() & texts.is_not_null()
    if not is_left.any():
        return found
    return found.zip_with(~is_left, parse_distinct(texts.zip_with(is_left, _nulls(texts)), parse))


def by_expression(make: Callable[[pl.Expr], pl.Expr]) -> Parse:
    """Turn a function of expressions into one of columns."""

    def parse(texts: pl.Series) -> pl.Series:
        return texts.to_frame().select(make(pl.col(texts.name)).alias(texts.name)).to_series()

    return parse


def change_distinct(texts: pl.Series, pattern: str, change: Callable[[str], str]) -> pl.Series:
    """Apply `change` to the texts that match a pattern, once per distinct text."""
    suspects = texts.filter(texts.str.contains(pattern).fill_null(value=False)).unique()
    if suspects.is_empty():
        return texts
    return texts.replace(suspects, pl.Series([change(text) for text in suspects], dtype=pl.String))


def _nulls(texts: pl.Series) -> pl.Series:
    return pl.Series([None], dtype=texts.dtype).new_from_index(0, len(texts))
