"""Ids of snapshots: later than all before them, whatever the clock says."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontmart.snapshots import store
from frontmart.snapshots.ids import SNAPSHOT_ID, id_at, next_id, time_of
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.store import list_snapshots, publish, published, roll_back, staged

NOW = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
TIMES = st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(9999, 12, 30), timezones=st.just(dt.UTC))


class Clock:
    """A clock that tests set, in place of the module `datetime` of the store."""

    UTC = dt.UTC

    def __init__(self) -> None:
        self.time = NOW
        self.datetime = self

    def now(self, zone: dt.tzinfo) -> dt.datetime:
        return self.time.astimezone(zone)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(store, "dt", clock)
    return clock


def build(out: Path) -> str:
    with lock_output(out), staged(out) as stage:
        stage.run_file.write_text("{}")
        write_manifest(stage.folder)
        return publish(out, stage).id


@given(st.lists(TIMES), TIMES)
def test_the_next_id_is_later_than_all_and_not_before_now(used: list[dt.datetime], now: dt.datetime) -> None:
    ids = list(map(id_at, used))
    id_ = next_id(ids, now)
    assert SNAPSHOT_ID.fullmatch(id_)
    assert all(id_ > each for each in ids)
    assert id_ >= id_at(now)
    assert id_ == id_at(now) or id_ == id_at(max(used) + dt.timedelta(microseconds=1))
    assert time_of(id_) == max([now, *(each + dt.timedelta(microseconds=1) for each in used)])


def test_ids_that_are_no_time_or_the_last_one_do_not_count() -> None:
    assert next_id(["20261399T000000000000Z", "99991231T235959999999Z", "99999999T999999999999Z"], NOW) == id_at(NOW)


@pytest.mark.parametrize("back", [dt.timedelta(0), dt.timedelta(hours=1), dt.timedelta(days=20_000)])
def test_a_clock_that_stands_or_goes_back_gives_later_ids(tmp_path: Path, clock: Clock, back: dt.timedelta) -> None:
    first = build(tmp_path)
    clock.time = NOW - back
    second, third = build(tmp_path), build(tmp_path)
    assert [each.id for each in list_snapshots(tmp_path)] == [third, second, first]
    assert third > second > first
    assert published(tmp_path).id == third
    assert roll_back(tmp_path).id == second
    assert roll_back(tmp_path).id == first


def test_after_a_clock_that_was_in_the_far_future_builds_still_work(tmp_path: Path, clock: Clock) -> None:
    clock.time = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    first = build(tmp_path)
    clock.time = NOW
    assert build(tmp_path) == "20990101T000000000001Z" > first
    assert published(tmp_path).id == "20990101T000000000001Z"


@pytest.mark.parametrize(
    "place", ["snapshots/{}", "snapshots/.building-{}", "snapshots/.unpublished-{}", "tags/{}.name", "published.json"]
)
def test_every_id_in_the_output_folder_counts(tmp_path: Path, clock: Clock, place: str) -> None:
    later = id_at(NOW + dt.timedelta(days=1))
    path = tmp_path / place.format(later)
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'{{"snapshot_id": "{later}"}}')
    with lock_output(tmp_path), staged(tmp_path) as stage:
        assert stage.id == id_at(NOW + dt.timedelta(days=1, microseconds=1))
    assert clock.time == NOW


def test_the_id_of_a_published_snapshot_that_is_gone_counts(tmp_path: Path, clock: Clock) -> None:
    later = id_at(NOW + dt.timedelta(days=1))
    (tmp_path / "published").symlink_to(f"snapshots/{later}")
    with lock_output(tmp_path), staged(tmp_path) as stage:
        assert stage.id > later
    assert clock.time == NOW
