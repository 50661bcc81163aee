"""Data of the page beside its articles: names, periods, events, and counts where not all articles are listed."""

import datetime as dt
from typing import Any

import polars as pl

from frontmart.catalog.features import Feature
from frontmart.report.article_data import kind_order
from frontmart.report.base import first_to_publish, kind_label, names_events
from frontmart.report.labels import author_names, provider_names, topic_names
from frontmart.report.queries import Tables, shown_features
from frontmart.report.wording import clean, period


def page_data(tables: Tables) -> dict[str, Any]:
    """The data of the page, for JSON. Dates are milliseconds since 1970 (UTC), positions are 0-based.

    A topic, provider, author, kind or event is its position in its list. Authors are there only if the page shows them,
    counts only if the page does not list all articles.
    """
    scope = tables["scope"].row(0, named=True)
    features = shown_features(tables)
    periods = tables["periods"]
    article_count = _listed_of(tables)
    return {
        "periods": {
            "label": [period(start, scope["period_grain"]) for start in periods["period_start_date"]],
            "start": [_milliseconds(start) for start in periods["period_start_date"]],
            "end": [_milliseconds(end + dt.timedelta(days=1)) for end in periods["period_end_date"]],
            "complete": periods["is_period_complete"].to_list(),
        },
        "window": {
            "days": scope["window_days"],
            "end": None if scope["window_end_date"] is None else _milliseconds(scope["window_end_date"]),
        },
        "articleCount": article_count,
        "topics": topic_names(tables["topic_list"]),
        "topicArticles": tables["topic_list"]["article_count"].to_list(),
        "omnipresent": tables["topic_list"]["is_omnipresent"].to_list().count(True),
        "providers": provider_names(tables["provider_list"]),
        "providerArticles": tables["provider_list"]["article_count"].to_list(),
        "kinds": _kinds(tables),
        "pairs": _pairs(tables),
        "events": _events(tables) if names_events(tables) else [],
        "tableEvents": _table_events(tables) if names_events(tables) else [],
        "runs": _runs(tables["runs"]),
        **(_authors(tables) if Feature.AUTHORS in features else {}),
        **({"counts": _counts(tables)} if tables["article_list"].height < article_count else {}),
    }


def _listed_of(tables: Tables) -> int:
    """The number of all articles, listed or not."""
    listed = tables["article_list"]["all_count"]
    return int(listed[0]) if listed.len() else 0


def _milliseconds(date: dt.date) -> int:
    return (date - dt.date(1970, 1, 1)).days * 86_400_000


def _authors(tables: Tables) -> dict[str, Any]:
    listed = tables["author_list"]
    return {"authors": author_names(listed), "authorArticles": listed["article_count"].to_list()}


def _kinds(tables: Tables) -> list[dict[str, Any]]:
    """The kinds of articles, the largest first, and whether the report counts them."""
    has_news = tables["scope"]["has_news"][0]
    return [
        {"name": kind, "label": kind_label(kind), "isCounted": (kind == "news") == has_news}
        for kind in kind_order(tables)
    ]


def _counts(tables: Tables) -> dict[str, dict[str, list[int]]]:
    """Counts of all articles by period, for the providers, topics and authors that have one; -1 for the others."""
    names = ["coverage", "topic_coverage"]
    if Feature.AUTHORS in shown_features(tables):
        names.append("author_coverage")
    return {name.removesuffix("_coverage"): _columns(tables[name]) for name in names}


def _columns(frame: pl.DataFrame) -> dict[str, list[int]]:
    """Columns by a short name; a rank, which begins at 1, becomes a position."""
    columns = {"period": frame["period_number"].to_list(), "articles": frame["article_count"].to_list()}
    for name in ("topic", "provider", "author"):
        if f"{name}_rank" in frame.columns:
            columns[name] = (frame[f"{name}_rank"] - 1).to_list()
    return columns


def _pairs(tables: Tables) -> list[dict[str, Any]]:
    """The pairs of topics by rank."""
    places = {id_: place for place, id_ in enumerate(tables["topic_list"]["topic_id"])}
    return [
        {
            "pair": f"{clean(row['topic_a'], 80)} + {clean(row['topic_b'], 80)}",
            "events": row["observed_count"],
            # As in the table: a number that is rounded twice may differ from one that is rounded once.
            "lift": None if row["lift"] is None else round(row["lift"], 1),
            "topics": [places[id_] for id_ in (row["topic_id_a"], row["topic_id_b"]) if id_ in places],
        }
        for row in tables["pairs"].rows(named=True)
    ]


def _events(tables: Tables) -> list[dict[str, Any]]:
    """The events of several articles; `first` and `last` are milliseconds since 1970 (UTC)."""
    return [
        {
            "id": row["event_id"],
            "title": clean(row["title"] or "(without a title)", 140),
            "articles": row["article_count"],
            "organisations": row["organisation_count"],
            "copies": row["copy_count"],
            "topics": row["topic_count"],
            "by": clean(first_to_publish(row) or "", 80),
            "first": _instant(row["first_published_at"]),
            "last": _instant(row["last_published_at"]),
        }
        for row in tables["event_list"].rows(named=True)
    ]


def _table_events(tables: Tables) -> list[int]:
    """The position of each event of the table in the list of events."""
    places = {id_: place for place, id_ in enumerate(tables["event_list"]["event_id"])}
    return [places[id_] for id_ in tables["events"]["event_id"]]


def _runs(runs: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {"run": row["run_number"], "seconds": row["total_seconds"], "outcome": row["outcome"]}
        for row in runs.rows(named=True)
    ]


def _instant(at: dt.datetime) -> int:
    return round(at.replace(tzinfo=dt.UTC).timestamp() * 1000)
