"""Read the published snapshot while builds publish and prune."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from frontmart.errors import FrontmartError
from frontmart.snapshots.store import Snapshot, list_snapshots, published, published_id

T = TypeVar("T")


def read_published(out: Path, read: Callable[[Snapshot], T]) -> T:
    """Call `read` with the published snapshot and return its result.

    If a build prunes the snapshot during the call, `read` is called again with the one that is published then. Raises
    the errors of `read`, and SnapshotError if nothing is published.
    """
    while True:
        snapshot = published(out)
        try:
            return read(snapshot)
        except (FrontmartError, OSError):
            if published_id(out) == snapshot.id:
                raise


def read_run(snapshot: Snapshot) -> dict[str, Any]:
    """The record of the build of a snapshot: the content of `run.json`."""
    run: dict[str, Any] = json.loads(snapshot.run_file.read_text(encoding="utf-8"))
    return run


def read_all_runs(out: Path) -> list[dict[str, Any]]:
    """The content of `run.json` of each snapshot, the latest first; one that is pruned during the call is skipped."""
    runs = []
    for snapshot in list_snapshots(out):
        with suppress(FileNotFoundError):
            runs.append(read_run(snapshot))
    return runs
