"""Verifying the published snapshot: whether its files are those that were written, and its checks still hold."""

from dataclasses import dataclass
from pathlib import Path

from frontmart.catalog.models import read_checks, read_models
from frontmart.catalog.sql_folder import SQL
from frontmart.errors import FrontmartError
from frontmart.snapshots.manifest import Difference, differences, read_manifest
from frontmart.snapshots.read import read_published
from frontmart.snapshots.store import Snapshot, published_id
from frontmart.warehouse.checks import CheckResult, run_checks
from frontmart.warehouse.read_only import open_read_only


@dataclass(frozen=True, slots=True)
class Verification:
    """What a snapshot should hold, how it differs from that, and what its checks find now.

    Attributes:
        snapshot_id: the snapshot.
        file_count: how many files its manifest lists.
        byte_count: their size, as the manifest has it.
        differences: what is wrong with which file; also a warehouse that the checks cannot be run on.
        checks: what each check found; none where they cannot be run.
    """

    snapshot_id: str
    file_count: int
    byte_count: int
    differences: list[Difference]
    checks: list[CheckResult]

    @property
    def is_good(self) -> bool:
        """Whether every file is as it was written and no error check finds rows; a warning is no fault."""
        return not self.differences and not any(check.is_blocking for check in self.checks)


def verify(out: Path) -> Verification:
    """Compare the published snapshot with its manifest, and run every check on its warehouse again.

    Nothing is written, and builds are not kept out. Raises SnapshotError where nothing is published or there is no
    manifest to go by, and ModelError for a check that cannot be read.
    """
    found = read_published(out, _verified)
    if found.differences and published_id(out) != found.snapshot_id:
        # A build may have pruned the snapshot while it was read: what is published now is what was asked for.
        return verify(out)
    return found


def _verified(snapshot: Snapshot) -> Verification:
    files = read_manifest(snapshot.folder)
    found = differences(snapshot.folder)
    checks, unchecked = _check(snapshot)
    if (found or unchecked) and read_manifest(snapshot.folder) != files:
        return _verified(snapshot)  # a report came to it while it was read
    byte_count = sum(file.bytes for file in files)
    return Verification(snapshot.id, len(files), byte_count, [*found, *unchecked], checks)


def _check(snapshot: Snapshot) -> tuple[list[CheckResult], list[Difference]]:
    """What the checks find in a warehouse, or why they cannot be run on it."""
    checks, models = read_checks(SQL), read_models(SQL)
    try:
        with open_read_only(snapshot.warehouse) as warehouse:
            return run_checks(warehouse, checks, models), []
    except FrontmartError as error:
        reason = " ".join(str(error).split())
        problem = f"is damaged, or came of another version of Frontmart, and cannot be checked: {reason}"
        return [], [Difference(snapshot.warehouse.name, problem)]
