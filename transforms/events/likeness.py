"""The weight of each term of an article: how much it tells of what the article is about."""

from typing import Final

import numpy as np

from transforms.events.terms import Array, Entries

DAY: Final = 86_400_000_000
# A term of the excerpt alone counts as half a term of the title.
_EXCERPT_WEIGHT: Final = 0.5
# Days before and after an article in which a term that is in the news is more frequent than elsewhere in the corpus.
_NEWS_DAYS: Final = 5
# The weight is nine parts how much more frequent a term is in these days, one part how rare it is in the corpus.
_RARITY_PART: Final = 0.1
# Dampens the heaviest terms, so that one shared name does not make an event.
_DAMPING: Final = 0.7
# An article of words that are always in use is like no other: the share of the mean length of all vectors that is added
# to the length of each.
_NOISE: Final = 0.2


def weights(entries: Entries, time: Array) -> Array:
    """The weight of each entry, at most 1; those of an article are a vector of length 1, or less if it tells little.

    `time` is that of each article in microseconds, ascending.
    """
    docs = len(time)
    in_corpus = _runs(entries.term)
    near = _NEWS_DAYS * DAY
    first = np.searchsorted(time, time - near, "left")
    last = np.searchsorted(time, time + near, "right")
    position = entries.term * (docs + 1) + entries.doc
    base = position - entries.doc
    in_days = np.searchsorted(position, base + last[entries.doc]) - np.searchsorted(position, base + first[entries.doc])
    days_share = (in_days + 0.5) / ((last - first)[entries.doc] + 1)
    corpus_share = (in_corpus + 0.5) / (docs + 1)
    lift = np.log(np.maximum(days_share / corpus_share, 1))
    rarity = np.log((docs + 1) / in_corpus)
    weight = ((1 - _RARITY_PART) * lift + _RARITY_PART * rarity) ** _DAMPING
    weight *= np.where(entries.is_title, 1, _EXCERPT_WEIGHT)
    squares = np.bincount(entries.doc, weight**2, docs)
    length = np.sqrt(squares + _NOISE * squares.sum() / max(docs, 1))
    unit: Array = weight / length[entries.doc]
    return unit


def _runs(values: Array) -> Array:
    """How often each of the sorted values 0, 1, ... occurs, for each of them."""
    return np.bincount(values)[values]
