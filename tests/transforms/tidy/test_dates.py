# ruff: noqa: RUF001  (what looks alike is what these tests are about)

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.tidy.dates import as_seconds, as_timestamp

EVENING = dt.datetime(2021, 4, 20, 22, 38)
DAY = dt.datetime(2021, 4, 20)


def timestamp(text: str | None) -> dt.datetime | None:
    return pl.select(as_timestamp(pl.lit(text, pl.String)))[0, 0]


def seconds(text: str | None) -> float | None:
    return pl.select(as_seconds(pl.lit(text, pl.String)))[0, 0]


@pytest.mark.parametrize(
    "text",
    [
        "2021-04-20T22:38:00Z",
        " 2021-04-20T22:38:00Z ",
        "2021-04-20t22:38:00z",
        "2021-04-20T22:38:00.000Z",
        "2021-04-20T22:38:00",
        "2021-04-20 22:38:00",
        "2021-04-20 22:38",
        "2021-04-20:22:38Z",
        "2021-04-20T22:38:00 UTC",
        "2021-04-20T22:38:00+00:00",
        "2021-04-20T22:38:00-00:00",
        "2021-04-21T00:38:00+02:00",
        "2021-04-21T00:38:00 +0200",
        "2021-04-21T00:38:00+02",
        "2021-04-20T17:08:00-05:30",
        "20-04-2021 22:38",
        "Tue, 20 Apr 2021 22:38:00 +0000",
        "Tue, 20 Apr 2021 22:38:00 GMT",
        "Wed, 21 Apr 2021 00:38:00 +0200",
    ],
)
def test_every_form_of_one_moment_is_that_moment_in_utc(text: str) -> None:
    assert timestamp(text) == EVENING


@pytest.mark.parametrize(
    "text",
    [
        "2021-04-20", "2021-4-20", "2021/04/20", "2021.04.20", "20-04-2021", "20.4.2021", "April 20, 2021",
        "Apr 20, 2021", "20 April 2021", "20 Apr 2021", " 2021-04-20 ",
    ],
)  # fmt: skip
def test_a_date_alone_is_its_midnight_in_utc(text: str) -> None:
    assert timestamp(text) == DAY


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2009-11-10:23:00Z", dt.datetime(2009, 11, 10, 23)),
        ("2021-04-20T22:38:00.5Z", dt.datetime(2021, 4, 20, 22, 38, 0, 500_000)),
        ("2021-04-20T22:38:00.123456789Z", dt.datetime(2021, 4, 20, 22, 38, 0, 123_456)),
        ("2020-02-29", dt.datetime(2020, 2, 29)),
        ("0001-01-01", dt.datetime(1, 1, 1)),
        ("9999-12-31T23:59:59Z", dt.datetime(9999, 12, 31, 23, 59, 59)),
        ("1969-12-31T23:59:59Z", dt.datetime(1969, 12, 31, 23, 59, 59)),
    ],
)
def test_date_at_an_edge(text: str, moment: dt.datetime) -> None:
    assert timestamp(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "tomorrow", "true", "2021", "2021-04", "1618958280", "2021-02-30", "2021-02-29", "30-02-2021",
        "2021-04-31T00:00:00Z", "2021-13-01", "2021-00-10", "0000-00-00", "0000-01-01", "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "10000-01-01T00:00:00Z", "-2021-04-20T22:38:00Z",
        "+12021-04-20T22:38:00Z", "262200-01-01T00:00:00Z", "2021-04-20T24:00:00Z", "2021-04-20T22:60:00Z",
        "2021-04-20T22:38:00+99:99", "2021-04-20T22:38:00.Z", "2021-04-20T22Z", "04-20-2021", "20-04-21",
        "April 31, 2021", "Wed, 20 Apr 2021 22:38:00 GMT", "2021-04-20T22:38:00Z and more", "２０２１-04-20",
    ],
)  # fmt: skip
def test_text_that_is_not_a_date_is_null(text: str) -> None:
    assert timestamp(text) is None


def test_null_is_not_a_date_or_a_duration() -> None:
    assert (timestamp(None), seconds(None)) == (None, None)


offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))


@given(st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 12, 31), timezones=offsets))
def test_iso_text_with_an_offset_is_the_moment_that_python_reads(moment: dt.datetime) -> None:
    assert timestamp(moment.isoformat()) == moment.astimezone(dt.UTC).replace(tzinfo=None)


@given(st.text(max_size=30))
def test_no_text_breaks_a_cast(text: str) -> None:
    assert timestamp(text) is None or timestamp(text).year in range(1, 10_000)  # type: ignore[union-attr]
    assert seconds(text) is None or seconds(text) >= 0  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT1H2M3S", 3723), ("PT25M", 1500), ("pt25m", 1500), ("PT1.5S", 1.5), ("PT0S", 0), ("P1D", 86_400),
        ("P1DT2H", 93_600), ("P1W", 604_800), ("P1M", 60), ("P2M", 120), ("P1MT5S", 65), (" PT8S ", 8),
        ("25 mins", 1500), ("25 min", 1500), ("25m", 1500), ("25\u00a0mins", 1500), ("1 hour", 3600),
        ("1 hr 5 min", 3900), ("1h30m", 5400), ("1.5 hours", 5400), ("90 seconds", 90), ("90", 90),
        ("1:02:03", 3723), ("02:03", 123),
    ],
)  # fmt: skip
def test_length_in_seconds(text: str, length: float) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "P", "PT", "P1Y", "PT-5M", "-5", "abc", "1:99", "mins", "2 hours and 5 minutes", "٣ mins",
        "25 mins ago", f"PT{'9' * 400}H",
    ],
)  # fmt: skip
def test_text_that_is_not_a_duration_is_null(text: str) -> None:
    assert seconds(text) is None
