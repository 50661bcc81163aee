"""core.dim_topics and marts.topic_pairs."""

from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from tests.sql.frames import document, frame, person, warehouse_of


def test_a_topic_has_its_most_frequent_spelling_and_ties_go_to_the_first(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["ai", "law"]),
        document("b", topics=["AI", "Law"]),
        document("c", topics=["AI"]),
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
    }
    assert_frame_equal(rows, pl.DataFrame(expected))


def test_pairs_of_topics_count_each_article_once(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["Law", "AI", "ai"], url="https://x/a"),
        document("b", topics=["AI", "Law"], related=[{"url": "https://x/a"}]),
        document("c", topics=["AI"]),
        document("d", topics=["Law", "Art"]),
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
        "cluster_count": [1, 1],
        "topic_a_article_count": [3, 1],
        "topic_b_article_count": [3, 3],
        "topic_a_share": [2 / 3, 1.0],
        "topic_b_share": [2 / 3, 1 / 3],
        "jaccard_share": [0.5, 1 / 3],
        "lift": [2 * 5 / 9, 5 / 3],
    }
    assert_frame_equal(rows, pl.DataFrame(expected))


def test_an_article_of_very_many_topics_is_in_no_pair(tmp_path: Path) -> None:
    """One of 10,000 made 50 million pairs, and the build did not end."""
    few, many = [f"t{n:03d}" for n in range(100)], [f"t{n:03d}" for n in range(101)]
    documents = [document("few", topics=few), document("many", topics=many)]
    with warehouse_of(tmp_path, documents, "marts.topic_pairs") as con:
        rows = con.execute("select count(*), max(article_count), max(topic_id_b) from marts.topic_pairs").fetchall()
    assert rows == [(100 * 99 // 2, 1, "t099")]
