"""core.dim_topics and marts.topic_pairs."""

from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from tests.sql.frames import document, frame, person, warehouse_of


def test_a_topic_has_its_most_frequent_spelling_and_ties_go_to_the_first(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["ai", "law"], published="2026-01-01"),
        document("b", topics=["AI", "Law"], published="2026-01-01"),
        document("c", topics=["AI"], published="2026-01-01"),
        person("p", topics=["Ai"]),
    ]
    with warehouse_of(tmp_path, documents, "core.dim_topics") as con:
        rows = frame(con, "select * from core.dim_topics order by topic_id")
    expected = {
        "topic_id": ["ai", "law"],
        "topic": ["AI", "Law"],
        "spelling_count": [3, 2],
        "document_count": [4, 2],
        "article_count": [3, 2],
        "news_article_count": [3, 2],
        "tagged_news_share": [1.0, 2 / 3],
        "is_omnipresent": [False, False],
    }
    assert_frame_equal(rows, pl.DataFrame(expected))


def test_pairs_of_topics_count_each_article_once(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["Law", "AI", "ai"], url="https://x/a", published="2026-01-01"),
        document("b", topics=["AI", "Law"], related=[{"url": "https://x/a"}], type="course"),
        document("c", topics=["AI"], published="2026-01-02"),
        document("d", topics=["Law", "Art"], published="2026-01-03"),
        document("e"),
    ]
    with warehouse_of(tmp_path, documents, "marts.topic_pairs") as con:
        rows = frame(con, "select * from marts.topic_pairs")
    expected = {
        "topic_id_a": ["ai", "art"],
        "topic_id_b": ["law", "law"],
        "topic_a": ["AI", "Art"],
        "topic_b": ["Law", "Law"],
        "article_count": [2, 1],
        "news_article_count": [1, 1],
        "event_count": [1, 1],
        "cluster_count": [1, 1],
        "topic_a_article_count": [3, 1],
        "topic_b_article_count": [3, 3],
        "topic_a_share": [2 / 3, 1.0],
        "topic_b_share": [2 / 3, 1 / 3],
        "jaccard_share": [0.5, 1 / 3],
        "observed_count": [1, 1],
        "topic_a_observed_count": [2, 1],
        "topic_b_observed_count": [2, 2],
        "topic_a_other_tag_count": [1, 1],
        "topic_b_other_tag_count": [2, 2],
        "tag_count": [5, 5],
        "expected_count": [4 / 3, 2 / 3],
        "lift": [0.75, 1.5],
        "p_value": [None, None],
        "q_value": [None, None],
        "is_more_than_chance": [False, False],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))


def test_an_article_of_very_many_topics_is_in_no_pair(tmp_path: Path) -> None:
    """One of 10,000 made 50 million pairs, and the build did not end."""
    few, many = [f"t{n:03d}" for n in range(100)], [f"t{n:03d}" for n in range(101)]
    documents = [document("few", topics=few), document("many", topics=many)]
    with warehouse_of(tmp_path, documents, "marts.topic_pairs") as con:
        rows = con.execute("select count(*), max(article_count), max(topic_id_b) from marts.topic_pairs").fetchall()
    assert rows == [(100 * 99 // 2, 1, "t099")]
