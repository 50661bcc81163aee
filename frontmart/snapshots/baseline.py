"""The published snapshot as a build finds it: intact, so that the build may reuse and compare with it, or damaged."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from frontmart.errors import SnapshotError
from frontmart.snapshots.manifest import Difference, find_damage, summarize
from frontmart.snapshots.publication import PUBLISHED
from frontmart.snapshots.store import Snapshot, published, published_id

_REPLACED: Final = "the snapshot is damaged, and all files are read again to replace it"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The snapshot that is published when a build starts.

    Attributes:
        snapshot_id: its id.
        snapshot: the snapshot, all of whose files are as they were written; None if one is damaged or missing.
    """

    snapshot_id: str
    snapshot: Snapshot | None


def find_baseline(out: Path, warn: Callable[[str], None]) -> Baseline | None:
    """The published snapshot of an output folder; None if nothing is published.

    Compares the size and SHA-256 of every file with the manifest, and warns once if one differs: then nothing of the
    snapshot may be read. The caller holds the lock of the output folder: no `frontmart report` adds a file.
    """
    try:
        id_ = published_id(out)
    except SnapshotError:
        return None
    try:
        snapshot = published(out)
    except (SnapshotError, OSError):  # an OSError for a folder that may not be read
        warn(f"{out / PUBLISHED}: its snapshot {id_} is missing or incomplete; {_REPLACED}")
        return Baseline(id_, None)
    damage = find_damage(snapshot.folder)
    # Without damage, the manifest lists what is there: a warehouse that is not there was not listed either.
    if not damage and not snapshot.warehouse.is_file():
        damage = [Difference(snapshot.warehouse.name, "is missing")]
    if damage:
        warn(f"{snapshot.folder}: {summarize(damage)}; {_REPLACED}")
        return Baseline(id_, None)
    return Baseline(id_, snapshot)
