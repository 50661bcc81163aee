"""Records -> the child tables of documents: a row per list item, with its position in the list."""

from typing import Final

import polars as pl

from transforms.fields import AUTHOR, IMAGE, PROVIDER_IMAGE, RELATED, Record
from transforms.tidy.casts import cast_fields, no_issues
from transforms.tidy.documents import prose_columns, readable, with_heat
from transforms.tidy.slugs import slugs, with_provider
from transforms.tidy.urls import canonical_urls, host

_OWN_PROVIDER: Final = -1


def items_of(parents: pl.DataFrame, items: pl.Expr, *, position: str = "position", name: str = "item") -> pl.DataFrame:
    """The items of a list column, a row each, with document_id, path and, if the parents have it, related_position.

    Positions are 0-based and in the order of the file. A refused item has no row, but keeps its position.
    """
    identity = [column for column in ("document_id", "path", "related_position") if column in parents.columns]
    lists = parents.select(*identity, items.alias(name)).filter(pl.col(name).list.len() > 0)
    placed = lists.with_columns(pl.int_ranges(pl.col(name).list.len(), dtype=pl.Int32).alias(position))
    return placed.explode(name, position).filter(pl.col(name).is_not_null())


def topics(records: pl.DataFrame) -> pl.DataFrame:
    """A row per topic of a document, see `tables.DocumentTopics`."""
    rows = texts(records, "topics", "topic")
    kinds = items_of(records, pl.col("generic").struct.field("topic_kinds"), name="topic_kind")
    rows = rows.join(kinds.drop("path"), on=["document_id", "position"], how="left", maintain_order="left")
    return rows.with_columns(slugs(rows["topic"]).alias("topic_id"))


def texts(records: pl.DataFrame, field: str, column: str) -> pl.DataFrame:
    """A row per item of a list of single values of a document, such as `levels`."""
    return items_of(records, pl.col(field), name=column)


def mappings(
    parents: pl.DataFrame, items: pl.Expr, record: Record, prefix: pl.Expr
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row per item of a list of mappings, such as `actions`, with the columns of its record; and the issues.

    Args:
        parents: documents or related items.
        items: the list column.
        record: the declared fields of an item.
        prefix: the text before the field in an issue, given the position, such as `actions[3].`.
    """
    return cast_fields(items_of(parents, items).unnest("item"), record, prefix)


def images(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row per image of a document, see `tables.DocumentImages`; and the issues."""
    return _images(records, pl.format("images[{}].", "position"))


def authors(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row per author of a document, see `tables.DocumentAuthors`; and the issues."""
    items = pl.col("provider").struct.field("authors")
    return mappings(records, items, AUTHOR, pl.format("provider.authors[{}].", "position"))


def listed(records: pl.DataFrame, key: str, record: Record) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row per item of a list of mappings of a document, such as `actions`; and the issues."""
    return mappings(records, pl.col(key), record, pl.format(f"{key}[{{}}].", "position"))


def related(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row per related item of a document, see `tables.RelatedItems`, plus images and provider as written; the issues.

    A related item is a copy that may be stale: each document of a cluster lists all others. It is kept as written.
    """
    typed, issues = listed(records, "related", RELATED)
    typed = with_heat(with_provider(typed))
    urls = canonical_urls(typed["web_url"].rename("canonical_url"))
    return typed.with_columns(*(readable(typed[column]) for column in prose_columns(RELATED)), urls), issues


def related_images(related_rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row per image of a related item, see `tables.RelatedImages`; and the issues."""
    parents = related_rows.rename({"position": "related_position"})
    return _images(parents, pl.format("related[{}].images[{}].", "related_position", "position"))


def _images(parents: pl.DataFrame, prefix: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed, issues = mappings(parents, pl.col("images"), IMAGE, prefix)
    return typed.with_columns(host=host(pl.col("url"))), issues


def provider_images(records: pl.DataFrame, related_rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row per image of a provider, see `tables.ProviderImages`: of documents, then of related items; the issues."""
    own = records.with_columns(pl.lit(_OWN_PROVIDER, pl.Int32).alias("related_position"))
    sightings = pl.concat(_sightings(rows) for rows in (own, related_rows.rename({"position": "related_position"})))
    is_own = pl.col("related_position") == _OWN_PROVIDER
    parent = pl.when(is_own).then(pl.lit("")).otherwise(pl.format("related[{}].", "related_position"))
    prefix = pl.concat_str(parent, pl.format("provider.images[{}].", "position"))
    typed, issues = mappings(sightings, pl.col("images"), PROVIDER_IMAGE, prefix)
    providers = with_provider(sightings).select("document_id", "related_position", "provider_id")
    on = ["document_id", "related_position"]
    return typed.join(providers, on=on, how="left", maintain_order="left"), issues


def _sightings(rows: pl.DataFrame) -> pl.DataFrame:
    provider = pl.col("provider").struct
    return rows.select(
        "document_id",
        "path",
        "related_position",
        pl.struct(provider.field("name"), provider.field("domain")).alias("provider"),
        provider.field("images"),
    ).filter(pl.col("images").list.len() > 0)


def generic_items(records: pl.DataFrame, name: str) -> pl.DataFrame:
    """A row per item of a list that only the preset `generic` has, see `records.GENERIC_SCHEMA`."""
    return items_of(records, pl.col("generic").struct.field(name)).unnest("item")


def field_issues(records: pl.DataFrame, cast_issues: list[pl.DataFrame]) -> pl.DataFrame:
    """A row per refused value, see `tables.FieldIssues`: first those of a wrong shape, then those of a wrong type."""
    shape_issues = items_of(records, pl.col("issues")).unnest("item").select(no_issues().columns)
    rows = pl.concat([shape_issues, *cast_issues])
    place = pl.int_range(pl.len(), dtype=pl.Int32).over("document_id")
    return rows.with_columns(place.alias("position"))
