"""Verify a snapshot: compare its files with the manifest, run its checks again, and, if asked, recompute its marts."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import duckdb

from frontmart.errors import FrontmartError, SnapshotError
from frontmart.recompute import Recomputation, recompute
from frontmart.settings import Settings
from frontmart.shipped_sql import shipped_sql
from frontmart.snapshots.manifest import Difference, differences, read_manifest
from frontmart.snapshots.read import read_published
from frontmart.snapshots.store import Snapshot, list_snapshots, published_id
from frontmart.warehouse.added_columns import added_models
from frontmart.warehouse.checks import CORRECT_CHECK, CheckResult, run_checks
from frontmart.warehouse.read_only import open_read_only

# Errors for a table or column that does not exist.
_MISSING: Final = (duckdb.CatalogException, duckdb.BinderException)
ADVICE: Final = "run `frontmart repair` or `frontmart rollback`"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of a published snapshot: the file (relative to the snapshot), what is wrong, and what to do."""

    path: str
    problem: str
    advice: str = ADVICE


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of verifying a snapshot.

    Attributes:
        snapshot_id: the snapshot.
        file_count: files in its manifest.
        byte_count: their total size according to the manifest.
        differences: files that differ from the manifest, and a warehouse on which the checks cannot run.
        checks: the results of the checks; empty if they cannot run.
        recomputation: the comparison of all tables; None if it was not asked for, or a file differs.
    """

    snapshot_id: str
    file_count: int
    byte_count: int
    differences: list[Difference]
    checks: list[CheckResult]
    recomputation: Recomputation | None = None

    @property
    def is_good(self) -> bool:
        """Whether there are no findings."""
        return not self.findings

    @property
    def findings(self) -> list[Finding]:
        """Files that differ, error checks that found rows, then tables that differ. Warnings are not findings."""
        tables = self.recomputation.differences if self.recomputation else []
        return [
            *(Finding(each.path, each.problem) for each in self.differences),
            *(Finding("warehouse.duckdb", _problem(check)) for check in self.checks if check.is_blocking),
            *(Finding(table.path, table.problem) for table in tables),
        ]

    def as_json(self) -> dict[str, object]:
        """The object that `frontmart verify --json` prints."""
        return {
            "snapshot_id": self.snapshot_id,
            "is_good": self.is_good,
            "file_count": self.file_count,
            "byte_count": self.byte_count,
            "findings": [asdict(finding) for finding in self.findings],
            "checks": [asdict(check) for check in self.checks],
            "compared_table_count": self.recomputation.table_count if self.recomputation else 0,
            "not_recomputed": self.recomputation.skipped if self.recomputation else None,
        }


def verify(out: Path, id_: str | None = None, *, deep: bool = False) -> Verification:
    """Compare a snapshot with its manifest, and run all checks on its warehouse.

    Writes nothing to the output folder, and takes no lock: a build may run meanwhile.

    Args:
        out: the output folder.
        id_: the snapshot; None for the published one.
        deep: also compare every table with what its model makes of the tidy tables, see `recompute`. This takes a
            temporary folder of the size of the warehouse, and as long as a build upon unchanged files.

    Raises:
        SnapshotError: if nothing is published, there is no such snapshot, or it has no readable manifest.
        ModelError: for a check under sql/ that cannot be read.
    """
    if id_ is not None:
        return _verify_snapshot(_find(out, id_), deep=deep)
    found = read_published(out, lambda snapshot: _verify_snapshot(snapshot, deep=deep))
    if found.differences and published_id(out) != found.snapshot_id:
        # A build published another snapshot and may have pruned this one while it was read: verify the new one.
        return verify(out, deep=deep)
    return found


def _find(out: Path, id_: str) -> Snapshot:
    for snapshot in list_snapshots(out):
        if snapshot.id == id_:
            return snapshot
    raise SnapshotError(f"{out}: there is no snapshot {id_}; see `frontmart snapshots`")


def _verify_snapshot(snapshot: Snapshot, *, deep: bool) -> Verification:
    files = read_manifest(snapshot.folder)
    damaged = differences(snapshot.folder)
    is_intact = all(difference.path != snapshot.warehouse.name for difference in damaged)
    checks, unchecked = _run_checks(snapshot, is_intact=is_intact)
    if (damaged or unchecked) and read_manifest(snapshot.folder) != files:
        return _verify_snapshot(snapshot, deep=deep)  # `frontmart report` added a file meanwhile
    byte_count = sum(file.bytes for file in files)
    # A damaged file is not opened: it can end the process, and its tables need no comparison.
    is_comparable = deep and not damaged and not unchecked
    compared = recompute(snapshot, Settings.load().memory_limit) if is_comparable else None
    return Verification(snapshot.id, len(files), byte_count, [*damaged, *unchecked], checks, compared)


def _run_checks(snapshot: Snapshot, *, is_intact: bool) -> tuple[list[CheckResult], list[Difference]]:
    """The results of the checks, or a difference that says why they cannot run."""
    try:
        with open_read_only(snapshot.warehouse) as warehouse:
            shipped = shipped_sql()
            return run_checks(warehouse, shipped.checks, [*shipped.models, *added_models(warehouse)]), []
    except FrontmartError as error:
        reason = " ".join(str(error).removesuffix(CORRECT_CHECK).split()).rstrip(".!")
        if not is_intact:
            cause = "is damaged and "
        else:
            # A build runs all checks, so a table or column is missing only in a warehouse of another version.
            cause = "is from another version of Frontmart and " if isinstance(error.__cause__, _MISSING) else ""
        return [], [Difference(snapshot.warehouse.name, f"{cause}cannot be checked: {reason}")]


def _problem(check: CheckResult) -> str:
    rows = "1 row" if check.failed_row_count == 1 else f"{check.failed_row_count:,} rows"
    return f"check {check.name} found {rows}: {check.description}"
