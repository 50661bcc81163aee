"""What topics and providers are called on the page: one name each, so that no two are drawn as one."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import polars as pl

from frontmart.report.wording import clean

# How many topics, and how many providers at a time.
DRAWN: Final = 12
# How many providers a filter offers.
CHOSEN_FROM: Final = 40


def drawn_topics(topics: pl.DataFrame) -> list[str]:
    """Names of the topics that are drawn, by rank."""
    rows = topics.head(DRAWN).select("topic", "topic_id").rows()
    return _distinct([(clean(topic, 80), clean(id_, 80)) for topic, id_ in rows])


def provider_names(providers: pl.DataFrame) -> list[str]:
    """Names of providers, as given; two of one name are told apart by what follows it."""
    rows = providers.select("provider_name", "provider_domain", "provider_id").rows()
    return _distinct([tuple(clean(part or id_, 80) for part in (name, domain, id_)) for name, domain, id_ in rows])


def _distinct(names: Sequence[tuple[str, ...]]) -> list[str]:
    """The first part of each name, with as many of the others behind it as make it differ from the rest."""
    chosen = [name[0] for name in names]
    for place in range(1, max(map(len, names), default=0)):
        counts = Counter(chosen)
        chosen = [
            label if counts[label] == 1 else f"{name[0]} ({name[place]})"
            for label, name in zip(chosen, names, strict=True)
        ]
    return chosen
