"""core.article_clusters and core.clusters: the articles of a cluster, and its head."""

import datetime as dt
import random
import time
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.sql.frames import Rows, at, document, frame, person, warehouse_of

Edges = list[tuple[int, int]]


def name(number: int) -> str:
    """A document_id whose order has nothing to do with the number's."""
    return f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}"


def articles(count: int, edges: Edges) -> list[Rows]:
    links: dict[int, list[dict[str, object]]] = {}
    for here, there in edges:
        links.setdefault(here, []).append({"url": f"https://x/{there}"})
    return [document(name(n), url=f"https://x/{n}", related=links.get(n, [])) for n in range(count)]


def components(count: int, edges: Edges) -> dict[str, str]:
    """Union-find: the smallest name of each article's component."""
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for here, there in edges:
        first, second = sorted((root(here), root(there)), key=name)
        parent[second] = first
    return {name(number): name(root(number)) for number in range(count)}


@pytest.mark.parametrize("seed", range(4))
def test_clusters_are_the_components_that_union_find_gives(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    count = 300
    edges = [(chance.randrange(count), chance.randrange(count)) for _ in range([60, 140, 200, 400][seed])]
    with warehouse_of(tmp_path, articles(count, edges), "core.article_clusters") as con:
        found = dict(con.execute("select document_id, cluster_id from core.article_clusters").fetchall())
    assert found == components(count, edges)


def test_a_chain_of_thousands_is_one_cluster_and_takes_few_rounds(tmp_path: Path) -> None:
    count = 5_000
    edges = [(number, number + 1) for number in range(count - 1)]
    with warehouse_of(tmp_path, articles(count, edges), "core.related_links") as con:
        sql = (Path(__file__).parents[2] / "sql/core/article_clusters.sql").read_text()
        started = time.process_time()
        con.execute(f"create table found as {sql}")
        seconds = time.process_time() - started
        clusters = con.execute("select distinct cluster_id from found").fetchall()
    assert clusters == [(min(name(number) for number in range(count)),)]
    assert seconds < 6  # of CPU time, on two threads


def test_a_ring_a_star_and_a_loner(tmp_path: Path) -> None:
    edges = [(0, 1), (1, 2), (2, 0), (3, 4), (5, 3), (3, 6)]
    with warehouse_of(tmp_path, articles(8, edges), "core.article_clusters") as con:
        found = dict(con.execute("select document_id, cluster_id from core.article_clusters").fetchall())
    assert found == components(8, edges)
    assert found[name(7)] == name(7)


def test_a_link_to_the_article_itself_or_to_a_person_joins_no_clusters(tmp_path: Path) -> None:
    documents = [
        document("a", url="https://x/a", related=[{"url": "https://x/a"}, {"url": "https://x/p"}]),
        document("b", url="https://x/b", related=[{"url": "https://x/p"}]),
        person("p", url="https://x/p"),
    ]
    with warehouse_of(tmp_path, documents, "core.article_clusters") as con:
        found = frame(con, "select * from core.article_clusters")
    assert_frame_equal(found, pl.DataFrame({"document_id": ["a", "b"], "cluster_id": ["a", "b"]}))


def cluster_of(*members: Rows) -> list[Rows]:
    """Documents as one cluster: each lists the first."""
    first, *others = members
    first["documents"][0]["canonical_url"] = "https://x/first"
    for other in others:
        document_id = other["documents"][0]["document_id"]
        other["related_items"] = [
            {"document_id": document_id, "position": 0, "canonical_url": "https://x/first"},
        ]
    return list(members)


def test_every_column_of_a_cluster(tmp_path: Path) -> None:
    documents = cluster_of(
        document("d", heat=5, published="2026-01-03T12:30", provider="y.com/y", topics=["AI"], is_published=True),
        document("b", heat=None, published="2026-01-01", is_suppressed=True, provider="x.com/x", topics=["ai", "Law"]),
        document("c", heat=5, published="2026-01-02", provider="y.com/y"),
        document("a", published="0001-01-01"),
    )
    with warehouse_of(tmp_path, documents, "core.clusters") as con:
        rows = frame(con, "select * from core.clusters")
    expected = {
        "cluster_id": "a",
        "head_document_id": "c",
        "title": "Title of c",
        "article_count": 4,
        "published_article_count": 1,
        "suppressed_article_count": 1,
        "provider_count": 2,
        "topic_count": 2,
        "first_published_at": at("2026-01-01"),
        "last_published_at": at("2026-01-03T12:30"),
        "span_hours": 60.5,
        "first_provider_id": "x.com/x",
        "max_heat": 5,
    }
    assert_frame_equal(rows, pl.DataFrame([expected], schema=rows.schema))


@pytest.mark.parametrize(
    ("first", "second", "head"),
    [
        ({"is_suppressed": True}, {}, "b"),
        ({"heat": 1}, {"heat": 2}, "b"),
        ({"heat": 0}, {}, "a"),
        ({"published": "2026-01-02"}, {"published": "2026-01-01"}, "b"),
        ({}, {"published": "2026-01-01"}, "b"),
        ({"published": "0001-01-01"}, {"published": "2026-01-01"}, "b"),
        ({"path": "z.md"}, {"path": "y.md"}, "b"),
    ],
    ids=["suppressed", "hotter", "no heat", "earlier", "no date", "slip in the date", "path"],
)
def test_the_head_is_not_suppressed_then_hottest_then_earliest_then_first_by_path(
    tmp_path: Path, first: dict[str, object], second: dict[str, object], head: str
) -> None:
    documents = cluster_of(document("a", **first), document("b", **second))  # type: ignore[arg-type]
    with warehouse_of(tmp_path, documents, "core.clusters") as con:
        assert con.execute("select head_document_id from core.clusters").fetchall() == [(head,)]


def test_of_articles_of_one_second_the_first_by_path_decides_the_first_provider(tmp_path: Path) -> None:
    documents = cluster_of(
        document("a", published="2026-01-01", provider="z.com/z"),
        document("b", published="2026-01-01", provider="b.com/b"),
        document("c", published="2025-12-31"),
    )
    with warehouse_of(tmp_path, documents, "core.clusters") as con:
        rows = con.execute("select first_provider_id, first_published_at from core.clusters").fetchall()
    assert rows == [("z.com/z", dt.datetime(2025, 12, 31))]
