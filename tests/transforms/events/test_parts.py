"""Parts of finding events: terms, pairs and groups, on frames and arrays."""

import numpy as np
import polars as pl
import pytest

from transforms.events import agglomerate, candidates, group
from transforms.events.agglomerate import Bounds, Groups
from transforms.events.fold import fold
from transforms.events.likeness import DAY, Days, weights
from transforms.events.own_terms import with_own_terms
from transforms.events.terms import Array, Entries, segment, term_entries


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


def test_pairs_are_sought_among_sorted_ones() -> None:
    linked, pairs = np.array([2, 5, 9]), np.array([1, 2, 5, 6, 9, 10])
    assert group._are_in(linked, pairs).tolist() == [False, True, True, False, True, False]
    assert group._are_in(linked[:0], pairs).tolist() == [False] * 6


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


@pytest.mark.parametrize("highest", [90, 2**28])
def test_pairs_of_merged_groups_are_added_up(highest: int) -> None:
    """Numbers as high as the second leave no bits for the position of a pair, which is then found another way."""
    random = np.random.default_rng(3)
    a, b = random.integers(0, 90, 3_000), random.integers(0, 90, 3_000)
    a[a == 89], b[b == 88] = highest, highest
    total = random.integers(1, 1_000, 3_000)
    expected: dict[tuple[int, int], int] = {}
    for one, other, each in zip(a.tolist(), b.tolist(), total.tolist(), strict=True):
        if one != other:
            pair = min(one, other), max(one, other)
            expected[pair] = expected.get(pair, 0) + each
    low, high, sums = (column.tolist() for column in agglomerate._contract(a, b, total))
    assert dict(zip(zip(low, high, strict=True), sums, strict=True)) == expected
    assert len(low) == len(expected)


def test_pairs_within_groups_alone_leave_none() -> None:
    same = np.array([4, 7])
    assert [column.tolist() for column in agglomerate._contract(same, same, same)] == [[], [], []]


@pytest.mark.parametrize(
    ("one", "other", "are_equal"),
    [
        ("reportings", "reporting", True),
        ("release 24.123456", "release 24.123457", False),
        ("é10x4567", "é10x4568", False),
    ],
)
def test_words_are_cut_to_their_start_unless_they_have_a_digit(one: str, other: str, are_equal: bool) -> None:
    docs = pl.DataFrame({"doc": [0, 1], "title": [one, other], "excerpt": [None, "no digits"]})
    entries = term_entries(docs.cast({"doc": pl.UInt32, "excerpt": pl.String}))
    terms = [set(entries.term[entries.is_title & (entries.doc == doc)].tolist()) for doc in (0, 1)]
    assert (terms[0] == terms[1]) is are_equal


def entries_of(titles: list[str]) -> Entries:
    return term_entries(
        pl.DataFrame({"doc": range(len(titles)), "title": titles, "excerpt": [None] * len(titles)}).cast(
            {"doc": pl.UInt32, "excerpt": pl.String}
        )
    )


def by_term(titles: list[str], values: Array) -> dict[tuple[int, str], float]:
    """The value of each article and word, given one for each entry of titles of words that no stem shortens."""
    entries = entries_of(titles)
    first = {(doc, term): number for number, (doc, term) in enumerate(zip(entries.doc, entries.term, strict=True))}
    words = sorted({word for title in titles for word in title.split()}, key=lambda word: _term(titles, word))
    terms = {word: number for number, word in enumerate(words)}
    return {
        (doc, word): float(values[first[doc, terms[word]]])
        for doc, title in enumerate(titles)
        for word in title.split()
    }


def _term(titles: list[str], word: str) -> int:
    """Terms are numbered in the order of their hashes."""
    return int(pl.Series([word]).hash()[0])


def test_days_count_the_articles_and_their_terms_of_five_days_before_and_after() -> None:
    titles = ["ice snow", "ice", "ice rain", "rain"]
    days = Days(np.array([0, 5, 11, 16]) * DAY)
    assert days.articles.tolist() == [2, 2, 2, 2]
    assert by_term(titles, days.uses(entries_of(titles))) == {
        (0, "ice"): 2,
        (0, "snow"): 1,
        (1, "ice"): 2,
        (2, "ice"): 1,
        (2, "rain"): 2,
        (3, "rain"): 2,
    }


def test_the_pace_is_how_much_more_is_published_than_around_the_median_article() -> None:
    time = np.array([0, 30, 60, 90, 120, 120, 120, 120]) * DAY
    assert Days(time).pace().tolist() == [1, 1, 1, 1, 1.6, 1.6, 1.6, 1.6]
    assert Days(np.zeros(0, dtype=np.int64)).pace().tolist() == []


def test_a_term_in_the_news_weighs_more_than_one_that_an_article_alone_has() -> None:
    titles = ["flood alone", "flood other", *["calm sea", "calm day"] * 20]
    entries, days = entries_of(titles), Days(np.array([0, 0, *range(20, 60)]) * DAY)
    weight = by_term(titles, weights(entries, days.uses(entries), days))
    assert weight[0, "flood"] > 1.5 * weight[0, "alone"] > 0
    assert weight[0, "flood"] > 1.5 * weight[2, "calm"] > 0


def own(titles: list[str], group: list[int]) -> list[int]:
    entries = entries_of(titles)
    in_days = Days(np.zeros(len(titles), dtype=np.int64)).uses(entries)
    return with_own_terms(np.array(group), entries, np.full(len(entries.doc), 0.5), in_days).tolist()


def test_a_group_whose_terms_all_articles_of_its_days_have_is_none() -> None:
    titles = ["best mage", "best mage", "best axe", "mage dies", "axe falls", "best mage", "axe breaks"]
    assert own(titles, [0, 0, 2, 3, 2, 5, 2]) == [0, 1, 2, 3, 2, 5, 2]


def test_a_larger_group_needs_a_smaller_part_of_its_terms() -> None:
    titles = ["ice melts"] * 12
    assert own(titles, [0, 0, *range(2, 12)]) == list(range(12))
    assert own(titles, [0, 0, 0, 0, *range(4, 12)]) == list(range(12))
    assert own(titles, [0] * 5 + list(range(5, 12))) == [0] * 5 + list(range(5, 12))


def test_terms_that_only_one_article_of_a_group_has_do_not_count() -> None:
    titles = ["ice melts slowly", "ice melts", "slowly", "slowly", "slowly", "slowly"]
    assert own(titles, [0, 0, 2, 3, 4, 5]) == [0, 0, 2, 3, 4, 5]


def test_an_article_keeps_its_likest_pairs_the_earlier_first_among_equals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "LIKEST", 2)
    a, b = np.array([0, 0, 0, 0, 3, 5, 5, 5]), np.array([1, 2, 3, 4, 4, 6, 7, 8])
    score = np.array([7, 9, 7, 7, 1, 2, 2, 2])
    kept = candidates.likest(a, b, score)
    assert [column.tolist() for column in kept] == [[0, 0, 3, 5, 5], [1, 2, 4, 6, 7], [7, 9, 1, 2, 2]]


@pytest.mark.parametrize("count", [0, 1, 300])
def test_the_products_of_an_article_are_bounded_by_its_terms_and_not_by_the_corpus(count: int) -> None:
    term = np.repeat(np.arange(3), count).astype(np.int32)
    doc = np.tile(np.arange(count), 3).astype(np.int32)
    last = np.full(count, count, dtype=np.int32)
    parts = list(candidates._products(term, doc, np.ones(len(doc), dtype=np.float32), last))
    products = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, dtype=np.int64)
    assert np.bincount(products, minlength=count).max(initial=0) == 3 * min(candidates._NEIGHBOURS, max(count - 1, 0))
