"""Ids of snapshots: the time of the build (UTC, to the microsecond), so that they sort in the order of the builds."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final

SNAPSHOT_ID: Final = re.compile(r"[0-9]{8}T[0-9]{12}Z")
_FORMAT: Final = "%Y%m%dT%H%M%S%fZ"
_STEP: Final = dt.timedelta(microseconds=1)


def id_at(time: dt.datetime) -> str:
    """The id of a snapshot that is built at a time, which has a time zone."""
    return time.astimezone(dt.UTC).strftime(_FORMAT)


def time_of(id_: str) -> dt.datetime | None:
    """The time in an id (UTC); None if its digits are not a time."""
    try:
        return dt.datetime.strptime(id_, _FORMAT).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def next_id(used: Iterable[str], now: dt.datetime) -> str:
    """An id later than all those in use: that of the current time, unless the clock went back.

    Args:
        used: the ids in use; those that are not times, or leave no time after them, do not count.
        now: the current time, with a time zone.
    """
    times = (time_of(id_) for id_ in used)
    after = (time + _STEP for time in times if time and time < dt.datetime.max.replace(tzinfo=dt.UTC))
    return id_at(max([now, *after]))
