"""Tables about coverage: topics, providers, pairs of topics, stories."""

from typing import Any

from frontmart.report.cells import (
    Cell,
    PageTable,
    change_cell,
    date_cell,
    decimal_cell,
    hours_cell,
    link_cell,
    number_cell,
    share_cell,
    text_cell,
    truncation_note,
)
from frontmart.report.labels import provider_names
from frontmart.report.queries import Tables
from frontmart.report.wording import clean


def topics(tables: Tables) -> PageTable:
    """One row per topic."""
    scope = _scope(tables)
    window = f"Last {scope['window_days']} days"
    rows = [
        [
            text_cell(row["topic"], 80),
            number_cell(row["article_count"]),
            share_cell(row["article_share"]),
            number_cell(row["story_count"]),
            number_cell(row["provider_count"]),
            number_cell(row["window_article_count"]),
            change_cell(row["window_article_count"], row["previous_window_article_count"]),
            text_cell(row["top_provider_name"], 80),
            date_cell(row["last_published_at"]),
        ]
        for row in tables["topics"].rows(named=True)
    ]
    columns = ("Topic", "Articles", "Share", "Stories", "Providers", window, "Change", "Leading provider", "Newest")
    note = truncation_note(len(rows), scope["topic_count"], "topics", "marts.coverage_by_topic")
    return PageTable("topics", "Topics by number of articles", columns, rows, note)


def providers(tables: Tables) -> PageTable:
    """One row per provider."""
    scope, names = _scope(tables), provider_names(tables["providers"])
    rows = [
        [
            Cell(name),
            number_cell(row["article_count"]),
            share_cell(row["article_share"]),
            number_cell(row["window_article_count"]),
            change_cell(row["window_article_count"], row["previous_window_article_count"]),
            number_cell(row["shared_story_count"]),
            number_cell(row["first_to_publish_count"]),
            share_cell(row["first_to_publish_share"]),
            hours_cell(row["median_lag_hours"]),
            date_cell(row["last_published_at"]),
        ]
        for name, row in zip(names, tables["providers"].rows(named=True), strict=True)
    ]
    columns = (
        "Provider",
        "Articles",
        "Share",
        f"Last {scope['window_days']} days",
        "Change",
        "Shared stories",
        "First with",
        "Share",
        "Lag",
        "Newest",
    )
    note = truncation_note(len(rows), scope["provider_count"], "providers", "marts.provider_report")
    return PageTable("providers", "Providers by number of articles", columns, rows, note)


def pairs(tables: Tables) -> PageTable:
    """One row per pair of topics."""
    rows = [
        [
            text_cell(row["topic_a"], 80),
            text_cell(row["topic_b"], 80),
            number_cell(row["article_count"]),
            number_cell(row["story_count"]),
            share_cell(row["jaccard_share"]),
            decimal_cell(row["lift"]),
        ]
        for row in tables["pairs"].rows(named=True)
    ]
    columns = ("Topic", "With", "Articles", "Stories", "Overlap", "Times chance")
    total = _scope(tables)["topic_pair_count"]
    note = f"The first {len(rows)} of {total:,} pairs, by articles beyond chance; all of them are in marts.topic_pairs."
    return PageTable("pairs", "Pairs of topics by articles beyond chance", columns, rows, note)


def stories(tables: Tables) -> PageTable:
    """One row per story."""
    rows: list[list[Cell]] = [
        [
            link_cell(clean(row["title"] or "(without a title)", 140), row["url"]),
            number_cell(row["article_count"]),
            number_cell(row["provider_count"]),
            text_cell(row["first_provider_name"], 80),
            date_cell(row["first_published_at"], with_time=True),
            hours_cell(row["span_hours"] if row["article_count"] > 1 else None),
            number_cell(row["topic_count"]),
            number_cell(row["max_heat"]),
        ]
        for row in tables["stories"].rows(named=True)
    ]
    columns = ("Story", "Articles", "Providers", "First to publish", "First article", "Span", "Topics", "Heat")
    note = truncation_note(len(rows), _scope(tables)["story_count"], "stories", "core.stories")
    return PageTable("stories", "Stories by size", columns, rows, note)


def _scope(tables: Tables) -> dict[str, Any]:
    return tables["scope"].row(0, named=True)
