"""The snapshot that a build may build upon: the published one, if the same code would read the same files alike."""

import datetime as dt
import json
from dataclasses import dataclass

import polars as pl

from flows.changes import Changes, changes_since, everything
from flows.errors import SnapshotError
from flows.fingerprint import fingerprint
from flows.settings import Settings
from flows.snapshots import Snapshot, published
from flows.sources import list_source


@dataclass(frozen=True, slots=True)
class Base:
    """A snapshot to build upon.

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


def find_base(settings: Settings, version: str) -> Base | None:
    """The published snapshot, or None where there is none, it came of other code or source, or all is to be rebuilt."""
    if settings.full:
        return None
    try:
        snapshot = published(settings.out)
        run = json.loads(snapshot.run_file.read_text(encoding="utf-8"))
        was, is_now = run["fingerprint"], fingerprint(settings, version)
        if was["rows"] != is_now["rows"]:
            return None
        listed_at = dt.datetime.fromisoformat(run["started_at"])
        return Base(snapshot, listed_at, dt.date.fromisoformat(run["as_of_date"]), was["models"] == is_now["models"])
    except (SnapshotError, OSError, ValueError, KeyError):
        return None  # nothing to go by is no error: everything is read


def find_changes(settings: Settings, base: Base | None) -> Changes:
    """List the source, and tell what of it must be read."""
    listing = list_source(settings.source)
    if base is None:
        return everything(listing)
    tables = base.snapshot.tables
    files, rejects = pl.read_parquet(tables / "files.parquet"), pl.read_parquet(tables / "rejects.parquet")
    return changes_since(listing, files, rejects, listed_at=base.listed_at, reread=settings.verify)
