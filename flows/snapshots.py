"""Snapshots: staged aside, published by an atomic swap of one link, kept for a rollback.

    <out>/published -> snapshots/<id>      what readers open
    <out>/snapshots/<id>/                  warehouse.duckdb, tables/, marts/, datapackage.json, run.json
    <out>/snapshots/.building-<id>/        a build under way, or one that was killed: the next build removes it

A reader that has opened a file of a snapshot keeps it, whatever is published meanwhile.
"""

import datetime as dt
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flows.errors import LockedError, SnapshotError, UsageError

PUBLISHED: Final = "published"
_SNAPSHOTS: Final = "snapshots"
_BUILDING: Final = ".building-"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder of results, complete or being built."""

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
        """What the build saw and did, as JSON."""
        return self.folder / "run.json"

    @property
    def work(self) -> Path:
        """Intermediate files, removed before publishing."""
        return self.folder / "work"

    @property
    def listing(self) -> Path:
        """The files to read, as Parquet, while the snapshot is built."""
        return self.work / "listing.parquet"

    @property
    def unchanged(self) -> Path:
        """The document_id of each file that need not be read, as Parquet, while the snapshot is built."""
        return self.work / "unchanged.parquet"

    @property
    def fragments(self) -> Path:
        """A folder a tidy table, a Parquet file a shard, while the snapshot is built."""
        return self.work / "fragments"


@contextmanager
def hold_output(out: Path) -> Iterator[None]:
    """Hold an output folder, so that one build at a time writes it; the lock dies with its process.

    Raises LockedError where another process holds it.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(out / ".lock", timeout=0)
    try:
        (out / _SNAPSHOTS).mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        message = f"{out}: another build holds this output folder; wait for it to end, or give another --out"
        raise LockedError(message) from None
    except OSError as error:
        raise UsageError(f"{error.filename or out}: cannot be written ({error.strerror}); give another --out") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def staged(out: Path) -> Iterator[Snapshot]:
    """An empty snapshot aside, removed again unless it was published. The caller holds the output folder."""
    for leftover in (out / _SNAPSHOTS).glob(f"{_BUILDING}*"):
        shutil.rmtree(leftover)
    id_ = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%fZ")
    stage = Snapshot(id_, out / _SNAPSHOTS / f"{_BUILDING}{id_}")
    for folder in (stage.folder, stage.tables, stage.marts, stage.work):
        folder.mkdir()
    try:
        yield stage
    finally:
        shutil.rmtree(stage.folder, ignore_errors=True)


def publish(out: Path, stage: Snapshot) -> Snapshot:
    """Make a staged snapshot the published one, in one step that either happened or did not."""
    shutil.rmtree(stage.work)
    _sync_tree(stage.folder)
    folder = out / _SNAPSHOTS / stage.id
    stage.folder.rename(folder)
    _sync(folder.parent)
    snapshot = Snapshot(stage.id, folder)
    _point_to(out, snapshot)
    return snapshot


def published(out: Path) -> Snapshot:
    """The published snapshot. Raises SnapshotError where nothing is published."""
    link = out / PUBLISHED
    if not link.is_symlink():
        raise SnapshotError(f"{out}: nothing is published here; run `frontmart build SOURCE --out {out}` first")
    folder = out / link.readlink()
    if not folder.is_dir():
        raise SnapshotError(f"{link}: its snapshot {folder.name} is gone; run `frontmart rollback` or build again")
    return Snapshot(folder.name, folder)


def list_snapshots(out: Path) -> list[Snapshot]:
    """The complete snapshots, the latest first."""
    folders = (out / _SNAPSHOTS).glob("[0-9]*")
    return [Snapshot(folder.name, folder) for folder in sorted(folders, reverse=True) if folder.is_dir()]


def roll_back(out: Path, id_: str | None = None) -> Snapshot:
    """Publish an earlier snapshot: the given one, or else the one before the published one."""
    with hold_output(out):
        snapshots = list_snapshots(out)
        if id_ is None:
            current = published(out).id
            chosen = next((snapshot for snapshot in snapshots if snapshot.id < current), None)
            if chosen is None:
                raise SnapshotError(f"{out}: there is no snapshot before {current}; see `frontmart snapshots`")
        else:
            chosen = next((snapshot for snapshot in snapshots if snapshot.id == id_), None)
            if chosen is None:
                raise SnapshotError(f"{out}: there is no snapshot {id_}; see `frontmart snapshots`")
        _point_to(out, chosen)
        return chosen


def prune(out: Path, keep: int) -> list[str]:
    """Remove all but the latest snapshots, never the published one; the ids removed."""
    current = published(out).id
    removed = [snapshot for snapshot in list_snapshots(out)[keep:] if snapshot.id != current]
    for snapshot in removed:
        shutil.rmtree(snapshot.folder)
    return [snapshot.id for snapshot in removed]


def _point_to(out: Path, snapshot: Snapshot) -> None:
    link = out / PUBLISHED
    if link.exists() and not link.is_symlink():
        raise SnapshotError(f"{link}: is in the way, since the published snapshot is a link here; move it elsewhere")
    aside = out / f".{PUBLISHED}-{secrets.token_hex(8)}"
    aside.symlink_to(Path(_SNAPSHOTS) / snapshot.id)
    aside.replace(link)
    _sync(out)


def _sync_tree(folder: Path) -> None:
    for root, _, names in os.walk(folder, topdown=False):
        for name in names:
            _sync(Path(root, name))
        _sync(Path(root))


def _sync(path: Path) -> None:
    """Have a file or folder reach the disk: what is published must survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
