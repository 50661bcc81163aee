"""Snapshots: staged, published by replacing one link, and kept for a rollback.

    <out>/published -> snapshots/<id>      the snapshot that readers open; see `publication` for the case without links
    <out>/snapshots/<id>/                  warehouse.duckdb, tables/, marts/, datapackage.json, run.json
    <out>/snapshots/.building-<id>/        a build or a removal that is running or was killed: see `leftovers`
    <out>/snapshots/.unpublished-<id>      an empty file: the snapshot was never published, and stays only while tagged
    <out>/tags/<id>.<name>                 an empty file: see `tags`

A file that a reader has opened stays readable, whatever is published or pruned later.
"""

import datetime as dt
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from frontmart.errors import FrontmartError, SnapshotError
from frontmart.snapshots.atomic import create_empty, find_temporaries
from frontmart.snapshots.fsync import sync, sync_tree
from frontmart.snapshots.ids import SNAPSHOT_ID, next_id
from frontmart.snapshots.lock import SNAPSHOTS, lock_output
from frontmart.snapshots.publication import NAMES, find_published_id, outdated_pointers, set_published
from frontmart.snapshots.tags import TAGS, list_tags, set_tag, tagged_ids

LAST_SUCCESS: Final = "last_success.json"
BUILDING: Final = ".building-"
UNPUBLISHED: Final = ".unpublished-"


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
    """Files of killed processes: unfinished builds and removals, and temporary files. The caller holds the lock."""
    temporaries = find_temporaries(out, f"{NAMES}|{re.escape(LAST_SUCCESS)}")
    return [*(out / SNAPSHOTS).glob(f"{BUILDING}*"), *temporaries, *outdated_pointers(out)]


def clear_leftovers(out: Path) -> None:
    """Remove the files of killed processes, and `withdraw_unpublished`. The caller holds the lock."""
    withdraw_unpublished(out)
    for leftover in leftovers(out):
        remove(leftover)


def withdraw_unpublished(out: Path) -> list[str]:
    """Make leftovers of the snapshots that were never published and have no tag -> their ids.

    Such a snapshot is of a build that was killed or failed before it published, or has lost its tag. The caller holds
    the lock of the output folder.
    """
    try:
        current = find_published_id(out)
    except SnapshotError:
        return []  # the damaged pointer may be to any of them
    tagged = tagged_ids(out)
    withdrawn = []
    for marker in (out / SNAPSHOTS).glob(f"{UNPUBLISHED}*"):
        snapshot = _snapshot(out, marker.name.removeprefix(UNPUBLISHED))
        if os.path.lexists(snapshot.folder) and snapshot.id != current and SNAPSHOT_ID.fullmatch(snapshot.id):
            if snapshot.id in tagged:
                continue
            mark_removed(out, [snapshot])
            withdrawn.append(snapshot.id)
        marker.unlink()
    return withdrawn


@contextmanager
def staged(out: Path) -> Iterator[Snapshot]:
    """Create an empty snapshot; it is removed when the block ends, unless it was published or tagged.

    Its id is later than any in the output folder, even if the clock went back. The caller holds the lock of the output
    folder. Raises SnapshotError if the block fails because another process removed the snapshot.
    """
    id_ = next_id(_used_ids(out), dt.datetime.now(dt.UTC))
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
        with suppress(OSError):  # the error of the build matters more, and the next build does this again
            withdraw_unpublished(out)
        shutil.rmtree(stage.folder, ignore_errors=True)


def _used_ids(out: Path) -> Iterator[str]:
    """The ids in the names of all files of the output folder, of complete snapshots and others."""
    folders = [folder for folder in (out / SNAPSHOTS, out / TAGS) if folder.is_dir()]
    names = [path.name for folder in folders for path in folder.iterdir()]
    with suppress(SnapshotError):
        names.append(find_published_id(out) or "")
    return (match[0] for match in map(SNAPSHOT_ID.search, names) if match)


def _is_at(descriptor: int, folder: Path) -> bool:
    """Whether a path still leads to the open folder, and not to another one of the same name."""
    return folder.exists() and os.path.samestat(os.fstat(descriptor), folder.stat())


def publish(out: Path, stage: Snapshot, tag: str | None = None) -> Snapshot:
    """Publish a staged snapshot in one atomic step, or keep it under a tag; a call that failed can be repeated.

    All files reach the disk before the link does: after a power cut the previous snapshot or this one is published.

    Args:
        out: the output folder.
        stage: the staged snapshot, complete.
        tag: give it this tag, which may be that of another snapshot, instead of publishing it.
    """
    folder = out / SNAPSHOTS / stage.id
    if stage.folder.exists():
        if stage.work.exists():
            shutil.rmtree(stage.work)
        sync_tree(stage.folder)
        create_empty(_marker(out, stage.id))
        stage.folder.rename(folder)
    snapshot = Snapshot(stage.id, folder)
    if not snapshot.run_file.is_file():
        raise SnapshotError(f"{folder}: is missing and cannot be published; build again")
    sync(folder.parent)
    if tag is None:
        publish_complete(out, snapshot)
    else:
        set_tag(out, tag, snapshot.id)
    return snapshot


def publish_complete(out: Path, snapshot: Snapshot) -> None:
    """Publish a complete snapshot. The caller holds the lock of the output folder."""
    set_published(out, snapshot.id)
    marker = _marker(out, snapshot.id)
    if marker.exists():
        marker.unlink()
        sync(marker.parent)


def was_published(out: Path, snapshot: Snapshot) -> bool:
    """Whether a snapshot is or was published; one that a backfill built need not have been."""
    return not _marker(out, snapshot.id).exists()


def published(out: Path) -> Snapshot:
    """The published snapshot. Raises SnapshotError if none is published, or if its files are missing."""
    id_ = published_id(out)
    snapshot = _snapshot(out, id_)
    if not snapshot.run_file.is_file():
        if published_id(out) != id_:
            return published(out)  # a build has just published another snapshot and pruned this one
        message = f"{out}: the published snapshot {snapshot.id} is missing or incomplete"
        raise SnapshotError(f"{message}; run `frontmart build` or `frontmart rollback`")
    return snapshot


def published_id(out: Path) -> str:
    """The id of the published snapshot, even if its files are missing. Raises SnapshotError if none is published."""
    id_ = find_published_id(out)
    if id_ is None:
        raise SnapshotError(f"{out}: nothing is published here; run `frontmart build SOURCE --out {out}` first")
    return id_


def list_snapshots(out: Path) -> list[Snapshot]:
    """The complete snapshots, the latest first; anything else in their folder is ignored."""
    folders = sorted((out / SNAPSHOTS).glob("*"), reverse=True)
    snapshots = [Snapshot(folder.name, folder) for folder in folders if SNAPSHOT_ID.fullmatch(folder.name)]
    return [snapshot for snapshot in snapshots if snapshot.run_file.is_file()]


def find_snapshot(out: Path, name: str) -> Snapshot | None:
    """The complete snapshot with an id or a tag, the latest if several have the tag; None if there is none."""
    ids = {name, *(tag.snapshot_id for tag in list_tags(out) if tag.name == name)}
    return next((snapshot for snapshot in list_snapshots(out) if snapshot.id in ids), None)


def roll_back(out: Path, name: str | None = None) -> Snapshot:
    """Publish an earlier snapshot: the one with the given id or tag, by default the one published before.

    By default a snapshot that was never published, such as that of a backfill, is passed over.

    Raises SnapshotError if there is none, or if one of its files is damaged.
    """
    with lock_output(out):
        clear_leftovers(out)
        if name is None:
            current = published_id(out)
            earlier = (each for each in list_snapshots(out) if each.id < current and was_published(out, each))
            chosen = next(earlier, None)
            missing = f"before {current}"
        else:
            chosen = find_snapshot(out, name)
            missing = name
        if chosen is None:
            raise SnapshotError(f"{out}: there is no snapshot {missing}; see `frontmart snapshots`")
        from frontmart.snapshots.manifest import require_intact  # readers need no thread pool

        require_intact(chosen.folder, "publish another with `frontmart rollback ID`, or run `frontmart build`")
        publish_complete(out, chosen)
        return chosen


def mark_removed(out: Path, snapshots: Iterable[Snapshot]) -> list[Path]:
    """Rename snapshots so that they no longer count as complete; return the folders to remove.

    A removal that is cut short, even by a power cut, never leaves a partial snapshot that looks complete.
    """
    folders = [each.folder.rename(each.folder.with_name(f"{BUILDING}{each.id}")) for each in snapshots]
    if folders:
        sync(out / SNAPSHOTS)
    return folders


def _snapshot(out: Path, id_: str) -> Snapshot:
    return Snapshot(id_, out / SNAPSHOTS / id_)


def _marker(out: Path, id_: str) -> Path:
    """The file that exists while a complete snapshot has never been published."""
    return out / SNAPSHOTS / f"{UNPUBLISHED}{id_}"


def remove(leftover: Path) -> None:
    """Remove a folder, a file, or a link without its target."""
    if leftover.is_dir() and not leftover.is_symlink():
        shutil.rmtree(leftover)
    else:
        leftover.unlink()
