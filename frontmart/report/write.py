"""Writing the report into a snapshot: staged, where the manifest follows; or published, where it is kept true."""

import json
from pathlib import Path

from frontmart.errors import SnapshotError
from frontmart.report.queries import read_tables
from frontmart.report.render import render
from frontmart.settings import Settings
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.manifest import relist
from frontmart.snapshots.store import PUBLISHED, Snapshot, published
from frontmart.warehouse.checks import CheckResult


def report(out: Path) -> Path:
    """Write the report of the published snapshot and list it in its manifest; where readers find it.

    Builds are held off meanwhile. The same snapshot gives the same bytes.

    Raises:
        SnapshotError: where nothing is published, or the snapshot does not say what it holds.
        LockedError: where a build holds the folder.
        ModelError: for a warehouse of another version of Frontmart.
    """
    published(out)  # before the folder is held, which would create it
    with lock_output(out):
        snapshot = published(out)
        add_report(snapshot, Settings.load().memory_limit)
    return out / PUBLISHED / snapshot.report.name


def add_report(snapshot: Snapshot, memory_limit: str) -> None:
    """Write the report of a published snapshot. The caller holds the output folder."""
    aside = snapshot.folder / f".{snapshot.report.name}"
    write_report(snapshot, _checks_of(snapshot), memory_limit, aside)
    relist(snapshot.folder, aside, snapshot.report.name)


def write_report(snapshot: Snapshot, checks: list[CheckResult], memory_limit: str, path: Path | None = None) -> None:
    """Write the report of a snapshot, to where it belongs or to another path.

    Args:
        snapshot: staged or published; its warehouse is whole.
        checks: what its checks found.
        memory_limit: what DuckDB may use.
        path: where to write.
    """
    page = render(read_tables(snapshot.warehouse, memory_limit), checks, snapshot.id)
    (path or snapshot.report).write_text(page, encoding="utf-8")


def _checks_of(snapshot: Snapshot) -> list[CheckResult]:
    """What the checks found when the snapshot was built."""
    try:
        return [CheckResult(**check) for check in json.loads(snapshot.run_file.read_bytes())["checks"]]
    except (ValueError, KeyError, TypeError):
        raise SnapshotError(f"{snapshot.run_file}: is damaged; run `frontmart build --full`") from None
