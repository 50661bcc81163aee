"""Pairs of articles near in time that share heavy terms, with their likeness."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from transforms.events.columns import column
from transforms.events.terms import Array, Entries

# A lighter term neither makes a pair nor adds to the likeness of one.
LEAST_WEIGHT: Final = 0.12
# An article is paired by a term with this many of the next articles that have it: this bounds the work where a term is
# in thousands of articles of ten days.
_NEIGHBOURS: Final = 48
# Of the later articles that it is paired with, an article keeps this many, the likest: this bounds the pairs where
# thousands of articles of one day share words by chance.
LIKEST: Final = 64
# Products of weights that are added up at a time: this bounds the memory.
_SLICE: Final = 1_000_000
# Likeness is added up in whole millionths, so that the order of the additions does not matter.
UNIT: Final = 1_000_000


Pairs = tuple[Array, Array, Array]


def candidates(entries: Entries, weight: Array, time: Array, window: int, least: int) -> Iterator[Pairs]:
    """a, b, score: pairs of articles a < b at most `window` microseconds apart with a score of at least `least`.

    The score is the sum of the products of the weights of the terms they share, in millionths. `time` is that of each
    article, ascending. The pairs come in slices of a, sorted by a, then b, each pair once, since all together
    may be tens of millions.
    """
    is_heavy = weight >= LEAST_WEIGHT
    # From 64 to 32 bits, which halves the memory and the time.
    term, doc = entries.term[is_heavy].astype(np.int32), entries.doc[is_heavy].astype(np.int32)
    last = np.searchsorted(time, time + window, "right").astype(np.int32)
    for products in _products(term, doc, weight[is_heavy].astype(np.float32), last):
        yield _add_up(*products, least)


def _products(term: Array, doc: Array, weight: Array, last: Array) -> Iterator[Pairs]:
    """a, b and the product of the two weights, for each term that a pair shares, in slices of articles a.

    Entries are in the order of the terms, then of the articles; `last` is the end of the window of each article.
    """
    per_doc = max(1, _NEIGHBOURS * len(doc) // max(len(last), 1))
    step = max(1, _SLICE // per_doc)
    end = last[doc]
    for left in _slices(doc // step):
        parts = []
        for distance in range(1, _NEIGHBOURS + 1):
            left = left[: np.searchsorted(left, len(doc) - distance)]
            right = left + distance
            left = left[(term[left] == term[right]) & (doc[right] < end[left])]
            if not len(left):
                break
            right = left + distance
            parts.append((doc[left], doc[right], weight[left] * weight[right]))
        if parts:
            a, b, product = (np.concatenate(column) for column in zip(*parts, strict=True))
            yield a, b, np.rint(product * UNIT)


def _slices(number: Array) -> Iterator[Array]:
    """The positions of each of the numbers, ascending."""
    order = np.argsort(number, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(number[order])) + 1)


def _add_up(a: Array, b: Array, product: Array, least: int) -> Pairs:
    """Each pair once, with the sum of its products, if that is at least `least`."""
    first, width = int(a.min()), int((b - a).max()) + 1
    height = int(a.max()) - first + 1
    if height * width <= 8 * len(a) + 1_000_000:
        cells = np.bincount((a.astype(np.int64) - first) * width + (b - a), product, height * width)
        cell = np.flatnonzero(cells >= least)
        found = cell // width + first
        return found, found + cell % width, cells[cell].astype(np.int64)
    pairs = pl.DataFrame({"a": column(a), "b": column(b), "score": column(product.astype(np.int64))})
    summed = pairs.group_by("a", "b").agg(pl.col("score").sum()).filter(pl.col("score") >= least).sort("a", "b")
    return tuple(summed[name].cast(pl.Int64).to_numpy() for name in ("a", "b", "score"))  # type: ignore[return-value]


def likest(a: Array, b: Array, score: Array) -> Pairs:
    """The LIKEST pairs of each a, those with the earlier b first among equals; pairs are sorted by a, then b."""
    count = np.bincount(a)
    if not len(count) or count.max() <= LIKEST:
        return a, b, score
    is_crowded = count[a] > LIKEST
    crowded = np.flatnonzero(is_crowded)
    order = crowded[np.lexsort((-score[crowded], a[crowded]))]
    start = np.searchsorted(a[order], a[order])
    is_crowded[order[np.arange(len(order)) - start < LIKEST]] = False
    return a[~is_crowded], b[~is_crowded], score[~is_crowded]
