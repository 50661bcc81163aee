"""News, events and windows in the marts of authors, images, related items, languages and kinds: a recount in Python."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb
import polars as pl
import pytest

from tests.sql.frames import Rows, document, link, warehouse_of

AS_OF = dt.date(2026, 1, 31)
MARTS = (
    "marts.author_report", "marts.author_over_time", "marts.image_coverage", "marts.related_coverage",
    "marts.coverage_by_kind",
)  # fmt: skip


@dataclass(frozen=True)
class Article:
    """An article as the recount sees it."""

    name: str
    type: str
    day: dt.date | None
    event: int
    authors: frozenset[str]
    provider: str | None
    related: tuple[str, ...]

    @property
    def is_news(self) -> bool:
        return self.type == "article" and self.day is not None


def articles() -> list[Article]:
    """200 articles: some undated, some dated 1970, 2099 or tomorrow, of three kinds."""
    random_ = random.Random(3)
    made = []
    for number in range(200):
        odd = [None, dt.date(1970, 1, 1), dt.date(2099, 1, 1), AS_OF + dt.timedelta(days=1)]
        day = dt.date(2021, 1, 1) + dt.timedelta(days=random_.randrange(200))
        made.append(
            Article(
                name=f"d{number:03}",
                type=random_.choice(["article"] * 4 + ["course", "webinar"]),
                day=random_.choice(odd) if random_.random() < 0.1 else day,
                event=random_.randrange(40),
                authors=frozenset(random_.sample("abcde", random_.randrange(3))),
                provider=random_.choice([None, "x.com/x", "y.com/y"]),
                related=tuple(random_.sample(("r.com/r", "s.com/s"), random_.randrange(3))),
            )
        )
    return made


ARTICLES = articles()
CALENDAR = [each for each in ARTICLES if each.day and dt.date(1990, 1, 1) <= each.day <= AS_OF + dt.timedelta(days=1)]
LAST = max(each.day for each in CALENDAR if each.is_news and each.day and each.day <= AS_OF)


def rows_of(article: Article) -> Rows:
    return document(
        article.name,
        title=f"{article.event} of the events",
        type=article.type,
        published=article.day and str(article.day),
        authors=sorted(article.authors),
        provider=article.provider,
        related=[link(f"https://{provider}/{article.name}", provider=provider) for provider in article.related],
    )


def by_title(found: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Articles of one title are one event."""
    return found.select("document_id", event_id=pl.col("document_id").min().over("title"))


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("recount")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("transforms.events.group.group_events", by_title)
        documents = [rows_of(each) for each in ARTICLES]
        with warehouse_of(folder, documents, *MARTS, as_of=AS_OF, is_as_of_given=False) as con:
            yield con


def news_and_events(found: list[Article]) -> tuple[int, int, int]:
    """Articles, of these news, and their events. An article whose date is an error is news, but of no event."""
    news = [each for each in found if each.is_news]
    return len(found), len(news), len({each.event for each in news if each in CALENDAR})


def recount(belongs: Callable[[Article, str], bool], groups: list[str]) -> dict[str, tuple[int, int, int]]:
    return {group: news_and_events([each for each in ARTICLES if belongs(each, group)]) for group in groups}


COUNTS = "article_count, news_article_count, event_count"


def test_authors_have_the_news_and_events_of_a_recount(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(f"select author_id, {COUNTS} from marts.author_report").fetchall()
    expected = recount(lambda each, author: author in each.authors, list("abcde"))
    assert {author: tuple(counts) for author, *counts in found} == expected


@pytest.mark.parametrize("days", [7, 28, 90])
def test_windows_of_authors_have_the_news_of_the_last_days_of_the_corpus(
    con: duckdb.DuckDBPyConnection, days: int
) -> None:
    names = f"last_{days}_days_article_count, previous_{days}_days_article_count"
    found = con.execute(f"select author_id, {names} from marts.author_report order by 1").fetchall()
    expected = []
    for author in "abcde":
        ages = [(LAST - each.day).days for each in CALENDAR if each.is_news and each.day and author in each.authors]
        expected.append((author, sum(0 <= age < days for age in ages), sum(days <= age < 2 * days for age in ages)))
    assert found == expected
    assert any(recent for _, recent, _ in found)


def test_months_of_authors_have_the_news_and_events_of_a_recount(con: duckdb.DuckDBPyConnection) -> None:
    query = f"select author_id, period_start_date, {COUNTS} from marts.author_over_time where period_grain = 'month'"
    found = {(author, start): tuple(counts) for author, start, *counts in con.execute(query).fetchall()}
    months: dict[tuple[str, dt.date], list[Article]] = {}
    for each in CALENDAR:
        for author in each.authors:
            months.setdefault((author, each.day.replace(day=1)), []).append(each)  # type: ignore[union-attr]
    assert found == {key: news_and_events(members) for key, members in months.items()}


def test_a_month_is_complete_if_news_reaches_from_its_first_day_to_its_last(con: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select distinct period_start_date, period_end_date, is_period_complete from marts.author_over_time "
        "where period_grain = 'month' order by 1"
    )
    first = min(each.day for each in CALENDAR if each.is_news and each.day)
    rows = con.execute(query).fetchall()
    assert [is_complete for _, _, is_complete in rows] == [first <= start and end <= LAST for start, end, _ in rows]
    assert {is_complete for _, _, is_complete in rows} == {True, False}


def test_images_by_provider_and_type_have_the_news_and_events_of_a_recount(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(f"select provider_id || ' ' || type, {COUNTS} from marts.image_coverage").fetchall()
    groups = sorted({f"{each.provider or '(none)'} {each.type}" for each in ARTICLES})
    expected = recount(lambda each, group: f"{each.provider or '(none)'} {each.type}" == group, groups)
    assert {group: tuple(counts) for group, *counts in found} == expected


def test_related_providers_have_the_news_and_events_of_a_recount(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(f"select provider_id, {COUNTS} from marts.related_coverage").fetchall()
    expected = recount(lambda each, provider: provider in each.related, ["r.com/r", "s.com/s"])
    assert {provider: tuple(counts) for provider, *counts in found} == expected


def test_kinds_have_the_articles_dates_and_events_of_a_recount(con: duckdb.DuckDBPyConnection) -> None:
    query = "select kind, article_count, dated_article_count, event_count from marts.coverage_by_kind order by kind"
    kinds = {"event": "webinar", "learning": "course", "news": "article"}
    expected = []
    for kind, type_ in kinds.items():
        members = [each for each in ARTICLES if each.type == type_]
        dated = [each for each in members if each in CALENDAR]
        expected.append((kind, len(members), len(dated), len({each.event for each in dated}) if kind == "news" else 0))
    undated = [each for each in ARTICLES if each.type == "article" and each.day is None]
    found = con.execute(query).fetchall()
    others = [row for row in found if row[0] == "other"]
    assert others == [("other", len(undated), 0, 0)]
    news = expected.pop()
    assert [row for row in found if row[0] != "other"] == [*expected, (news[0], news[1] - len(undated), *news[2:])]
