"""The weight of each term of an article: how much it tells of what the article is about."""

from typing import Final

import numpy as np

from transforms.events.terms import Array, Entries

DAY: Final = 86_400_000_000
# A term of the excerpt alone counts as half a term of the title.
_EXCERPT_WEIGHT: Final = 0.5
# Days before and after an article in which a term that is in the news is more frequent than elsewhere in the corpus.
_NEWS_DAYS: Final = 5
# Few articles of these days tell little: they count beside this many articles that have each term as often as usual.
_USUAL: Final = 20
# The weight is nine parts how much more frequent a term is in these days, one part how rare it is in the corpus.
_RARITY_PART: Final = 0.1
# Dampens the heaviest terms, so that one shared name does not make an event.
_DAMPING: Final = 0.7
# An article of words that are always in use is like no other: the share of the mean length of all vectors that is added
# to the length of each.
_NOISE: Final = 0.25


class Days:
    """What is published in the days before and after each article, the article included."""

    def __init__(self, time: Array) -> None:
        """`time` is that of each article in microseconds, ascending."""
        self._first = np.searchsorted(time, time - _NEWS_DAYS * DAY, "left")
        self._last = np.searchsorted(time, time + _NEWS_DAYS * DAY, "right")
        self.articles: Array = self._last - self._first

    def uses(self, entries: Entries) -> Array:
        """How many articles of the days of its article have the term of each entry."""
        position = entries.term * (len(self.articles) + 1) + entries.doc
        base = position - entries.doc
        last, first = (base + end[entries.doc] for end in (self._last, self._first))
        return np.searchsorted(position, last) - np.searchsorted(position, first)

    def pace(self) -> Array:
        """How many times as much as around the median article is published around each article, at least 1."""
        pace: Array = np.maximum(self.articles / np.median(self.articles), 1) if len(self.articles) else self.articles
        return pace


def weights(entries: Entries, in_days: Array, days: Days) -> Array:
    """The weight of each entry, at most 1; those of an article are a vector of length 1, or less if it tells little.

    `in_days` is `days.uses(entries)`.
    """
    docs = len(days.articles)
    in_corpus = _runs(entries.term)
    corpus_share = (in_corpus + 0.5) / (docs + 1)
    # The article itself does not count: a term that it alone has is not in the news.
    others = days.articles[entries.doc] - 1
    days_share = (in_days - 1 + _USUAL * corpus_share) / (others + _USUAL)
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
