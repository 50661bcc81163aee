"""Records (JSON lines) -> the documents table, and the values that it had to refuse."""

from typing import Final

import polars as pl

from transforms.tables import Documents
from transforms.tidy.casts import Cast, apply_casts, as_count, as_flag, as_integer, as_number, plain_flag, plain_integer
from transforms.tidy.dates import as_seconds, as_timestamp, plain_timestamp
from transforms.tidy.slugs import with_provider
from transforms.tidy.text import repair_encoding, unescape_entities
from transforms.tidy.urls import canonical_urls, host

SUPPRESSED_HEAT: Final = -1

NO_DATE = "no date or time that can be told: write it as 2021-04-20T22:38:00Z"
NO_INTEGER = "no whole number"
NO_FLAG = "neither true nor false"

_CASTS: Final = (
    Cast("publishedDateTime", "published_at", as_timestamp, NO_DATE, plain_timestamp),
    Cast("updatedDateTime", "updated_at", as_timestamp, NO_DATE, plain_timestamp),
    Cast("quality", "quality", as_integer, NO_INTEGER, plain_integer),
    Cast("heat", "heat", as_integer, NO_INTEGER, plain_integer),
    Cast("published", "is_published", as_flag, NO_FLAG, plain_flag),
    Cast("removed", "is_removed", as_flag, NO_FLAG, plain_flag),
    Cast("length", "duration_seconds", as_seconds, "no duration: write it as PT1H2M3S"),
    Cast("ratings.count", "rating_count", as_count, "no whole number of 0 or more"),
    Cast("ratings.average", "rating_average", as_number, "no number"),
    Cast("members", "member_count", as_count, "no whole number of 0 or more"),
)
_RENAMED: Final = {"originalUrl": "original_url", "webUrl": "web_url", "ampWebUrl": "amp_url"}


def documents(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row a file with front matter, as declared in `tables.Documents`, and the issues.

    Args:
        records: the shape of `records.RECORD_SCHEMA`.

    The canonical URL is the web URL, or the original one where that is absent or empty: videos have no web URL.
    """
    typed, issues = apply_casts(records, _CASTS, pl.lit(""))
    typed = with_heat(with_provider(typed).rename(_RENAMED))
    urls = typed.select(canonical_url=pl.coalesce(_not_empty("web_url"), "original_url")).to_series()
    title, excerpt = repair_encoding(typed["title"]), repair_encoding(typed["excerpt"])
    typed = typed.with_columns(canonical_urls(urls)).with_columns(
        unescape_entities(title),
        unescape_entities(excerpt),
        # `./` stands before the path of a file whose name is no UTF-8.
        collection=pl.col("path").str.extract(r"^(?:\./)?([^/]+)/").str.strip_prefix("_"),
        url_host=host(pl.col("canonical_url")),
        is_text_repaired=title.ne_missing(typed["title"]) | excerpt.ne_missing(typed["excerpt"]),
    )
    return typed.select(Documents.column_names()), issues


def readable(texts: pl.Series) -> pl.Series:
    """Titles or excerpts with their encoding repaired and their HTML entities unescaped."""
    return unescape_entities(repair_encoding(texts))


def with_heat(frame: pl.DataFrame) -> pl.DataFrame:
    """Any grain with an integer heat: -1 becomes null heat and `is_suppressed`, so that it never enters a mean."""
    is_suppressed = (pl.col("heat") == SUPPRESSED_HEAT).fill_null(value=False)
    return frame.with_columns(heat=pl.when(~is_suppressed).then(pl.col("heat")), is_suppressed=is_suppressed)


def _not_empty(column: str) -> pl.Expr:
    return pl.when(pl.col(column).str.strip_chars() != "").then(pl.col(column))
