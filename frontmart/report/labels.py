"""Labels of topics, providers and authors on the page: unique, so that no two share a bar or a filter option."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import polars as pl

from frontmart.report.wording import clean

# The number of topics, of providers and of authors that a chart shows.
CHART_COUNT: Final = 12
# The number of providers that a filter offers.
FILTER_COUNT: Final = 40


def topic_names(topics: pl.DataFrame) -> list[str]:
    """Labels of the topics in the charts, by rank."""
    rows = topics.head(CHART_COUNT).select("topic", "topic_id").rows()
    return _distinct([(clean(topic, 80), clean(id_, 80)) for topic, id_ in rows])


def provider_names(providers: pl.DataFrame) -> list[str]:
    """Labels of providers, in the given order; duplicate names are followed by the domain or the id."""
    rows = providers.select("provider_name", "provider_domain", "provider_id").rows()
    return _distinct([tuple(clean(part or id_, 80) for part in (name, domain, id_)) for name, domain, id_ in rows])


def author_names(authors: pl.DataFrame) -> list[str]:
    """Labels of authors, in the given order; duplicate names are followed by the id."""
    rows = authors.select("author_name", "author_id").rows()
    return _distinct([(clean(name, 80), clean(id_, 80)) for name, id_ in rows])


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
