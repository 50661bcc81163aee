"""Shards: ranges of a listing, the unit of work of a worker process. Nothing else is sent to it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from frontmart.extract.source import Source
from transforms.generic.rules import FieldRules
from transforms.parse.limits import DEFAULT_LIMITS, Limits

# Limits that keep a worker below about 300 MB.
SHARD_FILES: Final = 20_000
SHARD_BYTES: Final = 32 * 2**20
# Large enough that the overhead of a shard (about 50 ms) is small.
_MIN_WEIGHT: Final = 32 * 2**20
# Several per worker, so that all workers finish at about the same time.
_SHARDS_PER_WORKER: Final = 3
# The overhead of a file, as the number of bytes that take as long to parse.
_FILE_WEIGHT: Final = 16 * 2**10


@dataclass(frozen=True, slots=True)
class Shard:
    """A range of rows of a listing.

    Attributes:
        start: first row.
        stop: row after the last one.
        listing: Parquet file of the listing.
        source: where the files are.
        fragments: folder that the fragments are written to.
        weight: estimated work, in bytes to parse; a megabyte takes some 10 ms.
        limits: limits of each file.
        repair: whether values that lack quotes are repaired, as with the setting `repair`.
        rules: the rules of the preset `generic`; None for the preset `smartable`.
        keeps_keys: whether the extra has all keys, also those that filled a column, as `frontmart inspect` needs them.
    """

    start: int
    stop: int
    listing: Path
    source: Source
    fragments: Path
    weight: int
    limits: Limits = DEFAULT_LIMITS
    repair: bool = False
    rules: FieldRules | None = None
    keeps_keys: bool = False

    @property
    def file_count(self) -> int:
        """The number of files."""
        return self.stop - self.start

    def rows(self) -> pl.DataFrame:
        """Read its rows of the listing (`changes.TO_READ_SCHEMA`)."""
        return pl.scan_parquet(self.listing).slice(self.start, self.file_count).collect()

    def fragment(self, table: str, start: int | None = None) -> Path:
        """The fragment of a tidy table for its files, from row `start` of the listing if given."""
        return self.fragments / table / f"{self.start if start is None else start:09d}.parquet"

    def fragments_of(self, table: str) -> list[Path]:
        """The existing fragments of a tidy table for its files."""
        files = (self.fragments / table).glob("*.parquet")
        return [file for file in files if self.start <= int(file.stem) < self.stop]

    def halves(self) -> "list[Shard]":
        """Split the shard in two; a shard of one file is returned as it is."""
        middle = (self.start + self.stop) // 2
        if middle == self.start:
            return [self]
        half = self.weight // 2
        return [replace(self, stop=middle, weight=half), replace(self, start=middle, weight=self.weight - half)]


def plan_shards(
    listing: Path,
    source: Source,
    fragments: Path,
    workers: int,
    *,
    limits: Limits = DEFAULT_LIMITS,
    repair: bool = False,
    rules: FieldRules | None = None,
    keeps_keys: bool = False,
) -> list[Shard]:
    """Split a listing into shards of similar weight, a few per worker.

    A shard has at most SHARD_FILES files and, unless it is a single file, at most SHARD_BYTES bytes.
    """
    # Files above the limit are not read.
    read = pl.when(pl.col("size") <= limits.file_bytes).then("size").otherwise(0)
    sizes = pl.read_parquet(listing, columns=["size"]).select(read).to_series().to_list()
    total_weight = sum(sizes) + _FILE_WEIGHT * len(sizes)
    target = max(_MIN_WEIGHT, total_weight // (workers * _SHARDS_PER_WORKER))
    shards, start, total = [], 0, 0
    for place, size in enumerate([*sizes, 0]):
        files = place - start
        weight = total + _FILE_WEIGHT * files
        is_full = files >= SHARD_FILES or total + size > SHARD_BYTES or weight >= target
        if files and (is_full or place == len(sizes)):
            shard = Shard(start, place, listing, source, fragments, weight, limits, repair, rules, keeps_keys)
            shards.append(shard)
            start, total = place, 0
        total += size
    return shards
