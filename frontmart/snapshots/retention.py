"""Retention: remove snapshots beyond a number or an age, at the end of a build and independently of builds."""

import datetime as dt
import os
import shutil
from collections.abc import Container, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from frontmart.errors import UsageError
from frontmart.snapshots.ids import time_of
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.publication import find_published_id
from frontmart.snapshots.store import (
    Snapshot,
    leftovers,
    list_snapshots,
    mark_removed,
    published,
    remove,
    withdraw_unpublished,
)
from frontmart.snapshots.tags import tagged_ids

# A century: more than any snapshot is old, and within the range of a date.
_MOST_DAYS: Final = 36_525


@dataclass(frozen=True, slots=True)
class Retention:
    """The result of pruning.

    Attributes:
        removed: ids of the snapshots removed, the latest first.
        kept: ids of all others, the latest first.
        freed_bytes: bytes of the removed files.
        tagged: ids of those kept because they have a tag, the latest first.
    """

    removed: list[str]
    kept: list[str]
    freed_bytes: int
    tagged: list[str] = field(default_factory=list)


def prune(out: Path, keep: int, max_age_days: float | None, now: dt.datetime | None = None) -> Retention:
    """Remove all but the latest snapshots, those beyond an age, and the files of killed builds.

    The published snapshot always stays, and so do those with a tag, which do not count, and anything that is not a
    complete snapshot. One that was never published goes when it has no tag.

    Args:
        out: the folder that holds snapshots/ and the published link.
        keep: the number of snapshots to keep, 1 or more.
        max_age_days: the maximum age of a snapshot in days, see `_built_at`; None for any age.
        now: the time that ages are measured from, with a time zone; None for the current time.

    Raises:
        UsageError: for a number out of range.
        LockedError: if a build is running in the folder.
        SnapshotError: if snapshots would be removed, but none is published or the published one is incomplete.
    """
    now = now or dt.datetime.now(dt.UTC)
    oldest = _oldest(now, max_age_days)
    if keep < 1:
        raise UsageError(f"keep is {keep}, but at least one snapshot must stay; give 1 or more")
    if not out.exists():
        return Retention([], [], 0)  # the lock would create the folder
    with lock_output(out):
        withdrawn = withdraw_unpublished(out)
        freed = sum(map(_remove, leftovers(out)))
        snapshots, tagged = list_snapshots(out), tagged_ids(out)
        excess = _beyond(snapshots, tagged, keep)
        if oldest:
            times = _built_at(snapshots, now)
            excess += [each for each in snapshots if times[each.id] < oldest and each.id not in tagged]
        # Without a published snapshot it is unknown which one readers rely on, so nothing is removed.
        current = published(out) if excess else None
        removed = [snapshot for snapshot in snapshots if snapshot in excess and snapshot != current]
        freed += sum(map(_remove, mark_removed(out, removed)))
    kept = [snapshot.id for snapshot in snapshots if snapshot not in removed]
    gone = sorted([*withdrawn, *(snapshot.id for snapshot in removed)], reverse=True)
    return Retention(gone, kept, freed, [id_ for id_ in kept if id_ in tagged])


def remove_old_snapshots(out: Path, keep: int) -> list[str]:
    """Remove all but the latest snapshots after a build, never the published or a tagged one; return the ids removed.

    Removes none if nothing is published.
    """
    current = find_published_id(out)
    excess = _beyond(list_snapshots(out), tagged_ids(out), keep) if current else []
    removed = [snapshot for snapshot in excess if snapshot.id != current]
    # A removal that fails is repeated by the next build; the build itself has succeeded.
    with suppress(OSError):
        for folder in mark_removed(out, removed):
            shutil.rmtree(folder, ignore_errors=True)
    return [snapshot.id for snapshot in removed]


def _beyond(snapshots: Sequence[Snapshot], tagged: Container[str], keep: int) -> list[Snapshot]:
    """The rule: of snapshots, the latest first, those that need not be kept. Tagged ones are kept and do not count."""
    return [each for each in snapshots if each.id not in tagged][keep:]


def _built_at(snapshots: Sequence[Snapshot], now: dt.datetime) -> dict[str, dt.datetime]:
    """When each snapshot, the latest first, was built (UTC), by id: the time in its id, unless that is still to come.

    Then the clock was ahead when that one or one before it was built, since ids never go back: it was built when its
    run.json was written, and at the latest when the one after it was, or now.
    """
    times = {}
    latest = now
    for snapshot in snapshots:
        time = time_of(snapshot.id)
        if time is None or time > now:
            written = dt.datetime.fromtimestamp(snapshot.run_file.stat().st_mtime, dt.UTC)
            time = latest = min(written, latest)
        times[snapshot.id] = time
    return times


def _oldest(now: dt.datetime, max_age_days: float | None) -> dt.datetime | None:
    """The earliest time within the age; None for any age."""
    if max_age_days is None:
        return None
    if not max_age_days >= 0:
        raise UsageError(f"max_age_days is {max_age_days}, but an age cannot be negative; give 0 or more")
    return now - dt.timedelta(days=min(max_age_days, _MOST_DAYS))


def _remove(path: Path) -> int:
    """Remove a folder, or a link without its target -> the bytes that this frees, without those of shared files."""
    is_link = path.is_symlink()
    files = [Path(root, name) for root, _, names in os.walk(path) for name in names if not is_link]
    statuses = [file.lstat() for file in files]
    size = sum(status.st_size for status in statuses if status.st_nlink == 1)
    remove(path)
    return size
