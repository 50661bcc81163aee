"""The snapshot whose history a build goes on with: the latest that was published, whatever is published now.

After a rollback that is a later one than the published snapshot: what was built once stays in the history.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from frontmart.errors import SnapshotError, UsageError
from frontmart.history.parts import HISTORY, Kind, Record, history_folder, read_record
from frontmart.snapshots.baseline import Baseline
from frontmart.snapshots.manifest import MANIFEST, Difference, find_damage, read_manifest, summarize
from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import Snapshot, list_snapshots, was_published

# What a build needs of the base: its tables, as they were at its last step, and its history.
_NEEDED: Final = ("tables/", f"{HISTORY}/")


@dataclass(frozen=True, slots=True)
class HistoryBase:
    """The snapshot that a build goes on with.

    Attributes:
        snapshot: the snapshot, whose tables and history are as they were written.
        started_at: when its build started (UTC).
        record: the record of its history; None if it has one step, itself.
        source: the source of its build, as the record of the run has it.
    """

    snapshot: Snapshot
    started_at: dt.datetime
    record: Record | None
    source: str | None = None

    @property
    def kind(self) -> Kind:
        """Whether its steps are builds or commits."""
        return self.record.kind if self.record else "builds"


def find_history_base(out: Path, baseline: Baseline | None, warn: Callable[[str], None]) -> HistoryBase | None:
    """The latest snapshot that was published, and whose tables and history are whole; None if there is none.

    Warns of what the history loses if a later one is damaged. Snapshots that were built without a history are passed
    over: the steps between which they lie are one.

    Args:
        out: the output folder, whose lock the caller holds.
        baseline: the published snapshot as the build found it.
        warn: called with a message about damage.
    """
    damaged: list[str] = []
    for snapshot in list_snapshots(out):
        if not was_published(out, snapshot):
            continue
        is_known = baseline is not None and baseline.snapshot == snapshot
        problem = None if is_known else _find_problem(snapshot)
        if problem is None:
            try:
                run = read_run(snapshot)
                if not _has_history(run):
                    continue
                record = read_record(snapshot.folder)
                started_at = dt.datetime.fromisoformat(run["started_at"])
            except (SnapshotError, OSError, KeyError, ValueError, TypeError) as error:
                problem = str(error).partition("; ")[0]
            else:
                if damaged:
                    warn(f"{damaged[0]}; the history goes on from snapshot {snapshot.id}, without the steps after it")
                return HistoryBase(snapshot, started_at, record, run.get("source_path"))
        if _had_history(snapshot):
            damaged.append(f"{snapshot.folder}: {problem}")
    if damaged:
        warn(f"{damaged[0]}; the history begins anew with this build")
    return None


def require_kind(base: HistoryBase | None, kind: Kind, out: Path) -> None:
    """Raise UsageError if the history of an output folder is of the other kind."""
    if base is None or base.kind == kind:
        return
    if kind == "builds":
        told = f"run `frontmart history {base.record and base.record.repository}` here, or build with another --out"
        raise UsageError(
            f"{out}: has the history of a Git repository, which a build of a folder cannot go on with; {told}"
        )
    raise UsageError(f"{out}: has the history of builds, which commits cannot go on with; give another --out")


def _had_history(snapshot: Snapshot) -> bool:
    """Whether a damaged snapshot has or had more steps than its own, so that they are worth a warning."""
    try:
        listed = [file.path for file in read_manifest(snapshot.folder)]
    except SnapshotError:
        listed = []
    return history_folder(snapshot.folder).exists() or any(path.startswith(f"{HISTORY}/") for path in listed)


def _has_history(run: dict[str, Any]) -> bool:
    """Whether a build was to have a history; those of earlier versions are the first step of one."""
    return run.get("history") is not False


def _find_problem(snapshot: Snapshot) -> str | None:
    """What is wrong with the tables or the history of a snapshot, in words; None if nothing is."""
    try:
        listed = [file.path for file in read_manifest(snapshot.folder)]
    except SnapshotError as error:
        return str(error).partition(": ")[2].partition(";")[0]
    needed = [path for path in listed if path.startswith(_NEEDED) or path == snapshot.run_file.name]
    damage = find_damage(snapshot.folder, needed) or _unlisted(snapshot, needed)
    return summarize(damage) if damage else None


def _unlisted(snapshot: Snapshot, listed: list[str]) -> list[Difference]:
    parts = history_folder(snapshot.folder).rglob("*")
    paths = sorted(part.relative_to(snapshot.folder).as_posix() for part in parts if not part.is_dir())
    return [Difference(path, f"is not in {MANIFEST}") for path in paths if path not in listed]
