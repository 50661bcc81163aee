"""Read the published snapshot while builds publish and prune."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

from frontmart.errors import FrontmartError, SnapshotError
from frontmart.snapshots.store import Snapshot, list_snapshots, published, published_id

T = TypeVar("T")

# Keys that every version writes to run.json, and the types of their values.
_KEYS: Final = {"snapshot_id": str, "as_of_date": str, "rows": dict}


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

    Raises SnapshotError if it is damaged.
    """
    try:
        run: dict[str, Any] = json.loads(snapshot.run_file.read_text(encoding="utf-8"))
        if all(isinstance(run[key], type_) for key, type_ in _KEYS.items()):
            return run
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise SnapshotError(f"{snapshot.run_file}: is damaged; run `frontmart build --full`")


def read_all_runs(out: Path) -> list[dict[str, Any]]:
    """The content of `run.json` of each snapshot, the latest first; only the id where it is damaged.

    A snapshot that is pruned during the call is skipped.
    """
    runs = []
    for snapshot in list_snapshots(out):
        with suppress(FileNotFoundError):
            try:
                runs.append(read_run(snapshot))
            except SnapshotError:
                runs.append({"snapshot_id": snapshot.id})
    return runs
