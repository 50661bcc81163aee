"""Articles -> events: one happening or announcement, with its follow-ups and copies, within ten days."""

import polars as pl

from transforms.events.agglomerate import agglomerate
from transforms.events.terms import terms

WINDOW_DAYS = 10
THRESHOLD = 0.2
_DAY = 86_400_000_000


def group_events(articles: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """document_id, event_id: every article exactly once.

    `articles`: document_id, title, excerpt, published_at (not null), canonical_url, provider_id, in any order.
    `links`: document_id, linked_document_id, resolved links between these articles.
    The event_id is the document_id of the earliest article of the event, by published_at and then document_id. It
    stays the same when later articles join, and changes when an earlier one does, or when the event splits.
    """
    docs = articles.sort("published_at", "document_id").with_row_index("doc")
    nodes = docs.select("doc", start=pl.col("published_at").cast(pl.Int64), end=pl.col("published_at").cast(pl.Int64))
    pairs = _scored_pairs(docs)
    group = agglomerate(nodes, pairs, THRESHOLD, WINDOW_DAYS * _DAY)
    founders = docs["document_id"].gather(group)
    return docs.select("document_id", founders.alias("event_id")).sort("document_id")


def _scored_pairs(docs: pl.DataFrame) -> pl.DataFrame:
    title = docs.select("doc", term=terms(pl.col("title")), tf=pl.lit(1.0)).explode("term").drop_nulls()
    excerpt = docs.select("doc", term=terms(pl.col("excerpt").str.slice(0, 200)), tf=pl.lit(0.4)).explode("term")
    both = pl.concat([title, excerpt.drop_nulls()]).group_by("doc", "term").agg(pl.col("tf").max())
    weighed = both.with_columns(w=pl.col("tf") * ((docs.height + 1) / pl.len().over("term")).log())
    vectors = weighed.with_columns(w=pl.col("w") / (pl.col("w") ** 2).sum().sqrt().over("doc"))
    vectors = vectors.join(docs.select("doc", t=pl.col("published_at").cast(pl.Int64)), on="doc")
    rare = vectors.filter(pl.len().over("term") <= max(100, 0.1 * docs.height))
    return (
        rare.join(rare, on="term", suffix="_b")
        .filter((pl.col("doc") < pl.col("doc_b")) & (pl.col("t_b") - pl.col("t") <= WINDOW_DAYS * _DAY))
        .group_by(a="doc", b="doc_b")
        .agg(score=(pl.col("w") * pl.col("w_b")).sum())
        .filter(pl.col("score") > 0.05)
        .sort("a", "b")
    )
