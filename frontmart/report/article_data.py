"""Data of the page's list of articles: one array per column, names by number, compressed, in base64."""

import base64
import datetime as dt
import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from frontmart.catalog.features import Feature
from frontmart.report.base import names_events
from frontmart.report.cells import web_url
from frontmart.report.queries import Tables, shown_features
from frontmart.report.wording import clean

# Characters of a title and of an excerpt.
_TITLE: Final = 160
_EXCERPT: Final = 280


def article_columns(tables: Tables) -> dict[str, list[Any]]:
    """The listed articles by column, the latest first.

    `at` is in seconds since 1970 (UTC), null without a date; `kind`, `provider` and `event` are positions in the lists
    of `page_data`, -1 for none, and -2 for an article that no event has; `topics` and `authors` are lists of positions.
    """
    frame = tables["article_list"]
    columns: dict[str, list[Any]] = {
        "title": [
            clean(title or path.rpartition("/")[2], _TITLE) for title, path in frame.select("title", "path").rows()
        ],
        "excerpt": [clean(text or "", _EXCERPT) for text in frame["excerpt"]],
        "url": [web_url(url) or "" for url in frame["url"]],
        "image": [web_url(url) or "" for url in frame["image_url"]],
        "path": frame["path"].to_list(),
        "at": [_seconds(at) for at in frame["published_at"]],
        "kind": _places(frame["kind"], kind_order(tables)),
        "provider": _places(frame["provider_id"], tables["provider_list"]["provider_id"]),
        "event": _events(tables),
        "topics": _lists(frame["topic_ids"], tables["topic_list"]["topic_id"]),
        "words": frame["body_words"].to_list(),
    }
    if Feature.AUTHORS in shown_features(tables):
        columns["authors"] = _lists(frame["author_ids"], tables["author_list"]["author_id"])
    return columns


def kind_order(tables: Tables) -> list[str]:
    """The kinds of articles, the largest first."""
    counts = tables["kinds"].select("kind", "article_count").rows()
    return [kind for kind, _ in sorted(counts, key=lambda row: (-row[1], row[0]))]


def compressed(value: Mapping[str, Any]) -> str:
    """A value as JSON, gzip and base64: a third of its size, and without a character that HTML gives a meaning."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode()


def _seconds(at: dt.datetime | None) -> int | None:
    return None if at is None else round(at.replace(tzinfo=dt.UTC).timestamp())


def _places(ids: pl.Series, order: Sequence[str] | pl.Series) -> list[int]:
    """The position of each id in a list, -1 for none."""
    places = {id_: place for place, id_ in enumerate(order)}
    return [places.get(id_, -1) for id_ in ids]


def _events(tables: Tables) -> list[int]:
    """The position of the event of each article; -1 if it is the only article of its event, -2 without an event."""
    ids = tables["article_list"]["event_id"]
    order = tables["event_list"]["event_id"] if names_events(tables) else ()
    return [-2 if id_ is None else place for id_, place in zip(ids, _places(ids, order), strict=True)]


def _lists(ids: pl.Series, order: pl.Series) -> list[list[int]]:
    places = {id_: place for place, id_ in enumerate(order)}
    return [[places[id_] for id_ in each] if each is not None else [] for each in ids.to_list()]
