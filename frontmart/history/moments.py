"""Moments of a history: what a user names, and the step that it means.

A moment is a commit (its id, or the first digits of it), a snapshot that a step published, or a time: a day, which is
meant to its end, or an instant, in UTC. A time means the last step, by position, that was made by then.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

import polars as pl

from frontmart.errors import UsageError
from frontmart.history.parts import scan_parts
from frontmart.snapshots.ids import SNAPSHOT_ID
from frontmart.snapshots.store import Snapshot

_COMMIT: Final = re.compile(r"[0-9a-f]{4,64}")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_KINDS: Final = "a commit, a day such as 2022-03-01, or an instant such as 2022-03-01T12:00:00Z"


@dataclass(frozen=True, slots=True)
class Moment:
    """A step of a history.

    Attributes:
        step: its number.
        last_step: the number of the last step, whose state is that of the tidy tables.
        committed_at: when the step was made (UTC).
        id: its commit, or its snapshot.
    """

    step: int
    last_step: int
    committed_at: dt.datetime
    id: str

    @property
    def is_last(self) -> bool:
        """Whether the state is the current one."""
        return self.step == self.last_step


def find_moment(snapshot: Snapshot, text: str) -> Moment:
    """The step of the history of a snapshot that a text means.

    Raises:
        UsageError: for a text that means no step, or several, and for a snapshot that has no history.
    """
    steps = scan_parts(snapshot.folder, "steps").collect().sort("step")
    if steps.is_empty():
        raise UsageError(
            f"{snapshot.id} has no history yet: it begins with the next build, or `frontmart history REPO`"
        )
    found = _steps_of(steps, text)
    if found.is_empty():
        raise UsageError(f"{text!r} is no moment of the history, {_span(steps)}; give {_KINDS}")
    row = found.row(-1, named=True)
    id_ = row["commit_id"] or row["snapshot_id"]
    return Moment(row["step"], int(steps["step"][-1]), row["committed_at"], id_)


def _steps_of(steps: pl.DataFrame, text: str) -> pl.DataFrame:
    """The steps that a text means, if any: of those up to a time, all."""
    if SNAPSHOT_ID.fullmatch(text):
        return steps.filter(pl.col("snapshot_id") == text)
    at = _time(text)
    if at is not None:
        return steps.filter(pl.col("committed_at") <= at)
    if not _COMMIT.fullmatch(text.lower()):
        return steps.clear()
    found = steps.filter(pl.col("commit_id").str.starts_with(text.lower()))
    if found.height > 1:
        raise UsageError(f"{text!r} begins the ids of {found.height:,} commits of the history; give more of its digits")
    return found


def _time(text: str) -> dt.datetime | None:
    """A time in UTC, without a time zone; the last microsecond of a day. None for a text that is no time."""
    if not text[:5].endswith("-"):  # the digits of a commit may be a date, too
        return None
    try:
        at = dt.datetime.fromisoformat(text)
        if _DAY.fullmatch(text):
            at += dt.timedelta(days=1, microseconds=-1)
        return at if at.tzinfo is None else at.astimezone(dt.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _span(steps: pl.DataFrame) -> str:
    times = steps["committed_at"].to_list()
    first, last = min(times), max(times)
    return f"which has {steps.height:,} steps from {first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S} UTC"
