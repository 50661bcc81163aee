"""Hard work for the few distinct texts that need it, and a look at each value for all others."""

from collections.abc import Callable

import polars as pl

Parse = Callable[[pl.Series], pl.Series]


def parse_distinct(texts: pl.Series, parse: Parse, plain: Parse | None = None) -> pl.Series:
    """What `parse` makes of each text, worked out once per distinct one; null stays null.

    Args:
        texts: a column of any length.
        parse: takes any text; null where it makes nothing of it.
        plain: a cheap way that does for most texts. Where it gives a value, that must be what `parse` would give.
    """
    if plain is None:
        left = texts.drop_nulls().unique()
        parsed = parse(left)
        return texts.replace_strict(left, parsed, default=None, return_dtype=parsed.dtype)
    found = plain(texts)
    is_left = found.is_null() & texts.is_not_null()
    if not is_left.any():
        return found
    return found.zip_with(~is_left, parse_distinct(texts.zip_with(is_left, _nulls(texts)), parse))


def by_expression(make: Callable[[pl.Expr], pl.Expr]) -> Parse:
    """A function of expressions as one of columns."""

    def parse(texts: pl.Series) -> pl.Series:
        return texts.to_frame().select(make(pl.col(texts.name)).alias(texts.name)).to_series()

    return parse


def change_distinct(texts: pl.Series, is_suspect: str, change: Callable[[str], str]) -> pl.Series:
    """The texts with those changed that hold a pattern, each worked out once per distinct one."""
    suspects = texts.filter(texts.str.contains(is_suspect).fill_null(value=False)).unique()
    if suspects.is_empty():
        return texts
    return texts.replace(suspects, pl.Series([change(text) for text in suspects], dtype=pl.String))


def _nulls(texts: pl.Series) -> pl.Series:
    return pl.Series([None], dtype=texts.dtype).new_from_index(0, len(texts))
