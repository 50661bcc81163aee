"""Retention: which snapshots stay, by number and by age, where no build comes by to prune them."""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from frontmart.errors import UsageError
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.store import leftovers, list_snapshots, published, remove, set_aside

# A century: as good as any age, and within what a date can hold.
_MOST_DAYS: Final = 36_525


@dataclass(frozen=True, slots=True)
class Retention:
    """The ids of the snapshots removed and of those kept, the latest first, and the bytes that were freed."""

    removed: list[str]
    kept: list[str]
    freed_bytes: int


def prune(out: Path, keep: int, max_age_days: float | None, now: dt.datetime | None = None) -> Retention:
    """Remove all but the latest snapshots, those that are too old, and what killed builds left.

    The published snapshot always stays, and so does whatever is no complete snapshot.

    Args:
        out: the folder that holds snapshots/ and the published link.
        keep: how many snapshots stay, 1 or more.
        max_age_days: how old a snapshot may be, by the time in its id; None for any age.
        now: the time to reckon from, with a time zone; None for the clock's.

    Raises:
        UsageError: for a number that makes no sense.
        LockedError: where a build holds the folder.
        SnapshotError: where snapshots would go, but none is published, or the published one is not whole.
    """
    oldest = _oldest_id(now or dt.datetime.now(dt.UTC), max_age_days)
    if keep < 1:
        raise UsageError(f"keep is {keep}, but a snapshot must stay; give 1 or more")
    if not out.exists():
        return Retention([], [], 0)  # to hold the folder would create it
    with lock_output(out):
        freed = sum(map(_remove, leftovers(out)))
        snapshots = list_snapshots(out)
        excess = [each for place, each in enumerate(snapshots) if place >= keep or each.id < oldest]
        # Where none is published, nothing tells which of them is the last resort.
        current = published(out) if excess else None
        removed = [snapshot for snapshot in excess if snapshot != current]
        freed += sum(map(_remove, set_aside(out, removed)))
    kept = [snapshot.id for snapshot in snapshots if snapshot not in removed]
    return Retention([snapshot.id for snapshot in removed], kept, freed)


def _oldest_id(now: dt.datetime, max_age_days: float | None) -> str:
    """The id of a snapshot that would be just young enough: ids sort by their time."""
    if max_age_days is None:
        return ""
    if not max_age_days >= 0:
        raise UsageError(f"max_age_days is {max_age_days}, but an age is 0 or more; correct it")
    oldest = now - dt.timedelta(days=min(max_age_days, _MOST_DAYS))
    return oldest.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S%fZ")


def _remove(path: Path) -> int:
    """Remove a folder, or a link in place of one; the bytes of the files of the folder."""
    is_link = path.is_symlink()
    files = [Path(root, name) for root, _, names in os.walk(path) for name in names if not is_link]
    size = sum(file.lstat().st_size for file in files)
    remove(path)
    return size
