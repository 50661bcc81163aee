"""Tables about coverage: topics, providers, authors, pairs of topics, events."""

from collections.abc import Callable, Iterable, Sequence

import polars as pl

from frontmart.report.base import (
    SIGNIFICANT,
    Row,
    break_reason,
    counted,
    first_to_publish,
    names_events,
    noun,
    title_noun,
    unit,
    window,
)
from frontmart.report.cells import (
    Cell,
    PageTable,
    date_cell,
    decimal_cell,
    hours_cell,
    link_cell,
    number_cell,
    page_table,
    rate_cell,
    share_cell,
    text_cell,
    truncation_note,
)
from frontmart.report.labels import author_names, provider_names
from frontmart.report.queries import Tables
from frontmart.report.wording import clean, points

Column = tuple[str, str, Callable[[Row], Cell]]


def topics(tables: Tables) -> PageTable:
    """One row per topic; shares of two windows only if they can be compared."""
    scope, frame = _scope(tables), tables["topics"]
    total = frame["topic_count"][0] if frame.height else 0
    reason = break_reason(tables)
    shares = [] if reason or not frame["topic_share"].count() else _momentum_columns(scope)
    notes = [
        _base_note(scope),
        _momentum_note(scope, reason) if frame.height else "",
    ]
    return page_table(
        "topics",
        f"Topics by number of {noun(scope)}s",
        frame,
        [
            ("Topic", "topic", lambda row: text_cell(row["topic"], 80)),
            (title_noun(scope), "article_count", lambda row: number_cell(row["article_count"])),
            ("Share", "article_share", lambda row: share_cell(row["article_share"])),
            *_events_column(tables),
            ("Providers", "provider_count", lambda row: number_cell(row["provider_count"])),
            *_window_columns(scope),
            *shares,
            ("Leading provider", "top_provider_name", lambda row: text_cell(row["top_provider_name"], 80)),
            ("Newest", "last_published_at", lambda row: date_cell(row["last_published_at"])),
        ],
        _join_notes(notes),
        "marts.coverage_by_topic",
        truncation_note(frame.height, total, "topics"),
    )


def providers(tables: Tables) -> PageTable:
    """One row per provider."""
    scope, frame = _scope(tables), tables["providers"]
    notes = [
        _base_note(scope),
        _speed_note() if names_events(tables) else "",
    ]
    return page_table(
        "providers",
        f"Providers by number of {noun(scope)}s",
        frame.with_columns(_labels(provider_names(tables["provider_list"]), frame)),
        [
            ("Provider", "label", lambda row: Cell(row["label"])),
            (title_noun(scope), "article_count", lambda row: number_cell(row["article_count"])),
            ("Share", "article_share", lambda row: share_cell(row["article_share"])),
            *_window_columns(scope),
            *_events_column(tables),
            *(_speed_columns() if names_events(tables) else []),
            ("Newest", "last_published_at", lambda row: date_cell(row["last_published_at"])),
        ],
        _join_notes(notes),
        "marts.provider_report",
        truncation_note(frame.height, scope["provider_count"], "providers"),
    )


def authors(tables: Tables) -> PageTable:
    """One row per author."""
    scope, frame = _scope(tables), tables["authors"]
    return page_table(
        "authors",
        f"Authors by number of {noun(scope)}s",
        frame.with_columns(_labels(author_names(tables["author_list"]), frame)),
        [
            ("Author", "label", lambda row: Cell(row["label"])),
            (title_noun(scope), "article_count", lambda row: number_cell(row["article_count"])),
            ("Share", "article_share", lambda row: share_cell(row["article_share"])),
            *_window_columns(scope),
            ("Main topic", "top_topic", lambda row: text_cell(row["top_topic"], 80)),
            ("First", "first_published_at", lambda row: date_cell(row["first_published_at"])),
            ("Newest", "last_published_at", lambda row: date_cell(row["last_published_at"])),
        ],
        _base_note(scope),
        "marts.author_report",
        truncation_note(frame.height, scope["author_count"], "authors"),
    )


def pairs(tables: Tables) -> PageTable:
    """One row per pair of topics that is more than chance."""
    scope, frame = _scope(tables), tables["pairs"]
    total = frame["pair_count"][0] if frame.height else 0
    return page_table(
        "pairs",
        f"Pairs of topics that are more than chance, by {unit(scope)}s with both",
        frame,
        [
            ("Topic", "topic_a", lambda row: text_cell(row["topic_a"], 80)),
            ("With", "topic_b", lambda row: text_cell(row["topic_b"], 80)),
            (
                f"{unit(scope)}s with both".capitalize(),
                "observed_count",
                lambda row: number_cell(row["observed_count"]),
            ),
            ("By chance", "expected_count", lambda row: decimal_cell(row["expected_count"])),
            ("Times chance", "lift", lambda row: decimal_cell(row["lift"])),
            ("False discovery rate", "q_value", lambda row: rate_cell(row["q_value"])),
        ],
        truncation_note(frame.height, total, "pairs that are more than chance"),
        "marts.topic_pairs",
    )


def events(tables: Tables) -> PageTable:
    """One row per event of several articles."""
    scope, frame = _scope(tables), tables["events"]
    total = scope["shared_event_count"]
    shown = sum(rank <= frame.height for rank in frame["event_rank"])
    note = truncation_note(shown, total, "events of several articles")
    added = f" The largest with an article in the {window(scope)} are added." if note else ""
    return page_table(
        "events",
        "Events by size, of all dates",
        frame,
        [
            ("Event", "title", lambda row: link_cell(clean(row["title"] or "(without a title)", 140), row["url"])),
            ("Organisations", "organisation_count", lambda row: number_cell(row["organisation_count"])),
            (title_noun(scope), "article_count", lambda row: number_cell(row["article_count"])),
            ("Copies", "copy_count", lambda row: number_cell(row["copy_count"])),
            ("First to publish", "first_organisation_count", lambda row: text_cell(first_to_publish(row), 80)),
            ("First article", "first_published_at", lambda row: date_cell(row["first_published_at"], with_time=True)),
            ("Span", "span_hours", lambda row: hours_cell(row["span_hours"])),
            ("Topics", "topic_count", lambda row: number_cell(row["topic_count"])),
        ],
        source="core.events",
        truncation=f"{note}{added}",
    )


def _labels(names: Sequence[str], frame: pl.DataFrame) -> pl.Series:
    """The labels of the rows of a frame, which are the first of a list of all names."""
    return pl.Series("label", names[: frame.height], pl.String)


def _events_column(tables: Tables) -> list[Column]:
    column: Column = ("Events", "event_count", lambda row: number_cell(row["event_count"]))
    return [column] if names_events(tables) else []


def _speed_columns() -> list[Column]:
    return [
        ("Shared events", "shared_event_count", lambda row: number_cell(row["shared_event_count"])),
        ("First with", "firsts", lambda row: decimal_cell(row["firsts"])),
        ("Expected", "expected_firsts", lambda row: decimal_cell(row["expected_firsts"])),
        ("Times expected", "first_ratio", lambda row: decimal_cell(row["first_ratio"])),
        ("Median lag", "median_lag_hours", lambda row: hours_cell(row["median_lag_hours"])),
    ]


def _speed_note() -> str:
    return (
        "Shared events, of all dates, are those that another organisation reports too. First with is the number of "
        "them that the provider published first (several at the same instant share one), and Expected "
        "what its volume alone would bring. Times expected needs at least 10 shared events, the median lag at least 10 "
        "with which another was first."
    )


def _window_columns(scope: Row) -> list[Column]:
    days = scope["window_days"]
    return [
        (f"Last {days} days", "window_article_count", lambda row: number_cell(row["window_article_count"])),
        (
            f"{days} days before",
            "previous_window_article_count",
            lambda row: number_cell(row["previous_window_article_count"]),
        ),
    ]


def _momentum_columns(scope: Row) -> list[Column]:
    share = f"{unit(scope)} share".capitalize()
    return [
        (share, "topic_share", lambda row: share_cell(row["topic_share"])),
        (f"{share} before", "previous_topic_share", lambda row: share_cell(row["previous_topic_share"])),
        ("Difference", "share_difference", _difference),
    ]


def _difference(row: Row) -> Cell:
    """The difference of two shares in percentage points with its interval; a star if it is more than chance."""
    value = row["share_difference"]
    if value is None:
        return Cell("–", is_number=True)
    star = " *" if row["q_value"] is not None and row["q_value"] <= SIGNIFICANT else ""
    interval = f"{points(row['share_difference_low'])} to {points(row['share_difference_high'])}"
    return Cell(f"{points(value)} ({interval}){star}", value, is_number=True)


def _momentum_note(scope: Row, reason: str | None) -> str:
    if reason:
        days = scope["window_days"]
        return f"Shares of the {window(scope)} and of the {days} before are not compared: {reason}."
    one = unit(scope)
    return (
        f"The {one} share is that of the tagged {one}s of each window, the difference in points with its 95\u00a0% "
        "interval; a star marks a difference beyond chance (false discovery rate of 5\u00a0% at most), no other is "
        "growth."
    )


def _base_note(scope: Row) -> str:
    """The base and the window of the counts of a table."""
    base = f"Of {counted(scope, scope['article_count'])}"
    return f"{base}." if scope["first_date"] is None else f"{base}; last {window(scope)}."


def _join_notes(notes: Iterable[str]) -> str:
    return " ".join(note for note in notes if note)


def _scope(tables: Tables) -> Row:
    return tables["scope"].row(0, named=True)
