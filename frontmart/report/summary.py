"""Sentences on the whole corpus, of all dates: each states its base, and claims only what the data bears out."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from frontmart.catalog.features import Feature
from frontmart.report.base import Row, counted, first_to_publish, kinds, names_events, unit
from frontmart.report.queries import Tables, shown_features
from frontmart.report.wording import Name, Sentence, clean, count, day, duration, join, name_list, percent
from transforms.vocabulary import DocumentKind, Preset

# What an article should have, where articles have it at all.
_EXPECTED: Final = (
    ("without_provider", "provider", Feature.PROVIDER),
    ("without_topic", "topic", Feature.TOPICS),
    ("without_author", "author", Feature.AUTHORS),
    ("undated", "date", None),
)
_REJECTED: Final = {"reject": "file", "field_issue": "value"}
# Undated articles are a finding if so many lack something, and fewer than half of them have it.
_LEAST_UNDATED: Final = 20
_FEW_DATED: Final = 0.5
# Of more that are equal, a sentence would be a list.
_MOST_TIES: Final = 3


def sentences(tables: Tables) -> list[Sentence]:
    """What the corpus is, who and what leads in it, and what is missing; none of it is about a window."""
    scope = tables["scope"].row(0, named=True)
    if not scope["article_count"]:
        return []
    return [*_documents(tables), *_mix(tables, scope), *_topic(tables, scope), *_omnipresent(tables),
            *_leader(tables, scope), *_author(tables, scope), *_event(tables, scope), *_pair(tables, scope),
            *_images(tables, scope), *_health(tables, scope)]  # fmt: skip


def dating(tables: Tables) -> list[Sentence]:
    """Kinds of articles and providers most of whose articles have no date, which puts them in no number of days."""
    kinds_found = tables["kinds"].filter(pl.col("article_count") >= _LEAST_UNDATED)
    found: list[Sentence] = [
        (_undated(row["dated_article_count"], row["article_count"]), f" of kind {row['kind']}.")
        for row in kinds_found.rows(named=True)
        if row["dated_article_count"] < _FEW_DATED * row["article_count"]
    ]
    for row in tables["provider_completeness"].rows(named=True):
        if row["article_count"] >= _LEAST_UNDATED and row["date_share"] < _FEW_DATED:
            dated = round(row["date_share"] * row["article_count"])
            name = clean(row["provider_name"] or "(without a name)", 80)
            found.append((_undated(dated, row["article_count"]), " of ", Name(name, "provider"), "."))
    return found


def _undated(dated: int, total: int) -> str:
    has = "has" if dated == 1 else "have"
    return f"{dated:,} ({percent(dated / total)}) {has} a date, of {count(total, 'article')}"


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


def _topic(tables: Tables, scope: Row) -> Iterator[Sentence]:
    frame = tables["topics"]
    names = _most(frame, "topic", "topic")
    if not names:
        return
    share = f"{frame['article_count'][0]:,} of {counted(scope, scope['article_count'])}"
    verb = "is the most frequent topic," if len(names) == 1 else "are the most frequent topics, each"
    yield (*name_list(names), f" {verb} on {share} ({percent(frame['article_share'][0])}).")


def _omnipresent(tables: Tables) -> Iterator[Sentence]:
    rows = tables["omnipresent_topics"].sort("tagged_news_share", "topic_id", descending=[True, False])
    for row in rows.head(_MOST_TIES).rows(named=True):
        yield (
            Name(clean(row["topic"]), "topic", row["topic_id"]),
            f" is on {percent(row['tagged_news_share'])} of the news articles with a topic, so it tells none of them "
            "apart: topics, pairs and charts leave it out.",
        )


def _leader(tables: Tables, scope: Row) -> Iterator[Sentence]:
    frame = tables["providers"]
    names = _most(frame, "provider_name", "provider")
    if not names:
        return
    if scope["provider_count"] == 1:
        yield (names[0], " is the only provider.")
        return
    concentration = tables["concentration"].row(0, named=True)
    number, total = frame["article_count"][0], concentration["provided_article_count"]
    verb = "leads" if len(names) == 1 else "lead, each"
    yield (
        *name_list(names),
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
    names = _most(frame, "author_name", "author")
    if Feature.AUTHORS not in shown_features(tables) or not names:
        return
    if scope["author_count"] == 1:
        yield (names[0], " is the only author.")
        return
    number, total = frame["article_count"][0], scope["article_count"] - scope["without_author_article_count"]
    verb = "wrote most:" if len(names) == 1 else "wrote most, each"
    yield (
        *name_list(names),
        f" {verb} {number:,} of {counted(scope, total)} that have an author ({percent(number / total)}); "
        f"there are {count(scope['author_count'], 'author')}.",
    )


def _event(tables: Tables, scope: Row) -> Iterator[Sentence]:
    """The biggest event of all dates."""
    if not names_events(tables):
        return
    event = tables["events"].row(0, named=True)
    first = first_to_publish(event) if event["organisation_count"] > 1 else None
    tail: Sentence = ()
    if event["first_organisation_name"] and first:
        tail = ("; ", Name(clean(first), "provider"), " was first")
    elif first:
        tail = ("; several published first at once",)
    yield (
        f"The biggest of {count(scope['event_count'], 'event')}, “",
        Name(_title(event), "event", event["event_id"]),
        f"” of {day(event['first_published_at'])}, has {_size(event)}",
        *tail,
        ".",
    )


def _pair(tables: Tables, scope: Row) -> Iterator[Sentence]:
    if tables["pairs"].is_empty():
        return
    pair = _most_beyond_chance(tables["pairs"])
    yield (
        Name(clean(pair["topic_a"]), "topic", pair["topic_id_a"]),
        " and ",
        Name(clean(pair["topic_b"]), "topic", pair["topic_id_b"]),
        f" occur together most beyond chance: {count(pair['observed_count'], unit(scope))} have both, where "
        f"chance predicts {pair['expected_count']:,.1f}.",
    )


def _most_beyond_chance(pairs: pl.DataFrame) -> Row:
    excess = pl.col("observed_count") - pl.col("expected_count")
    return pairs.sort(excess, descending=True, maintain_order=True).row(0, named=True)


def _images(tables: Tables, scope: Row) -> Iterator[Sentence]:
    """How many articles of a site have an image: it has too few in a window for a figure."""
    if scope["preset"] == Preset.GENERIC and (number := scope["with_image_article_count"]):
        total, has = scope["article_count"], "has" if number == 1 else "have"
        yield (f"{number:,} of {counted(scope, total)} ({percent(number / total)}) {has} an image.",)


def _health(tables: Tables, scope: Row) -> Iterator[Sentence]:
    files = tables["files"].row(0, named=True)
    numbers = {word: files[f"{what}_count"] for what, word in _REJECTED.items()}
    refused = join([count(number, word) for word, number in numbers.items() if number] or ["nothing"])
    was = "were" if sum(numbers.values()) > 1 else "was"
    first = f"Of {count(files['file_count'], 'file')} seen, {refused} {was} rejected"
    features = shown_features(tables)
    missing = [
        Name(f"{number:,} {'has' if number == 1 else 'have'} no {what}", "missing", what)
        for column, what, feature in _EXPECTED
        if (number := scope[f"{column}_article_count"]) and (feature is None or feature in features)
    ]
    rest = (f"; of {counted(scope, scope['article_count'])}, ", *name_list(missing)) if missing else ()
    yield (first, *rest, ".")


def _title(event: Row) -> str:
    return clean(event["title"] or "(without a title)", 140)


def _size(event: Row) -> str:
    """The size of an event: `7 articles of 5 organisations, 3 of them copies, over 2 days`."""
    hours, copies = event["span_hours"], event["copy_count"]
    copied = f", {copies:,} of them {'a copy' if copies == 1 else 'copies'}," if copies else ""
    over = duration(hours) if hours < 1 else f"over {duration(hours)}"
    size = f"{count(event['article_count'], 'article')} of {count(event['organisation_count'], 'organisation')}"
    return f"{size}{copied} {over}"


def _most(frame: pl.DataFrame, column: str, kind: str) -> list[Name]:
    """The names with the most articles; none if too many have equally many."""
    if frame.is_empty():
        return []
    most = frame.filter(pl.col("article_count") == frame["article_count"].max()).select(column, f"{kind}_id")
    return [Name(clean(name), kind, id_) for name, id_ in most.rows()] if most.height <= _MOST_TIES else []
