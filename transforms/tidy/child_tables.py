"""Records -> the tables below a document: what its lists hold, each row with its place in the list."""

from typing import Final

import polars as pl

from transforms.tidy.casts import (
    Cast,
    apply_casts,
    as_flag,
    as_integer,
    as_pixels,
    no_issues,
    plain_flag,
    plain_integer,
    plain_pixels,
)
from transforms.tidy.dates import as_timestamp, plain_timestamp
from transforms.tidy.documents import NO_DATE, NO_FLAG, NO_INTEGER, readable, with_heat
from transforms.tidy.slugs import slugs, with_provider
from transforms.tidy.urls import canonical_urls, host

_NO_PIXELS: Final = "no whole number of pixels above 0"
_SIZES: Final = (
    Cast("width", "width", as_pixels, _NO_PIXELS, plain_pixels),
    Cast("height", "height", as_pixels, _NO_PIXELS, plain_pixels),
)
_IMAGE_CASTS: Final = (*_SIZES, Cast("isCached", "is_cached", as_flag, NO_FLAG, plain_flag))
_RELATED_CASTS: Final = (
    Cast("publishedDateTime", "published_at", as_timestamp, NO_DATE, plain_timestamp),
    Cast("quality", "quality", as_integer, NO_INTEGER, plain_integer),
    Cast("heat", "heat", as_integer, NO_INTEGER, plain_integer),
)
_OWN_PROVIDER: Final = -1


def items_of(parents: pl.DataFrame, items: pl.Expr, *, position: str = "position", name: str = "item") -> pl.DataFrame:
    """The items of a list column, one a row, with document_id, path and whatever position the parents have.

    The position is 0-based, in the order of the file. An item that was refused has no row, but keeps its place.
    """
    identity = [column for column in ("document_id", "path", "related_position") if column in parents.columns]
    lists = parents.select(*identity, items.alias(name)).filter(pl.col(name).list.len() > 0)
    placed = lists.with_columns(pl.int_ranges(pl.col(name).list.len(), dtype=pl.Int32).alias(position))
    return placed.explode(name, position).filter(pl.col(name).is_not_null())


def topics(records: pl.DataFrame) -> pl.DataFrame:
    """A topic of a document; see `tables.DocumentTopics`."""
    rows = items_of(records, pl.col("topics"), name="topic")
    return rows.with_columns(slugs(rows["topic"]).alias("topic_id"))


def texts(records: pl.DataFrame, field: str, column: str) -> pl.DataFrame:
    """An item of a list of plain texts of a document, such as `levels`."""
    return items_of(records, pl.col(field), name=column)


def structs(records: pl.DataFrame, items: pl.Expr) -> pl.DataFrame:
    """An item of a list of mappings of a document that need no cast, such as `actions`."""
    return items_of(records, items).unnest("item")


def images(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """An image of a document, see `tables.DocumentImages`; and the issues."""
    rows = structs(records, pl.col("images"))
    return _typed_images(rows, pl.format("images[{}].", "position"))


def related(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A related item of a document, see `tables.RelatedItems`, with its images and provider as in the file; issues.

    A related item is a copy that each member of a cluster writes out, and may be stale: it is kept as it stands.
    """
    rows = structs(records, pl.col("related"))
    typed, issues = apply_casts(rows, _RELATED_CASTS, pl.format("related[{}].", "position"))
    typed = with_heat(with_provider(typed)).rename({"webUrl": "web_url"})
    urls = canonical_urls(typed["web_url"].rename("canonical_url"))
    return typed.with_columns(readable(typed["title"]), readable(typed["excerpt"]), urls), issues


def related_images(related_rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """An image of a related item, see `tables.RelatedImages`; and the issues."""
    rows = structs(related_rows.rename({"position": "related_position"}), pl.col("images"))
    return _typed_images(rows, pl.format("related[{}].images[{}].", "related_position", "position"))


def provider_images(records: pl.DataFrame, related_rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """An image of a provider sighting, see `tables.ProviderImages`: the document's own, then the related ones'."""
    own = records.with_columns(pl.lit(_OWN_PROVIDER, pl.Int32).alias("related_position"))
    sightings = pl.concat(_sightings(rows) for rows in (own, related_rows.rename({"position": "related_position"})))
    rows = items_of(sightings, pl.col("images")).unnest("item").join(
        with_provider(sightings).select("document_id", "related_position", "provider_id"),
        on=["document_id", "related_position"],
        how="left",
        maintain_order="left",
    )  # fmt: skip
    is_own = pl.col("related_position") == _OWN_PROVIDER
    place = pl.when(is_own).then(pl.lit("")).otherwise(pl.format("related[{}].", "related_position"))
    return apply_casts(rows, _SIZES, pl.concat_str(place, pl.format("provider.images[{}].", "position")))


def _sightings(rows: pl.DataFrame) -> pl.DataFrame:
    provider = pl.col("provider").struct
    return rows.select(
        "document_id",
        "path",
        "related_position",
        pl.struct(provider.field("name"), provider.field("domain")).alias("provider"),
        provider.field("images"),
    ).filter(pl.col("images").list.len() > 0)


def _typed_images(rows: pl.DataFrame, prefix: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed, issues = apply_casts(rows, _IMAGE_CASTS, prefix)
    return typed.with_columns(host=host(pl.col("url"))), issues


def field_issues(records: pl.DataFrame, cast_issues: list[pl.DataFrame]) -> pl.DataFrame:
    """A value refused, see `tables.FieldIssues`: first what did not fit its shape, then what did not fit its type."""
    shapes = items_of(records, pl.col("issues")).unnest("item").select(no_issues().columns)
    rows = pl.concat([shapes, *cast_issues])
    place = pl.int_range(pl.len(), dtype=pl.Int32).over("document_id")
    return rows.with_columns(place.alias("position"))
