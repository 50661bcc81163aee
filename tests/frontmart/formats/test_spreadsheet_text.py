"""Texts for spreadsheets: no formula, nothing lost, names that Excel allows."""

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from frontmart.formats.spreadsheet_text import fit_cell, neutralise, restore, sheet_name, utf16_units

STARTS = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001
# A cell that begins like a formula where a text is split; the marks before it are dropped with the quoting.
SPLIT_FORMULA = re.compile('[;\t\r\n]"*[=+\\-@＝＋－＠]')  # noqa: RUF001
TEXTS = st.one_of(st.none(), st.text(), st.text(alphabet=STARTS + "'\";, a", max_size=8))


@settings(max_examples=30)
@given(st.lists(TEXTS))
def test_every_text_can_be_found_again(texts: list[str | None]) -> None:
    frame = pl.DataFrame(
        {"text": texts, "number": [-1.5] * len(texts)}, schema={"text": pl.String, "number": pl.Float64}
    )
    safe = neutralise(frame)
    assert not [text for text in safe["text"] if text and text[0] in STARTS]
    assert not [text for text in safe["text"] if text and SPLIT_FORMULA.search(text)]
    assert_frame_equal(restore(safe), frame)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("'=1+1", "''=1+1"),
        ("'tis", "'tis"),
        ("a=1", "a=1"),
        ("", ""),
        ("-5", "'-5"),
        ("--", "'--"),
        ("a;=1", "a;'=1"),
        (";=1", ";'=1"),
        ("a;'=1", "a;''=1"),
        ('a;"=1"', 'a;\'"=1"'),
        ("a\t+1", "a\t'+1"),
        ("a\n=1", "a\n'=1"),
        ("a; =1", "a; =1"),
        ("a,=1", "a,=1"),
        ("\t=1", "'\t'=1"),
    ],
)
def test_texts_that_would_be_computed_get_an_apostrophe(text: str, safe: str) -> None:
    assert neutralise(pl.DataFrame({"text": [text]}))["text"].to_list() == [safe]


@given(st.integers(32_700, 32_800), st.sampled_from(["a", "é", "🚲"]), st.sampled_from(["", "b"]))
def test_a_text_fits_into_a_cell_or_is_cut_between_characters(length: int, character: str, first: str) -> None:
    text = first + character * length
    cell = fit_cell(text)
    assert utf16_units(cell) == len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert cell == text if utf16_units(text) <= 32_767 else cell.endswith("…") and text.startswith(cell[:-1])


@pytest.mark.parametrize(
    ("name", "number", "taken", "expected"),
    [
        ("topic_pairs", 1, [], "topic_pairs"),
        ("topic_pairs", 2, ["topic_pairs"], "topic_pairs (2)"),
        ("coverage_by_topic_over_time", 12, [], "coverage_by_topic_over_tim (12)"),
        ("a" * 40, 1, [], "a" * 31),
        ("a" * 40, 1, ["A" * 31], "a" * 29 + "~2"),
        ("a" * 40, 2, ["a" * 27 + " (2)", "a" * 25 + "~2 (2)"], "a" * 25 + "~3 (2)"),
        ("About", 1, ["about"], "About~2"),
    ],
)
def test_the_name_of_a_sheet_is_short_enough_and_its_own(
    name: str, number: int, taken: list[str], expected: str
) -> None:
    assert sheet_name(name, number, taken) == expected
