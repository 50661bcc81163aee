"""Groups of nodes by average likeness, bounded in time."""

from typing import Any

import numpy as np
import polars as pl

Array = np.ndarray[Any, np.dtype[Any]]


def agglomerate(nodes: pl.DataFrame, pairs: pl.DataFrame, threshold: float, window: int) -> pl.Series:
    """The group of each node: the smallest node in it.

    `nodes`: node (0, 1, ...), size, start, end (microseconds). `pairs`: a, b, score, each pair once, a < b; a pair that
    is not in it has a score of 0. In each round, all pairs of groups that are each other's likest are merged, if their
    mean score over all pairs of their members is at least `threshold` and they span at most `window`.
    """
    count = nodes.height
    group = np.arange(count, dtype=np.uint32)
    size = np.ones(count, dtype=np.float64)
    start = nodes["start"].to_numpy().copy()
    end = nodes["end"].to_numpy().copy()
    a, b = pairs["a"].to_numpy(), pairs["b"].to_numpy()
    total = pairs["score"].to_numpy().astype(np.float64)
    while len(a):
        mean = total / (size[a] * size[b])
        fits = np.maximum(end[a], end[b]) - np.minimum(start[a], start[b]) <= window
        is_merge = _mutual_best(a, b, mean, fits & (mean >= threshold), count)
        if not is_merge.any():
            break
        parent = np.arange(count, dtype=np.uint32)
        kept, joined = a[is_merge], b[is_merge]
        parent[joined] = kept
        size[kept] += size[joined]
        np.minimum.at(start, kept, start[joined])
        np.maximum.at(end, kept, end[joined])
        group = parent[group]
        a, b, total = _contract(parent[a[fits]], parent[b[fits]], total[fits])
    return pl.Series("group", group)


def _mutual_best(a: Array, b: Array, mean: Array, is_possible: Array, count: int) -> Array:
    order = np.flatnonzero(is_possible)
    tie = (a[order].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) ^ (
        b[order].astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    )
    order = order[np.lexsort((tie, -np.round(mean[order], 9)))]
    rank = np.arange(len(order))
    best = np.full(count, len(order))
    np.minimum.at(best, a[order], rank)
    np.minimum.at(best, b[order], rank)
    chosen = order[(best[a[order]] == rank) & (best[b[order]] == rank)]
    is_merge = np.zeros(len(a), dtype=bool)
    is_merge[chosen] = True
    return is_merge


def _contract(a: Array, b: Array, total: Array) -> tuple[Array, Array, Array]:
    frame = pl.DataFrame({"a": np.minimum(a, b), "b": np.maximum(a, b), "total": total})
    summed = frame.filter(pl.col("a") != pl.col("b")).group_by("a", "b").agg(pl.col("total").sum()).sort("a", "b")
    return summed["a"].to_numpy(), summed["b"].to_numpy(), summed["total"].to_numpy()
