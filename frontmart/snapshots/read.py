"""Read the published snapshot while builds publish and prune."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from frontmart.errors import FrontmartError, SnapshotError
from frontmart.snapshots.regular import open_regular
from frontmart.snapshots.run_record import require_record
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
    """The record of the build of a snapshot: the content of `run.json`.

    Every key that it has is of the type that builds write, and it has those that every version writes. Raises
    SnapshotError if it is damaged, and FileNotFoundError if it is missing.
    """
    try:
        with open_regular(snapshot.run_file) as content:
            run: dict[str, Any] = json.load(content)
        require_record(run)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SnapshotError(f"{snapshot.run_file}: is damaged; run `frontmart build`, which replaces it") from None
    return run


def read_all_runs(out: Path) -> list[dict[str, Any]]:
    """The content of `run.json` of each snapshot, with `is_damaged`, the latest first.

    Where the file is damaged, only the id. A snapshot that is pruned during the call is skipped.
    """
    runs = []
    for snapshot in list_snapshots(out):
        with suppress(FileNotFoundError):
            try:
                runs.append({**read_run(snapshot), "is_damaged": False})
            except SnapshotError:
                runs.append({"snapshot_id": snapshot.id, "is_damaged": True})
    return runs
