"""The states that a comparison takes: a snapshot by its id or tag, the published one, or a moment of its history."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from frontmart.errors import UsageError
from frontmart.history.moments import find_moment
from frontmart.history.state import write_state
from frontmart.snapshots.publication import PUBLISHED
from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import Snapshot, find_snapshot, list_snapshots, published


@dataclass(frozen=True, slots=True)
class Side:
    """A state of the documents.

    Attributes:
        name: what the user calls it.
        tables: the folder with its tidy tables, one Parquet file each.
        snapshot_id: the snapshot that has it, or whose history does.
        as_of_date: the day that the snapshot describes.
        run: the record of the build.
    """

    name: str
    tables: Path
    snapshot_id: str
    as_of_date: str | None = None
    run: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def as_json(self) -> dict[str, object]:
        """The state for the command's JSON object."""
        return {"name": self.name, "snapshot_id": self.snapshot_id, "as_of_date": self.as_of_date}

    def has_rules_of(self, other: "Side") -> bool:
        """Whether the same rules decided the rows of both; a difference may else come of the rules."""
        return _rules(self.run) == _rules(other.run)


def _rules(run: Mapping[str, Any]) -> list[object]:
    """What decides rows beside the files."""
    return [run.get("frontmart_version"), (run.get("preset") or {}).get("name"), run.get("mapping")]


@contextmanager
def opening(out: Path, name: str, memory_limit: str | None = None) -> Iterator[Side]:
    """Open the state with a name: `published`, the id or tag of a snapshot, or a moment of the published history.

    The tables of a moment are written to a temporary folder, which is removed when the block ends.

    Raises:
        UsageError: for a name that is none of these.
        SnapshotError: if nothing is published, or the snapshot is damaged.
    """
    snapshot = published(out) if name == PUBLISHED else find_snapshot(out, name)
    if snapshot is not None:
        yield _side(name, snapshot, snapshot.tables)
        return
    current = published(out)
    try:
        find_moment(current, name)
    except UsageError as error:
        ids = ", ".join(each.id for each in list_snapshots(out)[:3])
        problem = f"{out}: {name!r} is neither `published` nor the id or tag of a snapshot (the latest are {ids})"
        raise UsageError(f"{problem}, nor a moment: {error}") from None
    with TemporaryDirectory(prefix="frontmart-diff-") as folder:
        tables = Path(folder) / "tables"
        write_state(current, name, tables, memory_limit)
        yield _side(name, current, tables)


def _side(name: str, snapshot: Snapshot, tables: Path) -> Side:
    run = read_run(snapshot)
    return Side(name, tables, snapshot.id, run.get("as_of_date"), run)
