"""What changed under a source since a snapshot: which files must be read, and which need not."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import polars as pl

from frontmart.extract.listing import LISTING_SCHEMA

READING_SCHEMA: Final = pl.Schema([*LISTING_SCHEMA.items(), ("known_hash", pl.String())])
# A file written this shortly before it was listed may change again under the same modification time.
_CLOCK_TICK: Final = dt.timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Changes:
    """The files of a listing, apart.

    Attributes:
        to_read: files to read, in READING_SCHEMA; with a known hash where the snapshot has the document.
        unchanged: document_id of each file of the snapshot that is as it was.
        gone_count: files of the snapshot that are there no more.
    """

    to_read: pl.DataFrame
    unchanged: pl.DataFrame
    gone_count: int

    @property
    def is_empty(self) -> bool:
        """Whether every file is as it was."""
        return self.to_read.is_empty() and not self.gone_count


def all_changed(listing: pl.DataFrame) -> Changes:
    """Every file of a listing is to be read: there is no snapshot to go by."""
    to_read = listing.with_columns(known_hash=pl.lit(None, pl.String)).select(READING_SCHEMA.names())
    return Changes(to_read, pl.DataFrame(schema={"document_id": pl.String}), 0)


def changes_since(
    listing: pl.DataFrame, files: pl.LazyFrame, rejects: pl.LazyFrame, *, listed_at: dt.datetime, reread: bool
) -> Changes:
    """Compare a listing with the `files` and `rejects` of a snapshot.

    Args:
        listing: in the shape of `sources.LISTING_SCHEMA`.
        files: a file seen by the build of the snapshot, see `tables.Files`.
        rejects: a file that it refused, see `tables.Rejects`; one that could not be read is tried again.
        listed_at: when that build began (UTC); a file modified about then may have changed without a trace.
        reread: whether to read every file, and go by its content alone.

    Raises polars' PolarsError for a table that cannot be read.
    """
    unread = rejects.filter(pl.col("reason") == "unreadable").select("document_id").collect().to_series()
    known = files.select(
        "path",
        "document_id",
        known_size="size",
        known_mtime_ns="mtime_ns",
        known_hash="content_hash",
        is_read=~pl.col("document_id").is_in(unread.implode()),
    )
    is_same = (
        (pl.col("size") == pl.col("known_size"))
        & (pl.col("mtime_ns") == pl.col("known_mtime_ns"))
        & (pl.col("mtime_ns") < _settled_ns(listed_at))
        & pl.col("is_read")
        & pl.col("error").is_null()
    ).fill_null(value=False)
    seen = (
        listing.lazy()
        .join(known, on="path", how="left", maintain_order="left")
        .select(*READING_SCHEMA.names(), "document_id", is_same=is_same & (not reread))
        .collect()
    )
    known_count = files.select(pl.len()).collect().item()
    return Changes(
        to_read=seen.filter(~pl.col("is_same")).select(READING_SCHEMA.names()),
        unchanged=seen.filter("is_same").select("document_id"),
        gone_count=known_count - seen["document_id"].count(),
    )


def _settled_ns(listed_at: dt.datetime) -> int:
    return int((listed_at - _CLOCK_TICK).timestamp() * 1e9)
