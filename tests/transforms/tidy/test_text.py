# ruff: noqa: RUF001  (what looks alike is what these tests are about)

import polars as pl
import pytest
from polars.testing import assert_series_equal

from transforms.tidy.text import repair_encoding, undo_percent_encoding, unescape_entities


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("AIâ€™s turn", "AI’s turn"),
        ("1â€“2", "1–2"),
        ("cafÃ©", "café"),
        ("Â£5 and Â© 2021", "£5 and © 2021"),
        ("ÃƒÂ©", "é"),
        ("ï»¿Title", "Title"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
    ],
)
def test_mojibake_is_undone(broken: str, whole: str) -> None:
    assert repair_encoding(pl.Series([broken])).to_list() == [whole]


@pytest.mark.parametrize(
    "text",
    [
        "It’s “quiet” – so…", "5\u00a0€", "naïve café", "CAFÉ™", "fiancé’s", "MENÜ“ und", "Ñandú", "São “Paulo”",
        "L’été€", "Tom &amp; Ada", "自転車", "Привет", "100€–200€", "É…", "a\u2028b", "", "%c3%a9",
    ],
)  # fmt: skip
def test_typography_and_accents_are_not_mojibake(text: str) -> None:
    assert repair_encoding(pl.Series([text])).to_list() == [text]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Tom &amp; Ada", "Tom & Ada"),
        ("Ada&#8217;s", "Ada’s"),
        ("Ada&#x2019;s", "Ada’s"),
        ("a&nbsp;b", "a\u00a0b"),
        ("&amp;amp;", "&amp;"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("&notable; &unknown;", "&notable; &unknown;"),
        ("a &amp b", "a &amp b"),
    ],
)
def test_only_whole_entities_are_unescaped_and_once(written: str, text: str) -> None:
    assert unescape_entities(pl.Series([written])).to_list() == [text]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Quayside%2c Inc.", "Quayside, Inc."),
        ("%c3%a9t%C3%A9", "été"),
        ("100% Ferry", "100% Ferry"),
        ("50%25", "50%"),
        ("%ff", "%ff"),
        ("a%00b", "a%00b"),
        ("a%0ab", "a%0ab"),
    ],
)
def test_percent_encoding_is_undone_where_it_is_text(written: str, text: str) -> None:
    assert undo_percent_encoding(pl.Series([written])).to_list() == [text]


@pytest.mark.parametrize("repair", [repair_encoding, unescape_entities, undo_percent_encoding])
def test_nulls_and_names_of_columns_stay(repair) -> None:  # type: ignore[no-untyped-def]
    texts = pl.Series("title", [None, "AIâ€™s &amp; %2c", None, "plain"])
    repaired = repair(texts)
    assert (repaired.name, repaired.null_count(), repaired[3]) == ("title", 2, "plain")
    assert repaired[1] != texts[1]
    nothing = pl.Series("title", [None, None], dtype=pl.String)
    assert_series_equal(repair(nothing), nothing)
