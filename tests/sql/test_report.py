"""The queries of a report: the day on which windows end, the length of periods, the rows that are left out."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.models import read_report
from frontmart.report.queries import Tables, run_report_queries
from tests.sql.frames import SQL, Rows, corpus, document, issue, link, previous_of, reject, skipped, warehouse_of

pytestmark = pytest.mark.slow


def tables_of(folder: Path, documents: Sequence[Rows], as_of: dt.date = dt.date(2026, 1, 31)) -> Tables:
    with warehouse_of(folder, documents, as_of=as_of):
        pass
    return run_report_queries(folder / "warehouse.duckdb", "512MB")


def test_headers_name_the_columns_and_keys_that_queries_return(tmp_path: Path) -> None:
    tables = tables_of(tmp_path, corpus(200))
    for query in read_report(SQL):
        frame = tables[query.name]
        assert frame.columns == list(query.columns), query.name
        assert frame.select(query.key).is_unique().all(), query.name
        assert_frame_equal(frame, frame.sort(query.key))


def test_an_empty_warehouse_has_a_scope_and_nothing_to_draw(tmp_path: Path) -> None:
    tables = tables_of(tmp_path, [])
    scope = tables["scope"].row(0, named=True)
    assert (scope["reference_date"], scope["is_stale"], scope["period_grain"]) == (None, False, "month")
    one_row = {"scope", "files", "concentration"}
    assert {name for name, frame in tables.items() if frame.height} == one_row


@pytest.mark.parametrize(
    ("first", "grain", "days", "periods"),
    [("2026-01-01", "week", 7, 5), ("2024-06-15", "month", 28, 20), ("2018-03-01", "quarter", 90, 33),
     ("1998-12-31", "year", 365, 29)],
)  # fmt: skip
def test_the_longer_the_span_the_longer_its_periods(
    tmp_path: Path, first: str, grain: str, days: int, periods: int
) -> None:
    tables = tables_of(tmp_path, [document("a", published=first), document("b", published="2026-01-30")])
    scope = tables["scope"].row(0, named=True)
    assert (scope["period_grain"], scope["window_days"]) == (grain, days)
    numbers = tables["periods"]["period_number"].to_list()
    assert numbers == list(range(periods))
    assert tables["periods"]["is_period_complete"].to_list()[-1] is (grain == "month")


def test_without_recent_articles_the_windows_end_on_the_last_article(tmp_path: Path) -> None:
    articles = [document(f"a{day}", published=f"2025-03-{day:02}") for day in (1, 20, 21, 22, 28)]
    tables = tables_of(tmp_path, articles)
    scope = tables["scope"].row(0, named=True)
    assert (scope["reference_date"], scope["is_stale"]) == (dt.date(2025, 3, 28), True)
    assert_frame_equal(
        tables["windows"].select("window_number", "first_date", "last_date", "article_count"),
        pl.DataFrame(
            {
                "window_number": [0, 1],
                "first_date": [dt.date(2025, 3, 22), dt.date(2025, 3, 15)],
                "last_date": [dt.date(2025, 3, 28), dt.date(2025, 3, 21)],
                "article_count": [2, 2],
            }
        ),
        check_dtypes=False,
    )
    assert tables["periods"]["period_end_date"].max() == dt.date(2025, 3, 30)


def test_one_old_article_does_not_extend_the_charts(tmp_path: Path) -> None:
    recent = [document(f"a{number}", published=f"2026-01-{number % 28 + 1:02}") for number in range(200)]
    tables = tables_of(tmp_path, [document("old", published="1995-05-05"), *recent, document("undated")])
    scope = tables["scope"].row(0, named=True)
    assert (scope["period_grain"], scope["first_date"]) == ("week", dt.date(2026, 1, 1))
    assert (scope["early_article_count"], scope["undated_article_count"]) == (1, 1)
    outside = tables["coverage"].filter(period_number=-1)
    assert outside["article_count"].to_list() == [2]
    assert tables["coverage"]["article_count"].sum() == scope["article_count"] == 202


def test_counts_add_up_to_the_marts_including_parts_that_are_not_drawn(tmp_path: Path) -> None:
    tables = tables_of(tmp_path, corpus(400))
    drawn = tables["topics"].filter(pl.col("topic_rank") <= 12)
    by_topic = tables["topic_coverage"].group_by("topic_rank").agg(pl.col("article_count").sum()).sort("topic_rank")
    assert_frame_equal(by_topic, drawn.select("topic_rank", "article_count"))
    ranks = tables["coverage"]["provider_rank"].unique().to_list()
    assert (min(ranks), max(ranks)) == (0, 40)
    by_provider = tables["coverage"].filter(pl.col("provider_rank") > 0).group_by("provider_rank")
    assert_frame_equal(
        by_provider.agg(pl.col("article_count").sum()).sort("provider_rank"),
        tables["providers"].filter(pl.col("provider_rank") <= 40).select("provider_rank", "article_count"),
    )


def test_a_topic_of_every_article_is_in_no_pair(tmp_path: Path) -> None:
    articles = [
        document(f"a{number}", topics=["All", "X", "Y"] if number < 3 else ["All"], published="2026-01-02")
        for number in range(9)
    ]
    assert_frame_equal(
        tables_of(tmp_path, articles)["pairs"].select("topic_a", "topic_b", "article_count", "lift"),
        pl.DataFrame({"topic_a": ["X"], "topic_b": ["Y"], "article_count": [3], "lift": [3.0]}),
    )


def test_clusters_are_sorted_by_size_with_their_topics_and_providers(tmp_path: Path) -> None:
    def article(name: str, cluster: str, provider: str, published: str) -> Rows:
        url = f"https://x/{name}"
        related = [link(f"https://x/{cluster}")]
        return document(name, url=url, related=related, provider=provider, published=published, topics=["T"])

    tables = tables_of(
        tmp_path,
        [
            article("a", "a", "p/one", "2026-01-02"),
            article("b", "a", "p/two", "2026-01-01"),
            article("c", "c", "p/one", "2026-01-03"),
        ],
    )
    columns = ("cluster_rank", "article_count", "provider_count", "span_hours", "first_provider_name", "url")
    assert tables["clusters"].select(columns).rows() == [
        (1, 2, 2, 24.0, "TWO", "https://x/b"),
        (2, 1, 1, 0.0, "ONE", "https://x/c"),
    ]
    assert tables["cluster_providers"].rows() == [(1, 1), (1, 2), (2, 1)]
    assert tables["cluster_topics"].rows() == [(1, 1), (2, 1)]


def test_rejects_and_issues_are_counted_by_reason(tmp_path: Path) -> None:
    documents = [document("a"), issue("a", "images[0].width", "wide"), reject("b"), reject("c"), skipped("d")]
    tables = tables_of(tmp_path, documents)
    assert tables["files"].rows() == [(4, 1, 2, 1, 1)]
    assert tables["rejects"].select("path", "reason_count").rows() == [("b.md", 2), ("c.md", 2)]
    assert tables["field_issues"].rows() == [("images.width", "no such thing", 1, 1, "a.md", "wide")]


def test_fields_of_most_documents_come_first_with_the_least_complete_on_top(tmp_path: Path) -> None:
    documents = [document("a", excerpt="E", locale="en"), document("b", excerpt="E"), document("c")]
    shares = tables_of(tmp_path, documents)["field_completeness"].filter(type_rank=0)
    fields = shares.sort("field_number")["source_field"].to_list()
    assert fields.index("excerpt") < fields.index("title") < fields.index("locale")


def test_warnings_of_drift_come_first_then_the_largest_changes(tmp_path: Path) -> None:
    before = [document(f"a{number}", topics=["Old"], excerpt="E") for number in range(20)]
    now = [document(f"a{number}", topics=["New"]) for number in range(20)]
    previous = previous_of(tmp_path / "before", before)
    with warehouse_of(tmp_path / "now", [*now, document("b", topics=["Other"])], previous=previous):
        pass
    drift = run_report_queries(tmp_path / "now" / "warehouse.duckdb", "512MB")["drift"]
    weights = drift["is_warning"].to_list()
    assert weights == sorted(weights, reverse=True)
    assert drift["change_rank"].to_list() == list(range(1, drift.height + 1))
    assert set(drift["total_count"]) == {drift.height}
    assert set(drift["warning_count"]) == {sum(weights)}
    assert drift["kind"][-1] == "new_topic"
    assert "vanished_topic" in drift.filter(pl.col("is_warning"))["kind"]
