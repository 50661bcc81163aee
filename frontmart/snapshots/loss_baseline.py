"""The baseline of a loss: the documents that are published of a source, and that a build must not lose."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frontmart.errors import SnapshotError
from frontmart.snapshots.manifest import find_damage
from frontmart.snapshots.read import read_run
from frontmart.snapshots.run_log import read_runs
from frontmart.snapshots.store import list_snapshots, published_id


@dataclass(frozen=True, slots=True)
class LossBaseline:
    """The number of documents in a snapshot."""

    snapshot_id: str
    document_count: int


def find_loss_baseline(out: Path, source: Path) -> LossBaseline | None:
    """The documents of the published snapshot; None if it is of another source, or nothing was ever published.

    If its record is missing or damaged, the baseline is the latest intact snapshot of the source, and without any the
    last run in the run log that published: damage must not open the way for a loss. The caller holds the lock of the
    output folder.
    """
    current = _published_id(out)
    for run in _published_runs(out, current):
        baseline = _parse(run)
        if baseline and _is_of(run, source):
            return baseline
        if baseline and baseline.snapshot_id == current:
            return None
    return None


def _published_id(out: Path) -> str | None:
    try:
        return published_id(out)
    except SnapshotError:
        return None


def _published_runs(out: Path, current: str | None) -> Iterator[Mapping[str, Any]]:
    """The records of runs that published, the published snapshot first, then from the latest to the earliest."""
    for snapshot in sorted(list_snapshots(out), key=lambda each: each.id != current):
        try:
            # One flipped bit makes another number or another source.
            if not find_damage(snapshot.folder, [snapshot.run_file.name]):
                yield read_run(snapshot)
        except (SnapshotError, OSError):
            continue
    yield from (run for run in reversed(read_runs(out, lambda _: None)) if run.get("outcome") == "published")


def _parse(run: Mapping[str, Any]) -> LossBaseline | None:
    id_, count = run.get("snapshot_id"), run.get("document_count")
    return LossBaseline(id_, count) if isinstance(id_, str) and type(count) is int else None


def _is_of(run: Mapping[str, Any], source: Path) -> bool:
    """Whether a run read a source, under this path or through links; a record of version 0.1 has no absolute path."""
    path = run.get("source_path", run.get("source"))
    if not isinstance(path, str):
        return True  # a line of the run log of version 0.1, which names no source
    return Path(path).absolute() == source.absolute() or os.path.realpath(path) == os.path.realpath(source)
