"""Groups of nodes by average likeness, bounded in time."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.events.terms import Array

_ODD: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_TIE_BITS: Final = np.uint64(40)


@dataclass(frozen=True)
class Bounds:
    """When two groups may merge, see `Groups.merge`; scores are integers, times in microseconds."""

    least: float
    more_if_small: float
    window: int


class Groups:
    """Nodes 0, 1, ..., each at first a group of its own, with the times of its first and last article."""

    def __init__(self, start: Array, end: Array, tie: Array) -> None:
        """`start`, `end` in microseconds; `tie`: an integer of each node that decides between equals."""
        self.group = np.arange(len(start))
        self._size = np.ones(len(start), dtype=np.int64)
        self._start, self._end, self._tie = start.copy(), end.copy(), tie

    def merge(self, a: Array, b: Array, score: Array, bounds: Bounds) -> None:
        """Merge groups that are each other's likest, until none is left; a group keeps the number of its first node.

        a, b, score: pairs of nodes a < b, each once; a pair that is not among them has a score of 0. Two groups merge
        if the mean score of all pairs between them is at least `least`, and `more_if_small` more the fewer these pairs
        are, and if they span at most `window` together.
        """
        a, b, total, rank = self._ranked(a, b, score, bounds)
        while True:
            possible = np.flatnonzero(rank)
            best = np.zeros(len(self.group), dtype=np.uint64)
            np.maximum.at(best, a[possible], rank[possible])
            np.maximum.at(best, b[possible], rank[possible])
            chosen = possible[(best[a[possible]] == rank[possible]) & (best[b[possible]] == rank[possible])]
            if not len(chosen):
                return
            parent = self._join(a[chosen], b[chosen])
            is_touched = np.zeros(len(parent), dtype=bool)
            is_touched[a[chosen]] = is_touched[b[chosen]] = True
            touched = is_touched[a] | is_touched[b]
            changed = self._ranked(*_contract(parent[a[touched]], parent[b[touched]], total[touched]), bounds)
            kept = (a[~touched], b[~touched], total[~touched], rank[~touched])
            a, b, total, rank = (np.concatenate(columns) for columns in zip(kept, changed, strict=True))

    def _ranked(self, a: Array, b: Array, total: Array, bounds: Bounds) -> tuple[Array, Array, Array, Array]:
        """Pairs that fit into the window, with their rank: the higher, the sooner they merge; 0 if they do not.

        The rank is the mean score, then a random number that is always the same for two groups.
        """
        fits = np.maximum(self._end[a], self._end[b]) - np.minimum(self._start[a], self._start[b]) <= bounds.window
        a, b, total = a[fits], b[fits], total[fits]
        pair_count = self._size[a] * self._size[b]
        mean = total / pair_count
        tie = ((self._tie[a] * _ODD[0]) ^ (self._tie[b] * _ODD[1])) >> (np.uint64(64) - _TIE_BITS)
        rank = (mean.astype(np.uint64) << _TIE_BITS) | tie
        rank[mean < bounds.least + bounds.more_if_small / np.sqrt(pair_count)] = 0
        return a, b, total, rank

    def _join(self, kept: Array, joined: Array) -> Array:
        parent = np.arange(len(self.group))
        parent[joined] = kept
        np.add.at(self._size, kept, self._size[joined])
        np.minimum.at(self._start, kept, self._start[joined])
        np.maximum.at(self._end, kept, self._end[joined])
        self.group = parent[self.group]
        return parent


def _contract(a: Array, b: Array, total: Array) -> tuple[Array, Array, Array]:
    """Pairs of groups, each once, with the sum of the totals."""
    is_pair = a != b
    a, b, total = a[is_pair], b[is_pair], total[is_pair]
    pairs = pl.DataFrame({"pair": (np.minimum(a, b) << 32) | np.maximum(a, b), "total": total})
    summed = pairs.group_by("pair").agg(pl.col("total").sum())
    pair = summed["pair"].to_numpy()
    return pair >> 32, pair & 0xFFFFFFFF, summed["total"].to_numpy()
