"""Momentum, pairs, blindspots and bursts: whole frames against plain Python, shuffled corpora and planted effects."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.sql import definitions
from tests.sql.shuffled import (
    FLAGGED,
    LAST_DAY,
    Article,
    Corpus,
    Runs,
    flagged_runs,
    runs_of,
    shuffled,
)

SHUFFLES = 200
PLANTED = 10
BURST_WEEK = LAST_DAY - dt.timedelta(days=12 * 7 + 6)


def plant_pair(articles: Sequence[Article], random: Random) -> list[Article]:
    """Two rare topics on 30 articles together."""
    chosen = set(random.sample(range(len(articles)), 30))
    return [_with(article, "t12", "t14") if place in chosen else article for place, article in enumerate(articles)]


def plant_rise(articles: Sequence[Article], random: Random) -> list[Article]:
    """A rare topic on half of the articles of the last 28 days."""
    return [_with(article, "t13") if article.age < 28 and random.random() < 0.5 else article for article in articles]


def plant_avoidance(articles: Sequence[Article], random: Random) -> list[Article]:
    """The largest provider never has the most frequent topic."""
    return [
        replace(article, topics=tuple(topic for topic in article.topics if topic != "t00") or ("t05",))
        if article.provider == "p00"
        else article
        for article in articles
    ]


def plant_preference(articles: Sequence[Article], random: Random) -> list[Article]:
    """A provider has a topic in half of its articles."""
    return [_with(article, "t11") if article.provider == "p04" and random.random() < 0.5 else article
            for article in articles]  # fmt: skip


def plant_burst(articles: Sequence[Article], random: Random) -> list[Article]:
    """Two weeks in which four of five articles have a rare topic."""
    return [
        _with(article, "t10") if 13 * 7 > article.age >= 11 * 7 and random.random() < 0.8 else article
        for article in articles
    ]


def plant_provider_burst(articles: Sequence[Article], random: Random) -> list[Article]:
    """A week in which two thirds of the articles are of a small provider."""
    return [
        replace(article, provider="p11") if 13 * 7 > article.age >= 12 * 7 and random.random() < 0.67 else article
        for article in articles
    ]


# What is planted, the mart that must find it, and how its row is recognised.
EFFECTS: dict[str, tuple[Callable[[Sequence[Article], Random], list[Article]], str, dict[str, Any]]] = {
    "pair": (plant_pair, "topic_pairs", {"topic_id_a": "t12", "topic_id_b": "t14", "is_more_than_chance": True}),
    "rise": (plant_rise, "topic_momentum", {"topic_id": "t13", "window_days": 28, "is_emerging": True}),
    "avoidance": (plant_avoidance, "blindspots", {"provider_id": "p00", "topic_id": "t00", "is_blindspot": True}),
    "preference": (plant_preference, "blindspots", {"provider_id": "p04", "topic_id": "t11", "is_focus": True}),
    "burst": (plant_burst, "topic_bursts", {"topic_id": "t10", "first_week_start_date": BURST_WEEK}),
    "provider burst": (plant_provider_burst, "provider_bursts", {"provider_id": "p11",
                                                                 "first_week_start_date": BURST_WEEK}),
}  # fmt: skip


def _with(article: Article, *topics: str) -> Article:
    return replace(article, topics=tuple(dict.fromkeys([*article.topics, *topics])))


def planted() -> list[list[Article]]:
    """Corpora with one effect each: PLANTED of each of EFFECTS."""
    return [
        plant(Corpus(seed * 31 + 5).articles(), Random(seed))
        for plant, *_ in EFFECTS.values()
        for seed in range(PLANTED)
    ]


@pytest.fixture(scope="module")
def effects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    with runs_of(tmp_path_factory.mktemp("planted"), planted()) as runs:
        yield runs


@pytest.mark.slow
def test_shuffled_topics_are_flagged_in_at_most_one_run_of_twenty(tmp_path_factory: pytest.TempPathFactory) -> None:
    random = Random(2026)
    articles = Corpus(14).articles()
    hits = flagged_runs(tmp_path_factory.mktemp("shuffled"), shuffled(articles, SHUFFLES, random), SHUFFLES)
    limits = {mart: SHUFFLES // (40 if mart == "topic_pairs" else 20) for mart in FLAGGED}
    assert {mart: hits[mart] for mart in FLAGGED if hits[mart] > limits[mart]} == {}


@pytest.mark.slow
@pytest.mark.parametrize("effect", EFFECTS)
def test_planted_effects_are_found_in_nine_runs_of_ten(effect: str, effects: Runs) -> None:
    _, mart, row = EFFECTS[effect]
    first = list(EFFECTS).index(effect) * PLANTED
    found = 0
    for run in range(first, first + PLANTED):
        effects.load(run)
        found += any(row.items() <= each.items() for each in effects.flagged(mart))
    assert found >= 0.9 * PLANTED


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Runs, list[Article]]]:
    """One small corpus with a pair, a rise, a preference and a burst."""
    articles = Corpus(3, events=260, topics=15, providers=6).articles()
    for plant in (plant_pair, plant_rise, plant_preference, plant_burst, plant_provider_burst):
        articles = plant(articles, Random(1))
    with runs_of(tmp_path_factory.mktemp("small"), [articles]) as runs:
        runs.load(0)
        yield runs, articles


def assert_rows(found: pl.DataFrame, expected: list[dict[str, Any]]) -> None:
    assert len(expected) > 5
    assert_frame_equal(found, pl.DataFrame(expected, schema=found.schema), rel_tol=1e-8)


def test_momentum_is_what_its_header_says(small: tuple[Runs, list[Article]]) -> None:
    runs, articles = small
    found = runs.frame("topic_momentum")
    assert found["is_emerging"].any()
    assert_rows(found.drop("is_comparable", "break_reason"), definitions.momentum(articles))


def test_pairs_are_what_their_header_says(small: tuple[Runs, list[Article]]) -> None:
    runs, articles = small
    found = runs.frame("topic_pairs")
    assert found["is_more_than_chance"].any()
    assert_rows(found.drop("topic_a", "topic_b"), definitions.pairs(articles))


def test_blindspots_are_what_their_header_says(small: tuple[Runs, list[Article]]) -> None:
    runs, articles = small
    found = runs.frame("blindspots")
    assert found["is_focus"].any()
    assert_rows(found.drop("topic", "provider_name"), definitions.blindspots(articles))


@pytest.mark.parametrize("kind", ["topic", "provider"])
def test_bursts_are_what_their_header_says(kind: str, small: tuple[Runs, list[Article]]) -> None:
    runs, articles = small
    if kind == "topic":
        units = [(each.age, len(each.topics), each.topics)
                 for each in definitions.leads(articles, lambda article: article.event)]  # fmt: skip
    else:
        firsts = definitions.leads(articles, lambda article: (article.event, article.provider))
        units = [(each.age, 1, (each.provider,)) for each in firsts]
    weeks = definitions.burst_weeks(units)
    bursts: list[list[tuple[str, dt.date]]] = []
    for name, week in sorted(weeks):
        if bursts and bursts[-1][-1] == (name, week - dt.timedelta(days=7)):
            bursts[-1].append((name, week))
        else:
            bursts.append([(name, week)])
    expected = []
    for burst in bursts:
        rows, (name, first), (_, last) = [weeks[key] for key in burst], burst[0], burst[-1]
        ages = range((LAST_DAY - last).days - 6, (LAST_DAY - first).days + 1)
        observed, predicted = sum(row["observed"] for row in rows), sum(row["expected"] for row in rows)
        expected.append(
            {
                f"{kind}_id": name,
                "first_week_start_date": first,
                "last_week_start_date": last,
                "week_count": len(burst),
                "news_article_count": sum(
                    each.age in ages and name in (each.topics if kind == "topic" else [each.provider])
                    for each in articles
                ),
                "observed_count": observed,
                "base_count": sum(row["base"] for row in rows),
                "expected_count": predicted,
                "lift": observed / predicted if predicted else None,
                "peak_week_start_date": min(burst, key=lambda key: weeks[key]["p"])[1],
                "p_value": min(row["p"] for row in rows),
                "q_value": min(row["q"] for row in rows),
            }
        )
    found = runs.frame(f"{kind}_bursts")
    assert expected
    assert_frame_equal(
        found.drop("topic" if kind == "topic" else "provider_name"),
        pl.DataFrame(expected, schema_overrides=dict(found.schema), strict=False).select(
            column for column in found.columns if column not in ("topic", "provider_name")
        ),
        rel_tol=1e-8,
    )
