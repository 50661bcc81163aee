"""Repair an output folder: replace a damaged published snapshot, move other damaged ones out of the way, and report.

Nothing is removed: a damaged snapshot is renamed to `snapshots/damaged-<id>`, where no command lists it, rolls back to
it or prunes it. Its intact files are still there.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from frontmart.errors import SnapshotError
from frontmart.pipeline import build
from frontmart.run import Run
from frontmart.runners import Runner
from frontmart.settings import Settings
from frontmart.snapshots.fsync import sync
from frontmart.snapshots.ids import SNAPSHOT_ID
from frontmart.snapshots.lock import SNAPSHOTS, lock_output
from frontmart.snapshots.manifest import Difference, find_damage
from frontmart.snapshots.read import read_run
from frontmart.snapshots.run_log import read_runs
from frontmart.snapshots.store import Snapshot, published_id

# Folders of this prefix and a snapshot id; see the docstring above.
DAMAGED: Final = "damaged-"


@dataclass(frozen=True, slots=True)
class DamagedSnapshot:
    """A damaged snapshot, and what became of it.

    Attributes:
        snapshot_id: its id.
        as_of_date: the day that its marts describe; None if its run.json is damaged.
        files: the files that differ from its manifest.
        moved_to: the folder that it was moved to; None if its folder was missing.
        is_lost: whether nothing replaces it: it was not the published one.
    """

    snapshot_id: str
    as_of_date: str | None
    files: list[Difference]
    moved_to: str | None
    is_lost: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """The result of a repair.

    Attributes:
        published: the id of the published snapshot, which is intact.
        is_rebuilt: whether it was built by the repair, in place of a damaged one.
        damaged: the damaged snapshots, the latest first.
        run_log: the problems of the run log, as sentences; its lines cannot be had back.
    """

    published: str
    is_rebuilt: bool
    damaged: list[DamagedSnapshot]
    run_log: list[str]

    @property
    def lost(self) -> list[DamagedSnapshot]:
        """The snapshots that cannot be had back."""
        return [each for each in self.damaged if each.is_lost]

    def as_json(self) -> dict[str, object]:
        """The object that `frontmart repair --json` prints."""
        return {**asdict(self), "is_good": not self.lost}


def repair(settings: Settings, runner: Runner) -> Repair:
    """Replace the published snapshot by an ordinary build if it is damaged; then move all damaged snapshots aside.

    The build publishes the source as it is now, as of today or `settings.as_of`. Other snapshots cannot be built again:
    the files that they were made from may have changed.

    Raises:
        SnapshotError: if nothing is published.
        FrontmartError: if the build fails, see `pipeline.build`. Nothing was moved then.
    """
    out = settings.out
    former = published_id(out)
    damage = find_all_damage(out)
    is_damaged = former in damage or not (out / SNAPSHOTS / former).is_dir()
    run: Run | None = build(settings, runner) if is_damaged else None
    problems: list[str] = []
    read_runs(out, problems.append)
    with lock_output(out):
        current = published_id(out)
        # Compared again under the lock: a snapshot may have been pruned, or published, meanwhile.
        damaged = [
            _move_aside(out, id_, files, is_lost=id_ != former)
            for id_, files in find_all_damage(out).items()
            if id_ != current
        ]
    if is_damaged and former not in {each.snapshot_id for each in damaged}:
        files = damage.get(former, [Difference(".", "is missing")])
        damaged.append(DamagedSnapshot(former, None, files, None, is_lost=False))
    return Repair(current, run is not None, sorted(damaged, key=lambda each: each.snapshot_id, reverse=True), problems)


def find_all_damage(out: Path) -> dict[str, list[Difference]]:
    """The differences of each damaged snapshot, by id, the latest first; also of those without a run.json."""
    folders = sorted((out / SNAPSHOTS).glob("*"), reverse=True)
    found = {folder.name: find_damage(folder) for folder in folders if SNAPSHOT_ID.fullmatch(folder.name)}
    return {id_: files for id_, files in found.items() if files}


def find_source(out: Path) -> Path | None:
    """The source folder of the published snapshot, else of the latest whose run.json is intact; None without one."""
    folders = sorted((out / SNAPSHOTS).glob("*"), reverse=True)
    former = published_id(out)
    for folder in sorted(folders, key=lambda each: each.name != former):
        source = _from_record(Snapshot(folder.name, folder), lambda run: run.get("source"))
        if source and SNAPSHOT_ID.fullmatch(folder.name):
            return Path(source)
    return None


def _move_aside(out: Path, id_: str, files: list[Difference], *, is_lost: bool) -> DamagedSnapshot:
    snapshot = Snapshot(id_, out / SNAPSHOTS / id_)
    day = _from_record(snapshot, lambda run: run["as_of_date"])
    target = snapshot.folder.with_name(f"{DAMAGED}{id_}")
    snapshot.folder.rename(target)
    sync(target.parent)
    return DamagedSnapshot(id_, day, files, str(target), is_lost)


def _from_record(snapshot: Snapshot, read: Callable[[dict[str, object]], object]) -> str | None:
    """A value of the run.json of a snapshot, as text; None if the file or its value in the manifest is damaged."""
    if find_damage(snapshot.folder, [snapshot.run_file.name]):
        return None
    try:
        value = read(read_run(snapshot))
    except (SnapshotError, FileNotFoundError):
        return None
    return None if value is None else str(value)
