"""Groups of nodes by average likeness, bounded in time."""

from typing import Any, Final

import numpy as np
import polars as pl

Array = np.ndarray[Any, np.dtype[Any]]

_ODD: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))


class Groups:
    """Nodes 0, 1, ..., each at first a group of its own, with the times of its first and last article."""

    def __init__(self, start: Array, end: Array, tie: Array) -> None:
        """`start`, `end` in microseconds; `tie`: an integer of each node that decides between equals."""
        self.group = np.arange(len(start))
        self._size = np.ones(len(start), dtype=np.int64)
        self._start, self._end, self._tie = start.copy(), end.copy(), tie

    def merge(self, pairs: pl.DataFrame, least: float, more_if_small: float, window: int) -> None:
        """Merge groups that are each other's likest, until none is left; a group keeps the number of its first node.

        `pairs`: a, b, score, each once, a < b; a pair that is not in it has a score of 0. Two groups merge if the mean
        score of all pairs between them is at least `least`, and `more_if_small` more the fewer these pairs are, and if
        they span at most `window` together.
        """
        a, b, total = (pairs[name].to_numpy() for name in ("a", "b", "score"))
        while len(a):
            fits = np.maximum(self._end[a], self._end[b]) - np.minimum(self._start[a], self._start[b]) <= window
            a, b, total = a[fits], b[fits], total[fits]
            pair_count = self._size[a] * self._size[b]
            mean = total / pair_count
            possible = np.flatnonzero(mean - more_if_small / np.sqrt(pair_count) >= least)
            if not len(possible):
                break
            chosen = possible[self._are_likest(a[possible], b[possible], mean[possible])]
            parent = self._join(a[chosen], b[chosen])
            a, b, total = _contract(parent[a], parent[b], total)

    def _are_likest(self, a: Array, b: Array, mean: Array) -> Array:
        """Whether each pair is the likest of both its groups. Equals are decided at random, always in the same way."""
        tie = (self._tie[a] * _ODD[0]) ^ (self._tie[b] * _ODD[1])
        order = np.lexsort((tie, -mean))
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        best = np.full(len(self.group), len(order))
        np.minimum.at(best, a, rank)
        np.minimum.at(best, b, rank)
        likest: Array = (best[a] == rank) & (best[b] == rank)
        return likest

    def _join(self, kept: Array, joined: Array) -> Array:
        parent = np.arange(len(self.group))
        parent[joined] = kept
        self._size[kept] += self._size[joined]
        self._start[kept] = np.minimum(self._start[kept], self._start[joined])
        self._end[kept] = np.maximum(self._end[kept], self._end[joined])
        self.group = parent[self.group]
        return parent


def _contract(a: Array, b: Array, total: Array) -> tuple[Array, Array, Array]:
    frame = pl.DataFrame({"a": np.minimum(a, b), "b": np.maximum(a, b), "total": total})
    summed = frame.filter(pl.col("a") != pl.col("b")).group_by("a", "b").agg(pl.col("total").sum())
    return summed["a"].to_numpy(), summed["b"].to_numpy(), summed["total"].to_numpy()
