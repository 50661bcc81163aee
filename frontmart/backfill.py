"""Backfill: a snapshot as of each day of a range, from the files as they are now, kept under a tag."""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from frontmart.errors import LockedError, SnapshotError, UsageError
from frontmart.pipeline import build
from frontmart.run import Run
from frontmart.runners import Runner
from frontmart.settings import Settings
from frontmart.snapshots.lock import SNAPSHOTS, lock_output
from frontmart.snapshots.publication import find_published_id
from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import Snapshot, clear_leftovers, publish_complete, published

T = TypeVar("T")

_PAUSE_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long to wait, each time, for another process that holds the output folder, and where to say so."""

    seconds: float
    say: Callable[[str], object]


def days_between(first: dt.date, last: dt.date, every_days: int = 1) -> list[dt.date]:
    """Every nth day from `first` to `last`, both included. Raises UsageError if `first` is after `last`."""
    if first > last:
        raise UsageError(f"{first} is after {last}; give the earlier day first")
    return [first + dt.timedelta(days=days) for days in range(0, (last - first).days + 1, every_days)]


def backfill_tag(day: dt.date) -> str:
    """The tag of the snapshot of a day."""
    return f"backfill-{day}"


def build_days(
    settings: Settings,
    days: Sequence[dt.date],
    open_runner: Callable[[], AbstractContextManager[Runner]],
    waiting: Waiting,
) -> Iterator[Run]:
    """Build a snapshot as of each day, in order, keep it under the tag of the day, and yield its run.

    The published snapshot stays as it is: see `publish_last`. Another build may run between two days. Files are read
    once: each day after the first reuses the rows of the day before.

    Args:
        settings: of the builds; as_of is replaced.
        days: the days, the earliest first.
        open_runner: gives a new runner for each day.
        waiting: for other builds.

    Raises:
        LockedError: if another build takes longer than the limit.
        FrontmartError: as a build does; the days before it are kept.
    """
    base: Snapshot | None = None
    for day in days:
        waiting.say(f"as of {day}:")
        of_day = settings.model_copy(update={"as_of": day})
        with open_runner() as runner:
            run = _wait_for(settings.out, waiting, lambda: build(of_day, runner, tag=backfill_tag(day), base=base))  # noqa: B023
        base = _snapshot_of(run)
        yield run


def publish_last(run: Run, waiting: Waiting) -> bool:
    """Publish the snapshot of the last day, unless the published one is of a later day -> whether it is published.

    So that what readers see never goes back in time, a published snapshot whose day cannot be read stays, too.

    Raises:
        LockedError: if another build takes longer than the limit.
        SnapshotError: if the snapshot was removed.
    """
    return _wait_for(run.out, waiting, lambda: _publish_last(run))


def _publish_last(run: Run) -> bool:
    with lock_output(run.out):
        clear_leftovers(run.out)
        snapshot = _snapshot_of(run)
        if not snapshot.run_file.is_file():
            raise SnapshotError(f"{snapshot.folder}: was removed before it could be published; run the backfill again")
        if not _is_next(run.out, run.as_of):
            return False
        publish_complete(run.out, snapshot)
        return True


def _is_next(out: Path, day: dt.date) -> bool:
    """Whether nothing is published, or only a day that is not later."""
    try:
        return find_published_id(out) is None or dt.date.fromisoformat(read_run(published(out))["as_of_date"]) <= day
    except (SnapshotError, OSError, ValueError):
        return False


def _snapshot_of(run: Run) -> Snapshot:
    id_ = str(run.snapshot_id)
    return Snapshot(id_, run.out / SNAPSHOTS / id_)


def _wait_for(out: Path, waiting: Waiting, action: Callable[[], T]) -> T:
    """Call a function that locks an output folder, again and again while another process holds the lock."""
    end = time.monotonic() + waiting.seconds
    is_first = True
    while True:
        try:
            return action()
        except LockedError:
            left = end - time.monotonic()
            if left <= 0:
                raise
        if is_first:
            waiting.say(f"{out}: another build is running; waiting for up to {waiting.seconds:,.0f} seconds")
            is_first = False
        time.sleep(min(_PAUSE_SECONDS, left))
