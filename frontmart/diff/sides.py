"""The states that a comparison takes: a snapshot by its id or tag, or the published one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from frontmart.errors import UsageError
from frontmart.snapshots.publication import PUBLISHED
from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import Snapshot, find_snapshot, list_snapshots, published



@dataclass(frozen=True, slots=True)
class Side:
    """A state of the documents.

    Attributes:
        name: what the user calls it.
        tables: the folder with its tidy tables, one Parquet file each.
        snapshot_id: the snapshot that has it.
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


def open_side(out: Path, name: str) -> Side:
    """The state with a name: `published`, or the id or the tag of a snapshot.

    Raises:
        UsageError: for a name that is none of these.
        SnapshotError: if nothing is published, or the snapshot is damaged.
    """
    snapshot = published(out) if name == PUBLISHED else find_snapshot(out, name)
    if snapshot is None:
        known = ", ".join(each.id for each in list_snapshots(out)[:3]) or "none"
        raise UsageError(
            f"{out}: {name!r} is neither `published` nor the id or tag of a snapshot; the latest ids are {known}: "
            "see `frontmart snapshots`"
        )
    return _side(name, snapshot)


def _side(name: str, snapshot: Snapshot) -> Side:
    run = read_run(snapshot)
    return Side(name, snapshot.tables, snapshot.id, run.get("as_of_date"), run)
