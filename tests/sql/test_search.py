# ruff: noqa: RUF001  (texts of other scripts)
"""The search index and the macro search: hand-computed scores, and a plain BM25F in Python to compare with."""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from math import log
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog import layers
from frontmart.catalog.models import read_macros, read_models
from frontmart.catalog.trim import trim
from frontmart.warehouse.macros import create_macros
from tests.sql.frames import SQL, Rows, at, document, frame, person, warehouse_of

MODELS = read_models(SQL)
(PLAIN,) = (macro for macro in read_macros(SQL, MODELS) if macro.name == "search")
(INDEXED,) = read_macros(SQL, MODELS, layers.INDEXED)
READ = sorted(PLAIN.reads | INDEXED.reads)
WEIGHTS = {"title": 3, "excerpt": 2, "topics": 2}


@contextmanager
def searched(
    folder: Path, documents: Iterable[Rows], *, is_searchable: bool = True
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of documents with their search index and the macro."""
    with warehouse_of(folder, documents, *READ, is_searchable=is_searchable) as con:
        create_macros(con, [INDEXED if is_searchable else PLAIN])
        yield con


def ids(con: duckdb.DuckDBPyConnection, words: str, match: str = "all") -> list[str]:
    found = con.execute("select document_id from search($1, match := $2)", [words, match]).fetchall()
    return [name for (name,) in found]


def bm25(texts: Mapping[str, Mapping[str, Sequence[str]]], asked: Sequence[str]) -> dict[str, float]:
    """The score of each article that has all of the words, given its words by field."""
    means = {
        field: sum(lengths) / len(lengths)
        for field in WEIGHTS
        if (lengths := [len(fields[field]) for fields in texts.values() if fields[field]])
    }

    def weight(fields: Mapping[str, Sequence[str]], word: str) -> float:
        return sum(
            times * Counter(fields[field])[word] / (0.25 + 0.75 * len(fields[field]) / means[field])
            for field, times in WEIGHTS.items()
            if fields[field]
        )

    scores = {}
    for name, fields in texts.items():
        weights = {word: weight(fields, word) for word in set(asked)}
        if not all(weights.values()):
            continue
        scores[name] = 0.0
        for word, found in weights.items():
            count = sum(weight(other, word) > 0 for other in texts.values())
            scores[name] += log(1 + (len(texts) - count + 0.5) / (count + 0.5)) * found * 2.2 / (found + 1.2)
    return scores


def test_the_macro_is_called_alike_with_and_without_an_index() -> None:
    assert INDEXED.name == PLAIN.name
    assert list(INDEXED.columns) == list(PLAIN.columns)
    assert INDEXED.column_needs == PLAIN.column_needs
    assert INDEXED.parameters == PLAIN.parameters


def test_the_index_and_the_scores_of_three_articles_by_hand(tmp_path: Path) -> None:
    documents = [
        document("a", title="Night route", published="2026-01-01", topics=["Bus"]),
        document("b", title="Night night, route by route", excerpt="The night bus", published="2026-01-02"),
        document("c", title="Bus", excerpt="By day"),
        person("d", excerpt="Night route"),  # no coverage
    ]
    with searched(tmp_path, documents) as con:
        assert con.execute("select document_number, document_id from search.indexed_articles").fetchall() == [
            (1, "a"),
            (2, "b"),
            (3, "c"),
        ]
        # Mean lengths: title 8/3, excerpt 5/2, topics 1. The title of `a` counts 3 / (0.25 + 0.75 * 2 / (8/3)).
        assert con.execute("from search.postings order by all").fetchall() == [
            ("bus", 1, 2000),
            ("bus", 2, 1739),
            ("bus", 3, 5647),
            ("by", 2, 1811),
            ("by", 3, 2353),
            ("day", 3, 2353),
            ("night", 1, 3692),
            ("night", 2, 5362),
            ("route", 1, 3692),
            ("route", 2, 3623),
            ("the", 2, 1739),
        ]
        assert con.execute("from search.terms order by term").fetchall() == [
            ("bus", 3),
            ("by", 2),
            ("day", 1),
            ("night", 2),
            ("route", 2),
            ("the", 1),
        ]
        found = frame(con, "from search('NIGHT Route')")
    # Each word is in two of three articles: ln(1 + 1.5 / 2.5) = 0.470004.
    # b: 0.470004 * 2.2 * (5.362 / 6.562 + 3.623 / 4.823); a: twice 0.470004 * 2.2 * 3.692 / 4.892.
    expected = pl.DataFrame(
        {
            "document_id": ["b", "a"],
            "published_date": [at("2026-01-02").date(), at("2026-01-01").date()],
            "provider_name": [None, None],
            "title": ["Night night, route by route", "Night route"],
            "topics": [None, "Bus"],
            "type": ["article"] * 2,
            "kind": ["news"] * 2,
            "heat": [None, None],
            "quality": [None, None],
            "score": [1.621662, 1.560736],
        }
    )
    assert_frame_equal(found, expected, check_dtypes=False, abs_tol=2e-6)


def test_scores_are_those_of_a_plain_bm25(tmp_path: Path) -> None:
    chance = random.Random(7)
    vocabulary = [f"w{number}" for number in range(30)]

    def some(most: int) -> list[str]:
        return chance.choices(vocabulary, weights=range(1, 31), k=chance.randrange(most + 1))

    texts = {
        f"{number:03}": {"title": ["news", *some(6)], "excerpt": some(20), "topics": some(3)} for number in range(200)
    }
    documents = [
        document(
            name,
            title=" ".join(fields["title"]),
            excerpt=" ".join(fields["excerpt"]) or None,
            topics=list(dict.fromkeys(fields["topics"])),
        )
        for name, fields in texts.items()
    ]
    texts = {name: {**fields, "topics": list(dict.fromkeys(fields["topics"]))} for name, fields in texts.items()}
    with searched(tmp_path, documents) as con:
        for asked in (["w3"], ["w29", "w28"], ["w5", "w20", "news"], ["w1", "w2"], ["nowhere"], ["w29", "nowhere"]):
            found = con.execute(f"select document_id, score from search('{' '.join(asked)}')").fetchall()
            expected = bm25(texts, asked)
            assert dict(found) == pytest.approx(expected, abs=2e-3)
            assert [name for name, _ in found] == sorted(dict(found), key=lambda name: (-dict(found)[name], name))


SCRIPTS = [
    ("Café Ünlü", "CAFE unlu"),
    ("Cafe\u0301 crème", "café creme"),
    ("Straße", "STRASSE"),
    ("Το λεωφορείο", "λεωφορειο"),
    ("Ночной автобус", "НОЧНОЙ"),
    ("夜間バスの新路線", "夜間バス"),
    ("聞夜の間", "聞"),
    ("iPhone手机发布", "手机 iphone"),
    ("รถเมล์กลางคืน", "กลางคืน"),
    ("심야 버스", "버스"),
    ("हिन्दी समाचार", "हिन्दी"),
    ("أخبار اليوم", "اليوم"),
    ("ＡＢＣ news", "abc"),
    ("L’eau d'ici", "l'eau"),
    ("🚍🚍", "🚍🚍"),
]
WORDS = [
    document("a", title="Night bus"),
    document("b", title="Bus bus bus"),
    document("c", title="Day tram"),
    document("d", title="Night"),
    document("e", title="Night tram"),
    document("r1", title="Routes"),
    document("r2", title="Route and routes"),
    document("r3", title="Enroute"),
    document("r4", title="Rerouted", excerpt="C++ route-map"),
    document("t4", title="Tie", published="2026-01-01"),
    document("t1", title="Tie"),
    document("t3", title="Tie", published="2026-01-02"),
    document("t2", title="Tie", published="2026-01-02"),
    *(document(f"s{number}", title=title) for number, (title, _) in enumerate(SCRIPTS)),
]


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """WORDS with their index, to read."""
    with searched(tmp_path_factory.mktemp("indexed"), WORDS) as con:
        yield con


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """WORDS without an index, to read."""
    with searched(tmp_path_factory.mktemp("plain"), WORDS, is_searchable=False) as con:
        yield con


@pytest.mark.parametrize("name", ["indexed", "plain"])
def test_any_of_the_words_may_suffice_and_those_with_more_of_them_come_first(
    name: str, request: pytest.FixtureRequest
) -> None:
    con: duckdb.DuckDBPyConnection = request.getfixturevalue(name)
    assert ids(con, "bus night") == ["a"]
    assert set(ids(con, "night bus", "ANY")) == {"a", "b", "d", "e"}
    assert ids(con, "night bus", "any")[0] == "a"
    with pytest.raises(duckdb.Error, match=r"match of search\(\) is 'all' or 'any', not 'some'"):
        ids(con, "night bus", "some")


@pytest.mark.parametrize("name", ["indexed", "plain"])
@pytest.mark.parametrize(("match", "shown"), [("'some'", "'some'"), ("'a''b'", "'a'b'"), ("null", "NULL")])
def test_a_wrong_match_is_an_error_where_nothing_is_found_too(
    name: str, match: str, shown: str, request: pytest.FixtureRequest
) -> None:
    con: duckdb.DuckDBPyConnection = request.getfixturevalue(name)
    for words in ("night", "nowhere", ""):
        with pytest.raises(duckdb.Error, match=re.escape(f"match of search() is 'all' or 'any', not {shown}")):
            con.execute(f"from search('{words}', match := {match})").fetchall()


def test_words_are_whole_unless_they_end_with_an_asterisk(indexed: duckdb.DuckDBPyConnection) -> None:
    assert set(ids(indexed, "route")) == {"r2", "r4"}
    assert set(ids(indexed, "rout*")) == {"r1", "r2", "r4"}
    assert ids(indexed, "Route-M*") == ["r4"]
    assert ids(indexed, "rout* c++") == ["r4"]
    for nothing in ("", " ", "*", "route nowhere", "'", "%", "route*s nowhere"):
        assert ids(indexed, nothing) == [], nothing


@pytest.mark.parametrize(("number", "words"), [(number, words) for number, (_, words) in enumerate(SCRIPTS)])
def test_words_of_any_script_are_found_without_case_and_accents(
    indexed: duckdb.DuckDBPyConnection, number: int, words: str
) -> None:
    assert ids(indexed, words) == [f"s{number}"]
    assert ids(indexed, unicodedata.normalize("NFD", words)) == [f"s{number}"]


def test_ties_are_in_the_order_of_date_then_id(indexed: duckdb.DuckDBPyConnection) -> None:
    assert ids(indexed, "tie") == ["t2", "t3", "t4", "t1"]


def test_columns_that_the_corpus_lacks_are_left_out(
    indexed: duckdb.DuckDBPyConnection, plain: duckdb.DuckDBPyConnection
) -> None:
    for con, macro in ((indexed, INDEXED), (plain, PLAIN)):
        create_macros(con, [replace(each, name="trimmed_search") for each in trim([macro], [])])
        found = con.execute("from trimmed_search('c++ rout*')")
        names = [column[0] for column in found.description or ()]
        assert names == ["document_id", "published_date", "title", "type", "kind", "score"]
        assert [row[0] for row in found.fetchall()] == ["r4"]


def test_without_the_setting_the_index_is_empty_and_there_is_no_score(plain: duckdb.DuckDBPyConnection) -> None:
    for table in ("indexed_articles", "postings", "terms"):
        assert plain.execute(f"select count(*) from search.{table}").fetchall() == [(0,)]
    for words in ("map", "c++ rout*", "MAP rerout"):
        assert plain.execute(f"select document_id, score from search('{words}')").fetchall() == [("r4", None)]
