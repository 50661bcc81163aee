"""What is to be at a target, by the published snapshot; and what a target holds, by the manifest there."""

import errno
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.errors import SnapshotError, UsageError
from flows.manifest import MANIFEST, read_manifest
from flows.snapshots import SNAPSHOT_ID, Snapshot


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A mart at a target: its path relative to the target, with `/`, its size, its hash in hex digits, its rows."""

    mart: str
    path: str
    bytes: int
    sha256: str
    row_count: int


@dataclass(frozen=True, slots=True)
class Export:
    """What is at a target after an export.

    Attributes:
        snapshot_id: the snapshot that is current there.
        target: the target, without credentials.
        files: what its manifest lists, by mart.
        is_new: whether the export changed anything, or the target held all of it already.
        pruned: the exported snapshots that were removed, the latest first.
    """

    snapshot_id: str
    target: str
    files: list[ExportedFile]
    is_new: bool
    pruned: list[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be at a target: these marts of the snapshot, this manifest, and how many snapshots in all."""

    snapshot: Snapshot
    files: list[ExportedFile]
    manifest: bytes
    keep: int

    def source(self, file: ExportedFile) -> Path:
        """The published file that is to arrive."""
        return self.snapshot.marts / file_name(file)

    def excess(self, names: Iterable[str]) -> list[str]:
        """Those of the names at a target that are snapshots to remove."""
        ids = sorted(filter(SNAPSHOT_ID.fullmatch, names), reverse=True)
        return [id_ for id_ in ids[self.keep :] if id_ != self.snapshot.id]


def planned(snapshot: Snapshot, marts: Sequence[str] | None, keep: int) -> Plan:
    """What is to be at a target: all marts of the snapshot, or those that are named.

    Raises UsageError for a mart that does not exist, and SnapshotError for a snapshot that does not say what it holds.
    """
    try:
        run = json.loads(snapshot.run_file.read_bytes())
        as_of = str(run["as_of_date"])
        known = {file.mart: file for file in _exported_files(snapshot, run["rows"])}
    except (ValueError, KeyError, TypeError):
        raise SnapshotError(f"{snapshot.run_file}: is damaged; run `frontmart build --full`") from None
    unknown = sorted(set(marts or ()) - known.keys())
    if unknown:
        raise UsageError(f"there is no mart {', '.join(unknown)}; there are {', '.join(known)}")
    files = [known[mart] for mart in sorted(set(marts or known))]
    manifest = {"snapshot_id": snapshot.id, "as_of_date": as_of, "files": [asdict(file) for file in files]}
    return Plan(snapshot, files, (json.dumps(manifest, indent=2) + "\n").encode(), keep)


def _exported_files(snapshot: Snapshot, rows: dict[str, int]) -> Iterator[ExportedFile]:
    for file in read_manifest(snapshot.folder):
        path = snapshot.folder / file.path
        if path.parent == snapshot.marts and path.suffix == ".parquet":
            at_target = f"{snapshot.id}/{path.name}"
            yield ExportedFile(path.stem, at_target, file.bytes, file.sha256, rows[f"marts.{path.stem}"])


def file_name(file: ExportedFile) -> str:
    """The name of a mart's file, in the snapshot as at the target."""
    return f"{file.mart}.parquet"


def listed_files(manifest: bytes | None, shown: str) -> set[ExportedFile]:
    """The files that the manifest at a target lists; none where there is none, or it is damaged.

    Raises UsageError for the manifest of something else.
    """
    try:
        entries = json.loads(manifest or b"{}")
        if entries and not ("snapshot_id" in entries and "files" in entries):
            raise UsageError(f"{shown}/{MANIFEST}: is no manifest of an export; give another target")
        return {ExportedFile(**entry) for entry in entries.get("files", ())}
    except (ValueError, TypeError, AttributeError):
        return set()


def hold_to_hash(source: Path, file: ExportedFile, sha256: str) -> None:
    """Raise SnapshotError where what was read of a snapshot is not what was published."""
    if sha256 != file.sha256:
        message = f"{source}: is not what was published, and was not exported"
        raise SnapshotError(f"{message}; run `frontmart rollback` or `frontmart build --full`")


def hold_to_size(size: int | None, file: ExportedFile) -> None:
    """Raise OSError where a file did not arrive as a whole; None for one that did not arrive at all."""
    if size != file.bytes:
        raise OSError(errno.EIO, f"{size} bytes arrived instead of {file.bytes}", file.path)
