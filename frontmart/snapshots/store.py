"""Snapshots: staged, published by replacing one link, and kept for a rollback.

    <out>/published -> snapshots/<id>      the snapshot that readers open
    <out>/snapshots/<id>/                  warehouse.duckdb, tables/, marts/, datapackage.json, run.json
    <out>/snapshots/.building-<id>/        a build or a removal that is running or was killed: see `leftovers`

A file that a reader has opened stays readable, whatever is published or pruned later.
"""

import datetime as dt
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from frontmart.errors import FrontmartError, SnapshotError
from frontmart.snapshots.atomic import find_temporaries, replace_link
from frontmart.snapshots.fsync import sync, sync_tree
from frontmart.snapshots.lock import SNAPSHOTS, lock_output
from frontmart.snapshots.manifest import require_intact

PUBLISHED: Final = "published"
BUILDING: Final = ".building-"
SNAPSHOT_ID: Final = re.compile(r"[0-9]{8}T[0-9]{12}Z")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder of results, complete or still being built."""

    id: str
    folder: Path

    @property
    def warehouse(self) -> Path:
        """The DuckDB database."""
        return self.folder / "warehouse.duckdb"

    @property
    def tables(self) -> Path:
        """The tidy tables, one Parquet file each."""
        return self.folder / "tables"

    @property
    def marts(self) -> Path:
        """The marts, one Parquet file each."""
        return self.folder / "marts"

    @property
    def run_file(self) -> Path:
        """The record of the build (files, rows, checks, seconds), as JSON."""
        return self.folder / "run.json"

    @property
    def report(self) -> Path:
        """The HTML report; it exists only if one was written."""
        return self.folder / "report.html"

    @property
    def work(self) -> Path:
        """Intermediate files, removed before publishing."""
        return self.folder / "work"

    @property
    def listing(self) -> Path:
        """The files to read, as Parquet; exists only during the build."""
        return self.work / "listing.parquet"

    @property
    def unchanged(self) -> Path:
        """The document_id of each unchanged file, as Parquet; exists only during the build."""
        return self.work / "unchanged.parquet"

    @property
    def fragments(self) -> Path:
        """One folder per tidy table, one Parquet file per shard; exists only during the build."""
        return self.work / "fragments"


def leftovers(out: Path) -> list[Path]:
    """Files of killed processes: unfinished builds and removals, and temporary links. The caller holds the lock."""
    return [*(out / SNAPSHOTS).glob(f"{BUILDING}*"), *find_temporaries(out, PUBLISHED)]


def clear_leftovers(out: Path) -> None:
    """Remove the files of killed processes. The caller holds the lock of the output folder."""
    for leftover in leftovers(out):
        remove(leftover)


@contextmanager
def staged(out: Path) -> Iterator[Snapshot]:
    """Create an empty snapshot; it is removed when the block ends, unless it was published.

    The caller holds the lock of the output folder. Raises SnapshotError if the block fails because another process
    removed the snapshot.
    """
    id_ = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%fZ")
    stage = Snapshot(id_, out / SNAPSHOTS / f"{BUILDING}{id_}")
    for folder in (stage.folder, stage.tables, stage.marts, stage.work):
        folder.mkdir()
    descriptor = os.open(stage.folder, os.O_RDONLY)
    try:
        yield stage
    except (FrontmartError, OSError) as error:
        if _is_at(descriptor, stage.folder) or _is_at(descriptor, out / SNAPSHOTS / id_):
            raise
        message = f"{stage.folder}: was removed during the build; make sure that nothing else writes to {out}"
        raise SnapshotError(f"{message}, and build again") from error
    finally:
        os.close(descriptor)
        shutil.rmtree(stage.folder, ignore_errors=True)


def _is_at(descriptor: int, folder: Path) -> bool:
    """Whether a path still leads to the open folder, and not to another one of the same name."""
    return folder.exists() and os.path.samestat(os.fstat(descriptor), folder.stat())


def publish(out: Path, stage: Snapshot) -> Snapshot:
    """Publish a staged snapshot in one atomic step; a call that failed can be repeated.

    All files reach the disk before the link does: after a power cut the previous snapshot or this one is published.
    """
    folder = out / SNAPSHOTS / stage.id
    if stage.folder.exists():
        if stage.work.exists():
            shutil.rmtree(stage.work)
        sync_tree(stage.folder)
        stage.folder.rename(folder)
    snapshot = Snapshot(stage.id, folder)
    if not snapshot.run_file.is_file():
        raise SnapshotError(f"{folder}: is missing and cannot be published; build again")
    sync(folder.parent)
    _publish_link(out, snapshot)
    return snapshot


def published(out: Path) -> Snapshot:
    """The published snapshot. Raises SnapshotError if none is published, or if its files are missing."""
    id_ = published_id(out)
    snapshot = Snapshot(id_, out / SNAPSHOTS / id_)
    if not snapshot.run_file.is_file():
        if published_id(out) != id_:
            return published(out)  # a build has just published another snapshot and pruned this one
        message = f"{out / PUBLISHED}: its snapshot {snapshot.id} is missing or incomplete"
        raise SnapshotError(f"{message}; run `frontmart build` or `frontmart rollback`")
    return snapshot


def published_id(out: Path) -> str:
    """The id of the published snapshot, even if its files are missing."""
    link = out / PUBLISHED
    if not link.is_symlink():
        raise SnapshotError(f"{out}: nothing is published here; run `frontmart build SOURCE --out {out}` first")
    return link.readlink().name


def list_snapshots(out: Path) -> list[Snapshot]:
    """The complete snapshots, the latest first; anything else in their folder is ignored."""
    folders = sorted((out / SNAPSHOTS).glob("*"), reverse=True)
    snapshots = [Snapshot(folder.name, folder) for folder in folders if SNAPSHOT_ID.fullmatch(folder.name)]
    return [snapshot for snapshot in snapshots if snapshot.run_file.is_file()]


def roll_back(out: Path, id_: str | None = None) -> Snapshot:
    """Publish an earlier snapshot: the given one, by default the one before the published one.

    Raises SnapshotError if there is none, or if one of its files is damaged.
    """
    with lock_output(out):
        clear_leftovers(out)
        snapshots = list_snapshots(out)
        if id_ is None:
            current = published_id(out)
            chosen = next((snapshot for snapshot in snapshots if snapshot.id < current), None)
            missing = f"before {current}"
        else:
            chosen = next((snapshot for snapshot in snapshots if snapshot.id == id_), None)
            missing = id_
        if chosen is None:
            raise SnapshotError(f"{out}: there is no snapshot {missing}; see `frontmart snapshots`")
        require_intact(chosen.folder, "publish another with `frontmart rollback ID`, or run `frontmart build`")
        _publish_link(out, chosen)
        return chosen


def mark_removed(out: Path, snapshots: Iterable[Snapshot]) -> list[Path]:
    """Rename snapshots so that they no longer count as complete; return the folders to remove.

    A removal that is cut short, even by a power cut, never leaves a partial snapshot that looks complete.
    """
    folders = [each.folder.rename(each.folder.with_name(f"{BUILDING}{each.id}")) for each in snapshots]
    if folders:
        sync(out / SNAPSHOTS)
    return folders


def _publish_link(out: Path, snapshot: Snapshot) -> None:
    link = out / PUBLISHED
    if link.exists() and not link.is_symlink():
        raise SnapshotError(f"{link}: is in the way of the link to the published snapshot; move it elsewhere")
    replace_link(link, Path(SNAPSHOTS) / snapshot.id)


def remove(leftover: Path) -> None:
    """Remove a folder, a file, or a link without its target."""
    if leftover.is_dir() and not leftover.is_symlink():
        shutil.rmtree(leftover)
    else:
        leftover.unlink()
