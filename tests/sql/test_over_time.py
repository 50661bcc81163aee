"""marts.coverage_by_topic_over_time, without a gap, and marts.provider_over_time, with a row where there is news."""

import datetime as dt
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from tests.sql.frames import document, frame, warehouse_of

TOPICS = "marts.coverage_by_topic_over_time"
PROVIDERS = "marts.provider_over_time"


def test_periods_without_articles_are_zero_up_to_as_of(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI"], published="2025-10-05", heat=10, quality=1, provider="x.com/x"),
        document("b", topics=["AI"], published="2025-10-06", is_suppressed=True, is_published=True, type="video"),
        document("c", topics=["AI"], published="2026-01-31", heat=30),
        document("d", topics=["Law"], published="2025-12-31"),
    ]
    query = f"select * exclude (topic_id, topic) from {TOPICS} where topic_id = 'ai' and period_grain = 'month'"
    with warehouse_of(tmp_path, documents, TOPICS) as con:
        rows = frame(con, query + " order by period_start_date")
    day = dt.date
    expected = {
        "period_grain": ["month"] * 4,
        "period_start_date": [day(2025, 10, 1), day(2025, 11, 1), day(2025, 12, 1), day(2026, 1, 1)],
        "period_end_date": [day(2025, 10, 31), day(2025, 11, 30), day(2025, 12, 31), day(2026, 1, 31)],
        "is_period_complete": [True, True, True, True],
        "article_count": [2, 0, 0, 1],
        "published_article_count": [1, 0, 0, 0],
        "cluster_count": [2, 0, 0, 1],
        "provider_count": [1, 0, 0, 0],
        "video_count": [1, 0, 0, 0],
        "mean_heat": [10.0, None, None, 30.0],
        "mean_quality": [1.0, None, None, None],
        "article_share": [1.0, None, 0.0, 1.0],
        "previous_article_count": [None, 2, 0, 0],
        "growth_share": [None, -1.0, None, None],
        "cumulative_article_count": [2, 2, 2, 3],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))


def test_each_grain_has_its_own_periods(tmp_path: Path) -> None:
    documents = [document("a", topics=["AI"], published="2025-12-31")]
    query = f"select period_grain, period_start_date, is_period_complete, article_count from {TOPICS} order by 1, 2"
    with warehouse_of(tmp_path, documents, TOPICS, as_of=dt.date(2026, 1, 6)) as con:
        rows = frame(con, query).rows()
    assert rows == [
        ("month", dt.date(2025, 12, 1), True, 1),
        ("month", dt.date(2026, 1, 1), False, 0),
        ("quarter", dt.date(2025, 10, 1), True, 1),
        ("quarter", dt.date(2026, 1, 1), False, 0),
        ("week", dt.date(2025, 12, 29), True, 1),
        ("week", dt.date(2026, 1, 5), False, 0),
        ("year", dt.date(2025, 1, 1), True, 1),
        ("year", dt.date(2026, 1, 1), False, 0),
    ]


def test_a_date_of_the_year_23_does_not_fill_twenty_centuries(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI"], published="0023-01-01", provider="x.com/x"),
        document("b", topics=["AI"], published="9999-01-01", provider="x.com/x"),
        document("c", topics=["AI"], published="2026-01-30", provider="x.com/x"),
    ]
    with warehouse_of(tmp_path, documents, TOPICS, PROVIDERS) as con:
        for mart in (TOPICS, PROVIDERS):
            rows = frame(con, f"select period_grain, article_count from {mart} order by 1").rows()
            assert rows == [("month", 1), ("quarter", 1), ("week", 1), ("year", 1)]


def test_tomorrow_opens_a_period_only_where_something_was_published(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI", "Law"], published="2026-01-31"),
        document("b", topics=["AI"], published="2026-02-01T01:00"),
    ]
    query = f"select topic_id, period_start_date, article_count from {TOPICS} where period_grain = 'month' order by all"
    with warehouse_of(tmp_path, documents, TOPICS) as con:
        rows = frame(con, query).rows()
    assert rows == [
        ("ai", dt.date(2026, 1, 1), 1),
        ("ai", dt.date(2026, 2, 1), 1),
        ("law", dt.date(2026, 1, 1), 1),
    ]


def test_an_article_with_two_topics_counts_once_for_its_provider(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI", "Law"], published="2025-12-30", provider="x.com/x", heat=3),
        document("b", topics=["AI"], published="2026-01-30", provider="x.com/x"),
        document("c", published="2026-01-30"),
    ]
    query = f"select * exclude (provider_name) from {PROVIDERS} where period_grain = 'quarter' order by 3"
    with warehouse_of(tmp_path, documents, PROVIDERS) as con:
        rows = frame(con, query)
    expected = {
        "provider_id": ["x.com/x"] * 2,
        "period_grain": ["quarter"] * 2,
        "period_start_date": [dt.date(2025, 10, 1), dt.date(2026, 1, 1)],
        "period_end_date": [dt.date(2025, 12, 31), dt.date(2026, 3, 31)],
        "is_period_complete": [True, False],
        "article_count": [1, 1],
        "published_article_count": [0, 0],
        "cluster_count": [1, 1],
        "topic_count": [2, 1],
        "video_count": [0, 0],
        "mean_heat": [3.0, None],
        "mean_quality": [None, None],
        "article_share": [1.0, 0.5],
        "previous_article_count": [0, 1],
        "growth_share": [None, 0.0],
        "cumulative_article_count": [1, 2],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))


def test_a_period_without_articles_has_no_row_and_counts_as_zero_for_growth(tmp_path: Path) -> None:
    documents = [
        document("a", published="2025-10-05", provider="x.com/x"),
        document("b", published="2025-12-06", provider="x.com/x"),
        document("c", published="2026-01-05", provider="x.com/x"),
        document("d", published="2026-01-06", provider="x.com/x"),
    ]
    columns = "period_start_date, article_count, previous_article_count, growth_share, cumulative_article_count"
    with warehouse_of(tmp_path, documents, PROVIDERS) as con:
        rows = frame(con, f"select {columns} from {PROVIDERS} where period_grain = 'month' order by 1").rows()
    assert rows == [
        (dt.date(2025, 10, 1), 1, 0, None, 1),
        (dt.date(2025, 12, 1), 1, 0, None, 2),
        (dt.date(2026, 1, 1), 2, 1, 1.0, 4),
    ]
