"""The snapshot that a build may build upon: the published one, if the same code would read the same files alike."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from flows.changes import Changes, changes_since, everything
from flows.errors import SnapshotError
from flows.settings import Settings
from flows.snapshots import Snapshot, published
from flows.sources import list_source


@dataclass(frozen=True, slots=True)
class Base:
    """A snapshot to build upon.

    Attributes:
        snapshot: the snapshot, whose tidy tables hold what need not be read again.
        files: its tidy table of the files seen.
        rejects: its tidy table of the files refused.
        listed_at: when its build began (UTC).
        as_of: the day that its marts describe.
        has_current_models: whether its marts are what this code would make of its tidy tables.
    """

    snapshot: Snapshot
    files: pl.DataFrame
    rejects: pl.DataFrame
    listed_at: dt.datetime
    as_of: dt.date
    has_current_models: bool

    def is_current(self, as_of: dt.date) -> bool:
        """Whether its marts still hold on a day, as long as no file changes."""
        return self.has_current_models and self.as_of == as_of


def find_base(settings: Settings, is_now: Mapping[str, str]) -> Base | None:
    """The published snapshot, or None where there is none, it came of other code or source, or all is to be rebuilt.

    Args:
        settings: of the build.
        is_now: the fingerprint of the build.
    """
    if settings.full:
        return None
    try:
        snapshot = published(settings.out)
        run = json.loads(snapshot.run_file.read_text(encoding="utf-8"))
        was = run["fingerprint"]
        if was["rows"] != is_now["rows"]:
            return None
        return Base(
            snapshot=snapshot,
            files=pl.read_parquet(snapshot.tables / "files.parquet"),
            rejects=pl.read_parquet(snapshot.tables / "rejects.parquet"),
            listed_at=dt.datetime.fromisoformat(run["started_at"]),
            as_of=dt.date.fromisoformat(run["as_of_date"]),
            has_current_models=was["models"] == is_now["models"],
        )
    except (SnapshotError, OSError, ValueError, KeyError, pl.exceptions.PolarsError):
        return None  # nothing to go by is no error: everything is read


def find_changes(settings: Settings, base: Base | None) -> Changes:
    """List the source, and tell what of it must be read."""
    listing = list_source(settings.source)
    if base is None:
        return everything(listing)
    return changes_since(listing, base.files, base.rejects, listed_at=base.listed_at, reread=settings.verify)


def is_as_before(base: Base, stage: Snapshot, changes: Changes) -> bool:
    """Whether all files that were read again turned out as they were, down to their times, and none is gone."""
    names = {folder.name for folder in stage.fragments.glob("*")}
    if changes.gone_count or not names <= {"files", "rejects"}:
        return False
    return all(_are_all_in(stage.fragments / name, getattr(base, name)) for name in names)


def _are_all_in(fragments: Path, known: pl.DataFrame) -> bool:
    read = pl.read_parquet(fragments / "*.parquet")
    return read.join(known, on=read.columns, how="anti", nulls_equal=True).is_empty()
