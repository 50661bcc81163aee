"""core.related_links and marts.related_coverage: what articles point at, and how stale their copies are."""

import datetime as dt
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from tests.sql.frames import document, frame, link, person, warehouse_of

LINKS = "core.related_links"
MART = "marts.related_coverage"


def test_every_column_of_a_link(tmp_path: Path) -> None:
    item = link("https://x/b", title="Old title", provider="y.com/y", type="video", quality=3, heat=4)
    documents = [document("a", url="https://x/a", related=[item]), document("b", url="https://x/b")]
    with warehouse_of(tmp_path, documents, LINKS) as con:
        rows = frame(con, f"select * from {LINKS}")
    expected = {
        "document_id": "a",
        "position": 0,
        "canonical_url": "https://x/b",
        "title": "Old title",
        "published_at": None,
        "type": "video",
        "quality": 3,
        "heat": 4,
        "provider_id": "y.com/y",
        "provider_domain": "y.com",
        "resolved_document_id": "b",
        "is_resolved": True,
        "is_cluster_link": True,
        "is_self": False,
        "is_duplicate": False,
        "is_stale_title": True,
    }
    assert_frame_equal(rows, pl.DataFrame([expected], schema=rows.schema))


def test_an_empty_url_joins_nothing(tmp_path: Path) -> None:
    documents = [
        document("a", url="", related=[link(""), link("  "), {}]),
        document("b", url=None, related=[link("")]),
        document("c", url="  "),
    ]
    columns = "resolved_document_id, is_resolved, is_cluster_link, is_self, is_duplicate, is_stale_title"
    with warehouse_of(tmp_path, documents, "core.article_clusters") as con:
        links = frame(con, f"select distinct {columns} from {LINKS}").rows()
        clusters = frame(con, "select count(distinct cluster_id) from core.article_clusters").item()
    assert links == [(None, False, False, False, False, None)]
    assert clusters == 3


def test_of_several_documents_at_one_url_another_than_itself_wins_then_an_article_then_the_path(
    tmp_path: Path,
) -> None:
    documents = [
        person("p", url="https://x/1"),
        document("q", url="https://x/1", related=[link("https://x/1")]),
        document("r", url="https://x/1", related=[link("https://x/1")]),
        document("s", related=[link("https://x/1")]),
        document("t", url="https://x/2", related=[link("https://x/2")]),
    ]
    query = f"select document_id, resolved_document_id, is_self, is_cluster_link from {LINKS} order by 1"
    with warehouse_of(tmp_path, documents, LINKS) as con:
        rows = frame(con, query).rows()
    assert rows == [("q", "r", True, True), ("r", "q", True, True), ("s", "q", False, True), ("t", "t", True, False)]


def test_a_url_in_two_files_points_at_the_one_of_its_date_and_then_of_its_title(tmp_path: Path) -> None:
    monday, friday = dt.datetime(2026, 1, 5, 8), dt.datetime(2026, 1, 9, 8)
    documents = [
        document("p", url="https://x/1", published="2026-01-05 08:00:00", title="Plan"),
        document("q", url="https://x/1", published="2026-01-09 08:00:00", title="Plan"),
        document("r", url="https://x/1", published="2026-01-09 08:00:00", title="Vote"),
        document(
            "s",
            related=[
                link("https://x/1", published_at=friday, title="Plan"),
                link("https://x/1", published_at=friday, title="Vote"),
                link("https://x/1", published_at=monday, title="Vote"),
            ],
        ),
    ]
    with warehouse_of(tmp_path, documents, LINKS) as con:
        rows = frame(con, f"select position, resolved_document_id, is_stale_title from {LINKS} order by 1").rows()
    assert rows == [(0, "q", False), (1, "r", False), (2, "p", True)]


def test_a_url_that_very_many_files_share_resolves_to_the_first_of_them(tmp_path: Path) -> None:
    documents = [document(f"d{number:03d}", url="https://x/home") for number in range(101)]
    documents.append(document("s", related=[link("https://x/home", title="Title of d050")]))
    with warehouse_of(tmp_path, documents, LINKS) as con:
        assert frame(con, f"select resolved_document_id from {LINKS}").rows() == [("d000",)]


def test_the_second_of_the_same_url_in_one_list_is_the_duplicate(tmp_path: Path) -> None:
    documents = [document("a", related=[link("https://x/1"), link("https://x/2"), link("https://x/1"), {}, {}])]
    with warehouse_of(tmp_path, documents, LINKS) as con:
        rows = frame(con, f"select position from {LINKS} where is_duplicate").rows()
    assert rows == [(2,)]


def test_related_items_of_a_person_are_not_links(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, [person("p", related=[link("https://x/1")])], LINKS) as con:
        assert frame(con, f"select * from {LINKS}").is_empty()


def test_every_column_of_a_related_provider(tmp_path: Path) -> None:
    documents = [
        document("a", url="https://x/a", provider="x.com/x", published="2026-01-02", related=[
            link("https://x/a", provider="x.com/x", title="Title of a", quality=10),
            link("https://x/b", provider="x.com/x", title="Old", quality=20),
            link("https://x/b", provider="x.com/x"),
            link("https://elsewhere/", provider="y.com/y", title="Gone", quality=7),
            link(""),
        ]),
        document("b", url="https://x/b", provider="z.com/z", related=[link("https://x/a", provider="x.com/x")]),
    ]  # fmt: skip
    with warehouse_of(tmp_path, documents, MART) as con:
        rows = frame(con, f"select * from {MART}")
    expected = {
        "provider_id": ["(none)", "x.com/x", "y.com/y"],
        "provider_name": [None, "X", "Y"],
        "provider_domain": [None, "x.com", "y.com"],
        "is_related_only": [None, False, True],
        "related_item_count": [1, 4, 1],
        "article_count": [1, 2, 1],
        "news_article_count": [1, 1, 1],
        "event_count": [1, 1, 1],
        "cluster_count": [1, 1, 1],
        "linking_provider_count": [1, 2, 1],
        "own_item_count": [0, 3, 0],
        "url_count": [0, 2, 1],
        "without_url_item_count": [1, 0, 0],
        "resolved_item_count": [0, 4, 0],
        "resolved_share": [0.0, 1.0, 0.0],
        "self_item_count": [0, 1, 0],
        "duplicate_item_count": [0, 1, 0],
        "comparable_item_count": [0, 2, 0],
        "stale_title_count": [0, 1, 0],
        "stale_title_share": [None, 0.5, None],
        "mean_quality": [None, 15.0, None],
        "quality_basis": ["none", "varies", "too few"],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))
