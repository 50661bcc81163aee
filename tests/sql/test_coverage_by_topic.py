"""marts.coverage_by_topic: how much is written about each topic, by whom, with what effect and how it moves."""

from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from tests.sql.frames import at, document, frame, person, warehouse_of

MART = "marts.coverage_by_topic"


def test_every_column_of_a_topic(tmp_path: Path) -> None:
    documents = [
        document(
            "a", topics=["AI", "Law"], images=["https://i/1"], published="2026-01-31T10:00", provider="x.com/x",
            heat=10, quality=0, is_published=True,
        ),
        document("b", topics=["AI"], published="2026-01-25", provider="x.com/x", heat=21, quality=5),
        document("w", topics=["AI"], published="2026-01-30", heat=99, quality=99, type="video"),
        document("c", topics=["AI"], published="2026-01-24T23:59", provider="y.com/y", is_suppressed=True),
        document("d", topics=["ai"], published="2025-11-20", is_published=False),
        document("e"),
    ]  # fmt: skip
    with warehouse_of(tmp_path, documents, MART) as con:
        rows = frame(con, f"select * from {MART} where topic_id = 'ai'")
    expected = {
        "topic_id": "ai",
        "topic": "AI",
        "is_omnipresent": False,
        "article_count": 5,
        "news_article_count": 4,
        "event_count": 4,
        "published_article_count": 1,
        "suppressed_article_count": 1,
        "cluster_count": 5,
        "provider_count": 2,
        "article_share": 5 / 6,
        "tagged_news_share": 1.0,
        "topic_row_share": 5 / 6,
        "heat_article_count": 2,
        "heat_basis": "varies",
        "mean_heat": 15.5,
        "median_heat": 15.5,
        "max_heat": 21,
        "quality_article_count": 2,
        "quality_basis": "varies",
        "mean_quality": 2.5,
        "median_quality": 2.5,
        "max_quality": 5,
        "image_coverage_share": 0.2,
        "video_share": 0.2,
        "first_published_at": at("2025-11-20"),
        "last_published_at": at("2026-01-31T10:00"),
        "last_7_days_article_count": 2,
        "previous_7_days_article_count": 1,
        "last_7_days_growth_share": 1.0,
        "last_28_days_article_count": 3,
        "previous_28_days_article_count": 0,
        "last_28_days_growth_share": None,
        "last_90_days_article_count": 4,
        "previous_90_days_article_count": 0,
        "last_90_days_growth_share": None,
        "top_provider_id": "x.com/x",
        "top_provider_name": "X",
        "top_provider_share": 2 / 3,
        "provider_hhi": 5 / 9,
    }
    assert_frame_equal(rows, pl.DataFrame([expected], schema=rows.schema))


def test_suppressed_articles_do_not_lower_means(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI"], heat=0, published="2026-01-01"),
        document("b", topics=["AI"], heat=100, published="2026-01-01"),
        document("c", topics=["AI"], is_suppressed=True),
        document("d", topics=["Law"], is_suppressed=True),
    ]
    with warehouse_of(tmp_path, documents, MART) as con:
        rows = frame(
            con,
            f"select topic_id, heat_article_count, heat_basis, mean_heat, median_heat, max_heat from {MART} order by 1",
        )
    expected = pl.DataFrame(
        {
            "topic_id": ["ai", "law"],
            "heat_article_count": [2, 0],
            "heat_basis": ["varies", "none"],
            "mean_heat": [50.0, None],
            "median_heat": [50.0, None],
            "max_heat": [100, None],
        }
    )
    assert_frame_equal(rows, expected)


def test_a_score_that_is_the_same_everywhere_is_null_with_its_reason(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI"], heat=7, quality=4, published="2026-01-01"),
        document("b", topics=["AI"], heat=7, published="2026-01-01"),
    ]
    columns = "heat_article_count, heat_basis, mean_heat, median_heat, max_heat, quality_basis, max_quality"
    with warehouse_of(tmp_path, documents, MART) as con:
        rows = frame(con, f"select {columns} from {MART}").rows()
    assert rows == [(2, "constant", None, None, None, "too few", None)]


def test_a_topic_of_nine_tenths_of_the_tagged_news_is_omnipresent(tmp_path: Path) -> None:
    topics = [["All"], ["All"], ["All", "Most"], *[["All", "Most", "Many"]] * 17]
    documents = [
        *(document(f"n{place}", topics=of, published="2026-01-01") for place, of in enumerate(topics)),
        *(document(f"u{number}", published="2026-01-01") for number in range(30)),
        *(document(f"w{number}", topics=["Course"], type="course") for number in range(30)),
    ]
    columns = "topic_id, is_omnipresent, tagged_news_share, news_article_count"
    with warehouse_of(tmp_path, documents, MART) as con:
        rows = frame(con, f"select {columns} from {MART} order by 1").rows()
    assert rows == [
        ("all", True, 1.0, 20),
        ("course", False, 0.0, 0),
        ("many", False, 0.85, 17),
        ("most", True, 0.9, 18),
    ]


def test_of_fewer_than_twenty_articles_no_topic_is_omnipresent(tmp_path: Path) -> None:
    with warehouse_of(
        tmp_path, [document(f"n{n}", topics=["All"], published="2026-01-01") for n in range(19)], MART
    ) as con:
        assert frame(con, f"select is_omnipresent, tagged_news_share from {MART}").rows() == [(False, 1.0)]


def test_a_topic_twice_in_a_file_counts_once(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["Management tools", "Management Tools"]),
        document("b", topics=["Management Tools"]),
        document("c", topics=["Management Tools"]),
    ]
    with warehouse_of(tmp_path, documents, MART) as con:
        rows = frame(con, f"select topic, article_count, article_share, topic_row_share from {MART}")
    expected = {
        "topic": ["Management Tools"],
        "article_count": [3],
        "article_share": [1.0],
        "topic_row_share": [1.0],
    }
    assert_frame_equal(rows, pl.DataFrame(expected))


def test_people_do_not_count_as_coverage_of_their_topics(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, [document("a", topics=["AI"]), person("p", topics=["AI", "Law"])], MART) as con:
        rows = frame(con, f"select topic_id, article_count from {MART}")
    assert_frame_equal(rows, pl.DataFrame({"topic_id": ["ai"], "article_count": [1]}))


def test_an_article_with_a_wrong_date_counts_in_totals_and_in_no_window(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI"], published="0023-01-30"),
        document("b", topics=["AI"], published="2206-01-30"),
        document("c", topics=["AI"]),
        document("d", topics=["AI"], published="2026-02-01T01:00"),
    ]
    columns = "article_count, last_7_days_article_count, first_published_at, last_published_at"
    with warehouse_of(tmp_path, documents, MART) as con:
        rows = frame(con, f"select {columns} from {MART}")
    expected = {
        "article_count": [4],
        "last_7_days_article_count": [0],
        "first_published_at": [at("2026-02-01T01:00")],
        "last_published_at": [at("2026-02-01T01:00")],
    }
    assert_frame_equal(rows, pl.DataFrame(expected))


def test_a_window_ends_on_the_last_article_and_has_as_many_days_as_it_says(tmp_path: Path) -> None:
    days = ["2026-01-31", "2026-01-25", "2026-01-24", "2026-01-18", "2026-01-17"]
    documents = [document(f"d{place}", topics=["AI"], published=day) for place, day in enumerate(days)]
    with warehouse_of(tmp_path, documents, MART) as con:
        rows = frame(con, f"select last_7_days_article_count, previous_7_days_article_count from {MART}")
    assert rows.row(0) == (2, 2)


def test_growth_is_a_share_of_the_span_before(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["Up"], published="2026-01-30"),
        document("b", topics=["Up"], published="2026-01-29"),
        document("c", topics=["Up", "Down"], published="2026-01-20"),
        document("d", topics=["New"], published="2026-01-30"),
    ]
    with warehouse_of(tmp_path, documents, MART) as con:
        rows = frame(con, f"select topic_id, last_7_days_growth_share from {MART} order by 1")
    expected = pl.DataFrame({"topic_id": ["down", "new", "up"], "last_7_days_growth_share": [-1.0, None, 1.0]})
    assert_frame_equal(rows, expected)


def test_a_tie_between_providers_goes_to_the_first_by_id(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI"], provider="z.com/z"),
        document("b", topics=["AI"], provider="b.com/b"),
        document("c", topics=["AI"]),
    ]
    with warehouse_of(tmp_path, documents, MART) as con:
        rows = frame(con, f"select top_provider_id, top_provider_share, provider_hhi from {MART}")
    assert rows.row(0) == ("b.com/b", 0.5, 0.5)


def test_without_providers_the_concentration_is_null(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, [document("a", topics=["AI"])], MART) as con:
        rows = frame(con, f"select provider_count, top_provider_id, top_provider_share, provider_hhi from {MART}")
    assert rows.row(0) == (0, None, None, None)


def test_many_articles_can_be_one_cluster(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI"], url="https://x/a", related=[{"url": "https://x/b"}]),
        document("b", topics=["AI"], url="https://x/b"),
    ]
    with warehouse_of(tmp_path, documents, MART) as con:
        assert frame(con, f"select article_count, cluster_count from {MART}").row(0) == (2, 1)
