"""When a run last succeeded in an output folder, also one that found nothing to do: `last_success.json`.

It only helps to notice that no run succeeds any more: without it, or if it is damaged, the published snapshot counts.
"""

import datetime as dt
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from frontmart.duration import format_duration
from frontmart.errors import SnapshotError
from frontmart.snapshots.atomic import temporary_sibling
from frontmart.snapshots.store import LAST_SUCCESS, published

# A later time than now is damage, or was written under a clock that has been set back.
_CLOCK_TOLERANCE: Final = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class LastSuccess:
    """The last successful run.

    Attributes:
        run_id: its id.
        outcome: published or unchanged.
        snapshot_id: the snapshot that it published, or found to be current.
        finished_at: when it ended, in UTC.
    """

    run_id: str
    outcome: str
    snapshot_id: str
    finished_at: dt.datetime

    def age(self) -> dt.timedelta:
        """The time since the end of the run, at least zero."""
        return max(dt.datetime.now(dt.UTC) - self.finished_at, dt.timedelta())


def write_last_success(out: Path, success: LastSuccess) -> None:
    """Replace the record of the last success. The caller holds the lock of the output folder.

    A disk on which it cannot be written does not fail the run, which has succeeded.
    """
    content = json.dumps(asdict(success) | {"finished_at": success.finished_at.isoformat()})
    temporary = temporary_sibling(out / LAST_SUCCESS)
    try:
        with suppress(OSError):
            # Not synced: after a power cut the published snapshot counts.
            with temporary.open("xb") as file:
                file.write(content.encode() + b"\n")
            temporary.replace(out / LAST_SUCCESS)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def read_last_success(out: Path) -> LastSuccess | None:
    """The last successful run, by its record or the published snapshot, whichever is later; None if there is none."""
    now = dt.datetime.now(dt.UTC) + _CLOCK_TOLERANCE
    known = [each for each in (_recorded(out), _of_published(out)) if each and each.finished_at <= now]
    return max(known, key=lambda each: each.finished_at, default=None)


def ensure_fresh(out: Path, success: LastSuccess | None, max_age: dt.timedelta) -> None:
    """Raise SnapshotError if the last success in an output folder is older than a duration, or unknown."""
    if success is None:
        raise SnapshotError(f"{out}: no successful run is known; run `frontmart build`")
    if success.age() > max_age:
        ages = f"{format_duration(success.age())} ago, more than {format_duration(max_age)}"
        advice = "see why the schedule does not build, or run `frontmart build`"
        raise SnapshotError(f"{out}: the last successful run ended {ages}; {advice}")


def _recorded(out: Path) -> LastSuccess | None:
    record = _read_object(out / LAST_SUCCESS)
    return _success(record, record.get("finished_at"))


def _of_published(out: Path) -> LastSuccess | None:
    try:
        run = _read_object(published(out).run_file)
    except (SnapshotError, OSError):
        return None
    success = _success(run, run.get("started_at"))
    seconds = run.get("total_seconds")
    if success is None or not isinstance(seconds, int | float) or not 0 <= seconds < 10**9:
        return success
    finished_at = success.finished_at + dt.timedelta(seconds=seconds)
    return LastSuccess(success.run_id, success.outcome, success.snapshot_id, finished_at)


def _success(record: Mapping[str, Any], time: object) -> LastSuccess | None:
    run_id, outcome, snapshot_id = (record.get(key) for key in ("run_id", "outcome", "snapshot_id"))
    try:
        finished_at = dt.datetime.fromisoformat(str(time))
    except ValueError:
        return None
    if finished_at.tzinfo is None:
        return None
    return LastSuccess(str(run_id), str(outcome), str(snapshot_id), finished_at)


def _read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file; an empty one if there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
