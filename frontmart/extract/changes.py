"""Changed files: compare the listing of a source with the files of a snapshot."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import polars as pl

from frontmart.extract.listing import LISTING_SCHEMA

TO_READ_SCHEMA: Final = pl.Schema([*LISTING_SCHEMA.items(), ("known_hash", pl.String())])
# A file changed this shortly before it was listed may change again without a new time: FAT has ticks of two seconds.
_CLOCK_TICK: Final = dt.timedelta(seconds=2)
# What the listing says about a file besides its path; if none of it changed, the file did not.
_STATUS: Final = ("size", "mtime_ns", "ctime_ns", "inode")
# Reading so many takes some 20 ms.
_SAMPLE_FILES: Final = 200
_SAMPLE_SEED: Final = 13
# What changes although nobody changed the files, on some file systems.
UNSTABLE: Final = ("ctime_ns", "inode")


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between a listing and a snapshot.

    Attributes:
        to_read: new and changed files, one row each (TO_READ_SCHEMA); `known_hash` is the content hash of the document
            in the snapshot, or NULL.
        unchanged: column document_id, one row per unchanged file.
        gone_count: number of files of the snapshot that are no longer listed.
        sample: a few of all listed files, see `sample_of`.
    """

    to_read: pl.DataFrame
    unchanged: pl.DataFrame
    gone_count: int
    sample: pl.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether no file is new, changed or gone."""
        return self.to_read.is_empty() and not self.gone_count


def all_changed(listing: pl.DataFrame) -> Changes:
    """Treat every file of a listing as new, for a build without a base snapshot."""
    to_read = listing.with_columns(known_hash=pl.lit(None, pl.String)).select(TO_READ_SCHEMA.names())
    return Changes(to_read, pl.DataFrame(schema={"document_id": pl.String}), 0, sample_of(listing))


def sample_of(listing: pl.DataFrame) -> pl.DataFrame:
    """A few files of a listing, the same in every build as long as they are there: those with the lowest path hashes.

    In LISTING_SCHEMA without the error, in the order of the hashes.
    """
    known = listing.filter(pl.col("error").is_null()).drop("error")
    hashed = known.with_columns(hash=pl.col("path").hash(seed=_SAMPLE_SEED))
    return hashed.bottom_k(_SAMPLE_FILES, by="hash").sort("hash", "path").drop("hash")


def changes_since(
    listing: pl.DataFrame,
    files: pl.LazyFrame,
    rejects: pl.LazyFrame,
    *,
    listed_at: dt.datetime,
    by_content: bool,
    ignore_inode: bool = False,
) -> Changes:
    """Compare a listing with the `files` and `rejects` of a snapshot.

    Args:
        listing: in LISTING_SCHEMA.
        files: the table `transforms.tables.Files` of the snapshot.
        rejects: its table `transforms.tables.Rejects`; files that could not be read are tried again.
        listed_at: when its build started (UTC). Files changed about then are read again: they may have changed later
            without a new time.
        by_content: read every file, so that only its content decides.
        ignore_inode: compare neither the inode nor the ctime of files.

    Raises:
        polars.exceptions.PolarsError: for a table that cannot be read.
    """
    unread = rejects.filter(pl.col("reason") == "unreadable").select("document_id").collect().to_series()
    status = [name for name in _STATUS if not (ignore_inode and name in UNSTABLE)]
    times = [name for name in status if name.endswith("_ns")]
    known = files.select(
        "path",
        "document_id",
        pl.col(status).name.prefix("known_"),
        known_hash="content_hash",
        is_read=~pl.col("document_id").is_in(unread.implode()),
    )
    is_same = pl.all_horizontal(
        *(pl.col(name) == pl.col(f"known_{name}") for name in status),
        *(pl.col(name) < _settled_ns(listed_at) for name in times),
        pl.col("is_read"),
        pl.col("error").is_null(),
    ).fill_null(value=False)
    seen = (
        listing.lazy()
        .join(known, on="path", how="left", maintain_order="left")
        .select(*TO_READ_SCHEMA.names(), "document_id", is_same=is_same & (not by_content))
        .collect()
    )
    known_count = files.select(pl.len()).collect().item()
    return Changes(
        to_read=seen.filter(~pl.col("is_same")).select(TO_READ_SCHEMA.names()),
        unchanged=seen.filter("is_same").select("document_id"),
        gone_count=known_count - seen["document_id"].count(),
        sample=sample_of(listing),
    )


def _settled_ns(listed_at: dt.datetime) -> int:
    return int((listed_at - _CLOCK_TICK).timestamp() * 1e9)
