"""Incremental builds: reuse the rows of unchanged files from the published snapshot.

A build reads a file again only if its size, times or inode changed; with `checksum` it reads all files, and compares
their content. The rows of other files are copied from the base snapshot: the published one, if its files are
as they were written and the fingerprint of its rows (source, code, settings) is that of this build. If its marts are
current too, and no file changed, there is nothing to do. The result is always the same as that of a full build.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from frontmart.catalog.features import Feature, features_of_names
from frontmart.empty_source import no_files
from frontmart.errors import SnapshotError
from frontmart.extract.changes import UNSTABLE, Changes, all_changed, changes_since
from frontmart.extract.source import Source
from frontmart.presets import PresetChoice, preset_of_run
from frontmart.settings import Settings
from frontmart.snapshots.baseline import Baseline
from frontmart.snapshots.corpus_dates import CorpusDates, corpus_dates_of_run
from frontmart.snapshots.loss_baseline import LossBaseline
from frontmart.snapshots.manifest import find_damage
from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import Snapshot
from transforms.tables import stored_columns

# The tidy tables that a listing is compared with.
_COMPARED: Final = ("files", "rejects")


@dataclass(frozen=True, slots=True)
class BaseSnapshot:
    """The published snapshot whose rows a build reuses.

    Its tables are scanned lazily: those of a million files would take as much memory as DuckDB may use.

    Attributes:
        snapshot: the snapshot.
        listed_at: when its build started (UTC).
        as_of: the day that its marts describe.
        dates: the dates of its articles; None if an earlier version made it.
        files: its number of files seen, and of those with each outcome.
        has_current_models: whether the current code would make the same marts from its tidy tables.
        features: the features that its marts were made for; None if they are not known.
        passed_checks: the names of the checks that found no rows.
    """

    snapshot: Snapshot
    listed_at: dt.datetime
    as_of: dt.date
    dates: CorpusDates | None
    files: Mapping[str, int]
    has_current_models: bool
    features: frozenset[Feature] | None = None
    passed_checks: frozenset[str] = frozenset()

    def is_current(self, as_of: dt.date) -> bool:
        """Whether its marts are valid for a day, as long as no file changed."""
        return self.has_current_models and self.as_of == as_of

    def table(self, name: str) -> pl.LazyFrame:
        """Scan one of its tidy tables."""
        return pl.scan_parquet(self.snapshot.tables / f"{name}.parquet")


def find_base_snapshot(
    settings: Settings,
    fingerprint: Mapping[str, str],
    baseline: Baseline | None,
    choice: PresetChoice | None,
    warn: Callable[[str], None],
    given: Snapshot | None = None,
) -> BaseSnapshot | None:
    """The given snapshot, or else the published one, if its rows can be reused, else None.

    None if nothing is published, the snapshot is damaged, it was built from another source or by other code, or the
    settings ask for a full build.

    Args:
        settings: of this build.
        fingerprint: of this build, see `snapshots.fingerprint`.
        baseline: the published snapshot, if any.
        choice: the preset of this build; None if the files will vote.
        warn: called with a message if the files of the snapshot are as they were written, but cannot be reused.
        given: a snapshot to reuse instead of the published one, unless it is damaged.
    """
    published = baseline.snapshot if baseline else None
    snapshot = given if given and not find_damage(given.folder) else published
    if settings.full or snapshot is None:
        return None
    try:
        run = read_run(snapshot)
        previous = run["fingerprint"]
        preset = preset_of_run(run)
        if previous["rows"] != fingerprint["rows"] or choice is None or preset is not choice.preset:
            return None
        base = BaseSnapshot(
            snapshot=snapshot,
            listed_at=dt.datetime.fromisoformat(run["started_at"]),
            as_of=dt.date.fromisoformat(run["as_of_date"]),
            dates=corpus_dates_of_run(run),
            files={name: run["files"][name] for name in ("seen", "reject")},
            has_current_models=previous["models"] == fingerprint["models"],
            features=features_of_names(run["features"]) if run.get("features") is not None else None,
            passed_checks=frozenset(check["name"] for check in run["checks"] if not check["failed_row_count"]),
        )
        for name in stored_columns(preset):
            base.table(name).collect_schema()
        return base
    except (SnapshotError, OSError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        is_incomplete = isinstance(error, KeyError | TypeError)
        problem = "run.json is incomplete" if is_incomplete else _first_sentence(error)
        warn(f"{snapshot.folder}: cannot be reused ({problem}); all files are read again to replace it")
        return None


def _first_sentence(error: Exception) -> str:
    return str(error).splitlines()[0].partition("; ")[0]


def find_changes(
    settings: Settings,
    source: Source,
    base: BaseSnapshot | None,
    before: LossBaseline | None = None,
    may_be_empty: bool = True,
) -> Changes:
    """List the source, and compare it with the base snapshot.

    Args:
        settings: of this build.
        source: its files.
        base: the snapshot whose rows the build reuses.
        before: the documents that are published of the source, if any.
        may_be_empty: whether to take a source without files; else it is an error, since a schedule lists again after
            one.

    Raises:
        EmptySourceError: if the source has no files although there were documents of it before.
        SourceUnavailableError: if the source is missing, cannot be read, or never had files.
    """
    listing = source.listing()
    if listing.is_empty() and not may_be_empty:
        raise no_files(settings.source, before, is_folder=source.is_folder)
    if base is None:
        return all_changed(listing)
    files, rejects = (base.table(name) for name in _COMPARED)
    return changes_since(
        listing,
        files,
        rejects,
        listed_at=base.listed_at,
        by_content=settings.checksum,
        ignore_inode=settings.ignore_inode and source.is_folder,
    )


def is_unchanged(base: BaseSnapshot, stage: Snapshot, gone_count: int) -> bool:
    """Whether no file is gone, and every file that was read again is as in the base snapshot, mtime included.

    A new ctime or inode alone is no change: a backup or `chmod` of all files would publish the same rows every night.
    """
    names = {folder.name for folder in stage.fragments.glob("*")}
    if gone_count or not names <= set(_COMPARED):
        return False
    return all(_is_subset(stage.fragments / name, base.table(name)) for name in names)


def _is_subset(fragments: Path, known: pl.LazyFrame) -> bool:
    read = pl.scan_parquet(fragments / "*.parquet")
    columns = [name for name in read.collect_schema().names() if name not in UNSTABLE]
    return read.join(known, on=columns, how="anti", nulls_equal=True).collect(engine="streaming").is_empty()
