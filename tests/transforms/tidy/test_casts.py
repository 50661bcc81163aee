import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from transforms.fields import DOCUMENT, IMAGE, RELATED, Kind, Nested, Record, Scalar
from transforms.tidy.casts import (
    PARSERS,
    Parse,
    as_count,
    as_flag,
    as_integer,
    as_number,
    as_pixels,
    cast_fields,
    common_flag,
    common_integer,
    common_pixels,
    no_issues,
)
from transforms.tidy.dates import as_timestamp, common_timestamp

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


def test_a_value_that_does_not_parse_is_an_issue_with_its_place_and_a_null_is_not() -> None:
    frame = pl.DataFrame(
        {
            "document_id": ["1", "1", "2"],
            "path": ["a.md", "a.md", "b.md"],
            "position": [0, 1, 0],
            "size": [{"width": "6"}, {"width": "wide"}, {"width": None}],
        }
    )
    record = Record("size", (Nested("size", Record("width", (Scalar("width", Kind.INTEGER, "pixel_width"),))),))
    typed, issues = cast_fields(frame, record, pl.format("images[{}].", "position"))
    assert_frame_equal(typed, frame.with_columns(pixel_width=pl.Series([6, None, None], dtype=pl.Int64)))
    expected = [("1", "a.md", "images[1].size.width", "wide", "not an integer")]
    assert_frame_equal(issues, pl.DataFrame(expected, schema=no_issues().schema, orient="row"))


HEAT = Record("heat", (Scalar("heat", Kind.INTEGER),))


def test_a_column_may_have_the_name_of_its_field() -> None:
    frame = pl.DataFrame({"document_id": ["1", "2"], "path": ["a", "b"], "heat": ["5", "hot"]})
    typed, issues = cast_fields(frame, HEAT, pl.lit(""))
    assert typed["heat"].to_list() == [5, None]
    assert issues["value"].to_list() == ["hot"]


def test_values_that_parse_give_no_issues() -> None:
    frame = pl.DataFrame({"document_id": ["1"], "path": ["a"], "heat": ["5"]})
    _, issues = cast_fields(frame, HEAT, pl.lit(""))
    assert_frame_equal(issues, no_issues())


def test_text_becomes_its_column_as_written() -> None:
    frame = pl.DataFrame({"document_id": ["1"], "path": ["a"], "webUrl": [" x "]})
    typed, issues = cast_fields(frame, Record("webUrl", (Scalar("webUrl", Kind.URL, "web_url"),)), pl.lit(""))
    assert_frame_equal(typed, frame.with_columns(web_url=pl.lit(" x ")))
    assert issues.is_empty()


def test_every_kind_of_value_has_a_parser_or_is_text() -> None:
    kinds = {scalar.kind for record in (DOCUMENT, IMAGE, RELATED) for _, scalar in record.scalars}
    assert kinds - set(PARSERS) == {Kind.TEXT, Kind.PROSE, Kind.URL}


numbers = st.integers().map(str) | st.text("0123456789+-.e _px", max_size=8)
words = st.sampled_from(["true", "false", "True", " true", "yes", "1", ""])
moments = st.datetimes().map("{:%Y-%m-%dT%H:%M:%SZ}".format) | st.text("0123456789-T:Z", max_size=20)


@pytest.mark.parametrize(
    ("common", "parse", "texts"),
    [
        (common_integer, as_integer, numbers),
        (common_pixels, as_pixels, numbers),
        (common_flag, as_flag, words),
        (common_timestamp, as_timestamp, moments),
    ],
)
@given(data=st.data())
def test_a_parser_of_the_common_spelling_agrees_with_the_full_one(
    common: Parse, parse: Parse, texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    value = cast(common, text)
    assert value is None or value == cast(parse, text)
