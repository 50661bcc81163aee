"""The macro compare: two ranges of days, against hand-written rows and a recount in plain Python."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.features import ALL_FEATURES, Feature
from frontmart.catalog.models import read_macros, read_models
from frontmart.catalog.trim import trim
from frontmart.warehouse.macros import create_macros
from tests.sql.frames import SQL, Rows, document, frame, person, warehouse_of

MACRO = next(macro for macro in read_macros(SQL, read_models(SQL)) if macro.name == "compare")
DOCUMENTS = [
    document("a", topics=["Game", "AI"], published="2025-01-01", provider="x.com/ann"),
    document("b", topics=["Game", "Law"], published="2025-01-31T23:59", provider="x.com/ann"),
    document("c", topics=["Game"], published="2025-01-15", provider="y.com/bob"),
    document("d", published="2025-01-15"),
    document("e", topics=["AI"], published="2025-02-01", provider="x.com/ann"),
    document("f", topics=["Game", "AI"], published="2025-02-02", provider="z.com/new"),
    document("g", topics=["Game", "ai"], published="2025-02-03", provider="z.com/new"),
    document("h", topics=["Game", "Law"], published="2025-02-28", provider="y.com/bob"),
    # None of these is news of a range, but with them `Game` is omnipresent.
    *(document(f"i{n}", topics=["Game"], published="2025-03-01") for n in range(20)),
    document("j", topics=["Law"], type="course", published="2025-02-01", provider="y.com/bob"),
    document("k", topics=["Law"], provider="y.com/bob"),
    person("p", topics=["Law"], published="2025-02-01"),
]


@contextmanager
def macro_over(folder: Path, documents: Sequence[Rows]) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse_of(folder, documents, *MACRO.reads) as con:
        create_macros(con, [MACRO])
        yield con


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with macro_over(tmp_path_factory.mktemp("compare"), DOCUMENTS) as con:
        yield con


def test_a_topic_is_compared_by_its_share_of_tagged_news_and_providers_of_both_ranges_apart(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = frame(con, "from compare('2025-01-01', '2025-01-31', date '2025-02-01', date '2025-02-28')")
    expected = pl.DataFrame(
        {
            "topic": ["(all)", "AI", "Law"],
            "a_news_article_count": [4, 1, 1],
            "b_news_article_count": [4, 3, 1],
            "a_event_count": [4, 1, 1],
            "b_event_count": [4, 3, 1],
            "a_tagged_article_count": [2, 2, 2],
            "b_tagged_article_count": [4, 4, 4],
            "a_article_share": [None, 0.5, 0.5],
            "b_article_share": [None, 0.75, 0.25],
            "article_share_difference": [None, 0.25, -0.25],
            "common_provider_count": [2, 2, 2],
            "a_common_article_count": [3, 1, 1],
            "b_common_article_count": [2, 1, 1],
            "a_common_article_share": [None, 0.5, 0.5],
            "b_common_article_share": [None, 0.5, 0.5],
            "common_article_share_difference": [None, 0.0, 0.0],
            "topic_id": ["(all)", "ai", "law"],
        }
    )
    assert_frame_equal(found, expected, check_dtypes=False)


def test_a_range_without_articles_has_counts_of_zero_and_no_share(con: duckdb.DuckDBPyConnection) -> None:
    columns = "topic, a_news_article_count, b_news_article_count, a_article_share, b_article_share"
    rows = con.execute(f"select {columns} from compare('2025-02-28', '2025-02-28', '2001-01-01', '2001-12-31')")
    assert rows.fetchall() == [("(all)", 1, 0, None, None), ("Law", 1, 0, 1.0, None)]
    rows = con.execute(f"select {columns} from compare('2001-01-01', '2001-12-31', '2002-01-01', '2002-01-01')")
    assert rows.fetchall() == [("(all)", 0, 0, None, None)]


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ("'2025-01-01', '2025-02-30', null, '2025-02-28'", "a_to is '2025-02-30', b_from is NULL, not a day; write it"),
        ("'2025-01-02', '2025-01-01', '2025-02-01', '2025-02-28'", "compare: a_from is after a_to; swap them"),
        ("'2025-01-01', '2025-01-01', '2025-02-01', '2025-01-28'", "compare: b_from is after b_to; swap them"),
        ("'2001-01-01', '2001-01-01', '2001-01-01', 'soon'", "compare: b_to is 'soon', not a day; write it as '2021"),
    ],
)  # fmt: skip
def test_what_is_no_range_of_days_is_an_error(con: duckdb.DuckDBPyConnection, days: str, message: str) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=message):
        con.execute(f"from compare({days})").fetchall()


def test_without_topics_and_providers_the_counts_are_left(tmp_path: Path) -> None:
    (macro,) = trim([MACRO], ALL_FEATURES - {Feature.TOPICS, Feature.PROVIDER})
    with warehouse_of(tmp_path, [document("a", published="2025-01-01")], *MACRO.reads) as con:
        create_macros(con, [macro])
        found = con.execute("from compare('2025-01-01', '2025-01-31', '2025-02-01', '2025-02-28')").fetchall()
    assert found == [("(all)", 1, 0, 1, 0, "(all)")]


FIRST, LAST = (dt.date(2025, 1, 1), dt.date(2025, 1, 20)), (dt.date(2025, 1, 15), dt.date(2025, 2, 10))


def shuffled() -> tuple[list[Rows], list[tuple[dt.date, str | None, frozenset[str], bool]]]:
    """Documents, and of each its day, provider, topics, and whether it is news."""
    random_ = random.Random(7)
    documents, facts = [], []
    for number in range(120):
        day = dt.date(2025, 1, 1) + dt.timedelta(days=random_.randrange(60))
        provider = random_.choice([None, *(f"x.com/p{n}" for n in range(12))])
        topics = frozenset(name for name, odds in TOPICS.items() if random_.random() < odds)
        is_news = random_.random() < 0.8
        type_ = "article" if is_news else "course"
        documents.append(
            document(f"d{number}", topics=sorted(topics), published=str(day), provider=provider, type=type_)
        )
        facts.append((day, provider, topics, is_news))
    return documents, facts


TOPICS = {"all": 0.95, "ai": 0.5, "law": 0.2, "art": 0.1}


def test_every_number_is_what_a_recount_gives(tmp_path: Path) -> None:
    documents, facts = shuffled()
    news = [(day, provider, topics) for day, provider, topics, is_news in facts if is_news]
    with_topic = sum(bool(topics) for _, _, topics in news)
    kept = {name for name in TOPICS if sum(name in topics for _, _, topics in news) < 0.9 * with_topic}
    assert kept < set(TOPICS)

    def within(days: tuple[dt.date, dt.date]) -> list[tuple[str | None, set[str]]]:
        return [(provider, topics & kept) for day, provider, topics in news if days[0] <= day <= days[1]]

    a, b = within(FIRST), within(LAST)
    common = {provider for provider, _ in a if provider} & {provider for provider, _ in b}
    expected = {}
    for topic in kept:
        row: list[object] = []
        for articles in (a, b):
            have = [provider for provider, topics in articles if topic in topics]
            tagged = [provider for provider, topics in articles if topics]
            own = [provider for provider in have if provider in common]
            own_tagged = [provider for provider in tagged if provider in common]
            row += [len(have), len(tagged), len(have) / len(tagged), len(own), len(own) / len(own_tagged)]
        expected[topic] = tuple(row)
    days = ", ".join(f"date '{day}'" for day in (*FIRST, *LAST))
    columns = ", ".join(
        f"{each}_{name}"
        for each in "ab"
        for name in (
            "news_article_count", "tagged_article_count", "article_share", "common_article_count",
            "common_article_share",
        )
    )  # fmt: skip
    with macro_over(tmp_path, documents) as con:
        found = con.execute(f"select topic_id, {columns} from compare({days}) where topic_id <> '(all)'").fetchall()
        (everything,) = con.execute(
            "select a_news_article_count, b_news_article_count, common_provider_count "
            f"from compare({days}) where topic_id = '(all)'"
        ).fetchall()
    assert {topic: tuple(row) for topic, *row in found} == expected
    assert everything == (len(a), len(b), len(common))
