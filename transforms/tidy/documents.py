"""Records -> the documents table, and an issue for each value refused."""

from typing import Final

import polars as pl

from transforms.fields import DOCUMENT, Kind, Record
from transforms.tables import Documents
from transforms.tidy.casts import cast_fields
from transforms.tidy.slugs import with_provider
from transforms.tidy.text import repair_encoding, unescape_entities
from transforms.tidy.urls import canonical_urls, host

SUPPRESSED_HEAT: Final = -1
# The collection of a path. That of a file whose name is not UTF-8 begins with `./`.
COLLECTION: Final = pl.col("path").str.strip_prefix("./").str.extract(r"^([^/]+)/").str.strip_prefix("_")


def documents(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row per file with front matter, as declared in `tables.Documents`, and the issues.

    Args:
        records: the shape of `records.RECORD_SCHEMA`.

    The canonical URL comes from the web URL, or from the original one if that is absent or empty, as in videos.
    """
    typed, issues = cast_fields(records, DOCUMENT, pl.lit(""))
    typed = with_heat(with_provider(typed))
    urls = typed.select(canonical_url=pl.coalesce(_not_empty("web_url"), "original_url")).to_series()
    repaired = [repair_encoding(typed[column]) for column in prose_columns(DOCUMENT)]
    is_repaired = [column.ne_missing(typed[column.name]).alias(column.name) for column in repaired]
    typed = typed.with_columns(canonical_urls(urls)).with_columns(
        *map(unescape_entities, repaired),
        collection=COLLECTION,
        url_host=host(pl.col("canonical_url")),
        slug=_generic("slug"),
        language=_generic("language"),
        weight=_generic("weight").cast(pl.Float64),
        document_kind=_generic("document_kind"),
        is_text_repaired=pl.DataFrame(is_repaired).select(pl.any_horizontal(pl.all())).to_series(),
    )
    return typed.select(Documents.column_names()), issues


def _generic(name: str) -> pl.Expr:
    return pl.col("generic").struct.field(name)


def prose_columns(record: Record) -> list[str]:
    """The columns of text for people, such as titles and excerpts."""
    return [scalar.column_name for _, scalar in record.scalars if scalar.kind is Kind.PROSE]


def readable(texts: pl.Series) -> pl.Series:
    """Text for people with its encoding repaired and its HTML entities unescaped."""
    return unescape_entities(repair_encoding(texts))


def with_heat(frame: pl.DataFrame) -> pl.DataFrame:
    """Any grain with an integer heat: -1 becomes a null heat and a true `is_suppressed`, so it enters no mean."""
    is_suppressed = (pl.col("heat") == SUPPRESSED_HEAT).fill_null(value=False)
    return frame.with_columns(heat=pl.when(~is_suppressed).then(pl.col("heat")), is_suppressed=is_suppressed)


def _not_empty(column: str) -> pl.Expr:
    return pl.when(pl.col(column).str.strip_chars() != "").then(pl.col(column))
