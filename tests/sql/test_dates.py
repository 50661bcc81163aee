"""core.corpus_dates, core.dim_dates and core.date_periods: the last day of windows, and periods that are complete."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.sql.frames import Rows, document, frame, person, warehouse_of

day = dt.date
GRAINS = ("week", "month", "quarter", "year")


def dates_of(con: duckdb.DuckDBPyConnection) -> dict[str, object]:
    (row,) = frame(con, "from core.corpus_dates").rows(named=True)
    return row


# The dates of news, whether the day was given, and what follows: windows end, first article, last article.
NEWS = ["2021-04-20", "2021-06-02T23:59:59"]
ENDS: list[tuple[Sequence[str | None], bool, tuple[str, str | None, str | None]]] = [
    (NEWS, False, ("2021-06-02", "2021-04-20", "2021-06-02")),
    (NEWS, True, ("2026-01-31", "2021-04-20", "2021-06-02")),
    ([*NEWS, "2026-01-31T00:00"], False, ("2026-01-31", "2021-04-20", "2026-01-31")),
    # Tomorrow is in the calendar, because of time zones, and 2099 is not; neither moves the windows.
    ([*NEWS, "2026-02-01"], False, ("2021-06-02", "2021-04-20", "2021-06-02")),
    ([*NEWS, "2099-12-31", "1970-01-01"], False, ("2021-06-02", "2021-04-20", "2021-06-02")),
    ([*NEWS, "2099-12-31", "2026-02-01"], True, ("2026-01-31", "2021-04-20", "2021-06-02")),
    (["2026-02-01", "2099-12-31"], False, ("2026-01-31", None, None)),
    ([None], False, ("2026-01-31", None, None)),
    ([], True, ("2026-01-31", None, None)),
    (["2021-04-20"], False, ("2021-04-20", "2021-04-20", "2021-04-20")),
]


@pytest.mark.parametrize(("news", "is_given", "expected"), ENDS)
def test_windows_end_on_the_last_day_with_news_unless_a_day_was_given_and_never_in_the_future(
    tmp_path: Path, news: Sequence[str | None], is_given: bool, expected: tuple[str, str | None, str | None]
) -> None:
    documents = [document(f"d{number}", published=text) for number, text in enumerate(news)]
    with warehouse_of(tmp_path, documents, "core.corpus_dates", is_as_of_given=is_given) as con:
        row = dates_of(con)
    end, first, last = (text and day.fromisoformat(text) for text in expected)
    assert row == {
        "as_of_date": day(2026, 1, 31),
        "window_end_date": end,
        "first_article_date": first,
        "last_article_date": last,
        "days_since_last_article": (day(2026, 1, 31) - last).days if last else None,
    }


def test_other_kinds_move_the_windows_only_if_no_news_has_a_date(tmp_path: Path) -> None:
    others = [
        document("a", type="course", published="2025-01-01"),
        document("b", type="webinar", published="2025-03-01"),
        person("p", published="2025-05-01"),
        document("c"),
    ]
    for name, documents, expected in (
        ("others", others, (day(2025, 1, 1), day(2025, 3, 1))),
        ("news", [*others, document("d", published="2025-02-01")], (day(2025, 2, 1), day(2025, 2, 1))),
    ):
        with warehouse_of(tmp_path / name, documents, "core.corpus_dates", is_as_of_given=False) as con:
            row = dates_of(con)
        assert (row["first_article_date"], row["last_article_date"]) == expected
        assert row["window_end_date"] == expected[1]


def test_articles_count_their_days_back_from_the_last_news(tmp_path: Path) -> None:
    documents = [
        document("a", published="2021-06-02"),
        document("b", published="2021-05-01"),
        document("c", published="2021-06-05", type="course"),
        document("d", published="2099-01-01"),
        document("e"),
    ]
    with warehouse_of(tmp_path, documents, "core.articles", is_as_of_given=False) as con:
        rows = con.execute("select document_id, days_before_window_end from core.articles order by 1").fetchall()
    assert rows == [("a", 0), ("b", 32), ("c", -3), ("d", None), ("e", None)]


def test_the_calendar_has_no_gap_and_ends_on_a_day_that_was_given(tmp_path: Path) -> None:
    documents = [document("a", published="2026-01-28T23:59:59"), person("p", published="2026-01-28")]
    with warehouse_of(tmp_path, documents, "core.dim_dates", as_of=dt.date(2026, 1, 30)) as con:
        rows = frame(con, "select * from core.dim_dates")
    expected = {
        "calendar_date": [dt.date(2026, 1, 28), dt.date(2026, 1, 29), dt.date(2026, 1, 30)],
        "year": [2026] * 3,
        "quarter": [1] * 3,
        "month": [1] * 3,
        "iso_year": [2026] * 3,
        "iso_week": [5] * 3,
        "weekday": [3, 4, 5],
        "is_weekend": [False] * 3,
        "week_start_date": [dt.date(2026, 1, 26)] * 3,
        "month_start_date": [dt.date(2026, 1, 1)] * 3,
        "quarter_start_date": [dt.date(2026, 1, 1)] * 3,
        "year_start_date": [dt.date(2026, 1, 1)] * 3,
        "days_before_window_end": [2, 1, 0],
        "document_count": [2, 0, 0],
        "article_count": [1, 0, 0],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))


def test_the_calendar_of_an_old_corpus_ends_with_it_and_not_today(tmp_path: Path) -> None:
    documents = [
        document("a", published="2021-06-01"),
        document("b", published="2021-06-02"),
        document("c", type="course", published="2021-06-04"),
        document("d", published="2099-01-01"),
        document("e", published="1989-12-31"),
    ]
    with warehouse_of(tmp_path, documents, "core.dim_dates", is_as_of_given=False) as con:
        rows = con.execute("select calendar_date, days_before_window_end, article_count from core.dim_dates").fetchall()
    assert rows == [
        (day(2021, 6, 1), 1, 1),
        (day(2021, 6, 2), 0, 1),
        (day(2021, 6, 3), -1, 0),
        (day(2021, 6, 4), -2, 1),
    ]


def complete_periods(folder: Path, documents: list[Rows]) -> dict[str, list[tuple[dt.date, dt.date]]]:
    """The complete periods of each grain: first and last day."""
    query = (
        "select distinct period_grain, period_start_date, period_end_date from core.date_periods "
        "where is_period_complete order by all"
    )
    with warehouse_of(folder, documents, "core.date_periods", is_as_of_given=False) as con:
        rows = con.execute(query).fetchall()
    return {grain: [(start, end) for each, start, end in rows if each == grain] for grain in GRAINS}


# The days of the first and the last news, and the complete periods: how many, and the first and last day of them.
COMPLETE: list[tuple[str, str, dict[str, tuple[int, str, str] | None]]] = [
    (
        "2020-01-01", "2020-12-31",
        {"week": (51, "2020-01-06", "2020-12-27"), "month": (12, "2020-01-01", "2020-12-31"),
         "quarter": (4, "2020-01-01", "2020-12-31"), "year": (1, "2020-01-01", "2020-12-31")},
    ),
    (
        "2020-01-02", "2020-12-30",
        {"week": (51, "2020-01-06", "2020-12-27"), "month": (10, "2020-02-01", "2020-11-30"),
         "quarter": (2, "2020-04-01", "2020-09-30"), "year": None},
    ),
    (
        "2021-02-01", "2021-02-07",
        {"week": (1, "2021-02-01", "2021-02-07"), "month": None, "quarter": None, "year": None},
    ),
    (
        "2021-02-01", "2021-02-28",
        {"week": (4, "2021-02-01", "2021-02-28"), "month": (1, "2021-02-01", "2021-02-28"), "quarter": None,
         "year": None},
    ),
    ("2021-02-01", "2021-02-01", {"week": None, "month": None, "quarter": None, "year": None}),
]  # fmt: skip


@pytest.mark.parametrize(("first", "last", "expected"), COMPLETE)
def test_a_period_is_complete_if_news_reaches_from_its_first_day_to_its_last(
    tmp_path: Path, first: str, last: str, expected: dict[str, tuple[int, str, str] | None]
) -> None:
    """Years that collection did not finish were complete, and half of them began after the last article."""
    documents = [
        document("a", published=first),
        document("b", published=last),
        document("c", type="course", published="2019-01-01"),
        document("d", type="course", published="2022-12-31"),
        document("e", published="2026-02-01"),
    ]
    found = complete_periods(tmp_path, documents)
    bounds = {grain: (len(days), str(days[0][0]), str(days[-1][1])) if days else None for grain, days in found.items()}
    assert bounds == expected


@pytest.mark.parametrize("documents", [[], [document("a")], [document("a", published="2099-01-01")]])
def test_without_a_date_there_is_one_day_and_no_period_is_complete(tmp_path: Path, documents: list[Rows]) -> None:
    with warehouse_of(tmp_path, documents, "core.date_periods", is_as_of_given=False) as con:
        rows = frame(con, "select * from core.date_periods order by period_grain").rows()
    assert rows == [
        (day(2026, 1, 31), "month", day(2026, 1, 1), day(2026, 1, 31), False),
        (day(2026, 1, 31), "quarter", day(2026, 1, 1), day(2026, 3, 31), False),
        (day(2026, 1, 31), "week", day(2026, 1, 26), day(2026, 2, 1), False),
        (day(2026, 1, 31), "year", day(2026, 1, 1), day(2026, 12, 31), False),
    ]
