"""Parts of finding events: terms, pairs and groups, on frames and arrays."""

import numpy as np
import polars as pl
import pytest

from transforms.events import candidates
from transforms.events.agglomerate import Bounds, Groups
from transforms.events.fold import fold
from transforms.events.terms import segment, term_entries


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bridge falls", ["bridge", "falls"]),
        ("東京で地震、5人", ["5", "東京", "で地", "震", "人", "京で", "地震"]),
        ("ดี news", ["news", "ดี"]),
        ("한국어 뉴스", ["한국어", "뉴스"]),
    ],
)
def test_terms_are_words_or_pairs_of_characters(text: str, expected: list[str]) -> None:
    segmented = pl.select(segment(fold(pl.lit(text)))).item()
    assert segmented.split() == expected


def test_a_term_counts_once_in_an_article_and_as_one_of_the_title_if_it_is_there() -> None:
    docs = pl.DataFrame(
        {"doc": [0, 1], "title": ["bridge bridge falls", "falling"], "excerpt": ["Bridge opens", None]},
        schema_overrides={"doc": pl.UInt32},
    )
    entries = term_entries(docs)
    rows = sorted(zip(entries.doc.tolist(), entries.is_title.tolist(), strict=True))
    assert rows == [(0, False), (0, True), (0, True), (1, True)]
    assert len(np.unique(entries.term)) == 4


def test_both_ways_of_adding_up_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(7)
    a = np.sort(random.integers(0, 3_000, 20_000)).astype(np.int32)
    b = (a + random.integers(1, 300, 20_000)).astype(np.int32)
    product = random.integers(1, 1_000, 20_000).astype(np.float64)
    dense = candidates._add_up(a, b, product, 600)
    # One pair far off makes the table of all cells too large.
    sparse = candidates._add_up(
        np.append(a, 0).astype(np.int32), np.append(b, 9_000_000).astype(np.int32), np.append(product, 1), 600
    )
    assert all((one == other).all() for one, other in zip(dense, sparse, strict=True))
    assert len(dense[0]) > 1_000


def merged(pairs: list[tuple[int, int, int]], days: list[int], least: float = 100, more: float = 0) -> list[int]:
    times = np.array(days)
    nodes = Groups(times, times, np.arange(len(days), dtype=np.uint64))
    a, b, score = (np.array(column) for column in zip(*pairs, strict=True))
    nodes.merge(a, b, score, Bounds(least, more, window=10))
    return nodes.group.tolist()


def test_a_chain_of_likeness_is_no_group() -> None:
    chain = [(number, number + 1, 200) for number in range(9)]
    groups = merged(chain, [0] * 10)
    assert max(groups.count(group) for group in groups) <= 4


def test_a_clique_is_a_group() -> None:
    clique = [(a, b, 150) for a in range(30) for b in range(a + 1, 30)]
    assert merged(clique, [0] * 30) == [0] * 30


def test_groups_merge_only_within_the_window() -> None:
    assert merged([(0, 1, 900), (1, 2, 800), (0, 2, 800)], [0, 6, 11]) == [0, 0, 2]


def test_the_likest_merge_first() -> None:
    assert merged([(0, 1, 150), (1, 2, 180), (0, 2, 0)], [0, 0, 0]) == [0, 1, 1]


def test_a_pair_needs_more_likeness_than_a_group() -> None:
    assert merged([(0, 1, 150)], [0, 0], more=100) == [0, 1]
    trio = [(0, 1, 250), (0, 2, 180), (1, 2, 180)]
    assert merged(trio, [0, 0, 0], more=100) == [0, 0, 0]
