"""Pairs of articles near in time that share heavy terms, with their likeness."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from transforms.events.terms import Array, Entries

# A lighter term neither makes a pair nor adds to the likeness of one.
_LEAST_WEIGHT: Final = 0.1
# An article is paired by a term with this many of the next articles that have it: this bounds the work where a term is
# in thousands of articles of ten days.
_NEIGHBOURS: Final = 64
# Articles whose pairs are added up at a time: this bounds the memory.
_SLICE: Final = 16_384
# Likeness is added up in whole millionths, so that the order of the additions does not matter.
UNIT: Final = 1_000_000


def candidates(entries: Entries, weight: Array, time: Array, window: int, least: int) -> pl.DataFrame:
    """a, b, score: pairs of articles a < b at most `window` microseconds apart with a score of at least `least`.

    The score is the sum of the products of the weights of the terms they share, in millionths.
    """
    is_heavy = weight >= _LEAST_WEIGHT
    heavy = Heavy(entries.term[is_heavy], entries.doc[is_heavy], weight[is_heavy])
    parts = [
        pl.DataFrame({"pair": pair, "score": score}).group_by("pair").agg(pl.col("score").sum()).filter(
            pl.col("score") >= least
        )
        for pair, score in heavy.pairs(time, window)
    ]
    low = pl.col("pair") & 0xFFFFFFFF
    schema = {"a": pl.Int64, "b": pl.Int64, "score": pl.Int64}
    found = pl.concat(parts).select(a=(pl.col("pair") - low) // 2**32, b=low, score="score") if parts else None
    return pl.DataFrame(schema=schema) if found is None else found.cast(schema).sort("a", "b")


class Heavy:
    """Entries with a heavy weight, in the order of the terms, then of the articles."""

    def __init__(self, term: Array, doc: Array, weight: Array) -> None:
        """Keep the columns."""
        self.term, self.doc, self.weight = term, doc, weight

    def pairs(self, time: Array, window: int) -> Iterator[tuple[Array, Array]]:
        """For each slice of articles, a * 2**32 + b of the pairs that a term makes, with the product of its weights."""
        when = time[self.doc]
        for start in range(0, len(time), _SLICE):
            left = np.flatnonzero((self.doc >= start) & (self.doc < start + _SLICE))
            pairs, scores = [], []
            for distance in range(1, _NEIGHBOURS + 1):
                left = left[left + distance < len(self.term)]
                right = left + distance
                left = left[(self.term[left] == self.term[right]) & (when[right] - when[left] <= window)]
                if not len(left):
                    break
                right = left + distance
                pairs.append((self.doc[left] << 32) | self.doc[right])
                scores.append(np.rint(self.weight[left] * self.weight[right] * UNIT).astype(np.int64))
            if pairs:
                yield np.concatenate(pairs), np.concatenate(scores)
