"""Group news articles into events."""

import polars as pl


def group_events(articles: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Group articles into events.

    Args:
        articles: a row per dated news article: document_id, title, excerpt, published_at, canonical_url, provider_id.
        links: document_id, linked_document_id: a related link between two of these articles.

    Returns a row per article: document_id, event_id.
    """
    return articles.select("document_id", event_id="document_id")
