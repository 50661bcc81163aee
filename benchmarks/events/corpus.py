"""News of a corpus, as the pipeline gives it to `group_events`."""

import tempfile
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

import frontmart

_ARTICLES: Final = """
    select
        document_id, title, excerpt, published_at::timestamp as published_at, canonical_url, provider_id
    from staging.documents
    where collection = 'news' and published_at is not null
"""
_LINKS: Final = """
    select document_id, resolved_document_id as linked_document_id
    from core.related_links
    where resolved_document_id <> document_id
"""


def news(source: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Articles and links of a corpus, by a build of it; see `published_news`."""
    with tempfile.TemporaryDirectory() as out:
        frontmart.build(source, out)
        return published_news(Path(out))


def published_news(out: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Articles and links of the documents with a date in the folder `news`, from the published snapshot in `out`."""
    with duckdb.connect(str(out / "published" / "warehouse.duckdb"), read_only=True) as warehouse:
        articles, links = warehouse.sql(_ARTICLES).pl(), warehouse.sql(_LINKS).pl()
    known = articles["document_id"].implode()
    return articles, links.filter(pl.col("document_id").is_in(known) & pl.col("linked_document_id").is_in(known))
