"""Reading a snapshot that is published, whatever is published and pruned meanwhile."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from frontmart.errors import FrontmartError
from frontmart.snapshots.store import Snapshot, list_snapshots, published, published_id

T = TypeVar("T")


def read_published(out: Path, read: Callable[[Snapshot], T]) -> T:
    """What `read` makes of the published snapshot, whatever is published and pruned meanwhile.

    A snapshot that builds have pruned before it was read is no error: another one is published, and that is read.
    Raises what `read` raises, and SnapshotError where nothing is published.
    """
    while True:
        snapshot = published(out)
        try:
            return read(snapshot)
        except (FrontmartError, OSError):
            if published_id(out) == snapshot.id:
                raise


def read_run(snapshot: Snapshot) -> dict[str, Any]:
    """What the build of a snapshot saw and did, as `run.json` has it."""
    run: dict[str, Any] = json.loads(snapshot.run_file.read_text(encoding="utf-8"))
    return run


def read_all_runs(out: Path) -> list[dict[str, Any]]:
    """`run.json` of each snapshot, the latest first; not of one that is pruned meanwhile."""
    runs = []
    for snapshot in list_snapshots(out):
        with suppress(FileNotFoundError):
            runs.append(read_run(snapshot))
    return runs
