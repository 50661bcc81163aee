"""core.author_names, core.article_authors, core.dim_authors and the marts on authors: who writes, and with whom."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from frontmart.warehouse.load import create_inputs, load_author_names
from tests.sql.frames import Rows, at, document, frame, needed, person, warehouse_of
from transforms.tidy.slugs import slug

REPORT = "marts.author_report"
OVER_TIME = "marts.author_over_time"


@contextmanager
def authors_of(names: Sequence[Sequence[str]], *models: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """These models alone, over an article per list of names; a whole warehouse takes ten times as long."""
    sql = {model.full_name: model.sql for model in needed(["core.article_authors"])}
    rows = [(f"{number:03}", place, name) for number, each in enumerate(names) for place, name in enumerate(each)]
    with duckdb.connect(config={"threads": 1}) as con:
        create_inputs(con, ["document_authors"])
        if rows:
            con.executemany("insert into tidy.document_authors values ($1, $2, $3, null)", rows)
        load_author_names(con)
        con.execute("create schema staging; create schema core")
        con.execute("create view core.articles as select distinct document_id from tidy.document_authors")
        con.execute(f"create view staging.document_authors as {sql['staging.document_authors']}")
        for name in models:
            con.execute(f"create table {name} as {sql[name]}")
        yield con


def split(*names: str) -> dict[str, list[str]]:
    """The ids of the authors that each name stands for, in a corpus of a document per name."""
    query = (
        "select name, list(names.author_id order by name_position) from tidy.author_names as written "
        "inner join core.author_names as names on names.written_author_id = written.author_id group by name"
    )
    with authors_of([[name] for name in names], "core.author_names") as con:
        return dict(con.execute(query).fetchall())


TOGETHER = (
    "Jane Doe and John Roe",
    "JANE DOE AND JOHN ROE",
    "Jane Doe & John Roe",
    "Jane Doe&John Roe",
    "Jane Doe, John Roe",
    "Jane Doe,John Roe",
    "Jane Doe, and John Roe",
    "Jane Doe; John Roe",
    "Jane Doe/John Roe",
    "Jane Doe / John Roe",
    "Jane Doe | John Roe",
    "Jane Doe + John Roe",
    "Jane Doe und John Roe",
    "Jane Doe et John Roe",
    "Jane Doe\u3001John Roe",
    "Jane Doe\uff0cJohn Roe",
    "By Jane Doe and John Roe",
    "Jane Doe,, John Roe,",
)


def test_a_name_of_two_authors_is_split() -> None:
    found = split("Jane Doe", "John Roe", *TOGETHER)
    alone = {"Jane Doe": ["jane-doe"], "John Roe": ["john-roe"]}
    assert found == alone | {name: ["jane-doe", "john-roe"] for name in TOGETHER}


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Smith, John", ["Smith", "Jane"]),
        ("Barnes and Noble", ["Noble"]),
        ("Procter & Gamble", []),
        ("Jane E Doe", ["Jane", "Doe"]),
        ("Sandy Randall", ["S", "y R", "all"]),
        ("asterite,waj,450", ["asterite", "waj"]),
        ("Jane-and-John", ["Jane", "John"]),
        ("By Night", ["Jane"]),
        ("Byron Doe", ["ron Doe", "Doe"]),
        ("and", ["a"]),
        (",", []),
    ],
)
def test_a_name_stays_whole_if_a_part_is_no_author(name: str, others: Sequence[str]) -> None:
    assert split(name, *others)[name] == [slug(name)]


@pytest.mark.parametrize(
    ("name", "others", "parts"),
    [
        ("A, B and C", ["A", "B", "C"], ["A", "B", "C"]),
        ("C, A, and B", ["A", "B", "C"], ["C", "A", "B"]),
        ("Roe, John and Doe, Jane", ["Doe, Jane", "Roe, John", "John"], ["Roe, John", "Doe, Jane"]),
        ("Roe, John; Jane, and Ann", ["Roe, John", "Jane", "Ann"], ["Roe, John", "Jane", "Ann"]),
        ("Barnes and Noble, Jane", ["Barnes and Noble", "Jane"], ["Barnes and Noble", "Jane"]),
        # 'A, B' is an author as written, and two in turn.
        ("A, B and Roe, John", ["A", "B", "A, B", "Roe, John"], ["A", "B", "Roe, John"]),
        ("A, By B", ["A", "B", "By B"], ["A", "B"]),
        ("Jane,", ["Jane"], ["Jane"]),
        ("By Jane", ["Jane"], ["Jane"]),
        ("By Smith, John", ["Smith, John"], ["Smith, John"]),
        ("宮崎 駿、高畑 勲", ["高畑 勲", "宮崎 駿"], ["宮崎 駿", "高畑 勲"]),
        ("Αλέξης & ΝΊΚΟΣ", ["Νίκος", "Αλέξης"], ["Αλέξης", "Νίκος"]),
    ],
)
def test_the_parts_of_a_name_are_whole_names_in_its_order(
    name: str, others: Sequence[str], parts: Sequence[str]
) -> None:
    assert split(name, *others)[name] == [slug(part) for part in parts]


def test_every_column_of_a_name() -> None:
    with authors_of([["B"], ["A", "By A and B"]], "core.author_names") as con:
        rows = frame(con, "select * from core.author_names order by all")
    expected = {
        "written_author_id": ["a", "b", "by-a-and-b", "by-a-and-b"],
        "name_position": [0, 0, 0, 1],
        "author_id": ["a", "b", "a", "b"],
        "is_split": [False, False, True, True],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))


def test_names_that_differ_in_case_and_white_space_are_one_author(tmp_path: Path) -> None:
    documents = [
        document("a", authors=["Jane  Doe"], published="2026-01-02"),
        document("b", authors=["jane doe", " JANE\tDOE "], published="2026-01-05"),
        document("c", authors=[{"name": "jane doe", "url": "https://jane"}, "Straße", "STRASSE"]),
        document("d", authors=[{"name": "Jane Doe", "url": " "}, {"url": "https://nobody"}, "", " "]),
        person("p", authors=[{"name": "jane doe", "url": "https://doe"}, "C++"], published="2020-01-01"),
        document("f", authors=["Jane Doe and C++"]),
    ]
    with warehouse_of(tmp_path, documents, "core.dim_authors") as con:
        rows = frame(con, "select * from core.dim_authors")
    expected = {
        "author_id": ["c~2b~2b", "jane-doe", "strasse"],
        "author_name": ["C++", "jane doe", "STRASSE"],
        "author_url": [None, "https://doe", None],
        "spelling_count": [1, 4, 2],
        "document_count": [2, 6, 1],
        "article_count": [1, 5, 1],
        "first_published_at": [None, at("2026-01-02"), None],
        "last_published_at": [None, at("2026-01-05"), None],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))


def test_each_author_of_an_article_has_a_row_at_the_first_mention(tmp_path: Path) -> None:
    documents = [
        *(document(name, authors=[name]) for name in ("Ann", "Bob", "Cleo")),
        document("a", authors=["Bob and Ann", "Cleo", "ann", "BOB"]),
        document("b", authors=["Cleo, Cleo"]),
        person("p", authors=["Ann"]),
    ]
    with warehouse_of(tmp_path, documents, "core.article_authors") as con:
        rows = frame(con, "select * from core.article_authors where document_id >= 'a'")
    expected = {
        "document_id": ["a", "a", "a", "b"],
        "author_id": ["ann", "bob", "cleo", "cleo"],
        "position": [0, 0, 1, 0],
        "name_position": [1, 0, 0, 0],
        "written_name": ["Bob and Ann", "Bob and Ann", "Cleo", "Cleo, Cleo"],
        "author_count": [3, 3, 3, 1],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))


def corpus() -> list[Rows]:
    return [
        document(
            "a", topics=["AI", "Law"], images=["https://i/1"], published="2026-01-31T10:00", authors=["Ann"],
            is_published=True,
        ),
        document("b", topics=["AI"], published="2026-01-25", authors=["Ann and Bob"], is_published=False),
        document("c", published="2026-01-24", authors=["Bob", "Cleo"]),
        document("d", topics=["AI"], published="2025-12-20", authors=["ann", "Bob"], is_published=True),
        document("e"),
    ]  # fmt: skip


def test_every_column_of_an_author(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, corpus(), REPORT) as con:
        rows = frame(con, f"select * from {REPORT} where author_id = 'ann'")
        counts = frame(con, f"select author_id, article_count, co_author_count, topic_hhi from {REPORT}").rows()
    expected = {
        "author_id": "ann",
        "author_name": "Ann",
        "author_url": None,
        "article_count": 3,
        "news_article_count": 3,
        "event_count": 3,
        "published_article_count": 2,
        "solo_article_count": 1,
        "shared_article_count": 2,
        "co_author_count": 1,
        "topic_count": 2,
        "article_share": 0.6,
        "authored_article_share": 0.75,
        "image_coverage_share": 1 / 3,
        "first_published_at": at("2025-12-20"),
        "last_published_at": at("2026-01-31T10:00"),
        "days_before_window_end": 0,
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
    }
    assert_frame_equal(rows, pl.DataFrame([expected], schema=rows.schema))
    assert counts == [("ann", 3, 1, 0.625), ("bob", 3, 2, 1.0), ("cleo", 1, 1, None)]


def test_every_column_of_an_author_and_a_period(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, corpus(), OVER_TIME) as con:
        rows = frame(con, f"select * from {OVER_TIME} where period_grain = 'month'")
        grains = con.execute(f"select distinct period_grain from {OVER_TIME} order by 1").fetchall()
    expected = {
        "author_id": ["ann", "ann", "bob", "bob", "cleo"],
        "author_name": ["Ann", "Ann", "Bob", "Bob", "Cleo"],
        "period_grain": ["month"] * 5,
        "period_start_date": [at(f"{month}-01").date() for month in _months("2025-12", "2026-01")],
        "period_end_date": [at(f"{month}-31").date() for month in _months("2025-12", "2026-01")],
        "is_period_complete": [False, True, False, True, True],
        "article_count": [1, 2, 1, 2, 1],
        "news_article_count": [1, 2, 1, 2, 1],
        "event_count": [1, 2, 1, 2, 1],
        "published_article_count": [1, 1, 1, 0, 0],
        "shared_article_count": [1, 1, 1, 2, 1],
        "article_share": [1.0, 2 / 3, 1.0, 2 / 3, 1 / 3],
        "previous_article_count": [0, 1, 0, 1, 0],
        "growth_share": [None, 1.0, None, 1.0, None],
        "cumulative_article_count": [1, 3, 1, 3, 1],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))
    assert grains == [("month",), ("quarter",), ("week",), ("year",)]


def _months(first: str, second: str) -> list[str]:
    return [first, second, first, second, second]


def test_the_co_authors_of_an_article_of_more_than_a_hundred_do_not_count(tmp_path: Path) -> None:
    documents = [
        document("a", authors=[f"Author {number}" for number in range(101)]),
        document("b", authors=["Author 0", "Author 1"]),
    ]
    query = f"select shared_article_count, co_author_count, count(*) from {REPORT} group by all order by all"
    with warehouse_of(tmp_path, documents, REPORT) as con:
        assert con.execute(query).fetchall() == [(1, 0, 99), (2, 1, 2)]


NAMES = ["Ann", "ann ", "Bob", "By Ann", "Smith, John", "Smith", "Ann Bob", "Þóra", "张伟", "", "450"]
SEPARATORS = [" and ", ", ", ",", "; ", " & ", "/", ", and ", "、", " "]
PIECES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(SEPARATORS)), min_size=1, max_size=4)
WRITTEN = PIECES.map(lambda pieces: "".join(name + mark for name, mark in pieces[:-1]) + pieces[-1][0])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(WRITTEN, max_size=3), max_size=8))
def test_every_author_of_a_document_is_covered_and_none_is_invented(names: Sequence[Sequence[str]]) -> None:
    with authors_of(names, "core.author_names", "core.article_authors") as con:
        rows = con.execute("select document_id, author_id, written_name from core.article_authors").fetchall()
    authors = {author for _, author, _ in rows}
    whole = _slugs(name for each in names for name in each)
    assert authors <= whole
    for number, each in enumerate(names):
        own = [(author, slug(name)) for document_id, author, name in rows if document_id == f"{number:03}"]
        # Authors are parts of the names of the document, and each name has one or is another mention of known ones.
        assert all(author in name for author, name in own)
        found = {author for author, _ in own}
        for name in _slugs(each):
            assert name in found or name not in authors
            assert any(author in name for author in found)


def _slugs(names: Iterable[str]) -> set[str]:
    return {made for name in names if (made := slug(name))}
