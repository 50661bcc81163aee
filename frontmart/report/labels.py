"""Labels of topics, providers and authors on the page: unique, so that no two share a bar or an option of a filter."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from frontmart.catalog.features import Feature
from frontmart.report.base import names_events
from frontmart.report.queries import Tables, shown_features
from frontmart.report.wording import Name, clean

# The number of topics, of providers and of authors that a chart shows.
CHART_COUNT: Final = 12


def topic_names(topics: pl.DataFrame) -> list[str]:
    """Labels of topics, in the given order; duplicate names are followed by the id."""
    rows = topics.select("topic", "topic_id").rows()
    return _distinct([(clean(topic, 80), clean(id_, 80)) for topic, id_ in rows])


def provider_names(providers: pl.DataFrame) -> list[str]:
    """Labels of providers, in the given order; duplicate names are followed by the domain or the id."""
    rows = providers.select("provider_name", "provider_domain", "provider_id").rows()
    return _distinct([tuple(clean(part or id_, 80) for part in (name, domain, id_)) for name, domain, id_ in rows])


def author_names(authors: pl.DataFrame) -> list[str]:
    """Labels of authors, in the given order; duplicate names are followed by the id."""
    rows = authors.select("author_name", "author_id").rows()
    return _distinct([(clean(name, 80), clean(id_, 80)) for name, id_ in rows])


def name_places(tables: Tables) -> Callable[[Name], int | None]:
    """A function that gives the position of a name in the list of its kind in `page_data`; None if it has no page.

    A name without an id is the one of its kind with that label, if there is one.
    """
    labels = {
        "topic": (tables["topic_list"]["topic_id"], topic_names(tables["topic_list"])),
        "provider": (tables["provider_list"]["provider_id"], provider_names(tables["provider_list"])),
    }
    if Feature.AUTHORS in shown_features(tables):
        labels["author"] = (tables["author_list"]["author_id"], author_names(tables["author_list"]))
    if names_events(tables):
        labels["event"] = (tables["event_list"]["event_id"], [])
    # The position in MISSING of selection.js.
    labels["missing"] = (pl.Series(["topic", "provider", "author", "date"]), [])
    ids = {kind: {id_: place for place, id_ in enumerate(of_kind)} for kind, (of_kind, _) in labels.items()}
    names = {kind: {name: place for place, name in enumerate(of_kind)} for kind, (_, of_kind) in labels.items()}

    def place_of(name: Name) -> int | None:
        if name.key:
            return ids.get(name.kind, {}).get(name.key)
        return names.get(name.kind, {}).get(str(name))

    return place_of


def _distinct(names: Sequence[tuple[str, ...]]) -> list[str]:
    """The first part of each name, followed by another part if the first is not unique."""
    chosen = [name[0] for name in names]
    for place in range(1, max(map(len, names), default=0)):
        counts = Counter(chosen)
        chosen = [
            label if counts[label] == 1 else f"{name[0]} ({name[place]})"
            for label, name in zip(chosen, names, strict=True)
        ]
    return chosen
