"""Groups of nodes by average likeness, bounded in time."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.events.terms import Array, is_first

_ODD: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_TIE_BITS: Final = np.uint64(40)
_INTEGER_BITS: Final = 63


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
            left, right = self._likest(a, b, rank)
            if not len(left):
                return
            parent = self._join(left, right)
            is_touched = np.zeros(len(parent), dtype=bool)
            is_touched[left] = is_touched[right] = True
            touched = is_touched.take(a) | is_touched.take(b)
            kept = tuple(column[~touched] for column in (a, b, total, rank))
            changed = self._ranked(*_contract(parent[a[touched]], parent[b[touched]], total[touched]), bounds)
            a, b, total, rank = (np.concatenate(columns) for columns in zip(kept, changed, strict=True))

    def _likest(self, a: Array, b: Array, rank: Array) -> tuple[Array, Array]:
        """The pairs of groups that are each other's likest."""
        possible = np.flatnonzero(rank)
        a, b, rank = a[possible], b[possible], rank[possible]
        best = np.zeros(len(self.group), dtype=np.uint64)
        np.maximum.at(best, a, rank)
        np.maximum.at(best, b, rank)
        chosen = (best[a] == rank) & (best[b] == rank)
        return a[chosen], b[chosen]

    def _ranked(self, a: Array, b: Array, total: Array, bounds: Bounds) -> tuple[Array, Array, Array, Array]:
        """Pairs that fit into the window, with their rank: the higher, the sooner they merge; 0 if they do not.

        The rank is the mean score, then a random number that is always the same for two groups.
        """
        fits = np.maximum(self._end[a], self._end[b]) - np.minimum(self._start[a], self._start[b]) <= bounds.window
        a, b, total = a[fits], b[fits], total[fits]
        pair_count = self._size[a] * self._size[b]
        mean = total / pair_count
        # Few pairs are alike enough, and the rest of the work is for them alone.
        alike = np.flatnonzero(mean >= bounds.least)
        alike = alike[mean[alike] >= bounds.least + bounds.more_if_small / np.sqrt(pair_count[alike])]
        tie = (self._tie[a[alike]] * _ODD[0]) ^ (self._tie[b[alike]] * _ODD[1])
        rank = np.zeros(len(a), dtype=np.uint64)
        rank[alike] = (mean[alike].astype(np.uint64) << _TIE_BITS) | (tie >> (np.uint64(64) - _TIE_BITS))
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
    if not len(a):
        return a, b, total
    low, distance = np.minimum(a, b), np.abs(a - b)
    bits = int(distance.max()).bit_length()
    pair = (low << bits) | distance
    order = _order(pair)
    pair, total = pair[order], total[order]
    first = np.flatnonzero(is_first(pair))
    low = pair[first] >> bits
    return low, low + (pair[first] & ((1 << bits) - 1)), np.add.reduceat(total, first)


def _order(values: Array) -> Array:
    """The positions of integers from 0 in ascending order of the integers."""
    bits = len(values).bit_length()
    if int(values.max()).bit_length() + bits > _INTEGER_BITS:
        return np.argsort(values)
    # The value and its position in one integer: sorting these is several times faster than finding the order.
    return np.sort((values << bits) | np.arange(len(values))) & ((1 << bits) - 1)
