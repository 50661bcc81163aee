"""The record of the last success: what it says, and that its damage or absence never blocks anything."""

import datetime as dt
import json
from pathlib import Path

import pytest

from frontmart.errors import SnapshotError
from frontmart.run import Run
from frontmart.snapshots.last_success import LastSuccess, ensure_fresh, read_last_success, write_last_success
from frontmart.snapshots.store import leftovers
from tests.sample import SAMPLE, build_quietly

NOW = dt.datetime.now(dt.UTC)
SUCCESS = LastSuccess("a run", "unchanged", "a snapshot", NOW - dt.timedelta(hours=3))


def test_the_last_success_is_read_as_written(tmp_path: Path) -> None:
    write_last_success(tmp_path, SUCCESS)
    assert read_last_success(tmp_path) == SUCCESS


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"{}",
        b'{"finished_at": 7}',
        b'{"finished_at": "2026-01-31T06:00:00"}',
        b"[" * 9999,
    ],
)
def test_a_damaged_record_is_as_none(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "last_success.json").write_bytes(damage)
    assert read_last_success(tmp_path) is None


def test_a_record_from_the_future_does_not_count(tmp_path: Path) -> None:
    write_last_success(tmp_path, LastSuccess("a run", "published", "a snapshot", NOW + dt.timedelta(days=1)))
    assert read_last_success(tmp_path) is None


def test_a_record_that_cannot_be_written_fails_nothing(tmp_path: Path) -> None:
    write_last_success(tmp_path / "removed", SUCCESS)
    assert not (tmp_path / "removed").exists()


def test_what_a_kill_leaves_while_it_is_written_is_removed_by_the_next_build(tmp_path: Path) -> None:
    leftover = tmp_path / ".last_success.json-0123456789abcdef"
    leftover.touch()
    assert leftovers(tmp_path) == [leftover]


def test_an_older_success_than_the_limit_is_an_error_that_says_how_old(tmp_path: Path) -> None:
    ensure_fresh(tmp_path, SUCCESS, dt.timedelta(hours=4))
    with pytest.raises(SnapshotError, match=r"the last successful run ended 3h \S* ?ago, more than 2h; see why"):
        ensure_fresh(tmp_path, SUCCESS, dt.timedelta(hours=2))
    with pytest.raises(SnapshotError, match="no successful run is known"):
        ensure_fresh(tmp_path, None, dt.timedelta(hours=2))


def test_a_build_and_one_that_finds_nothing_to_do_are_successes(tmp_path: Path) -> None:
    published = build_quietly(SAMPLE, tmp_path)
    first = read_last_success(tmp_path)
    assert (first.run_id, first.outcome) == (published.run_id, "published") if first else False
    unchanged = build_quietly(SAMPLE, tmp_path)
    second = read_last_success(tmp_path)
    assert second == LastSuccess(unchanged.run_id, "unchanged", published.snapshot_id or "", _end(unchanged))


def test_without_a_record_the_published_snapshot_counts(tmp_path: Path, sample: Run) -> None:
    build_quietly(SAMPLE, tmp_path)
    (tmp_path / "last_success.json").unlink()
    run = json.loads((tmp_path / "published" / "run.json").read_text())
    success = read_last_success(tmp_path)
    assert success is not None
    assert success.snapshot_id == run["snapshot_id"]
    took = success.finished_at - dt.datetime.fromisoformat(run["started_at"])
    assert abs(took.total_seconds() - run["total_seconds"]) < 0.001


def _end(run: Run) -> dt.datetime:
    assert run.finished_at is not None
    return run.finished_at
