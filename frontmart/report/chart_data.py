"""Data of the charts: counts by topic, provider and period as columns, and short lists."""

import datetime as dt
from typing import Any

import polars as pl

from frontmart.catalog.features import Feature
from frontmart.report.base import names_events
from frontmart.report.labels import CHART_COUNT, FILTER_COUNT, author_names, provider_names, topic_names
from frontmart.report.queries import Tables, shown_features
from frontmart.report.wording import clean, period


def page_data(tables: Tables) -> dict[str, Any]:
    """The data of the charts, for JSON. Dates are milliseconds since 1970 (UTC), positions are 0-based.

    Topics, providers and authors are identified by their rank, from 1; provider 0 is the sum of those that no filter
    offers. Authors are there only if the page shows them.
    """
    features = shown_features(tables)
    grain = tables["scope"]["period_grain"][0]
    periods = tables["periods"]
    return {
        "periods": {
            "label": [period(start, grain) for start in periods["period_start_date"]],
            "start": [_milliseconds(start) for start in periods["period_start_date"]],
            "end": [_milliseconds(end + dt.timedelta(days=1)) for end in periods["period_end_date"]],
            "complete": periods["is_period_complete"].to_list(),
        },
        "topics": topic_names(tables["topics"]),
        "providers": provider_names(tables["providers"].head(FILTER_COUNT)),
        "coverage": _columns(tables["coverage"]),
        "topicCoverage": _columns(tables["topic_coverage"]),
        "pairs": _pairs(tables),
        "events": _events(tables) if names_events(tables) else [],
        "runs": _runs(tables["runs"]),
        **(_authors(tables) if Feature.AUTHORS in features else {}),
    }


def _milliseconds(date: dt.date) -> int:
    return (date - dt.date(1970, 1, 1)).days * 86_400_000


def _columns(frame: pl.DataFrame) -> dict[str, list[int]]:
    short = {
        "topic_rank": "topic",
        "provider_rank": "provider",
        "author_rank": "author",
        "period_number": "period",
        "article_count": "articles",
    }
    return {short[name]: frame[name].to_list() for name in frame.columns}


def _authors(tables: Tables) -> dict[str, Any]:
    """The authors in the chart, by rank, and their articles by period."""
    coverage = _columns(tables["author_coverage"])
    return {"authors": author_names(tables["authors"].head(CHART_COUNT)), "authorCoverage": coverage}


def _pairs(tables: Tables) -> list[dict[str, Any]]:
    """The pairs of topics by rank; `topics` has the ranks of those of the two that have a chart."""
    ranks = dict(tables["topics"].select("topic_id", "topic_rank").rows())
    return [
        {
            "pair": f"{clean(row['topic_a'], 80)} + {clean(row['topic_b'], 80)}",
            "events": row["observed_count"],
            "lift": None if row["lift"] is None else round(row["lift"], 2),
            "topics": [ranks[id_] for id_ in (row["topic_id_a"], row["topic_id_b"]) if id_ in ranks],
        }
        for row in tables["pairs"].rows(named=True)
    ]


def _events(tables: Tables) -> list[dict[str, Any]]:
    """The events by rank; `first` and `last` are milliseconds since 1970 (UTC)."""
    topics, providers = (_by_event(tables[f"event_{of}s"], f"{of}_rank") for of in ("topic", "provider"))
    return [
        {
            "title": clean(row["title"] or "(without a title)", 140),
            "articles": row["article_count"],
            "organisations": row["organisation_count"],
            "first": _instant(row["first_published_at"]),
            "last": _instant(row["last_published_at"]),
            "topicRanks": topics.get(row["event_rank"], []),
            "providerRanks": providers.get(row["event_rank"], []),
        }
        for row in tables["events"].rows(named=True)
    ]


def _by_event(bridge: pl.DataFrame, column: str) -> dict[int, list[int]]:
    ranks: dict[int, list[int]] = {}
    for event, rank in bridge.select("event_rank", column).rows():
        ranks.setdefault(event, []).append(rank)
    return ranks


def _runs(runs: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {"run": row["run_number"], "seconds": row["total_seconds"], "outcome": row["outcome"]}
        for row in runs.rows(named=True)
    ]


def _instant(at: dt.datetime) -> int:
    return round(at.replace(tzinfo=dt.UTC).timestamp() * 1000)
