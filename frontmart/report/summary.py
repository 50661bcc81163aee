"""Sentences on the main findings: each states its base and its window, and claims only what the data bears out."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from frontmart.catalog.features import Feature
from frontmart.report.base import (
    LEAST_BASE,
    REASONS,
    Row,
    break_reason,
    counted,
    first_to_publish,
    kinds,
    names_events,
    window,
)
from frontmart.report.queries import Tables, shown_features
from frontmart.report.wording import Name, clean, count, day, duration, join, percent, points
from transforms.vocabulary import DocumentKind

Sentence = tuple[str, ...]

# What an article should have, where articles have it at all.
_EXPECTED: Final = (
    ("without_provider", "provider", Feature.PROVIDER),
    ("without_topic", "topic", Feature.TOPICS),
    ("without_author", "author", Feature.AUTHORS),
    ("undated", "date", None),
)
_REJECTED: Final = {"reject": "file", "field_issue": "value"}
# Of more that are equal, a sentence would be a list.
_MOST_TIES: Final = 3
_EVENTS_NAMED: Final = 3


def sentences(tables: Tables) -> list[Sentence]:
    """The findings that an editor would want to know, the most important first."""
    scope = tables["scope"].row(0, named=True)
    if not scope["article_count"]:
        return [("This snapshot has no articles; build from a folder with articles.",)]
    return [*_documents(tables), *_mix(tables, scope), *_volume(tables, scope), *_window_events(tables, scope),
            *_momentum(tables, scope), *_topic(tables, scope), *_omnipresent(tables), *_leader(tables, scope),
            *_author(tables, scope), *_event(tables, scope), *_pair(tables), *_health(tables, scope),
            *_drift(tables)]  # fmt: skip


def _documents(tables: Tables) -> Iterator[Sentence]:
    """How many documents of a site are posts, pages, sections and drafts."""
    found = dict(tables["document_kinds"].rows())
    if not found:
        return
    parts = [count(found[kind], kind) for kind in DocumentKind if kind in found]
    total = count(sum(found.values()), "document")
    if len(parts) == 1:
        yield (f"The site has {parts[0]}, which count as articles.",)
    else:
        yield (f"The site has {total}: {join(parts)}; posts count as articles.",)


def _mix(tables: Tables, scope: Row) -> Iterator[Sentence]:
    """How many articles are news, which the report counts alone."""
    found = dict(tables["kinds"].select("kind", "article_count").rows())
    articles = count(scope["all_article_count"], "article")
    if not scope["has_news"]:
        yield (f"None of {articles} is news, so this report counts all of them: {kinds(found)}.",)
    elif len(found) > 1:
        news = found.pop("news")
        verb, them = ("is", "it") if news == 1 else ("are", "them")
        yield (f"Of {articles}, {news:,} {verb} news: this report counts {them} alone, not the {kinds(found)}.",)


def _volume(tables: Tables, scope: Row) -> Iterator[Sentence]:
    rows = tables["windows"].rows(named=True)
    if not rows:
        articles = counted(scope, scope["article_count"])
        yield (f"None of {articles} has a date, so there are no charts over time.",)
        return
    now, before = rows
    new, old, days = now["article_count"], before["article_count"], scope["window_days"]
    published = f"{counted(scope, new)} {'was' if new == 1 else 'were'} published in the {window(scope)}"
    if not now["is_covered"]:
        last = day(scope["last_article_date"])
        yield (f"{published}; nothing is known of the days after the last article, of {last}.",)
    elif not before["is_covered"]:
        yield (f"{published}; the corpus begins on {day(scope['first_article_date'])}, after the {days} days before.",)
    elif new == old:
        yield (f"{published}, as many as in the {days} before.",)
    elif old < LEAST_BASE:
        yield (f"{published}, after {old:,} in the {days} before.",)
    else:
        share, more = percent(abs(new - old) / old), "more" if new > old else "fewer"
        yield (f"{published}, {share} {more} than in the {days} before ({old:,}).",)


def _window_events(tables: Tables, scope: Row) -> Iterator[Sentence]:
    """The biggest events with an article in the last window."""
    if not names_events(tables):
        return
    rows = tables["events"].drop_nulls("window_rank").sort("window_rank").head(_EVENTS_NAMED).rows(named=True)
    if not rows:
        yield (f"No event was reported by several articles in the {window(scope)}.",)
        return
    parts: list[str] = [f"Biggest event{'s' if len(rows) > 1 else ''} of the {window(scope)}: "]
    for number, row in enumerate(rows):
        parts += ["; " if number else "", "“", Name(_title(row)), f"” ({_size(row)})"]
    yield (*parts, ".")


def _momentum(tables: Tables, scope: Row) -> Iterator[Sentence]:
    """The topics whose share of the tagged events rose and fell most, of those that did beyond chance."""
    if not tables["topics"]["topic_share"].count():
        return
    days, reason = scope["window_days"], break_reason(tables)
    if reason:
        yield (f"Topics of the {window(scope)} are not compared with the {days} days before: {REASONS[reason]}.",)
        return
    found = tables["momentum"].sort("share_difference", "topic_id", descending=[True, False])
    if found.is_empty():
        yield (f"No topic gained or lost share beyond chance from the {days} days before to the {window(scope)}.",)
        return
    rows = found.rows(named=True)
    if rows[0]["share_difference"] > 0:
        yield _moved(scope, rows[0], "gained")
    if rows[-1]["share_difference"] < 0:
        yield _moved(scope, rows[-1], "lost")


def _moved(scope: Row, row: Row, verb: str) -> Sentence:
    low, high = points(row["share_difference_low"]), points(row["share_difference_high"])
    return (
        Name(clean(row["topic"])),
        f" {verb} most: {percent(row['topic_share'])} of {count(row['base_count'], 'tagged event')} in the "
        f"{window(scope)}, after {percent(row['previous_topic_share'])} in the {scope['window_days']} before "
        f"({low} to {high} points at 95\u00a0% confidence).",
    )


def _topic(tables: Tables, scope: Row) -> Iterator[Sentence]:
    frame = tables["topics"]
    names = _most(frame, "topic")
    if not names:
        return
    share = f"{frame['article_count'][0]:,} of {counted(scope, scope['article_count'])}"
    verb = "is the most frequent topic," if len(names) == 1 else "are the most frequent topics, each"
    yield (*_names(names), f" {verb} on {share} ({percent(frame['article_share'][0])}), of all dates.")


def _omnipresent(tables: Tables) -> Iterator[Sentence]:
    rows = tables["omnipresent_topics"].sort("tagged_news_share", "topic_id", descending=[True, False])
    for row in rows.head(_MOST_TIES).rows(named=True):
        yield (
            Name(clean(row["topic"])),
            f" is on {percent(row['tagged_news_share'])} of the news articles with a topic, so it tells none of them "
            "apart: topics, pairs and charts leave it out.",
        )


def _leader(tables: Tables, scope: Row) -> Iterator[Sentence]:
    frame = tables["providers"]
    names = _most(frame, "provider_name")
    if not names:
        return
    if scope["provider_count"] == 1:
        yield (Name(clean(names[0])), " is the only provider.")
        return
    concentration = tables["concentration"].row(0, named=True)
    number, total = frame["article_count"][0], concentration["provided_article_count"]
    verb = "leads" if len(names) == 1 else "lead, each"
    yield (
        *_names(names),
        f" {verb} with {number:,} of {counted(scope, total)} that have a provider ({percent(number / total)})",
        *_spread(concentration, scope["provider_count"]),
        ".",
    )


def _spread(concentration: Row, provider_count: int) -> Iterator[str]:
    if provider_count <= 5:
        return
    share = percent(concentration["top_5_article_count"] / concentration["provided_article_count"])
    effective = concentration["effective_provider_count"]
    yield f"; the five largest of {provider_count:,} providers publish {share}, "
    yield f"and all are as concentrated as {effective:.1f} providers of equal size"


def _author(tables: Tables, scope: Row) -> Iterator[Sentence]:
    frame = tables["authors"]
    names = _most(frame, "author_name")
    if Feature.AUTHORS not in shown_features(tables) or not names:
        return
    if scope["author_count"] == 1:
        yield (Name(clean(names[0])), " is the only author.")
        return
    number, total = frame["article_count"][0], scope["article_count"] - scope["without_author_article_count"]
    verb = "wrote most:" if len(names) == 1 else "wrote most, each"
    yield (
        *_names(names),
        f" {verb} {number:,} of {counted(scope, total)} that have an author ({percent(number / total)}); "
        f"there are {count(scope['author_count'], 'author')}.",
    )


def _event(tables: Tables, scope: Row) -> Iterator[Sentence]:
    """The biggest event of all dates, unless it is one of the last window and so named already."""
    if not names_events(tables):
        return
    event = tables["events"].row(0, named=True)
    if event["window_rank"] is not None:
        return
    first = first_to_publish(event) if event["organisation_count"] > 1 else None
    tail: Sentence = ()
    if event["first_organisation_name"] and first:
        tail = ("; ", Name(clean(first)), " was first")
    elif first:
        tail = ("; several published first at once",)
    yield (
        f"The biggest of {count(scope['event_count'], 'event')}, “",
        Name(_title(event)),
        f"” of {day(event['first_published_at'])}, has {_size(event)}",
        *tail,
        ".",
    )


def _pair(tables: Tables) -> Iterator[Sentence]:
    if tables["pairs"].is_empty():
        return
    pair = tables["pairs"].row(0, named=True)
    yield (
        Name(clean(pair["topic_a"])),
        " and ",
        Name(clean(pair["topic_b"])),
        f" occur together most beyond chance: {count(pair['observed_count'], 'event')} of all dates have both, where "
        f"chance predicts {pair['expected_count']:,.1f}.",
    )


def _health(tables: Tables, scope: Row) -> Iterator[Sentence]:
    files = tables["files"].row(0, named=True)
    numbers = {word: files[f"{what}_count"] for what, word in _REJECTED.items()}
    refused = join([count(number, word) for word, number in numbers.items() if number] or ["nothing"])
    was = "were" if sum(numbers.values()) > 1 else "was"
    first = f"Of {count(files['file_count'], 'file')} seen, {refused} {was} rejected"
    features = shown_features(tables)
    missing = [
        f"{number:,} {'has' if number == 1 else 'have'} no {what}"
        for column, what, feature in _EXPECTED
        if (number := scope[f"{column}_article_count"]) and (feature is None or feature in features)
    ]
    rest = f"; of {counted(scope, scope['article_count'])}, {join(missing)}" if missing else ""
    yield (f"{first}{rest}.",)


def _drift(tables: Tables) -> Iterator[Sentence]:
    if tables["drift"].is_empty():
        return
    first = tables["drift"].row(0, named=True)
    if first["warning_count"]:
        warnings = count(first["warning_count"], "warning")
        yield (
            f"Drift since the previous snapshot has {warnings}, the first: ",
            Name(clean(first["message"])),
            ".",
        )


def _title(event: Row) -> str:
    return clean(event["title"] or "(without a title)", 140)


def _size(event: Row) -> str:
    """The size of an event: `7 articles of 5 organisations, 3 of them copies, over 2 days`."""
    hours, copies = event["span_hours"], event["copy_count"]
    copied = f", {copies:,} of them {'a copy' if copies == 1 else 'copies'}," if copies else ""
    over = duration(hours) if hours < 1 else f"over {duration(hours)}"
    size = f"{count(event['article_count'], 'article')} of {count(event['organisation_count'], 'organisation')}"
    return f"{size}{copied} {over}"


def _most(frame: pl.DataFrame, column: str) -> list[str]:
    """The names with the most articles; none if too many have equally many."""
    if frame.is_empty():
        return []
    names = frame.filter(pl.col("article_count") == frame["article_count"].max())[column].to_list()
    return names if len(names) <= _MOST_TIES else []


def _names(names: Sequence[str]) -> list[str]:
    """Names as parts of a sentence: `a`, `a and b`, `a, b and c`."""
    parts: list[str] = []
    for number, name in enumerate(names):
        before = "" if not number else " and " if number == len(names) - 1 else ", "
        parts += [before, Name(clean(name))] if before else [Name(clean(name))]
    return parts
