"""Other ways to group articles, which events are compared with: each returns document_id and group_id."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from itertools import combinations

import polars as pl

from transforms.events.fold import fold


def clusters(articles: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Connected components over links: what the source's similarity wrote."""
    return _components(articles["document_id"].to_list(), links.select("document_id", "linked_document_id").iter_rows())


def title_words(articles: pl.DataFrame, likeness: float = 0.5, days: int = 10) -> pl.DataFrame:
    """Single linkage of articles whose titles share half of their words (Jaccard) within ten days."""
    rows = articles.with_columns(words=fold(pl.col("title")).str.split(" ")).sort("published_at").to_dicts()
    words = {row["document_id"]: frozenset(row["words"] or ()) for row in rows}
    shown = {row["document_id"]: row["published_at"] for row in rows}
    by_word = defaultdict(list)
    for document, its in words.items():
        for word in its:
            by_word[word].append(document)
    pairs = {pair for documents in by_word.values() for pair in combinations(documents, 2)}
    alike = (
        (a, b)
        for a, b in pairs
        if shown[b] - shown[a] <= timedelta(days=days)
        and len(words[a] & words[b]) >= likeness * len(words[a] | words[b])
    )
    return _components(list(words), alike)


def _components(documents: list[str], pairs: Iterable[tuple[str, ...]]) -> pl.DataFrame:
    parent = {document: document for document in documents}

    def root(document: str) -> str:
        while parent[document] != document:
            parent[document] = parent[parent[document]]
            document = parent[document]
        return document

    for a, b in pairs:
        first, second = sorted((root(a), root(b)))
        parent[second] = first
    return pl.DataFrame({"document_id": documents, "group_id": [root(document) for document in documents]})


def within(groups: pl.DataFrame, articles: pl.DataFrame, hours: int) -> pl.DataFrame:
    """Groups split wherever none of its articles appears for `hours`."""
    dated = groups.join(articles.select("document_id", "published_at"), on="document_id").sort(
        "group_id", "published_at", "document_id"
    )
    starts = pl.col("published_at").diff().over("group_id") > pl.duration(hours=hours)
    part = starts.fill_null(False).cum_sum().over("group_id").cast(pl.String)
    return dated.select("document_id", group_id=pl.col("group_id") + "-" + part)
