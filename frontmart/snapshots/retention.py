"""Retention: remove snapshots beyond a number or an age, at the end of a build and independently of builds."""

import datetime as dt
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from frontmart.errors import UsageError
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.store import Snapshot, leftovers, list_snapshots, mark_removed, published, published_id, remove

# A century: more than any snapshot is old, and within the range of a date.
_MOST_DAYS: Final = 36_525


@dataclass(frozen=True, slots=True)
class Retention:
    """The ids of the snapshots removed and kept, the latest first, and the number of bytes freed."""

    removed: list[str]
    kept: list[str]
    freed_bytes: int


def prune(out: Path, keep: int, max_age_days: float | None, now: dt.datetime | None = None) -> Retention:
    """Remove all but the latest snapshots, those beyond an age, and the files of killed builds.

    The published snapshot always stays, and so does anything that is not a complete snapshot.

    Args:
        out: the folder that holds snapshots/ and the published link.
        keep: the number of snapshots to keep, 1 or more.
        max_age_days: the maximum age of a snapshot in days, by the time in its id; None for any age.
        now: the time that ages are measured from, with a time zone; None for the current time.

    Raises:
        UsageError: for a number out of range.
        LockedError: if a build is running in the folder.
        SnapshotError: if snapshots would be removed, but none is published or the published one is incomplete.
    """
    oldest = _oldest_id(now or dt.datetime.now(dt.UTC), max_age_days)
    if keep < 1:
        raise UsageError(f"keep is {keep}, but at least one snapshot must stay; give 1 or more")
    if not out.exists():
        return Retention([], [], 0)  # the lock would create the folder
    with lock_output(out):
        freed = sum(map(_remove, leftovers(out)))
        snapshots = list_snapshots(out)
        excess = _beyond(snapshots, keep, oldest)
        # Without a published snapshot it is unknown which one readers rely on, so nothing is removed.
        current = published(out) if excess else None
        removed = [snapshot for snapshot in excess if snapshot != current]
        freed += sum(map(_remove, mark_removed(out, removed)))
    kept = [snapshot.id for snapshot in snapshots if snapshot not in removed]
    return Retention([snapshot.id for snapshot in removed], kept, freed)


def remove_old_snapshots(out: Path, keep: int) -> list[str]:
    """Remove all but the latest snapshots after a build, never the published one; return the ids removed."""
    current = published_id(out)
    removed = [snapshot for snapshot in _beyond(list_snapshots(out), keep) if snapshot.id != current]
    # A removal that fails is repeated by the next build; the build itself has succeeded.
    with suppress(OSError):
        for folder in mark_removed(out, removed):
            shutil.rmtree(folder, ignore_errors=True)
    return [snapshot.id for snapshot in removed]


def _beyond(snapshots: Sequence[Snapshot], keep: int, oldest: str = "") -> list[Snapshot]:
    """The rule: of snapshots, the latest first, those that need not be kept."""
    return [each for place, each in enumerate(snapshots) if place >= keep or each.id < oldest]


def _oldest_id(now: dt.datetime, max_age_days: float | None) -> str:
    """The lowest snapshot id within the age: ids sort by time."""
    if max_age_days is None:
        return ""
    if not max_age_days >= 0:
        raise UsageError(f"max_age_days is {max_age_days}, but an age cannot be negative; give 0 or more")
    oldest = now - dt.timedelta(days=min(max_age_days, _MOST_DAYS))
    return oldest.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S%fZ")


def _remove(path: Path) -> int:
    """Remove a folder, or a link without its target; return the bytes of the removed files."""
    is_link = path.is_symlink()
    files = [Path(root, name) for root, _, names in os.walk(path) for name in names if not is_link]
    size = sum(file.lstat().st_size for file in files)
    remove(path)
    return size
