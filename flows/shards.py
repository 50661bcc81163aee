"""Shards: ranges of a listing, the unit in which files go to a worker. Nothing else crosses a process border."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

# Big enough that a fragment is worth its file, small enough that a worker stays below some 300 MB.
SHARD_FILES: Final = 4_000
SHARD_BYTES: Final = 24 * 2**20


@dataclass(frozen=True, slots=True)
class Shard:
    """A range of rows of a listing (Parquet), and where its files are read from and its fragments written to."""

    start: int
    stop: int
    listing: Path
    source: Path
    fragments: Path

    @property
    def file_count(self) -> int:
        """How many files it holds."""
        return self.stop - self.start

    def rows(self) -> pl.DataFrame:
        """Its rows of the listing; see `sources.LISTING_SCHEMA`."""
        return pl.scan_parquet(self.listing).slice(self.start, self.file_count).collect()

    def fragment(self, table: str) -> Path:
        """The file that holds its rows of a tidy table."""
        return self.fragments / table / f"{self.start:09d}.parquet"

    def halves(self) -> "list[Shard]":
        """The shard in two, or as it is where it holds a single file."""
        middle = (self.start + self.stop) // 2
        if middle == self.start:
            return [self]
        return [replace(self, stop=middle), replace(self, start=middle)]


def plan_shards(listing: Path, source: Path, fragments: Path) -> list[Shard]:
    """Cut a listing into ranges of at most SHARD_FILES files and about SHARD_BYTES bytes."""
    sizes = pl.read_parquet(listing, columns=["size"])["size"].to_list()
    cuts, start, total = [0], 0, 0
    for place, size in enumerate(sizes):
        if place > start and (place - start >= SHARD_FILES or total + size > SHARD_BYTES):
            cuts.append(place)
            start, total = place, 0
        total += size
    stops = [*cuts[1:], len(sizes)]
    ranges = [(begin, end) for begin, end in zip(cuts, stops, strict=True) if end > begin]
    return [Shard(begin, end, listing, source, fragments) for begin, end in ranges]
