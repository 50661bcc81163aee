"""Snapshots: staged aside, published by an atomic swap of one link, kept for a rollback.

    <out>/published -> snapshots/<id>      what readers open
    <out>/snapshots/<id>/                  warehouse.duckdb, tables/, marts/, datapackage.json, run.json
    <out>/snapshots/.building-<id>/        a build or a removal under way, or one that was killed: see `leftovers`

A reader that has opened a file of a snapshot keeps it, whatever is published meanwhile.
"""

import datetime as dt
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from frontmart.errors import FrontmartError, SnapshotError
from frontmart.snapshots.fsync import sync, sync_tree
from frontmart.snapshots.lock import SNAPSHOTS, lock_output

PUBLISHED: Final = "published"
BUILDING: Final = ".building-"
SNAPSHOT_ID: Final = re.compile(r"[0-9]{8}T[0-9]{12}Z")
# A link on its way to become the published one.
_LINK_ASIDE: Final = re.compile(rf"\.{PUBLISHED}-[0-9a-f]{{16}}")


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
    def report(self) -> Path:
        """The page for people, where one was written."""
        return self.folder / "report.html"

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


def leftovers(out: Path) -> list[Path]:
    """What killed processes left: builds and removals under way, and links that were to become the published one."""
    links = [path for path in out.iterdir() if _LINK_ASIDE.fullmatch(path.name)]
    return [*(out / SNAPSHOTS).glob(f"{BUILDING}*"), *links]


def clear_leftovers(out: Path) -> None:
    """Remove what killed processes left. The caller holds the output folder: nothing of it is under way."""
    for leftover in leftovers(out):
        remove(leftover)


@contextmanager
def staged(out: Path) -> Iterator[Snapshot]:
    """An empty snapshot aside, removed again unless it was published. The caller holds the output folder.

    Raises SnapshotError where the block fails because somebody removed the snapshot from under it.
    """
    id_ = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%fZ")
    stage = Snapshot(id_, out / SNAPSHOTS / f"{BUILDING}{id_}")
    for folder in (stage.folder, stage.tables, stage.marts, stage.work):
        folder.mkdir()
    held = os.open(stage.folder, os.O_RDONLY)
    try:
        yield stage
    except (FrontmartError, OSError) as error:
        if _is_at(held, stage.folder) or _is_at(held, out / SNAPSHOTS / id_):
            raise
        message = f"{stage.folder}: was removed while the build ran; see that nothing else writes to {out}"
        raise SnapshotError(f"{message}, and build again") from error
    finally:
        os.close(held)
        shutil.rmtree(stage.folder, ignore_errors=True)


def _is_at(descriptor: int, folder: Path) -> bool:
    """Whether an open folder is still the one of that path, and not another that was made in its place."""
    return folder.exists() and os.path.samestat(os.fstat(descriptor), folder.stat())


def publish(out: Path, stage: Snapshot) -> Snapshot:
    """Make a staged snapshot the published one, in one step that either happened or did not; may be tried again.

    All of it reaches the disk before the link does, so that a power cut leaves the last snapshot or this one, whole.
    """
    folder = out / SNAPSHOTS / stage.id
    if stage.folder.exists():
        if stage.work.exists():
            shutil.rmtree(stage.work)
        sync_tree(stage.folder)
        stage.folder.rename(folder)
    snapshot = Snapshot(stage.id, folder)
    if not snapshot.run_file.is_file():
        raise SnapshotError(f"{folder}: is gone, so that it cannot be published; build again")
    sync(folder.parent)
    _point_to(out, snapshot)
    return snapshot


def published(out: Path) -> Snapshot:
    """The published snapshot. Raises SnapshotError where nothing is published, or what was is gone."""
    id_ = published_id(out)
    snapshot = Snapshot(id_, out / SNAPSHOTS / id_)
    if not snapshot.run_file.is_file():
        if published_id(out) != id_:
            return published(out)  # a build has published another one and pruned this one meanwhile
        message = f"{out / PUBLISHED}: its snapshot {snapshot.id} is gone or not whole"
        raise SnapshotError(f"{message}; run `frontmart rollback` or `frontmart build --full`")
    return snapshot


def published_id(out: Path) -> str:
    """The id of the published snapshot, whether or not it is still there."""
    link = out / PUBLISHED
    if not link.is_symlink():
        raise SnapshotError(f"{out}: nothing is published here; run `frontmart build SOURCE --out {out}` first")
    return link.readlink().name


def list_snapshots(out: Path) -> list[Snapshot]:
    """The complete snapshots, the latest first. Whatever else lies in their folder is left alone."""
    folders = sorted((out / SNAPSHOTS).glob("*"), reverse=True)
    snapshots = [Snapshot(folder.name, folder) for folder in folders if SNAPSHOT_ID.fullmatch(folder.name)]
    return [snapshot for snapshot in snapshots if snapshot.run_file.is_file()]


def roll_back(out: Path, id_: str | None = None) -> Snapshot:
    """Publish an earlier snapshot: the given one, or else the one before the published one."""
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
        _point_to(out, chosen)
        return chosen


def remove_old_snapshots(out: Path, keep: int) -> list[str]:
    """Remove all but the latest snapshots, never the published one; the ids removed."""
    current = published_id(out)
    removed = [snapshot for snapshot in list_snapshots(out)[keep:] if snapshot.id != current]
    # What cannot be removed now is tried again by the next build: it is no reason to call a build failed.
    with suppress(OSError):
        for folder in set_aside(out, removed):
            shutil.rmtree(folder, ignore_errors=True)
    return [snapshot.id for snapshot in removed]


def set_aside(out: Path, snapshots: Iterable[Snapshot]) -> list[Path]:
    """Take snapshots out of those to roll back to -> the folders to remove.

    However far their removal comes, none is left that looks whole and is not; nor after a power cut.
    """
    folders = [each.folder.rename(each.folder.with_name(f"{BUILDING}{each.id}")) for each in snapshots]
    if folders:
        sync(out / SNAPSHOTS)
    return folders


def _point_to(out: Path, snapshot: Snapshot) -> None:
    link = out / PUBLISHED
    if link.exists() and not link.is_symlink():
        raise SnapshotError(f"{link}: is in the way, since the published snapshot is a link here; move it elsewhere")
    aside = out / f".{PUBLISHED}-{secrets.token_hex(8)}"
    aside.symlink_to(Path(SNAPSHOTS) / snapshot.id)
    aside.replace(link)
    sync(out)


def remove(leftover: Path) -> None:
    """Remove what a killed build left; of a link, the link alone."""
    if leftover.is_dir() and not leftover.is_symlink():
        shutil.rmtree(leftover)
    else:
        leftover.unlink()
