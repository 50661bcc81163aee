"""marts.score_profile: recomputed in plain Python, and its findings."""

import random
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.models import read_functions, read_query
from frontmart.warehouse.macros import create_functions
from tests.sql.frames import SQL


class Article(NamedTuple):
    """An article: its kind, its scores and the number of its related items."""

    kind: str
    heat: int | None
    quality: int | None
    related: int = 0


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        create_functions(con, read_functions(SQL))
        con.execute("create schema core")
        con.execute("create table core.articles (kind varchar, heat bigint, quality bigint, related_count bigint)")
        con.execute(f"prepare profile as {read_query(SQL, 'marts.score_profile')}")
        yield con


def profile(con: duckdb.DuckDBPyConnection, articles: Sequence[Article]) -> pl.DataFrame:
    """The rows of the mart, in the order of its key."""
    schema = {"kind": pl.String, "heat": pl.Int64, "quality": pl.Int64, "related": pl.Int64}
    con.register("given", pl.DataFrame(articles, schema=schema, orient="row"))
    con.execute("delete from core.articles")
    con.execute("insert into core.articles from given")
    return con.sql("execute profile").pl().sort("kind", "score")


def findings(con: duckdb.DuckDBPyConnection, articles: Sequence[Article]) -> list[str]:
    """The findings of heat and quality of news."""
    return profile(con, articles).filter(kind="news")["finding"].to_list()


def most_frequent(values: Iterable[int]) -> int | None:
    """The most frequent of some values, the lowest of several."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value)) if counts else None


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def ranks(values: Sequence[int]) -> list[float]:
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) + 1) / 2 for value in values]


def correlation(x: Sequence[float], y: Sequence[float]) -> float | None:
    return round(statistics.correlation(x, y), 9) if len(set(x)) > 1 and len(set(y)) > 1 else None


def step(rises: Iterable[tuple[int, int]]) -> int | None:
    """The most frequent rise for each related item, of rises and numbers of related items."""
    return most_frequent(rise // related for rise, related in rises if rise and rise % related == 0)


def expected_row(kind: str, score: str, articles: Sequence[Article]) -> dict[str, Any]:
    """A row of the mart without its finding, from the header alone."""
    own = [article for article in articles if kind in ("(all)", article.kind)]
    flipped = [Article(each.kind, each.quality, each.heat, each.related) for each in own] if score == "quality" else own
    scored = [(each.heat, each.quality, each.related) for each in flipped if each.heat is not None]
    values = [value for value, *_ in scored]
    both = [(value, other, related) for value, other, related in scored if other is not None]
    related_both = [(value - other, related) for value, other, related in both if related]
    derived = step(related_both)
    base = most_frequent(value for value, _, related in scored if not related)
    rises = [(value - base, related) for value, _, related in scored if related] if base is not None else []
    related_step = step(rises)
    common = most_frequent(values)
    related_counts = [related for *_, related in scored]
    return {
        "kind": kind,
        "score": score,
        "article_count": len(own),
        "score_article_count": len(scored),
        "score_basis": ["none", "too few", "constant", "varies"][min(len(values), 2) + (len(set(values)) > 1)],
        "distinct_count": len(set(values)),
        "most_frequent_value": common,
        "most_frequent_share": share(values.count(common), len(values)),
        "min_value": min(values, default=None),
        "median_value": statistics.median(values) if values else None,
        "max_value": max(values, default=None),
        "both_article_count": len(both),
        "equal_share": share(sum(value == other for value, other, _ in both), len(both)),
        "related_article_count": sum(related > 0 for related in related_counts),
        "derived_step": derived,
        "derived_fit_share": derived
        and share(sum(rise == derived * related for rise, related in related_both), len(related_both)),
        "related_base": base,
        "related_step": related_step,
        "related_fit_share": related_step
        and share(sum(rise == related_step * related for rise, related in rises), len(rises)),
        "related_correlation": correlation(values, related_counts),
        "related_rank_correlation": correlation(ranks(values), ranks(related_counts)),
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_cell_follows_from_the_header(con: duckdb.DuckDBPyConnection, seed: int) -> None:
    random_ = random.Random(seed)
    articles = []
    for _ in range(120):
        quality = random_.choice([None, 50, 87, random_.randrange(200)])
        related = random_.choice([0, 0, 1, 2, random_.randrange(30)])
        heat = random_.choice([None, quality, quality and quality + 20 * related, random_.randrange(300)])
        articles.append(Article(random_.choice(["news", "learning", "event"]), heat, quality, related))
    articles.append(Article("download", 5, None))
    rows = profile(con, articles)
    expected = [
        expected_row(kind, score, articles)
        for kind in ("(all)", "download", "event", "learning", "news")
        for score in ("heat", "quality")
    ]
    shown = rows.drop("finding")
    assert_frame_equal(shown, pl.DataFrame(expected, schema=shown.schema), rel_tol=1e-8)


def test_a_default_an_equality_and_a_rise_with_related_items_are_found(con: duckdb.DuckDBPyConnection) -> None:
    base = [Article("news", 87, 87)] * 30 + [Article("news", number, number) for number in range(100, 130)]
    rising = [Article("news", 60 + 20 * number, 60, number) for number in range(1, 20)]
    assert findings(con, [*base, *rising]) == [
        "the same value, 87, in 37 percent of articles; equals quality in 75 percent of articles that have both; "
        "equals quality + 20 x related items in 100 percent of articles that have related items; rises with the number "
        "of related items",
        "the same value, 87, in 37 percent of articles; equals heat in 75 percent of articles that have both; equals "
        "heat - 20 x related items in 100 percent of articles that have related items; falls with the number of "
        "related items",
    ]


def test_a_rise_is_found_without_another_score(con: duckdb.DuckDBPyConnection) -> None:
    articles = [Article("news", 50 + 5 * number, None, number) for number in range(12)]
    assert findings(con, articles) == [
        "equals 50 + 5 x related items in 100 percent of articles that have related items; rises with the number of "
        "related items",
        "no article has a quality",
    ]


def test_a_score_of_few_articles_or_of_one_value_or_that_varies(con: duckdb.DuckDBPyConnection) -> None:
    assert findings(con, [Article("news", 1, None)] * 9 + [Article("news", None, 2)]) == [
        "only 9 articles have a heat",
        "only 1 article has a quality",
    ]
    assert findings(con, [Article("news", 20, number * 7 % 11) for number in range(11)]) == [
        "always 20: tells no articles apart",
        "varies: neither a default nor derived from heat or related items",
    ]


def test_an_equality_of_all_but_one_is_not_100_percent(con: duckdb.DuckDBPyConnection) -> None:
    articles = [Article("news", number, number) for number in range(299)] + [Article("news", 1, 2)]
    assert findings(con, articles)[0] == "equals quality in 99 percent of articles that have both"


def test_without_scores_or_articles_there_are_no_rows(con: duckdb.DuckDBPyConnection) -> None:
    assert profile(con, []).height == 0
    assert profile(con, [Article("news", None, None)] * 3).height == 0
