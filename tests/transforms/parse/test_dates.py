"""Dates of front matter and paths: a table of spellings, and agreement with the casts on what both read."""
# ruff: noqa: RUF001  (digits of another script, and what looks alike, are what some tests are about)

import datetime as dt
import email.utils
import re
import time

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.parse.dates import date_in_path, is_impossible_date, read_date
from transforms.tidy.dates import as_timestamp, common_timestamp

DAYS = [
    "2021-04-20", " 2021-04-20\n", "2021-4-20", "2021/04/20", "2021/4/20", "2021.04.20", "20210420", "20-04-2021",
    "20.04.2021", "20.4.2021", "20/04/2021", "04/20/2021", "4/20/2021", "April 20, 2021", "april 20, 2021",
    "April 20 2021", "Apr 20 2021", "Apr. 20, 2021", "APRIL 20,2021", "April 20th, 2021", "20 April 2021",
    "20 Apr 2021", "20th April 2021", "20th of April, 2021", "20. April 2021", "20-Apr-2021", "2021-Apr-20",
    "2021 April 20", "Tuesday, April 20, 2021", "Tue, 20 Apr 2021", "Tue 20 April 2021", "Tue Apr 20 2021",
    "'2021-04-20'", '"2021-04-20"', "[[2021-04-20]]", "[[2021-04-20|last Tuesday]]", "[[2021-04-20#Evening]]",
    "[[daily/2021-04-20]]", "[[2021/04/20]]", "[[2021-04-20.md]]", "[[April 20th, 2021]]", '"[[2021-04-20]]"',
    "2021-04-20T00:00", "2021-04-20Z", "2021-04-20+00:00", "2021-04-20T02+02", "April 20, 2021 12 AM",
    "2021-04-20 12:00 am",
]  # fmt: skip
EVENINGS = [
    "2021-04-20T22:38:00Z", "2021-04-20t22:38:00z", "2021-04-20T22:38Z", "2021-04-20T22:38", "2021-04-20T22:38:00",
    "2021-04-20 22:38", "2021-04-20 22:38:00", "2021-04-20   22:38:00", "2021-04-20\u00a022:38:00",
    "2021-04-20, 22:38", "2021-04-20:22:38", "2021-04-20:22:38:00Z", "2021-04-20T22:38:00.000Z",
    "2021-04-20T22:38:00,000Z", "2021-04-20T22:38:00 UTC", "2021-04-20T22:38:00 GMT", "2021-04-20 22:38 UTC",
    "2021-04-20T22:38:00 utc", "2021-04-20T22:38:00+00:00", "2021-04-20T22:38:00-00:00", "2021-04-21T00:38:00+02:00",
    "2021-04-21T00:38:00+0200", "2021-04-21T00:38:00+02", "2021-04-21T00:38:00+2", "2021-04-21 00:38:00 +0200",
    "2021-04-21 00:38 +2", "2021-04-20 18:38:00 -4", "2021-04-20 18:38:00 -0400", "2021-04-20T17:08:00-05:30",
    "2021-04-20 14:38:00 -0800", "2021-04-20 18:38:00 EDT", "2021-04-21T00:38:00+02:00[Europe/Berlin]",
    "20210420T223800Z", "20210420T223800", "20210420T2238Z", "20210420 22:38", "2021-04-20T223800Z",
    "2021/04/20 22:38:00", "2021.04.20 22:38", "2021-4-20 22:38", "20-04-2021 22:38", "20.04.2021 22:38:00",
    "20/04/2021 22:38", "4/20/2021, 10:38:00 PM", "4/20/2021, 10:38:00\u202fPM", "2021-04-20 10:38 PM",
    "2021-04-20 10:38pm", "2021-04-20 10:38 p.m.", "April 20, 2021 10:38 PM", "April 20, 2021, 10:38 PM",
    "April 20, 2021 at 10:38 PM", "April 20, 2021 22:38", "20 April 2021 22:38", "20-Apr-2021 22:38:00",
    "Tuesday, April 20, 2021 10:38 PM", "[[2021-04-20 22:38]]", "[[2021-04-20T22:38:00Z]]",
    "Tue, 20 Apr 2021 22:38:00 +0000", "Tue, 20 Apr 2021 22:38:00 GMT", "Tue, 20 Apr 2021 22:38:00 UT",
    "Wed, 21 Apr 2021 00:38:00 +0200", "20 Apr 2021 22:38 +0000", "Tue, 20 Apr 2021 17:38:00 CDT",
    "Tue, 20 Apr 2021 22:38:00 +0000 (UTC)", "Tue Apr 20 2021 22:38:00 GMT+0000 (Coordinated Universal Time)",
    "Wed Apr 21 2021 00:38:00 GMT+0200 (Central European Summer Time)", "Tue Apr 20 22:38:00 2021",
    "Tue Apr 20 22:38:00 UTC 2021", "Tue Apr 20 18:38:00 EDT 2021",
    "Mon, 20 Apr 2021 22:38:00 GMT",  # a Tuesday
]  # fmt: skip
OTHERS = {
    "2009-11-10:23:00Z": "2009-11-10T23:00:00Z",
    "Thu Dec 22 2022 11:54:08 GMT+0000 (Coordinated Universal Time)": "2022-12-22T11:54:08Z",
    "Thu Dec  1 11:54:08 2022": "2022-12-01T11:54:08Z",
    "12/31/2021": "2021-12-31T00:00:00Z",
    "31/12/2021": "2021-12-31T00:00:00Z",
    "04/04/2021": "2021-04-04T00:00:00Z",
    "03-04-2021": "2021-04-03T00:00:00Z",
    "2021-04-20T22:38:00.5Z": "2021-04-20T22:38:00.5Z",
    "2021-04-20T22:38:00.120": "2021-04-20T22:38:00.12Z",
    "2021-04-20T22:38:00.1234567891Z": "2021-04-20T22:38:00.123456Z",
    "2021-04-20T22:38:00.0000001Z": "2021-04-20T22:38:00Z",
    "2021-04-20 12:15 AM": "2021-04-20T00:15:00Z",
    "2021-04-20 12:15 PM": "2021-04-20T12:15:00Z",
    "2021-04-20 23:30 -0800": "2021-04-21T07:30:00Z",
    "2021-04-20T01:00:00+05:30": "2021-04-19T19:30:00Z",
    "2016-12-31T23:59:60Z": "2017-01-01T00:00:00Z",
    "2020-02-29": "2020-02-29T00:00:00Z",
    "1 Sept 2021": "2021-09-01T00:00:00Z",
    "May 1, 2021": "2021-05-01T00:00:00Z",
    "0001-01-01": "0001-01-01T00:00:00Z",
    "0987-06-05 04:03:02.1": "0987-06-05T04:03:02.1Z",
    "9999-12-31T23:59:59Z": "9999-12-31T23:59:59Z",
    "1969-12-31T23:59:59Z": "1969-12-31T23:59:59Z",
    "19010203": "1901-02-03T00:00:00Z",
    "17760704T120000Z": "1776-07-04T12:00:00Z",
}  # fmt: skip
NO_DATES = [
    "", " ", "draft", "today", "2021", "2021-04", "April 2021", "April 20", "20 April 21", "20.04.21",
    "Tue, 20 Apr 21 22:38:00 GMT", "1618958280", "1618958280000", "1618958280.5", "12345678", "18991231", "21010101",
    "202104201", "20210420223800", "2021-110", "2021-W16-2", "03/04/2021", "3/4/2021", "2021-04-20 22",
    "2021-04-20 2238", "2021-04-20T2", "2021-04-20T238", "2021-04-20T22:3", "2021-04-20T22:38:0",
    "2021-04-20T22:3800", "2021-04-20-4", "2021-04-20 -4", "2021-04-20T22:38:00 CET",
    "2021-04-20T22:38:00 Europe/Berlin", "2021-04-20T22:38:00+02:60", "2021-04-20 to 2021-04-21", "2021-04-20-title",
    "a 2021-04-20", "{{date}}", "[[2021-04]]", "[[notes]]", "[[]]", "[2021-04-20]", "20 avril 2021", "٢٠٢١-٠٤-٢٠",
    "２０２１-04-20", "12345-04-20", "-2021-04-20", "+2021-04-20", "4/20/21", "20/4", "10:30", "1.2.3",
    "Sepember 1, 2021", "ſep 1, 2021",
    "2021-04-20\x00", "\ud800", "2021-04-20" + "0" * 200, "20210420 2238",
]  # fmt: skip
IMPOSSIBLE = [
    "2021-02-29", "2021-13-01", "2021-00-10", "2021-04-31", "2021-04-00", "0000-01-01", "0000-00-00",
    "2021-04-20 25:00", "2021-04-20T24:00:00Z", "2021-04-20T22:60:00Z", "2021-04-20T22:38:61Z", "2021-04-20 13:00 PM",
    "2021-04-20 0:30 AM", "2021-04-20T22:38:00+25:00", "2021/2/30", "2021.02.30", "20210229", "20211301",
    "20210229T101500Z", "30-02-2021", "30.2.2021", "30/02/2021", "02/30/2021", "13/13/2021", "12-31-2021",
    "February 29, 2021", "29 Feb 2021", "Mon, 29 Feb 2021 10:00:00 GMT",
    "Mon Feb 29 2021 10:00:00 GMT+0000 (Coordinated Universal Time)", "Mon Feb 29 10:00:00 2021", "[[2021-02-29]]",
    "'2021-02-29'", "0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00", "9999-12-31T23:59:60Z",
]  # fmt: skip
SPELLINGS = [*DAYS, *EVENINGS, *OTHERS]


def cast(texts: list[str]) -> list[dt.datetime | None]:
    return pl.select(as_timestamp(pl.lit(pl.Series(texts, dtype=pl.String)))).to_series().to_list()


def moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text).replace(tzinfo=None) if text else None


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_its_midnight(text: str) -> None:
    assert read_date(text) == "2021-04-20T00:00:00Z"


@pytest.mark.parametrize("text", EVENINGS)
def test_every_spelling_of_one_moment_is_that_moment_in_utc(text: str) -> None:
    assert read_date(text) == "2021-04-20T22:38:00Z"


@pytest.mark.parametrize(("text", "expected"), OTHERS.items())
def test_spelling_of_another_date(text: str, expected: str) -> None:
    assert read_date(text) == expected


@pytest.mark.parametrize("text", NO_DATES)
def test_other_texts_are_no_dates_and_not_impossible(text: str) -> None:
    assert (read_date(text), is_impossible_date(text)) == (None, False)


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_a_day_or_time_that_does_not_exist_is_impossible(text: str) -> None:
    assert (read_date(text), is_impossible_date(text)) == (None, True)


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_date_is_not_impossible(text: str) -> None:
    assert not is_impossible_date(text)


def test_the_casts_read_every_normalised_date_in_their_common_spelling() -> None:
    texts = sorted({str(read_date(text)) for text in SPELLINGS})
    assert cast(texts) == [moment(text) for text in texts]
    whole = [text for text in texts if "." not in text]
    assert len(whole) > 20
    assert None not in pl.select(common_timestamp(pl.lit(pl.Series(whole)))).to_series().to_list()


def test_the_casts_read_the_same_in_every_spelling_that_both_read() -> None:
    both = [(text, found) for text, found in zip(SPELLINGS, cast(SPELLINGS), strict=True) if found]
    assert len(both) > 50
    assert {text: moment(read_date(text)) for text, _ in both} == dict(both)
    assert not any(cast([*NO_DATES[:6], *IMPOSSIBLE]))


FORMS = [
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ",
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d:%H:%M", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z",
    "%d.%m.%Y %H:%M %z", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%a, %d %b %Y %H:%M:%S %z",
]  # fmt: skip
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))


@given(st.datetimes(min_value=dt.datetime(1000, 1, 2), timezones=OFFSETS), st.sampled_from(FORMS))
@example(dt.datetime(9999, 12, 31, 23, tzinfo=dt.timezone(dt.timedelta(hours=-2))), "%Y-%m-%d %H:%M:%S %z")
def test_the_casts_read_the_same_in_their_own_spellings(written: dt.datetime, form: str) -> None:
    text = written.strftime(form)
    assert moment(read_date(text)) == cast([text])[0]


@given(st.datetimes(min_value=dt.datetime(1900, 1, 2), max_value=dt.datetime(2100, 1, 1), timezones=OFFSETS))
def test_dates_of_mail_headers_are_what_the_standard_library_reads(written: dt.datetime) -> None:
    text = email.utils.format_datetime(written)
    assert moment(read_date(text)) == email.utils.parsedate_to_datetime(text).astimezone(dt.UTC).replace(tzinfo=None)


NEARLY = st.from_regex(
    r"\A\s?(\[\[)?(\w{3}, )?\d{1,4}[-/. ]([A-Z][a-z]{2}|\d{1,2})[-/. ]\d{1,4}"
    r"([T :,]\d{1,2}:\d\d(:\d\d)?)?( ?[-+]\d{1,4}|Z)?"
)


@given(st.text() | NEARLY | st.text("0123456789-/.:TZ +[]", max_size=25))
def test_any_text_is_read_or_not_and_what_is_returned_is_read_as_itself(text: str) -> None:
    found = read_date(text)
    assert not (found and is_impossible_date(text))
    if found:
        assert read_date(found) == found
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,5}[1-9])?Z", found, re.ASCII)
        assert cast([found]) == [moment(found)]


@given(
    st.text(st.characters(codec=None), max_size=40),
    st.sampled_from(["{}", "2021-04-20{}", "2021/04/{}", "{}/04/20-x.md", "[[{}]]"]),
)
def test_no_text_raises(text: str, around: str) -> None:
    text = around.format(text)
    assert isinstance(read_date(text), str | None)
    assert isinstance(is_impossible_date(text), bool)
    assert isinstance(date_in_path(text), str | None)


@pytest.mark.parametrize(
    "text", ["1" * 10**6, " " * 10**6, "2021-04-20" + " " * 10**6 + "x", "[[" * 10**5, "2021-04-20 (" + "(" * 100]
)
def test_a_long_text_is_quickly_no_date(text: str) -> None:
    start = time.process_time()
    assert read_date(text) is None
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    "path",
    [
        "2021-03-04-title.md", "2021-03-04_title.md", "2021-03-04 title.md", "2021-03-04.md", "2021_03_04_title.md",
        "2021-3-4-title.md", "20210304-title.md", "20210304.md", "_posts/2021-03-04-title.md", "2021-03-04/index.md",
        "2021-03-04-title/index.md", "20210304-title/index.md", "2021/03/04/title.md", "2021/03/04-title.md",
        "2021/3/4/title.md", "2021/03/04.md", "2021/03/04_title.md", "2021/03-04-title.md",
        "blog/2021/03-04-title/index.md", "blog/2021/03/04/title/index.md", "2021/2021-03-04-title.md",
        "2020-01-02-trip/2021-03-04-title.md", "2020/01/02/2021-03-04-title.md", "2020-01-02/2021/03/04/title.md",
        "./a/2021-03-04-x.md", "2021-03-04-2020-01-02.md", "2021/03/04-05-things.md",
    ],
)  # fmt: skip
def test_the_last_full_day_of_a_path_is_its_date(path: str) -> None:
    assert date_in_path(path) == "2021-03-04T00:00:00Z"


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "title.md", "2021/title.md", "2021/03/title.md", "2021-03/title.md", "2021-03-title.md",
        "2021-03/04-title.md", "2021-02-29-title.md", "2021-13-04-title.md", "2020-01-02/2021-02-29-title.md",
        "2021/02/30/title.md", "2021/13-04-title.md", "20210229-title.md", "19890304-title.md", "21010304-title.md",
        "12345678.md", "202103041.md", "2021030-title.md", "2021-03-045.md", "2021-03-04title.md", "12021-03-04.md",
        "title-2021-03-04.md", "2021.03.04-title.md", "v2021-03-04.md", "1234/03/04/title.md", "03/04/title.md",
        "2021/03/045-title.md", "2021/3.4-title.md", "2021/03/04.5-title.md", "2021-03_04-title.md",
        "٢٠٢١-03-04-title.md", "2021-٠٣-04.md", "²021-03-04.md", "2021/03/4th.md",
    ],
)  # fmt: skip
def test_a_path_without_a_full_day_has_no_date(path: str) -> None:
    assert date_in_path(path) is None


def test_eight_digits_that_are_no_day_do_not_hide_the_folders_above() -> None:
    assert date_in_path("2021-03-04/12345678.md") == "2021-03-04T00:00:00Z"
