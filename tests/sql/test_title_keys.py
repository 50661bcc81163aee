"""Titles that are the same but for case, accents, punctuation, white space and the name of a site."""

import random
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.models import read_functions
from frontmart.warehouse.macros import create_functions
from tests.sql.frames import SQL, at, document, frame, person, warehouse_of

TITLES = "core.article_titles"
DUPLICATES = "marts.duplicate_titles"


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        create_functions(con, read_functions(SQL))
        yield con


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("  The \u201cNew\u201d\u00a0Caf\u00e9 \u2014 it\u2019s HERE!! ", "the new cafe it s here"),
        ("Cafe\u0301 C++ and C# #hashtag", "cafe c++ and c# hashtag"),
        ("Stra\u00dfe \u0399\u03a3\u03a4\u039f\u03a3 \u0130I\u0131", "strasse \u03b9\u03c3\u03c4\u03bf\u03c3 iii"),
        (
            "\u0416\u0443\u0440\u043d\u0430\u043b\u044a \u0401\u043b\u043a\u0430",
            "\u0436\u0443\u0440\u043d\u0430\u043b\u044a \u0435\u043b\u043a\u0430",
        ),
        ("\uff21\uff22\uff11\uff01 \u30ac\u30eb", "ab1 \u30ac\u30eb"),  # full width; a voiced kana keeps its mark
        (
            "\u0939\u093f\u0928\u094d\u0926\u0940, \u0939\u093f\u0928\u094d\u0926\u0940",
            "\u0939\u093f\u0928\u094d\u0926\u0940 \u0939\u093f\u0928\u094d\u0926\u0940",
        ),
        (" \U0001f600! ", "\U0001f600!"),
        ("  ", ""),
        (None, None),
    ],
)
def test_what_does_not_count_is_left_out_of_a_key(
    con: duckdb.DuckDBPyConnection, title: str | None, key: str | None
) -> None:
    assert con.execute("select title_key(title) from (select $1::varchar as title)", [title]).fetchall() == [(key,)]


def test_the_key_is_that_of_the_events(con: duckdb.DuckDBPyConnection) -> None:
    titles = pytest.importorskip("transforms.events.titles")
    alphabet = (
        " \u00a0AaEe\u00c9\u00e9\u00df\u0178\u03c3\u03c2\u03a3\u0390\u0130\u0131Ii\u0419\u0439\u0401\u3042"
        "\u30ac\ud55c\uae00\u0939\u093f\u0928\u094d\u0926\u0940\u0e01\u0e34\u65e5\u672c09\uff19\uff21+#-|\u2013'\u2019\"!?.,:/()&\U0001f600\u0301\u200d\u0663"
    )
    random_ = random.Random(1)
    texts = ["".join(random_.choices(alphabet, k=random_.randrange(15))) for _ in range(5_000)]
    given = pl.DataFrame({"title": texts})
    con.register("given", given)
    keys = con.sql("select nullif(title_key(title), '') as key from given").pl()
    # One space between words, also where only signs are between them.
    expected = given.select(key=titles.title_key(pl.col("title")).str.replace_all("  +", " "))
    assert_frame_equal(keys, expected)


LONG, IN_TURN = "a long title that two providers have", "a long title that two take in turn"
DOCUMENTS = [
    document("a", title="Bridge opens | The Verge", published="2026-01-05T10:00", provider="other.com/x"),
    document(
        "b", title="BRIDGE opens \u2013 theverge", published="2026-01-05T09:00", provider="theverge.com/the verge"
    ),
    document("c", title="Bridge opens: - some-site.co.uk"),
    document("d", title="Bridge opens - Review"),
    document("e", title="Bridge - The Verge"),  # a name that a subtitle follows
    document("f", title="Bridge opens - The Verge - The Verge"),
    document("g", title="!?"),
    document("h", title=None, url="https://x.com/h"),
    person("i"),
    document("j", title="Weekly Roundup", published="2026-01-02T08:00", provider="other.com/x"),
    document("k", title="weekly roundup!", published="2026-01-09T08:00", provider="other.com/x"),
    document("l", title="Weekly roundup", type="newsletter", provider="other.com/x"),
    document("m", title="Undated"),
    *[
        document(f"o{day}", title="A long title that two providers have", published=f"2026-01-{day}", provider=provider)
        for day, provider in (("02", "x.com/x"), ("09", "y.com/y"), ("17", "z.com/z"))
    ],
    *[
        document(f"p{day}", title="A long title that two take in turn", published=f"2026-01-{day}", provider=provider)
        for day, provider in (("02", "x.com/x"), ("10", "y.com/y"))
    ],
    document("n", title="Undated"),
    document("q0", title=f"{'a' * 990} - thing.com"),
    document("q1", title=f"{'a' * 986} - thing.com"),
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse_of(tmp_path_factory.mktemp("titles"), DOCUMENTS, TITLES, DUPLICATES) as con:
        yield con


def test_the_name_of_a_site_at_the_end_is_left_out(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = frame(warehouse, f"from {TITLES} where document_id < 'j' order by document_id").rows()
    assert rows == [
        ("a", "Bridge opens", "bridge opens"),
        ("b", "BRIDGE opens", "bridge opens"),
        ("c", "Bridge opens:", "bridge opens"),
        ("d", "Bridge opens - Review", "bridge opens review"),
        ("e", "Bridge - The Verge", "bridge the verge"),
        ("f", "Bridge opens - The Verge", "bridge opens the verge"),
        ("g", "!?", "!?"),
    ]


def test_a_title_of_more_than_a_thousand_characters_stays_whole(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = frame(warehouse, f"select bare_title from {TITLES} where document_id like 'q%' order by document_id").rows()
    assert rows == [(f"{'a' * 990} - thing.com",), ("a" * 986,)]


def test_a_repeated_title_and_a_copied_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = frame(warehouse, f"select * exclude (event_count) from {DUPLICATES} order by title_key")
    expected = {
        "title_key": [LONG, IN_TURN, "bridge opens", "undated", "weekly roundup"],
        "title": [
            "A long title that two providers have",
            "A long title that two take in turn",
            "BRIDGE opens",
            "Undated",
            "Weekly Roundup",
        ],
        "article_count": [3, 2, 3, 2, 3],
        "news_article_count": [3, 2, 2, 0, 2],
        "provider_count": [3, 2, 2, 0, 1],
        "first_provider_id": ["x.com/x", "x.com/x", "theverge.com/the verge", None, "other.com/x"],
        "is_repeated": [False, False, False, True, True],
        "is_copied": [True, False, False, False, False],
        "first_published_at": [
            at("2026-01-02"),
            at("2026-01-02"),
            at("2026-01-05T09:00"),
            None,
            at("2026-01-02T08:00"),
        ],
        "last_published_at": [at("2026-01-17"), at("2026-01-10"), at("2026-01-05T10:00"), None, at("2026-01-09T08:00")],
        "span_days": [15, 8, 0, None, 7],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))


def test_events_of_copies_are_counted_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    counts = warehouse.sql(f"select title_key, event_count from {DUPLICATES} order by title_key").fetchall()
    events = warehouse.sql(
        f"select title_key, count(distinct event_id) from core.articles join {TITLES} using (document_id) "
        "group by title_key having count(*) > 1 order by title_key"
    ).fetchall()
    assert counts == events
    assert counts[3] == ("undated", 0)


def test_without_documents_there_is_no_duplicate(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, [], DUPLICATES) as con:
        assert frame(con, f"from {DUPLICATES}").rows() == []
