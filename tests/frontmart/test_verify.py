"""Verify: an unchanged snapshot is good, and any damage is reported, never raised."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from frontmart import verify as verifying
from frontmart.errors import ModelError, SnapshotError
from frontmart.run import Run
from frontmart.snapshots.manifest import Difference, differences, write_manifest
from frontmart.snapshots.store import published, roll_back
from frontmart.verify import Verification, verify
from frontmart.warehouse.checks import CheckResult


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose clock is not UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Pacific/Auckland")
        time.tzset()
        yield
    time.tzset()


def change(out: Path, statement: str) -> None:
    """Change the warehouse, and have the manifest say that this is how it was built."""
    snapshot = published(out)
    with duckdb.connect(snapshot.warehouse) as con:
        con.execute(statement)
    write_manifest(snapshot.folder)


def test_a_snapshot_as_it_was_built_is_good(out: Path, sample: Run) -> None:
    files = [path for path in published(out).folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    found = verify(out)
    assert found == Verification(
        snapshot_id=str(sample.snapshot_id),
        file_count=len(files),
        byte_count=sum(path.stat().st_size for path in files),
        differences=[],
        checks=sample.checks,
    )
    assert found.is_good


@pytest.mark.usefixtures("far_away")
def test_the_checks_find_the_same_in_another_time_zone(out: Path, sample: Run) -> None:
    assert verify(out).checks == sample.checks


def test_a_warning_is_not_a_finding(out: Path) -> None:
    found = verify(out)
    assert {check.severity for check in found.checks if check.is_failed} == {"warn"}
    assert found.is_good


def test_verifying_writes_nothing(out: Path) -> None:
    def state() -> list[tuple[str, int, int]]:
        stats = [(str(path), path.lstat()) for path in sorted(out.rglob("*"))]
        return [(path, stat.st_size, stat.st_mtime_ns) for path, stat in stats]

    before = state()
    verify(out)
    assert state() == before


def test_a_damaged_mart_is_reported_and_the_checks_still_run(out: Path, sample: Run) -> None:
    mart = published(out).marts / "topic_pairs.parquet"
    content = bytearray(mart.read_bytes())
    content[len(content) // 2] ^= 1
    mart.write_bytes(content)
    found = verify(out)
    assert found.differences == [Difference("marts/topic_pairs.parquet", "has changed since it was written")]
    assert (found.checks, found.is_good) == (sample.checks, False)


def test_a_row_that_is_there_twice_is_found_though_the_files_are_as_written(out: Path) -> None:
    change(out, "insert into core.dim_topics from core.dim_topics limit 1")
    found = verify(out)
    failed = [check for check in found.checks if check.is_failed and check.severity == "error"]
    assert found.differences == []
    assert [(check.name, check.failed_row_count) for check in failed] == [("unique_key_core_dim_topics", 1)]
    assert not found.is_good


def test_a_warehouse_without_a_table_that_a_check_reads_is_reported(out: Path) -> None:
    change(out, "drop table marts.provider_report")
    found = verify(out)
    assert [difference.path for difference in found.differences] == ["warehouse.duckdb"]
    problem = found.differences[0].problem
    assert problem.startswith("is from another version of Frontmart and cannot be checked: sql/checks/")
    assert "Correct the check" not in problem
    assert (found.checks, found.is_good) == ([], False)


def test_an_intact_warehouse_that_cannot_be_checked_for_another_reason_is_not_called_damaged(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_out_of_memory(*_: object) -> None:
        raise ModelError("sql/checks/x.sql failed: Out of Memory Error. Raise memory_limit.") from duckdb.Error()

    monkeypatch.setattr(verifying, "run_checks", run_out_of_memory)
    problem = "cannot be checked: sql/checks/x.sql failed: Out of Memory Error. Raise memory_limit"
    assert verify(out).differences == [Difference("warehouse.duckdb", problem)]


@pytest.mark.parametrize("damage", ["gone", "empty", "garbage", "half", "head", "folder"])
def test_a_warehouse_that_cannot_be_opened_is_a_difference(out: Path, damage: str) -> None:
    warehouse = published(out).warehouse
    content = warehouse.read_bytes()
    warehouse.unlink()
    if damage == "folder":
        warehouse.mkdir()
    elif damage != "gone":
        cut = {"empty": b"", "garbage": b"no database" * 1_000, "half": content[: len(content) // 2]}
        warehouse.write_bytes(cut.get(damage, bytes(4_096) + content[4_096:]))
    found = verify(out)
    by_hash, by_opening = found.differences
    assert by_hash == differences(published(out).folder)[0]
    assert by_opening.path == by_hash.path == "warehouse.duckdb"
    assert by_opening.problem.startswith("is damaged and cannot be checked: ")
    assert "\n" not in by_opening.problem
    assert (found.checks, found.is_good) == ([], False)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(1, 8))
def test_an_overwritten_block_anywhere_in_the_warehouse_is_reported(out: Path, part: int) -> None:
    warehouse = published(out).warehouse
    with warehouse.open("r+b") as file:
        file.seek(warehouse.stat().st_size * part // 8)
        file.write(b"\xa5" * 4_096)
    found = verify(out)
    assert found.differences[0] == Difference("warehouse.duckdb", "has changed since it was written")
    assert {difference.path for difference in found.differences} == {"warehouse.duckdb"}
    assert not found.is_good


def test_a_write_ahead_log_next_to_the_warehouse_is_reported(out: Path) -> None:
    published(out).warehouse.with_name("warehouse.duckdb.wal").touch()
    assert verify(out).differences == [Difference("warehouse.duckdb.wal", "is not in the manifest")]


def test_a_snapshot_that_a_build_prunes_meanwhile_is_not_called_damaged(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = published(out)
    second = "29990101T000000000000Z"

    def publish_and_prune(folder: Path) -> list[Difference]:
        if folder == first.folder and folder.exists():
            shutil.copytree(folder, folder.with_name(second))
            roll_back(out, second)
            shutil.rmtree(folder)
            return [Difference("run.json", "is missing")]
        return differences(folder)

    monkeypatch.setattr(verifying, "differences", publish_and_prune)
    found = verify(out)
    assert (found.snapshot_id, found.differences, found.is_good) == (second, [], True)


def test_a_snapshot_without_a_manifest_says_how_to_get_one(out: Path) -> None:
    (published(out).folder / "manifest.json").unlink()
    with pytest.raises(SnapshotError, match=r"manifest\.json: is missing, .*; run `frontmart build`, which replaces"):
        verify(out)


def test_a_folder_without_a_published_snapshot_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="nothing is published here"):
        verify(tmp_path)


def test_only_an_error_check_with_rows_makes_a_snapshot_bad() -> None:
    def found(severity: str, rows: int) -> Verification:
        check = CheckResult("it", "error" if severity == "error" else "warn", "It.", rows, [{}] * rows)
        return Verification("id", 0, 0, [], [check])

    blocking = found("error", 1)
    assert [(each.path, each.problem) for each in blocking.findings] == [
        ("warehouse.duckdb", "check it found 1 row: It.")
    ]
    goodness = {(severity, rows): found(severity, rows).is_good for severity in ("error", "warn") for rows in (0, 1)}
    assert goodness == {("error", 0): True, ("error", 1): False, ("warn", 0): True, ("warn", 1): True}


def test_the_temporary_files_of_other_programs_do_not_hide(out: Path) -> None:
    (published(out).marts / ".hidden").write_text(os.sep)
    assert verify(out).differences == [Difference("marts/.hidden", "is not in the manifest")]
