"""Retention: removes snapshots beyond a number or an age, and never the published one."""

import datetime as dt
import os
from pathlib import Path

import pytest

from frontmart.errors import LockedError, SnapshotError, UsageError
from frontmart.snapshots import retention
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.retention import Retention, prune
from frontmart.snapshots.store import list_snapshots, published, roll_back

NOW = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
CONTENT = "0123456789"


def id_of(day: int) -> str:
    """The id of a snapshot that was built at noon of a day of January."""
    return f"202601{day:02d}T120000000000Z"


def complete(out: Path, id_: str) -> None:
    folder = out / "snapshots" / id_
    (folder / "marts").mkdir(parents=True)
    (folder / "run.json").write_text(CONTENT)
    (folder / "marts" / "a.parquet").write_text(CONTENT)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Five snapshots, of the 26th to the 30th, the last of them published."""
    for day in range(26, 31):
        complete(tmp_path / "out", id_of(day))
    write_manifest(tmp_path / "out" / "snapshots" / id_of(30))
    roll_back(tmp_path / "out", id_of(30))
    return tmp_path / "out"


def ids(*days: int) -> list[str]:
    return [id_of(day) for day in days]


def left(out: Path) -> list[str]:
    return sorted(path.name for path in (out / "snapshots").iterdir())


def test_all_but_the_latest_go_and_their_bytes_are_counted(out: Path) -> None:
    assert prune(out, 2, None, NOW) == Retention(ids(28, 27, 26), ids(30, 29), 60)
    assert left(out) == ids(29, 30)


def test_those_that_are_too_old_go_also_where_fewer_than_the_limit_are_left(out: Path) -> None:
    assert prune(out, 5, 2, NOW) == Retention(ids(28, 27, 26), ids(30, 29), 60)
    assert left(out) == ids(29, 30)


def test_a_snapshot_of_just_that_age_stays_and_a_little_later_goes(out: Path) -> None:
    assert prune(out, 5, 1, NOW + dt.timedelta(days=-1)).kept == ids(30, 29)
    assert prune(out, 5, 1.5, NOW).removed == ids(29)


def test_the_time_zone_of_now_does_not_matter(out: Path) -> None:
    there = NOW.astimezone(dt.timezone(dt.timedelta(hours=14)))
    assert prune(out, 5, 2, there).kept == ids(30, 29)


def test_without_now_the_age_is_measured_from_the_current_time(out: Path) -> None:
    age = (dt.datetime.now(dt.UTC) - NOW) / dt.timedelta(days=1)
    assert prune(out, 5, age + 3.5).kept == ids(30, 29, 28)


@pytest.mark.parametrize("days", [3_650_000.0, float("inf")])
def test_an_age_beyond_the_calendar_is_any_age(out: Path, days: float) -> None:
    assert prune(out, 5, days, NOW) == Retention([], ids(30, 29, 28, 27, 26), 0)


def test_the_published_one_stays_however_old_it_is(out: Path) -> None:
    write_manifest(out / "snapshots" / id_of(26))
    roll_back(out, id_of(26))
    (out / "snapshots" / id_of(30) / "manifest.json").unlink()
    assert prune(out, 1, 0, NOW) == Retention(ids(30, 29, 28, 27), ids(26), 80)
    assert published(out).id == id_of(26)


def test_retaining_again_removes_nothing_more(out: Path) -> None:
    prune(out, 2, None, NOW)
    assert prune(out, 2, None, NOW) == Retention([], ids(30, 29), 0)


def test_what_killed_builds_left_goes_and_counts(out: Path) -> None:
    work = out / "snapshots" / f".building-{id_of(31)}" / "work"
    work.mkdir(parents=True)
    (work / "listing.parquet").write_text(CONTENT)
    (out / ".published-0123456789abcdef").symlink_to(f"snapshots/{id_of(31)}")
    assert prune(out, 5, None, NOW) == Retention([], ids(30, 29, 28, 27, 26), 10)
    assert not (out / ".published-0123456789abcdef").is_symlink()
    assert left(out) == ids(26, 27, 28, 29, 30)


def test_anything_that_is_not_a_snapshot_is_left_alone(out: Path) -> None:
    (out / "snapshots" / "2024-backup").mkdir()
    (out / "snapshots" / id_of(1)).mkdir()
    prune(out, 1, 0, NOW)
    assert left(out) == ["2024-backup", id_of(1), id_of(30)]


def test_a_removal_that_is_cut_short_leaves_nothing_to_roll_back_to(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(retention, "remove", die)
        with pytest.raises(KeyboardInterrupt):
            prune(out, 4, None, NOW)
    assert [snapshot.id for snapshot in list_snapshots(out)] == ids(30, 29, 28, 27)
    assert prune(out, 4, None, NOW) == Retention([], ids(30, 29, 28, 27), 20)
    assert left(out) == ids(27, 28, 29, 30)


def test_a_snapshot_that_is_being_read_can_be_read_to_its_end(out: Path) -> None:
    with (out / "snapshots" / id_of(26) / "run.json").open() as reader:
        prune(out, 1, None, NOW)
        assert reader.read() == CONTENT


def test_without_a_published_snapshot_there_may_be_nothing_to_remove(tmp_path: Path) -> None:
    assert prune(tmp_path / "nothing", 1, 0, NOW) == Retention([], [], 0)
    assert not (tmp_path / "nothing").exists()
    leftover = tmp_path / "killed" / "snapshots" / f".building-{id_of(1)}"
    leftover.mkdir(parents=True)
    assert prune(tmp_path / "killed", 1, 0, NOW) == Retention([], [], 0)
    assert not leftover.exists()


@pytest.mark.parametrize("link", [None, "snapshots/20260131T120000000000Z"])
def test_with_an_incomplete_published_snapshot_no_snapshot_is_removed(out: Path, link: str | None) -> None:
    (out / "published").unlink()
    if link:
        (out / "published").symlink_to(link)
    with pytest.raises(SnapshotError, match=r"nothing is published|is missing or incomplete"):
        prune(out, 1, None, NOW)
    assert left(out) == ids(26, 27, 28, 29, 30)
    assert prune(out, 5, None, NOW).kept == ids(30, 29, 28, 27, 26)


@pytest.mark.parametrize("keep", [0, -1])
def test_at_least_one_must_stay(out: Path, keep: int) -> None:
    with pytest.raises(UsageError, match=f"keep is {keep}, .*give 1 or more"):
        prune(out, keep, None, NOW)
    assert len(left(out)) == 5


@pytest.mark.parametrize("days", [-1, -0.5, float("nan")])
def test_an_age_is_not_negative(out: Path, days: float) -> None:
    with pytest.raises(UsageError, match=f"max_age_days is {days}, "):
        prune(out, 1, days, NOW)
    assert len(left(out)) == 5


def test_a_build_under_way_is_not_disturbed(out: Path) -> None:
    with lock_output(out), pytest.raises(LockedError, match="another build holds"):
        prune(out, 1, None, NOW)
    assert len(left(out)) == 5


def test_an_output_folder_that_is_a_file_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        prune(tmp_path / "out", 1, None, NOW)


def built(out: Path, id_: str, written: dt.datetime) -> None:
    complete(out, id_)
    write_manifest(out / "snapshots" / id_)
    os.utime(out / "snapshots" / id_ / "run.json", (written.timestamp(), written.timestamp()))


def test_after_a_clock_that_was_ahead_the_age_is_that_of_the_files(out: Path) -> None:
    """The first build had the wrong clock; the ids of those after it follow on, but their files are dated right."""
    ahead = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    later = [f"20990101T00000000000{number}Z" for number in range(3)]
    built(out, later[0], ahead)
    built(out, later[1], NOW - dt.timedelta(days=3))
    built(out, later[2], NOW - dt.timedelta(days=1))
    roll_back(out, later[2])
    assert prune(out, 9, 40, NOW).removed == []
    assert prune(out, 9, 3.5, NOW).removed == ids(27, 26)
    assert prune(out, 9, 2, NOW).removed == [later[1], later[0], *ids(28)]
    assert prune(out, 9, 0.5, NOW).kept == [later[2]]


def test_a_snapshot_of_the_future_is_as_old_as_nothing(out: Path) -> None:
    ahead = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    built(out, "20990101T000000000000Z", ahead)
    assert prune(out, 9, 0, NOW).kept == ["20990101T000000000000Z", *ids(30)]


def test_a_snapshot_whose_id_is_no_time_is_aged_by_its_files(out: Path) -> None:
    built(out, "20269999T000000000000Z", NOW - dt.timedelta(days=3))
    assert prune(out, 9, 3.5, NOW).removed == ids(27, 26)
    assert "20269999T000000000000Z" in prune(out, 9, 2, NOW).removed
