"""Shards: ranges of a listing, the unit in which files go to a worker. Nothing else crosses a process border."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from transforms.parse.limits import DEFAULT_LIMITS, Limits

# Small enough that a worker stays below some 300 MB.
SHARD_FILES: Final = 4_000
SHARD_BYTES: Final = 24 * 2**20
# Big enough that what a shard costs by itself (some 50 ms) is little beside what its files cost.
_LEAST_WEIGHT: Final = 6 * 2**20
# So many for each worker that none waits long for the last one.
_SHARDS_PER_WORKER: Final = 3
# A file costs what it costs to parse this many bytes, and then its bytes.
_FILE_WEIGHT: Final = 1_024


@dataclass(frozen=True, slots=True)
class Shard:
    """A range of rows of a listing (Parquet), and where its files are read from and its fragments written to.

    Its weight is how much work its files are, in bytes that take as long; a megabyte takes some 50 ms. The limits are
    those of each of its files; with `repair`, lines that are no YAML for want of quotes are repaired.
    """

    start: int
    stop: int
    listing: Path
    source: Path
    fragments: Path
    weight: int
    limits: Limits = DEFAULT_LIMITS
    repair: bool = False

    @property
    def file_count(self) -> int:
        """How many files it holds."""
        return self.stop - self.start

    def rows(self) -> pl.DataFrame:
        """Its rows of the listing; see `sources.LISTING_SCHEMA`."""
        return pl.scan_parquet(self.listing).slice(self.start, self.file_count).collect()

    def fragment(self, table: str, start: int | None = None) -> Path:
        """The file that holds its rows of a tidy table, or those from one of its files on."""
        return self.fragments / table / f"{self.start if start is None else start:09d}.parquet"

    def fragments_of(self, table: str) -> list[Path]:
        """The files, as far as they are there, that hold its rows of a tidy table."""
        files = (self.fragments / table).glob("*.parquet")
        return [file for file in files if self.start <= int(file.stem) < self.stop]

    def halves(self) -> "list[Shard]":
        """The shard in two, or as it is where it holds a single file."""
        middle = (self.start + self.stop) // 2
        if middle == self.start:
            return [self]
        half = self.weight // 2
        return [replace(self, stop=middle, weight=half), replace(self, start=middle, weight=self.weight - half)]


def plan_shards(
    listing: Path,
    source: Path,
    fragments: Path,
    workers: int,
    *,
    limits: Limits = DEFAULT_LIMITS,
    repair: bool = False,
) -> list[Shard]:
    """Cut a listing into ranges of much the same weight, a few for each worker.

    None is of more than SHARD_FILES files or, unless it is a single file, of more than SHARD_BYTES bytes.
    """
    # What is larger than a file may be is not read.
    read = pl.when(pl.col("size") <= limits.file_bytes).then("size").otherwise(0)
    sizes = pl.read_parquet(listing, columns=["size"]).select(read).to_series().to_list()
    whole = sum(sizes) + _FILE_WEIGHT * len(sizes)
    enough = max(_LEAST_WEIGHT, whole // (workers * _SHARDS_PER_WORKER))
    shards, start, total = [], 0, 0
    for place, size in enumerate([*sizes, 0]):
        files = place - start
        weight = total + _FILE_WEIGHT * files
        is_full = files >= SHARD_FILES or total + size > SHARD_BYTES or weight >= enough
        if files and (is_full or place == len(sizes)):
            shards.append(Shard(start, place, listing, source, fragments, weight, limits, repair))
            start, total = place, 0
        total += size
    return shards
