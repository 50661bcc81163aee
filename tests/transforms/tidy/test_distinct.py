"""Applying a function once per distinct text gives the same as applying it to each text."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_series_equal

from transforms.tidy.casts import as_integer, common_integer
from transforms.tidy.distinct import by_expression, change_distinct, parse_distinct

texts = st.lists(st.none() | st.sampled_from(["7", " 7", "7.0", "x", "", "8", "-1"]), max_size=12)


@given(texts)
def test_each_text_is_parsed_as_it_would_be_alone(texts: list[str | None]) -> None:
    column = pl.Series("n", texts, dtype=pl.String)
    expected = column.to_frame().select(as_integer(pl.col("n"))).to_series()
    assert_series_equal(parse_distinct(column, by_expression(as_integer)), expected)
    assert_series_equal(parse_distinct(column, by_expression(as_integer), by_expression(common_integer)), expected)


def test_only_texts_of_uncommon_spelling_are_parsed_and_each_once() -> None:
    seen: list[str] = []

    def parse(column: pl.Series) -> pl.Series:
        seen.extend(column)
        return column.str.len_chars().cast(pl.Int64)

    column = pl.Series("n", ["1", "two", None, "two", "three"])
    found = parse_distinct(column, parse, by_expression(common_integer))
    assert found.to_list() == [1, 3, None, 3, 5]
    assert sorted(seen) == ["three", "two"]


def test_texts_without_the_pattern_are_not_touched() -> None:
    column = pl.Series("n", ["a", None, "b!", "b!"])
    changed = change_distinct(column, "!", lambda text: text.replace("!", "?"))
    assert changed.to_list() == ["a", None, "b?", "b?"]
