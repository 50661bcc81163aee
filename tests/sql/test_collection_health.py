"""marts.collection_health: recomputed in plain Python, gaps, and the months that are a break or are none."""

import datetime as dt
import math
import random
import statistics
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.models import read_functions, read_query
from frontmart.warehouse.macros import create_functions
from tests.sql.frames import SQL


class Article(NamedTuple):
    """An article, and whether it is one of core.tagged_articles."""

    day: dt.date | None
    is_news: bool = True
    provider: str | None = "p"
    has_image: bool = True
    event: str | None = None
    is_tagged: bool = False


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        create_functions(con, read_functions(SQL))
        con.execute("create schema core")
        con.execute(
            "create table core.articles (document_id varchar, calendar_date date, is_news boolean, "
            "provider_id varchar, has_image boolean, event_id varchar)"
        )
        con.execute("create table core.tagged_articles (document_id varchar)")
        con.execute(
            "create view core.dim_providers as select distinct provider_id, upper(provider_id) as provider_name "
            "from core.articles where provider_id is not null"
        )
        con.execute(
            "create view core.corpus_dates as select min(calendar_date) as first_article_date, "
            "max(calendar_date) as last_article_date from core.articles where is_news"
        )
        con.execute(f"prepare health as {read_query(SQL, 'marts.collection_health')}")
        yield con


def health(con: duckdb.DuckDBPyConnection, articles: Sequence[Article]) -> pl.DataFrame:
    """The rows of the mart, in the order of its key."""
    rows = [(f"d{place}", *article[:-1]) for place, article in enumerate(articles)]
    tagged = [[f"d{place}"] for place, article in enumerate(articles) if article.is_tagged and article.is_news]
    schema = {"id": pl.String, "day": pl.Date, "news": pl.Boolean, "p": pl.String, "image": pl.Boolean, "e": pl.String}
    con.register("given", pl.DataFrame(rows, schema=schema, orient="row"))
    con.register("tagged", pl.DataFrame(tagged, schema={"id": pl.String}, orient="row"))
    for table, source in (("articles", "given"), ("tagged_articles", "tagged")):
        con.execute(f"delete from core.{table}")
        con.execute(f"insert into core.{table} from {source}")
    return con.sql("execute health").pl().sort("period_start_date")


def expected_frame(articles: Sequence[Article], schema: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame(
        [[row[name] for name in schema] for row in expected_rows(articles)], schema=schema, orient="row"
    )


def month_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def expected_rows(articles: Sequence[Article]) -> list[dict[str, Any]]:
    """The mart, from its header alone."""
    news = [article for article in articles if article.is_news and article.day]
    days = [article.day for article in news]
    undated = sum(article.day is None for article in articles)
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    start = month_of(min(days))
    while start <= max(days):
        end = start.replace(day=monthrange(start.year, start.month)[1])
        own = [article for article in news if month_of(article.day) == start]
        by_provider = Counter(article.provider for article in own if article.provider)
        top = min(by_provider, key=lambda provider: (-by_provider[provider], provider), default=None)
        tagged = sum(article.is_tagged for article in own)
        pictured = sum(article.has_image for article in own)
        provided = by_provider.total()
        rows.append(
            {
                "period_start_date": start,
                "period_end_date": end,
                "is_period_complete": start >= min(days) and end <= max(days),
                "article_count": sum(
                    article.day is not None and month_of(article.day) == start for article in articles
                ),
                "news_article_count": len(own),
                "event_count": len({article.event for article in own} - {None}),
                "provider_count": len(by_provider),
                "new_provider_count": len(by_provider.keys() - seen),
                "tagged_article_count": tagged,
                "tagged_share": tagged / len(own) if own else None,
                "article_with_image_count": pictured,
                "image_coverage_share": pictured / len(own) if own else None,
                "provided_article_count": provided,
                "top_provider_id": top,
                "top_provider_name": top and top.upper(),
                "top_provider_share": by_provider[top] / provided if top else None,
                "undated_article_count": undated,
                "undated_article_share": undated / len(articles),
                "measures": [
                    ("news articles", len(own), None),
                    ("providers", len(by_provider), None),
                    ("tagged", tagged, len(own)),
                    ("with image", pictured, len(own)),
                    ("top provider", by_provider[top] if top else 0, provided),
                ],
            }
        )
        seen |= by_provider.keys()
        start = end + dt.timedelta(days=1)
    for place, row in enumerate(rows):
        reasons = [reason_of(row, [*rows[max(place - 6, 0) : place]], number) for number in range(5)]
        row["is_break"] = any(reasons)
        row["break_reason"] = "; ".join(filter(None, reasons)) or None
    return rows


def reason_of(row: dict[str, Any], before: list[dict[str, Any]], number: int) -> str | None:
    name, part, whole = row["measures"][number]
    base = [each["measures"][number] for each in before if each["is_period_complete"]]
    if whole is None:
        values = [value for _, value, _ in base]
        if len(values) < 3 or min(values) <= part <= max(values) or not row["is_period_complete"]:
            return None
        middle = statistics.median(values)
        is_break = not middle / 2 < part < 2 * middle and abs(part - middle) >= 4 * math.sqrt(part + middle)
        return f"{name} from {middle:g} to {part}" if is_break else None
    shares = [value / total for _, value, total in base if total]
    if len(shares) < 3 or whole < 10 or min(shares) <= part / whole <= max(shares):
        return None
    parts, wholes = sum(value for _, value, _ in base), sum(total for *_, total in base)
    if wholes < 10:
        return None
    middle, together = statistics.median(shares), (part + parts) / (whole + wholes)
    error = math.sqrt(together * (1 - together) * (1 / whole + 1 / wholes))
    is_break = abs(part / whole - middle) >= 0.2 and abs(part / whole - parts / wholes) >= 4 * error
    return f"{name} from {rounded(middle)} to {rounded(part / whole)} percent" if is_break else None


def rounded(share: float) -> int:
    return math.floor(100 * share + 0.5)


def month(number: int, count: int, **columns: Any) -> list[Article]:
    """News of the month with this number from January 2024, from its first to its last day."""
    first = dt.date(2024 + number // 12, number % 12 + 1, 1)
    length = monthrange(first.year, first.month)[1]
    days = [first + dt.timedelta(days=place * (length - 1) // max(count - 1, 1)) for place in range(count)]
    return [Article(day, **columns) for day in days]


def breaks(con: duckdb.DuckDBPyConnection, articles: Sequence[Article]) -> dict[dt.date, str]:
    return dict(health(con, articles).filter(is_break=True).select("period_start_date", "break_reason").iter_rows())


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_every_cell_follows_from_the_header(con: duckdb.DuckDBPyConnection, seed: int) -> None:
    random_ = random.Random(seed)
    articles = [Article(None), Article(None, is_news=False), Article(dt.date(2030, 1, 1), is_news=False)]
    for number in range(20):
        count = random_.choice([0, 3, 12, 40, 120])
        shares = [random_.choice([0.05, 0.5, 0.95]) for _ in range(3)]
        for day in [article.day for article in month(number, count)]:
            tagged, pictured, led = (random_.random() < share for share in shares)
            articles.append(
                Article(
                    day,
                    is_news=random_.random() < 0.9,
                    provider="a" if led else random_.choice([None, *"bcdefghij"]),
                    has_image=pictured,
                    event=random_.choice([None, f"e{day}", f"f{day.month}"]),
                    is_tagged=tagged,
                )
            )
    rows = health(con, articles)
    assert rows["is_break"].any()
    assert_frame_equal(rows, expected_frame(articles, rows.schema))


def test_a_month_without_articles_is_a_row_of_zeros(con: duckdb.DuckDBPyConnection) -> None:
    rows = health(con, [*month(0, 2), *month(2, 1)])
    counts = rows.select("period_start_date", "news_article_count", "tagged_share", "top_provider_id").rows()
    assert counts == [
        (dt.date(2024, 1, 1), 2, 0.0, "p"),
        (dt.date(2024, 2, 1), 0, None, None),
        (dt.date(2024, 3, 1), 1, 0.0, "p"),
    ]


def test_a_source_that_starts_to_tag_is_one_break(con: duckdb.DuckDBPyConnection) -> None:
    tagged = [each for number in range(8, 14) for each in month(number, 40, is_tagged=True)]
    untagged = [each for number in range(8) for each in month(number, 40)]
    assert breaks(con, [*untagged, *tagged]) == {dt.date(2024, 9, 1): "tagged from 0 to 100 percent"}


def test_three_times_the_news_is_a_break_and_small_months_are_noise(con: duckdb.DuckDBPyConnection) -> None:
    steady = [each for number in range(6) for each in month(number, 40 + number)]
    assert breaks(con, [*steady, *month(6, 130), *month(7, 45)]) == {
        dt.date(2024, 7, 1): "news articles from 42.5 to 130"
    }
    small = [each for number in range(6) for each in month(number, 2 + number % 2)]
    assert breaks(con, [*small, *month(6, 9, has_image=False), *month(7, 1)]) == {}


def test_noise_around_a_level_is_rarely_a_break(con: duckdb.DuckDBPyConnection) -> None:
    random_ = random.Random(9)
    articles = []
    for number in range(120):
        for article in month(number, round(random_.gauss(60, 8))):
            is_tagged = random_.random() < 0.4
            provider = random_.choice("abcdefgh")
            articles.append(article._replace(provider=provider, has_image=random_.random() < 0.7, is_tagged=is_tagged))
    assert len(breaks(con, articles)) == 0


@pytest.mark.parametrize("articles", [[], [Article(None)]], ids=["none", "undated"])
def test_without_dated_news_there_are_no_rows(con: duckdb.DuckDBPyConnection, articles: list[Article]) -> None:
    assert health(con, articles).height == 0


def test_one_article_is_one_row(con: duckdb.DuckDBPyConnection) -> None:
    articles = [Article(dt.date(2024, 5, 17), event="e"), Article(None)]
    rows = health(con, articles)
    assert_frame_equal(rows, expected_frame(articles, rows.schema))
    assert rows["undated_article_share"].to_list() == [0.5]
