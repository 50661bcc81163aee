import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from transforms.tidy.casts import (
    Cast,
    Parse,
    apply_casts,
    as_count,
    as_flag,
    as_integer,
    as_number,
    as_pixels,
    no_issues,
    plain_flag,
    plain_integer,
    plain_pixels,
)
from transforms.tidy.dates import as_timestamp, plain_timestamp

LARGEST = 2**63 - 1


def cast(parse: Parse, text: str | None) -> object:
    return pl.select(parse(pl.lit(text, pl.String)))[0, 0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("47", 47), (" 47 ", 47), ("47.0", 47), ("-1", -1), ("+5", 5), ("1e3", 1000), ("007", 7), ("-0", 0),
        (str(LARGEST), LARGEST), (str(-LARGEST), -LARGEST),
        ("47.5", None), ("", None), (" ", None), ("nan", None), ("inf", None), ("-inf", None), ("1,000", None),
        ("1_000", None), ("0x1F", None), ("true", None), ("4 7", None), (str(LARGEST + 1), None), ("1e30", None),
        ("٣", None), ("\u22121", None), (None, None),
    ],
)  # fmt: skip
def test_integer(text: str | None, value: int | None) -> None:
    assert cast(as_integer, text) == value


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("12", 12), ("-1", None), ("many", None), (None, None)])
def test_count_is_never_negative(text: str | None, value: int | None) -> None:
    assert cast(as_count, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("640", 640), ("640px", 640), ("640 px", 640), (" 640PX ", 640), ("64.0", 64)]
    + [(text, None) for text in ("0", "-5", "100%", "auto", "px", "64.5", "", None)],
)
def test_pixels_are_above_zero(text: str | None, value: int | None) -> None:
    assert cast(as_pixels, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("4.5", 4.5), ("5", 5.0), (".5", 0.5), ("5.", 5.0), (" -2 ", -2.0)]
    + [(text, None) for text in ("4,5", "inf", "nan", "1e400", "high", "", None)],
)
def test_number_is_finite(text: str | None, value: float | None) -> None:
    assert cast(as_number, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [(text, True) for text in ("true", "True", "YES", "on", "1", " true ")]
    + [(text, False) for text in ("false", "FALSE", "No", "off", "0")]
    + [(text, None) for text in ("maybe", "2", "", "-1", None)],
)
def test_flag_takes_every_spelling_of_yaml(text: str | None, value: bool | None) -> None:
    assert cast(as_flag, text) is value


def test_a_misfit_is_an_issue_with_its_place_and_a_null_is_none() -> None:
    frame = pl.DataFrame(
        {
            "document_id": ["1", "1", "2"],
            "path": ["a.md", "a.md", "b.md"],
            "position": [0, 1, 0],
            "size": [{"width": "6"}, {"width": "wide"}, {"width": None}],
        }
    )
    typed, issues = apply_casts(
        frame, [Cast("size.width", "width", as_integer, "no number")], pl.format("images[{}].", "position")
    )
    assert_frame_equal(typed, frame.with_columns(width=pl.Series([6, None, None], dtype=pl.Int64)))
    expected = [("1", "a.md", "images[1].size.width", "wide", "no number")]
    assert_frame_equal(issues, pl.DataFrame(expected, schema=no_issues().schema, orient="row"))


def test_a_column_may_bear_the_name_of_its_field() -> None:
    frame = pl.DataFrame({"document_id": ["1", "2"], "path": ["a", "b"], "heat": ["5", "hot"]})
    typed, issues = apply_casts(frame, [Cast("heat", "heat", as_integer, "no number")], pl.lit(""))
    assert typed["heat"].to_list() == [5, None]
    assert issues["value"].to_list() == ["hot"]


def test_no_misfits_are_no_issues() -> None:
    frame = pl.DataFrame({"document_id": ["1"], "path": ["a"], "heat": ["5"]})
    _, issues = apply_casts(frame, [Cast("heat", "heat", as_integer, "no number")], pl.lit(""))
    assert_frame_equal(issues, no_issues())


numbers = st.integers().map(str) | st.text("0123456789+-.e _px", max_size=8)
words = st.sampled_from(["true", "false", "True", " true", "yes", "1", ""])
moments = st.datetimes().map("{:%Y-%m-%dT%H:%M:%SZ}".format) | st.text("0123456789-T:Z", max_size=20)


@pytest.mark.parametrize(
    ("plain", "parse", "texts"),
    [
        (plain_integer, as_integer, numbers),
        (plain_pixels, as_pixels, numbers),
        (plain_flag, as_flag, words),
        (plain_timestamp, as_timestamp, moments),
    ],
)
@given(data=st.data())
def test_a_plain_parser_never_says_anything_else_than_the_whole_one(
    plain: Parse, parse: Parse, texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    short = cast(plain, text)
    assert short is None or short == cast(parse, text)
