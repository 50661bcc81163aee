"""core.dim_providers, marts.provider_report and marts.provider_topics: who writes, about what, and who is first."""

from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from tests.sql.frames import Rows, at, document, frame, link, person, warehouse_of

REPORT = "marts.provider_report"
TOPICS = "marts.provider_topics"


def race(*members: tuple[str, str, str | None]) -> list[Rows]:
    """One cluster of articles, each an id, a provider and when it was published."""
    return [
        document(document_id, provider=provider, published=published, url=f"https://x/{document_id}",
                 related=[link(f"https://x/{members[0][0]}")])
        for document_id, provider, published in members
    ]  # fmt: skip


def test_every_column_of_a_provider(tmp_path: Path) -> None:
    documents = [
        document(
            "a", topics=["AI", "Law"], images=["https://i/1"], published="2026-01-31T10:00", provider="x.com/x",
            heat=10, quality=0, is_published=True, url="https://x/a",
        ),
        document(
            "b", topics=["AI"], published="2026-01-25", provider="x.com/x", heat=21, quality=5, type="video",
            related=[link("https://x/c")],
        ),
        document("c", published="2026-01-24", provider="y.com/y", url="https://x/c"),
        document("d", topics=["AI"], published="2025-12-20", provider="x.com/x", is_suppressed=True),
        document("e"),
    ]  # fmt: skip
    with warehouse_of(tmp_path, documents, REPORT) as con:
        rows = frame(con, f"select * from {REPORT} where provider_id = 'x.com/x'")
    expected = {
        "provider_id": "x.com/x",
        "provider_name": "X",
        "provider_domain": "x.com",
        "article_count": 3,
        "published_article_count": 1,
        "suppressed_article_count": 1,
        "cluster_count": 3,
        "topic_count": 2,
        "article_share": 0.6,
        "provided_article_share": 0.75,
        "heat_article_count": 2,
        "mean_heat": 15.5,
        "median_heat": 15.5,
        "max_heat": 21,
        "quality_article_count": 2,
        "mean_quality": 2.5,
        "median_quality": 2.5,
        "max_quality": 5,
        "image_coverage_share": 1 / 3,
        "video_share": 1 / 3,
        "first_published_at": at("2025-12-20"),
        "last_published_at": at("2026-01-31T10:00"),
        "last_7_days_article_count": 2,
        "previous_7_days_article_count": 0,
        "last_7_days_growth_share": None,
        "last_28_days_article_count": 2,
        "previous_28_days_article_count": 1,
        "last_28_days_growth_share": 1.0,
        "last_90_days_article_count": 3,
        "previous_90_days_article_count": 0,
        "last_90_days_growth_share": None,
        "top_topic_id": "ai",
        "top_topic": "AI",
        "top_topic_share": 1.0,
        "topic_hhi": 10 / 16,
        "shared_cluster_count": 1,
        "first_to_publish_count": 0,
        "first_to_publish_share": 0.0,
        "median_lag_hours": 24.0,
    }
    assert_frame_equal(rows, pl.DataFrame([expected], schema=rows.schema))


def test_an_article_with_two_topics_counts_once(tmp_path: Path) -> None:
    documents = [document("a", topics=["AI", "Law", "Art"], provider="x.com/x", heat=7), document("b")]
    columns = "article_count, heat_article_count, mean_heat, article_share, provided_article_share, topic_hhi"
    with warehouse_of(tmp_path, documents, REPORT) as con:
        assert frame(con, f"select {columns} from {REPORT}").row(0) == (1, 1, 7.0, 0.5, 1.0, 1 / 3)


def test_first_to_publish_counts_clusters_of_several_providers_only(tmp_path: Path) -> None:
    documents = [
        *race(("a", "x.com/x", "2026-01-01T12:00"), ("b", "y.com/y", "2026-01-01T15:00"), ("c", "y.com/y", None)),
        *race(("d", "y.com/y", "2026-01-02"), ("e", "x.com/x", "2026-01-02T01:00"), ("f", "x.com/x", "2026-01-09")),
        *race(("g", "x.com/x", "2026-01-03"), ("h", "x.com/x", "2026-01-04")),
        *race(("i", "z.com/z", None), ("j", "x.com/x", "2026-01-05")),
    ]
    columns = "provider_id, cluster_count, shared_cluster_count, first_to_publish_count, first_to_publish_share, median_lag_hours"
    with warehouse_of(tmp_path, documents, REPORT) as con:
        rows = frame(con, f"select {columns} from {REPORT} order by 1").rows()
    assert rows == [
        ("x.com/x", 4, 3, 2, 2 / 3, 1.0),
        ("y.com/y", 2, 2, 1, 0.5, 3.0),
        ("z.com/z", 1, 1, 0, 0.0, None),
    ]


def test_every_column_of_a_provider_and_topic(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI", "Law"], provider="x.com/x", heat=4, quality=2, published="2026-01-01"),
        document("b", topics=["AI"], provider="x.com/x", heat=5, is_published=True, published="2026-01-02"),
        document("c", topics=["AI"], provider="y.com/y"),
        document("d", topics=["AI"]),
    ]
    with warehouse_of(tmp_path, documents, TOPICS) as con:
        rows = frame(con, f"select * from {TOPICS}")
    expected = {
        "provider_id": ["x.com/x", "x.com/x", "y.com/y"],
        "topic_id": ["ai", "law", "ai"],
        "provider_name": ["X", "X", "Y"],
        "topic": ["AI", "Law", "AI"],
        "article_count": [2, 1, 1],
        "published_article_count": [1, 0, 0],
        "cluster_count": [2, 1, 1],
        "topic_rank": [1, 2, 1],
        "provider_article_share": [1.0, 0.5, 1.0],
        "topic_article_share": [2 / 3, 1.0, 1 / 3],
        "mean_heat": [4.5, 4.0, None],
        "mean_quality": [2.0, 2.0, None],
        "first_published_at": [at("2026-01-01"), at("2026-01-01"), None],
        "last_published_at": [at("2026-01-02"), at("2026-01-01"), None],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))


def test_a_provider_has_its_most_frequent_name_over_all_mentions(tmp_path: Path) -> None:
    documents = [
        document("a", provider="x.com/x", provider_name="The X"),
        document("b", related=[{"provider": "x.com/x"}, {"provider": "x.com/x"}, {"provider": "x.com/w"}]),
        document("c", provider="z.com/~", provider_name=None),
        person("p", provider="x.com/x", provider_name="x"),
    ]
    with warehouse_of(tmp_path, documents, "core.dim_providers") as con:
        rows = frame(con, "select * from core.dim_providers")
    expected = {
        "provider_id": ["x.com/w", "x.com/x", "z.com/~"],
        "provider_name": ["W", "X", "z.com"],
        "provider_domain": ["x.com", "x.com", "z.com"],
        "spelling_count": [1, 3, 0],
        "domain_provider_count": [2, 2, 1],
        "document_count": [0, 2, 1],
        "article_count": [0, 1, 1],
        "related_item_count": [1, 2, 0],
        "is_related_only": [True, False, False],
    }
    assert_frame_equal(rows, pl.DataFrame(expected))
