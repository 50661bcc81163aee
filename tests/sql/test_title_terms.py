"""marts.title_terms: recomputed in plain Python, under shuffled dates, and with a planted term."""

import datetime as dt
import math
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.models import read_functions, read_query
from frontmart.warehouse.macros import create_functions
from tests.sql.frames import SQL

END = dt.date(2026, 1, 31)
WINDOWS = (7, 28, 90)
UNSPACED = ("CJK UNIFIED", "HIRAGANA", "THAI", "LAO", "KHMER", "MYANMAR")


class Article(NamedTuple):
    """An article: title_key, days before window_end_date, provider, title, event, and whether it is news."""

    key: str
    days: int
    provider: str | None
    title: str
    event: str = "e"
    is_news: bool = True


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield prepare(con)


@pytest.fixture(scope="module")
def quick() -> Iterator[duckdb.DuckDBPyConnection]:
    """For hundreds of small corpora: most of the time of one is that of the optimizer."""
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute("pragma disable_optimizer")
        yield prepare(con)


def prepare(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Create the tables that the mart reads, without rows, and its query as the statement `terms`."""
    create_functions(con, read_functions(SQL))
    con.execute("create schema core")
    con.execute(
        "create table core.articles ("
        "document_id varchar, event_id varchar, days_before_window_end bigint, provider_id varchar, is_news boolean)"
    )
    con.execute("create table core.article_titles (document_id varchar, title_key varchar, bare_title varchar)")
    con.execute(f"create table core.corpus_dates as select date '{END}' as window_end_date")
    con.execute(f"prepare terms as {read_query(SQL, 'marts.title_terms')}")
    return con


def terms_of(con: duckdb.DuckDBPyConnection, articles: Sequence[Article]) -> pl.DataFrame:
    """The rows of the mart, in the order of its key."""
    kinds = {"days": pl.Int64, "is_news": pl.Boolean}
    columns = {name: kinds.get(name, pl.String) for name in ("id", *Article._fields)}
    rows = [(f"d{number}", *article) for number, article in enumerate(articles)]
    con.register("given", pl.DataFrame(rows, schema=columns, orient="row"))
    for table, names in (("articles", "id, event, days, provider, is_news"), ("article_titles", "id, key, title")):
        con.execute(f"delete from core.{table}")
        con.execute(f"insert into core.{table} select {names} from given")
    return con.sql("execute terms").pl().sort("window_days", "term")


def is_unspaced(character: str) -> bool:
    return unicodedata.name(character, "").startswith(UNSPACED)


def phrases(title: str) -> Iterator[tuple[list[str], str]]:
    """The words or characters of each phrase, and what joins them."""
    text = unicodedata.normalize("NFC", title).lower().replace("\u2019", "'")
    parts, last = [""], False
    for place, character in enumerate(text):
        kind = unicodedata.category(character)[0]
        ends = character == "." and (place + 1 == len(text) or text[place + 1].isspace())
        if ends or not (kind in "LMNZ" or character.isspace() or character in "'.+#&/-"):
            parts.append("")
        elif is_unspaced(character) != last:
            parts.append(character)
        else:
            parts[-1] += character
        last = is_unspaced(character)
    for part in parts:
        if part and is_unspaced(part[0]):
            yield list(part), ""
        else:
            yield words(part), " "


def words(phrase: str) -> list[str]:
    marked = "".join("w" if unicodedata.category(character)[0] in "LMN" else character for character in phrase)
    return [phrase[slice(*match.span())] for match in re.finditer(r"w+(?:['.]w+)*[+#]*", marked)]


def terms_in(title: str) -> set[str]:
    return {
        gap.join(units[start : start + size])
        for units, gap in phrases(title)
        for size in ((1, 2, 3) if gap else (2, 3, 4))
        for start in range(len(units) - size + 1)
    }


def upper_tail(hits: int, marked: int, drawn: int, population: int) -> float:
    ways = sum(
        math.comb(marked, k) * math.comb(population - marked, drawn - k) for k in range(hits, min(marked, drawn) + 1)
    )
    return float(Fraction(ways, math.comb(population, drawn)))


def units_of(term: str) -> tuple[str, ...]:
    return tuple(term) if is_unspaced(term[0]) else tuple(term.split(" "))


def expected_rows(articles: Sequence[Article]) -> list[dict[str, Any]]:
    """The mart, from its header alone."""
    known = [article for article in articles if article.days >= 0 and article.is_news]
    days: dict[str, int] = defaultdict(int)
    terms = defaultdict(set)
    for article in known:
        days[article.key] = max(days[article.key], article.days)
        for term in terms_in(article.title):
            terms[term].add(article.key)
    tested = {term: keys for term, keys in terms.items() if 5 <= len(keys) < len(days)}
    rows, test_count = [], 0
    for window in WINDOWS:
        inside = {key for key, day in days.items() if day < window}
        n, m = len(inside), len(days) - len(inside)
        if m == 0:
            continue
        test_count += len(tested)
        for term, keys in tested.items():
            a = len(keys & inside)
            b = len(keys) - a
            if a >= 3 and a * (n + m + 2) > (a + b + 1) * (n + 1):
                p = n * (a + b) / (n + m)
                log_odds = math.log((a + p) / (n - a + n - p)) - math.log((b + p) / (m - b + n - p))
                error = math.sqrt(1 / (a + p) + 1 / (n - a + n - p) + 1 / (b + p) + 1 / (m - b + n - p))
                reporting = [article for article in known if article.key in keys & inside]
                rows.append(
                    {
                        "window_days": window,
                        "window_start_date": END - dt.timedelta(days=window - 1),
                        "window_end_date": END,
                        "term": term,
                        "title_count": a,
                        "rest_title_count": b,
                        "window_title_count": n,
                        "rest_window_title_count": m,
                        "title_share": a / n,
                        "rest_title_share": b / m,
                        "news_article_count": len(reporting),
                        "event_count": len({article.event for article in reporting}),
                        "provider_count": len({article.provider for article in reporting} - {None}),
                        "log_odds": log_odds,
                        "z": log_odds / error,
                        "expected_count": p,
                        "p_value": upper_tail(a, a + b, n, n + m),
                    }
                )
    add_q_values(rows, test_count)
    return [row for window in WINDOWS for row in shown([row for row in rows if row["window_days"] == window])]


def add_q_values(rows: list[dict[str, Any]], test_count: int) -> None:
    rows.sort(key=lambda row: row["p_value"], reverse=True)
    q = 1.0
    for place, row in enumerate(rows):
        q = min(q, row["p_value"] * test_count / (len(rows) - place))
        row["q_value"] = q
        row["is_significant"] = q <= 0.05


def shown(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    hidden = set()
    for row in rows:
        for other in rows:
            alike = (row["title_count"], row["rest_title_count"]) == (other["title_count"], other["rest_title_count"])
            if alike and row is not other and hides(units_of(other["term"]), units_of(row["term"])):
                hidden.add(row["term"])
    left = [row for row in rows if row["term"] not in hidden and row["p_value"] <= 0.05]
    left.sort(key=lambda row: row["term"])
    left.sort(key=lambda row: (row["z"], row["title_count"]), reverse=True)
    return [{**row, "term_rank": place} for place, row in enumerate(left[:50], start=1)]


def hides(other: tuple[str, ...], term: tuple[str, ...]) -> bool:
    longest = 4 if is_unspaced(term[0][0]) else 3
    return term in (other[1:], other[:-1]) or (len(term) == len(other) == longest and other[1:] == term[:-1])


def titles(random_: random.Random, count: int) -> list[str]:
    """Titles in which few words are frequent and most are rare."""
    vocabulary = [f"w{number}" for number in range(120)]
    weights = [1 / (number + 3) for number in range(120)]
    return [" ".join(random_.choices(vocabulary, weights, k=5)) for _ in range(count)]


PIECES = (
    "Node.js",
    "C++ in",
    "don\u2019t",
    "new\u2014old",
    "The end. Next",
    "\u00c9t\u00e9",
    "E\u0301te\u0301",
    "\u767a\u58f2\u65e5\u6c7a\u5b9a",  # Han: 5 characters
    "\u0e44\u0e17\u0e22\u0e43\u0e2b\u0e21\u0e48",  # Thai, with a mark
    "\u092b\u093c\u093f\u0932\u094d\u092e",  # Devanagari: a word, with marks
    "x & y",
    "3.5%",
)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_cell_follows_from_the_header(con: duckdb.DuckDBPyConnection, seed: int) -> None:
    random_ = random.Random(seed)
    articles = []
    for title in titles(random_, 300):
        day = random_.choice([random_.randrange(-3, 40), random_.randrange(400)])
        late = f"Patch notes are live {random_.choice(PIECES)}" if day < 28 else random_.choice(PIECES[:6])
        key, event = f"k{random_.randrange(250)}", f"e{random_.randrange(9)}"
        articles.append(
            Article(key, day, random_.choice(["p", "q", "r", None]), f"{title}: {late}", event, day % 7 > 0)
        )
    rows = terms_of(con, articles)
    expected = pl.DataFrame(expected_rows(articles)).select(rows.columns).sort("window_days", "term")
    assert rows["is_significant"].any()
    assert_frame_equal(rows, expected.cast(dict(rows.schema)), rel_tol=1e-9)


def test_a_phrase_of_five_words_is_shown_once(con: duckdb.DuckDBPyConnection) -> None:
    articles = [Article(f"o{number}", 100 + number, "p", f"Old thing {number}") for number in range(40)]
    articles += [Article(f"n{number}", number, "p", f"Patch notes are live now: {number}") for number in range(6)]
    rows = terms_of(con, articles).filter(window_days=7)
    assert rows["term"].to_list() == ["patch notes are"]


def test_terms_behind_the_first_thousand_characters_do_not_count(con: duckdb.DuckDBPyConnection) -> None:
    articles = [Article(f"old{number}", 100, None, f"old {number}") for number in range(40)]
    articles += [Article(f"new{number}", 1, None, f"early {'x' * 990} late") for number in range(8)]
    found = set(terms_of(con, articles)["term"])
    assert any(term.startswith("early") for term in found)
    assert not any("late" in term for term in found)


def test_copies_of_one_title_count_once(con: duckdb.DuckDBPyConnection) -> None:
    articles = [Article(f"o{number}", 100 + number, "p", f"Old thing {number}") for number in range(40)]
    copies = [Article("one", 1, f"p{number}", "Wire copy") for number in range(30)]
    assert terms_of(con, [*articles, *copies]).height == 0


@pytest.mark.parametrize(
    "articles",
    [
        [],
        [Article("e", 0, None, "One title")],
        [Article(f"e{number}", number % 7, "p", f"Only this window {number}") for number in range(30)],
        [Article(f"e{number}", number % 400, "p", "!?") for number in range(30)],
    ],
    ids=["none", "one article", "no rest", "no words"],
)
def test_where_nothing_can_be_compared_there_are_no_rows(
    con: duckdb.DuckDBPyConnection, articles: list[Article]
) -> None:
    assert terms_of(con, articles).height == 0


def test_shuffled_dates_flag_a_term_in_at_most_a_twentieth_of_the_runs(quick: duckdb.DuckDBPyConnection) -> None:
    random_ = random.Random(20)
    texts = titles(random_, 200)
    days = [random_.randrange(365) for _ in texts]
    flagged = 0
    for _ in range(200):
        random_.shuffle(days)
        articles = [Article(f"e{place}", days[place], "p", text) for place, text in enumerate(texts)]
        flagged += terms_of(quick, articles)["is_significant"].any()
    assert flagged <= 10


def test_a_planted_term_is_found(quick: duckdb.DuckDBPyConnection) -> None:
    random_ = random.Random(21)
    found = 0
    for _ in range(20):
        days = sorted(random_.randrange(365) for _ in range(250))
        planted = {*random_.sample([place for place, day in enumerate(days) if day < 28], k=7), 200, 249}
        articles = [
            Article(f"e{place}", days[place], "p", f"{text} planted term" if place in planted else text)
            for place, text in enumerate(titles(random_, 250))
        ]
        rows = terms_of(quick, articles).filter(window_days=28, is_significant=True)
        found += "planted term" in rows["term"].to_list()
    assert found >= 18


def test_ranks_follow_z(con: duckdb.DuckDBPyConnection) -> None:
    random_ = random.Random(5)
    articles = [
        Article(f"e{number}", number, "p", f"{text} late" if number < 28 else text)
        for number, text in enumerate(titles(random_, 300))
    ]
    rows = terms_of(con, articles).filter(window_days=28).sort("term_rank")
    assert rows["term_rank"].to_list() == list(range(1, rows.height + 1))
    assert rows["term"][0] == "late"
    assert all(first >= second for first, second in pairwise(rows["z"].to_list()))
