"""Tables about coverage: topics, providers, authors, pairs of topics, clusters, articles."""

from typing import Any

import polars as pl

from frontmart.report.cells import (
    Cell,
    PageTable,
    change_cell,
    date_cell,
    decimal_cell,
    hours_cell,
    link_cell,
    number_cell,
    page_table,
    share_cell,
    text_cell,
    truncation_note,
)
from frontmart.report.labels import author_names, provider_names
from frontmart.report.queries import Tables
from frontmart.report.wording import clean


def topics(tables: Tables) -> PageTable:
    """One row per topic."""
    scope, frame = _scope(tables), tables["topics"]
    return page_table(
        "topics",
        "Topics by number of articles",
        frame,
        [
            ("Topic", "topic", lambda row: text_cell(row["topic"], 80)),
            ("Articles", "article_count", lambda row: number_cell(row["article_count"])),
            ("Share", "article_share", lambda row: share_cell(row["article_share"])),
            ("Clusters", "cluster_count", lambda row: number_cell(row["cluster_count"])),
            ("Providers", "provider_count", lambda row: number_cell(row["provider_count"])),
            (_window(scope), "window_article_count", lambda row: number_cell(row["window_article_count"])),
            ("Change", "previous_window_article_count", _change),
            ("Leading provider", "top_provider_name", lambda row: text_cell(row["top_provider_name"], 80)),
            ("Newest", "last_published_at", lambda row: date_cell(row["last_published_at"])),
        ],
        truncation_note(frame.height, scope["topic_count"], "topics", "marts.coverage_by_topic"),
    )


def providers(tables: Tables) -> PageTable:
    """One row per provider."""
    scope, frame = _scope(tables), tables["providers"]
    return page_table(
        "providers",
        "Providers by number of articles",
        frame.with_columns(pl.Series("label", provider_names(frame), pl.String)),
        [
            ("Provider", "label", lambda row: Cell(row["label"])),
            ("Articles", "article_count", lambda row: number_cell(row["article_count"])),
            ("Share", "article_share", lambda row: share_cell(row["article_share"])),
            (_window(scope), "window_article_count", lambda row: number_cell(row["window_article_count"])),
            ("Change", "previous_window_article_count", _change),
            ("Shared clusters", "shared_cluster_count", lambda row: number_cell(row["shared_cluster_count"])),
            ("First with", "first_to_publish_count", lambda row: number_cell(row["first_to_publish_count"])),
            ("Share", "first_to_publish_share", lambda row: share_cell(row["first_to_publish_share"])),
            ("Lag", "median_lag_hours", lambda row: hours_cell(row["median_lag_hours"])),
            ("Newest", "last_published_at", lambda row: date_cell(row["last_published_at"])),
        ],
        truncation_note(frame.height, scope["provider_count"], "providers", "marts.provider_report"),
    )


def authors(tables: Tables) -> PageTable:
    """One row per author."""
    scope, frame = _scope(tables), tables["authors"]
    return page_table(
        "authors",
        "Authors by number of articles",
        frame.with_columns(pl.Series("label", author_names(frame), pl.String)),
        [
            ("Author", "label", lambda row: Cell(row["label"])),
            ("Articles", "article_count", lambda row: number_cell(row["article_count"])),
            ("Share", "article_share", lambda row: share_cell(row["article_share"])),
            (_window(scope), "window_article_count", lambda row: number_cell(row["window_article_count"])),
            ("Change", "previous_window_article_count", _change),
            ("Co-authors", "co_author_count", lambda row: number_cell(row["co_author_count"])),
            ("Main topic", "top_topic", lambda row: text_cell(row["top_topic"], 80)),
            ("First", "first_published_at", lambda row: date_cell(row["first_published_at"])),
            ("Newest", "last_published_at", lambda row: date_cell(row["last_published_at"])),
        ],
        truncation_note(frame.height, scope["author_count"], "authors", "marts.author_report"),
    )


def pairs(tables: Tables) -> PageTable:
    """One row per pair of topics."""
    frame, total = tables["pairs"], _scope(tables)["topic_pair_count"]
    which = f"{frame.height} of {total:,} pairs, by articles beyond chance; all of them are in marts.topic_pairs."
    return page_table(
        "pairs",
        "Pairs of topics by articles beyond chance",
        frame,
        [
            ("Topic", "topic_a", lambda row: text_cell(row["topic_a"], 80)),
            ("With", "topic_b", lambda row: text_cell(row["topic_b"], 80)),
            ("Articles", "article_count", lambda row: number_cell(row["article_count"])),
            ("Clusters", "cluster_count", lambda row: number_cell(row["cluster_count"])),
            ("Overlap", "jaccard_share", lambda row: share_cell(row["jaccard_share"])),
            ("Times chance", "lift", lambda row: decimal_cell(row["lift"])),
        ],
        f"The first {which}",
    )


def clusters(tables: Tables) -> PageTable:
    """One row per cluster."""
    frame = tables["clusters"]
    return page_table(
        "clusters",
        "Clusters by size",
        frame,
        [
            ("Cluster", "title", lambda row: link_cell(clean(row["title"] or "(without a title)", 140), row["url"])),
            ("Articles", "article_count", lambda row: number_cell(row["article_count"])),
            ("Providers", "provider_count", lambda row: number_cell(row["provider_count"])),
            ("First to publish", "first_provider_name", lambda row: text_cell(row["first_provider_name"], 80)),
            ("First article", "first_published_at", lambda row: date_cell(row["first_published_at"], with_time=True)),
            ("Span", "span_hours", lambda row: hours_cell(row["span_hours"] if row["article_count"] > 1 else None)),
            ("Topics", "topic_count", lambda row: number_cell(row["topic_count"])),
            ("Heat", "max_heat", lambda row: number_cell(row["max_heat"])),
        ],
        truncation_note(frame.height, _scope(tables)["cluster_count"], "clusters", "core.clusters"),
    )


def latest(tables: Tables) -> PageTable:
    """One row per article, the latest first."""
    frame = tables["latest_articles"]
    return page_table(
        "articles",
        "Latest articles",
        frame,
        [
            ("Article", "title", lambda row: link_cell(clean(row["title"] or row["path"], 140), row["url"])),
            ("Published", "published_at", lambda row: date_cell(row["published_at"])),
            ("Authors", "authors", lambda row: text_cell(row["authors"], 80)),
            ("Topics", "topics", lambda row: text_cell(row["topics"], 120)),
            ("Words", "body_words", lambda row: number_cell(row["body_words"])),
        ],
        truncation_note(frame.height, _scope(tables)["article_count"], "articles", "main.articles"),
    )


def _change(row: Any) -> Cell:
    return change_cell(row["window_article_count"], row["previous_window_article_count"])


def _window(scope: dict[str, Any]) -> str:
    return f"Last {scope['window_days']} days"


def _scope(tables: Tables) -> dict[str, Any]:
    return tables["scope"].row(0, named=True)
