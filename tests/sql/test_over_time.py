"""marts.coverage_by_topic_over_time, without a gap, and marts.provider_over_time, with a row where there is news."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.sql.frames import document, frame, warehouse_of

TOPICS = "marts.coverage_by_topic_over_time"
PROVIDERS = "marts.provider_over_time"


def test_periods_without_articles_are_zero_up_to_the_last_article(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI"], published="2025-10-05", heat=10, quality=1, provider="x.com/x"),
        document("b", topics=["AI"], published="2025-10-06", is_suppressed=True, is_published=True, type="video"),
        document("c", topics=["AI"], published="2026-01-31", heat=30),
        document("d", topics=["Law"], published="2025-12-31"),
        document("w", topics=["AI"], published="2026-01-30", type="webinar", heat=9),
        document("y", topics=["AI"], published="2026-02-01T01:00", type="webinar"),
    ]
    query = f"select * exclude (topic_id, topic) from {TOPICS} where topic_id = 'ai' and period_grain = 'month'"
    with warehouse_of(tmp_path, documents, TOPICS) as con:
        rows = frame(con, query + " order by period_start_date")
    day = dt.date
    expected = {
        "period_grain": ["month"] * 4,
        "period_start_date": [day(2025, 10, 1), day(2025, 11, 1), day(2025, 12, 1), day(2026, 1, 1)],
        "period_end_date": [day(2025, 10, 31), day(2025, 11, 30), day(2025, 12, 31), day(2026, 1, 31)],
        "is_period_complete": [False, True, True, True],
        "article_count": [2, 0, 0, 2],
        "news_article_count": [1, 0, 0, 1],
        "event_count": [1, 0, 0, 1],
        "published_article_count": [1, 0, 0, 0],
        "cluster_count": [2, 0, 0, 2],
        "provider_count": [1, 0, 0, 0],
        "video_count": [1, 0, 0, 0],
        "heat_basis": ["too few", "none", "none", "too few"],
        "mean_heat": [None] * 4,
        "quality_basis": ["too few", "none", "none", "none"],
        "mean_quality": [None] * 4,
        "article_share": [1.0, None, 0.0, 1.0],
        "tagged_news_share": [1.0, None, 0.0, 1.0],
        "previous_article_count": [None, 2, 0, 0],
        "growth_share": [None, -1.0, None, None],
        "cumulative_article_count": [2, 2, 2, 4],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))


def test_each_grain_has_its_own_periods_and_none_begins_after_the_last_article(tmp_path: Path) -> None:
    documents = [document("a", topics=["AI"], published="2025-12-31"), document("b", published="2026-01-04")]
    query = f"select period_grain, period_start_date, is_period_complete, article_count from {TOPICS} order by 1, 2"
    with warehouse_of(tmp_path, documents, TOPICS, as_of=dt.date(2026, 3, 6)) as con:
        rows = frame(con, query).rows()
    assert rows == [
        ("month", dt.date(2025, 12, 1), False, 1),
        ("quarter", dt.date(2025, 10, 1), False, 1),
        ("week", dt.date(2025, 12, 29), False, 1),
        ("year", dt.date(2025, 1, 1), False, 1),
    ]


@pytest.mark.parametrize(
    ("first", "last", "grains"),
    [
        ("2025-04-07", "2026-01-11", ["month", "quarter", "week", "year"]),  # 40 weeks
        ("2025-04-06", "2026-01-11", ["month", "quarter", "year"]),  # 41 weeks
        ("2022-10-31", "2026-01-11", ["month", "quarter", "year"]),  # 40 months
        ("2022-09-30", "2026-01-11", ["quarter", "year"]),  # 41 months
        ("2016-04-01", "2026-01-11", ["quarter", "year"]),  # 40 quarters
        ("2016-03-31", "2026-01-11", ["year"]),  # 41 quarters
    ],
)
def test_a_grain_is_left_out_where_a_series_has_more_than_twenty_periods_for_each_article(
    tmp_path: Path, first: str, last: str, grains: list[str]
) -> None:
    documents = [document("a", topics=["AI"], published=first), document("b", topics=["AI"], published=last)]
    with warehouse_of(tmp_path, documents, TOPICS) as con:
        found = frame(
            con, f"select period_grain, sum(article_count)::bigint from {TOPICS} group by 1 order by 1"
        ).rows()
    assert found == [(grain, 2) for grain in grains]


def test_an_old_article_of_very_many_topics_does_not_fill_the_calendar(tmp_path: Path) -> None:
    """One of 1,000 topics dated 1990 made 2.5 million rows."""
    topics = [f"T{number}" for number in range(200)]
    documents = [
        document(name, topics=topics, published=day) for name, day in (("a", "1990-01-01"), ("b", "2026-01-31"))
    ]
    with warehouse_of(tmp_path, documents, TOPICS) as con:
        assert frame(con, f"select count(*) from {TOPICS}").item() == 200 * 37


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
        "organisation_id": ["x.com/x"] * 2,
        "is_platform": [True] * 2,  # x.com carries many providers
        "period_grain": ["quarter"] * 2,
        "period_start_date": [dt.date(2025, 10, 1), dt.date(2026, 1, 1)],
        "period_end_date": [dt.date(2025, 12, 31), dt.date(2026, 3, 31)],
        "is_period_complete": [False, False],
        "article_count": [1, 1],
        "news_article_count": [1, 1],
        "event_count": [1, 1],
        "syndicated_article_count": [0, 0],
        "published_article_count": [0, 0],
        "cluster_count": [1, 1],
        "topic_count": [2, 1],
        "video_count": [0, 0],
        "mean_heat": [None, None],
        "heat_basis": ["too few", "none"],
        "mean_quality": [None, None],
        "quality_basis": ["none", "none"],
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
