"""The snapshot that a build may build upon: the published one, if the same code would read the same files alike."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from frontmart.errors import SnapshotError
from frontmart.extract.changes import Changes, all_changed, changes_since
from frontmart.extract.listing import list_source
from frontmart.settings import Settings
from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import Snapshot, published

# The tidy tables that a listing is compared with.
_COMPARED: Final = ("files", "rejects")


@dataclass(frozen=True, slots=True)
class BaseSnapshot:
    """A snapshot to build upon.

    Its tables are read where they are used: a million files take as much memory as DuckDB may.

    Attributes:
        snapshot: the snapshot, whose tidy tables hold what need not be read again.
        listed_at: when its build began (UTC).
        as_of: the day that its marts describe.
        has_current_models: whether its marts are what this code would make of its tidy tables.
    """

    snapshot: Snapshot
    listed_at: dt.datetime
    as_of: dt.date
    has_current_models: bool

    def is_current(self, as_of: dt.date) -> bool:
        """Whether its marts still hold on a day, as long as no file changes."""
        return self.has_current_models and self.as_of == as_of

    def table(self, name: str) -> pl.LazyFrame:
        """One of its tidy tables."""
        return pl.scan_parquet(self.snapshot.tables / f"{name}.parquet")


def find_base(settings: Settings, is_now: Mapping[str, str]) -> BaseSnapshot | None:
    """The published snapshot, or None where there is none, it came of other code or source, or all is to be rebuilt.

    Args:
        settings: of the build.
        is_now: the fingerprint of the build.
    """
    if settings.full:
        return None
    try:
        snapshot = published(settings.out)
        run = read_run(snapshot)
        was = run["fingerprint"]
        if was["rows"] != is_now["rows"]:
            return None
        base = BaseSnapshot(
            snapshot=snapshot,
            listed_at=dt.datetime.fromisoformat(run["started_at"]),
            as_of=dt.date.fromisoformat(run["as_of_date"]),
            has_current_models=was["models"] == is_now["models"],
        )
        for name in _COMPARED:
            base.table(name).collect_schema()
        return base
    except (SnapshotError, OSError, ValueError, KeyError, pl.exceptions.PolarsError):
        return None  # nothing to go by is no error: everything is read


def find_changes(settings: Settings, base: BaseSnapshot | None) -> Changes:
    """List the source, and tell what of it must be read."""
    listing = list_source(settings.source)
    if base is None:
        return all_changed(listing)
    files, rejects = (base.table(name) for name in _COMPARED)
    return changes_since(listing, files, rejects, listed_at=base.listed_at, reread=settings.verify)


def is_unchanged(base: BaseSnapshot, stage: Snapshot, gone_count: int) -> bool:
    """Whether all files that were read again turned out as they were, down to their times, and none is gone."""
    names = {folder.name for folder in stage.fragments.glob("*")}
    if gone_count or not names <= set(_COMPARED):
        return False
    return all(_are_all_in(stage.fragments / name, base.table(name)) for name in names)


def _are_all_in(fragments: Path, known: pl.LazyFrame) -> bool:
    read = pl.scan_parquet(fragments / "*.parquet")
    columns = read.collect_schema().names()
    return read.join(known, on=columns, how="anti", nulls_equal=True).collect(engine="streaming").is_empty()
