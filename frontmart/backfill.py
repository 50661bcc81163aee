"""Backfill: a snapshot as of each day of a range, from the files as they are now."""

import datetime as dt
from collections.abc import Iterator, Sequence

from frontmart.errors import UsageError
from frontmart.pipeline import build
from frontmart.run import Run
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.terminal.progress import Console


def days_between(first: dt.date, last: dt.date, every_days: int = 1) -> list[dt.date]:
    """Every nth day from `first` to `last`, both included. Raises UsageError if `first` is after `last`."""
    if first > last:
        raise UsageError(f"{first} is after {last}; give the earlier day first")
    return [first + dt.timedelta(days=days) for days in range(0, (last - first).days + 1, every_days)]


def build_days(settings: Settings, days: Sequence[dt.date], console: Console) -> Iterator[Run]:
    """Build and publish a snapshot as of each day, in order, and yield its run.

    Keeps at least as many snapshots as there are days, so that none of them is pruned.
    """
    keep = max(settings.keep_snapshots, len(days))
    for day in days:
        console.say(f"as of {day}:")
        yield build(
            settings.model_copy(update={"as_of": day, "keep_snapshots": keep}), LocalRunner(console, settings.workers)
        )
