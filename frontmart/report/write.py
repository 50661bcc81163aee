"""Write the report into a snapshot: a staged one, or a published one, whose manifest is then updated."""

from pathlib import Path

from frontmart.report.queries import run_report_queries
from frontmart.report.render import render
from frontmart.settings import Settings
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.manifest import add_file
from frontmart.snapshots.publication import published_path
from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import Snapshot, published
from frontmart.warehouse.checks import CheckResult


def report(out: Path) -> Path:
    """Write the report of the published snapshot and return its path. The same snapshot gives the same bytes.

    Holds the lock of the output folder, so that no build runs at the same time.

    Raises:
        SnapshotError: if nothing is published, or `run.json` of the snapshot is damaged.
        LockedError: if a build is running in the folder.
        ModelError: for a warehouse that another version of Frontmart built.
    """
    published(out)  # raises before the lock creates the folder
    with lock_output(out):
        snapshot = published(out)
        add_report(snapshot, Settings.load().memory_limit)
    return published_path(out) / snapshot.report.name


def add_report(snapshot: Snapshot, memory_limit: str) -> None:
    """Write the report of a published snapshot. The caller holds the lock of the output folder."""
    page = _page(snapshot, _checks_of(snapshot), memory_limit)
    add_file(snapshot.folder, snapshot.report.name, page.encode())


def write_report(snapshot: Snapshot, checks: list[CheckResult], memory_limit: str) -> None:
    """Write the report of a staged snapshot.

    Args:
        snapshot: the snapshot; its warehouse is complete.
        checks: the results of its checks.
        memory_limit: the most memory that DuckDB may use, such as 1GB.
    """
    snapshot.report.write_text(_page(snapshot, checks, memory_limit), encoding="utf-8")


def _page(snapshot: Snapshot, checks: list[CheckResult], memory_limit: str) -> str:
    return render(run_report_queries(snapshot.warehouse, memory_limit), checks, snapshot.id)


def _checks_of(snapshot: Snapshot) -> list[CheckResult]:
    """The results of the checks, as the build of the snapshot recorded them."""
    return [CheckResult(**check) for check in read_run(snapshot).get("checks") or ()]
