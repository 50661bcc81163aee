"""Many corpora in one warehouse: the tables of core are written directly, and the marts of topics run on each.

A mart runs as a prepared statement, which DuckDB plans once: 200 corpora of 500 articles take seconds.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import polars as pl

from tests.sql.frames import needed, warehouse_of

LAST_DAY = dt.date(2026, 1, 25)  # a Sunday, so that weeks are whole
STEPS = ("core.tagged_articles", "core.burst_weeks", "core.bursts")
# What each mart flags: rows that a reader takes for an effect.
FLAGGED = {
    "topic_pairs": "q_value <= 0.05",
    "topic_momentum": "q_value <= 0.05",
    "blindspots": "q_value <= 0.05",
    "topic_bursts": "true",
    "provider_bursts": "true",
}


@dataclass(frozen=True, slots=True)
class Article:
    """A news article: the number of its event, its age in days on LAST_DAY, its provider and topics."""

    event: int
    age: int
    provider: str
    topics: tuple[str, ...]


@dataclass(slots=True)
class Corpus:
    """Articles without any effect: topics, providers and days are drawn independently of each other.

    A topic is drawn by its rank (Zipf), an article has 1 to `deepest` topics, most have few; every fifth event has
    two to four articles, at most three days apart.
    """

    seed: int
    events: int = 400
    topics: int = 15
    providers: int = 12
    days: int = 182
    deepest: int = 6
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def articles(self) -> list[Article]:
        """The articles of all events."""
        found = []
        for event in range(self.events):
            age = self.random.randrange(3, self.days)
            for _ in range(self.random.choice([1] * 8 + [2, 4])):
                later = self.random.randrange(3)
                found.append(Article(event, age - later, self.provider(), self.topic_set()))
        return found

    def provider(self) -> str:
        """A provider, the first ones more often."""
        return f"p{self._ranked(self.providers):02}"

    def topic_set(self) -> tuple[str, ...]:
        """Topics of one article."""
        count = min(self.random.randint(1, self.deepest) for _ in range(2))
        return tuple(dict.fromkeys(f"t{self._ranked(self.topics):02}" for _ in range(count)))

    def _ranked(self, count: int) -> int:
        return self.random.choices(range(count), [1 / (rank + 3) for rank in range(count)])[0]


def shuffle_sets(articles: Sequence[Article], random: Random) -> list[Article]:
    """The articles, in which each has the topics of another."""
    sets = [article.topics for article in articles]
    random.shuffle(sets)
    return [replace(article, topics=topics) for article, topics in zip(articles, sets, strict=True)]


def shuffle_tags(articles: Sequence[Article], random: Random) -> list[Article]:
    """The articles, in which each has as many tags as before, drawn from the tags of all; a repeated one is dropped."""
    tags = [topic for article in articles for topic in article.topics]
    random.shuffle(tags)
    rest = iter(tags)
    return [replace(article, topics=tuple(dict.fromkeys(next(rest) for _ in article.topics))) for article in articles]


def shuffle_providers(articles: Sequence[Article], random: Random) -> list[Article]:
    """The articles, in which each has the provider of another."""
    providers = [article.provider for article in articles]
    random.shuffle(providers)
    return [replace(article, provider=provider) for article, provider in zip(articles, providers, strict=True)]


def shuffled(articles: Sequence[Article], runs: int, random: Random) -> Iterator[list[Article]]:
    """The corpus shuffled many times: in turn tags one by one, and the whole sets of articles; and its providers."""
    for run in range(runs):
        yield shuffle_providers((shuffle_tags, shuffle_sets)[run % 2](articles, random), random)


class Runs:
    """Corpora, numbered from 0, on each of which marts run."""

    def __init__(self, con: duckdb.DuckDBPyConnection, corpora: Iterable[Sequence[Article]]) -> None:
        """Load the corpora; the models of STEPS and FLAGGED must exist, and the tables that they read be empty."""
        self._con = con
        self._is_loaded = False
        for table, rows in zip(("run_articles", "run_topics"), _rows(corpora), strict=True):
            con.register("rows", rows)
            con.execute(f"create table main.{table} as from rows")
            con.unregister("rows")
        self._models = models = {
            model.full_name: model for model in needed([*STEPS, *(f"marts.{mart}" for mart in FLAGGED)])
        }
        for step in STEPS:
            con.execute(f"prepare {step.replace('.', '_')} as insert into {step} {models[step].sql}")
        for mart, condition in FLAGGED.items():
            con.execute(f"prepare {mart} as select * from ({models[f'marts.{mart}'].sql}) where {condition}")

    def load(self, run: int) -> None:
        """Make a corpus the one that `flagged` reads."""
        self.close()
        self._con.begin()
        self._is_loaded = True
        self._con.execute(
            "insert into core.articles by name select * exclude (run), true as is_news, 'c' as cluster_id "
            "from main.run_articles where run = $1", [run]
        )  # fmt: skip
        self._con.execute(
            "insert into core.article_topics by name select * exclude (run), 0 as position "
            "from main.run_topics where run = $1", [run]
        )  # fmt: skip
        self._con.execute(
            "insert into core.dim_topics by name select topic_id, topic_id as topic, count(*) as article_count, "
            "false as is_omnipresent from core.article_topics group by topic_id"
        )
        self._con.execute(
            "insert into core.dim_providers by name select distinct provider_id, provider_id as provider_name "
            "from core.articles"
        )
        for step in STEPS:
            self._con.execute(f"execute {step.replace('.', '_')}")

    def close(self) -> None:
        """Leave the tables as they were before `load`."""
        if self._is_loaded:
            self._con.rollback()
        self._is_loaded = False

    def frame(self, mart: str) -> pl.DataFrame:
        """All rows of a mart, by its key."""
        model = self._models[f"marts.{mart}"]
        return self._con.sql(f"from ({model.sql}) order by {', '.join(model.key)}").pl()

    def flagged(self, mart: str) -> list[dict[str, Any]]:
        """The rows of a mart that a reader takes for an effect."""
        rows = self._con.execute(f"execute {mart}").fetchall()
        names = [column for column, *_ in self._con.description or ()] if rows else []
        return [dict(zip(names, row, strict=True)) for row in rows]


@contextmanager
def runs_of(folder: Path, corpora: Iterable[Sequence[Article]]) -> Iterator[Runs]:
    """A warehouse with the models of topics, in which the marts run on one corpus after the other."""
    marts = [f"marts.{mart}" for mart in FLAGGED]
    with warehouse_of(folder, [], *marts) as con:
        con.execute("set threads = 1")
        con.execute(
            "update core.corpus_dates set window_end_date = $1, last_article_date = $1, first_article_date = $2",
            [LAST_DAY, LAST_DAY - dt.timedelta(days=400)],
        )
        runs = Runs(con, corpora)
        yield runs
        runs.close()


def marts_of(run: int) -> list[str]:
    """The marts that a run of `shuffled` says something about: whole sets of topics keep their pairs."""
    return [mart for mart in FLAGGED if mart != "topic_pairs" or run % 2 == 0]


def flagged_runs(folder: Path, corpora: Iterable[Sequence[Article]], count: int) -> Counter[str]:
    """In how many of the corpora of `shuffled` each mart flags something."""
    with runs_of(folder, corpora) as runs:
        hits: Counter[str] = Counter()
        for run in range(count):
            runs.load(run)
            hits.update(mart for mart in marts_of(run) if runs.flagged(mart))
    return hits


def _rows(corpora: Iterable[Sequence[Article]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    articles, topics = [], []
    for run, corpus in enumerate(corpora):
        for number, article in enumerate(corpus):
            name, day = f"{number:05}", LAST_DAY - dt.timedelta(days=article.age)
            articles.append((run, name, name, f"e{article.event}", article.provider, day, day, article.age))
            topics.extend((run, name, topic) for topic in article.topics)
    columns = ["run", "document_id", "path", "event_id", "provider_id", "calendar_date", "published_at"]
    return (
        pl.DataFrame(articles, schema=[*columns, "days_before_window_end"], orient="row"),
        pl.DataFrame(topics, schema=["run", "document_id", "topic_id"], orient="row"),
    )
