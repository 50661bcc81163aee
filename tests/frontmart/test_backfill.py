"""A backfill: a snapshot as of each day, kept under a tag; the files read once; at most the last day published."""

import datetime as dt
import json
import threading
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from frontmart import backfill, steps
from frontmart.backfill import Waiting, build_days, days_between, publish_last
from frontmart.cli.__main__ import app
from frontmart.errors import ChecksFailedError, LockedError, SnapshotError, UsageError
from frontmart.extract import changes
from frontmart.run import Run
from frontmart.runners import LocalRunner, Runner
from frontmart.settings import Settings
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.store import list_snapshots, published, published_id, roll_back
from frontmart.snapshots.tags import list_tags, tags_by_snapshot
from frontmart.terminal.progress import Console
from frontmart.warehouse.checks import CheckResult
from tests.sample import DEPEND_ON_THE_PAST, SAMPLE, build_quietly

pytestmark = [pytest.mark.build, pytest.mark.usefixtures("few_models")]
FIRST = dt.date(2026, 1, 1)
QUIET = Console(is_quiet=True)
NO_WAIT = Waiting(0, QUIET.say)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One file that changed long before any build: a ctime cannot be set, so the clock has no ticks here."""
    monkeypatch.setattr(changes, "_CLOCK_TICK", dt.timedelta(0))
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: A\n---\n")
    return folder


def open_runner() -> AbstractContextManager[Runner]:
    return nullcontext(LocalRunner(QUIET, 1))


def build_range(source: Path, out: Path, count: int, first: dt.date = FIRST, **given: object) -> list[Run]:
    days = days_between(first, first + dt.timedelta(days=count - 1))
    settings = Settings.load(source=source, out=out, **given)
    return list(build_days(settings, days, open_runner, NO_WAIT))


def ids_of(runs: list[Run]) -> list[str]:
    return [str(run.snapshot_id) for run in runs]


def test_the_days_between_a_range_are_so_many_apart() -> None:
    assert days_between(FIRST, dt.date(2026, 1, 3)) == [FIRST, dt.date(2026, 1, 2), dt.date(2026, 1, 3)]
    assert days_between(FIRST, dt.date(2026, 1, 10), 7) == [FIRST, dt.date(2026, 1, 8)]
    assert days_between(FIRST, FIRST, 30) == [FIRST]
    with pytest.raises(UsageError, match=r"^2026-01-01 is after 2025-12-31; give the earlier day first$"):
        days_between(FIRST, dt.date(2025, 12, 31))


def test_each_day_is_a_snapshot_of_its_own_that_stays_and_the_files_are_read_once(tmp_path: Path) -> None:
    out = tmp_path / "out"
    runs = build_range(SAMPLE, out, 3, keep_snapshots=1)
    assert [(run.outcome, run.as_of.day, run.changed_files["read"]) for run in runs] == [
        ("kept", 1, 200), ("kept", 2, 0), ("kept", 3, 0),
    ]  # fmt: skip
    assert [run.dates and run.dates.window_end_date for run in runs] == [run.as_of for run in runs]
    assert [each.id for each in list_snapshots(out)] == ids_of(runs)[::-1]
    tags = [f"backfill-2026-01-0{day}" for day in (1, 2, 3)]
    assert tags_by_snapshot(out) == {id_: [tag] for id_, tag in zip(ids_of(runs), tags, strict=True)}
    assert publish_last(runs[-1], NO_WAIT)
    assert published(out).id == runs[-1].snapshot_id
    alone = build_quietly(SAMPLE, tmp_path / "alone", as_of=dt.date(2026, 1, 3))
    for mart in (alone.out / "published" / "marts").iterdir():
        if mart.stem not in DEPEND_ON_THE_PAST:
            assert (out / "published" / "marts" / mart.name).read_bytes() == mart.read_bytes(), mart.name


def test_published_does_not_travel_and_the_next_builds_prune_no_day(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = build_quietly(source, out)
    second = build_quietly(source, out, full=True)
    days = build_range(source, out, 2)
    assert [run.changed_files["read"] for run in days] == [0, 0]
    assert published_id(out) == second.snapshot_id
    assert not publish_last(days[-1], NO_WAIT)
    assert published_id(out) == second.snapshot_id
    third = build_quietly(source, out, full=True, keep_snapshots=2)
    assert [each.id for each in list_snapshots(out)] == [third.snapshot_id, *ids_of(days)[::-1], second.snapshot_id]
    assert roll_back(out).id == second.snapshot_id
    assert first.snapshot_id not in {each.id for each in list_snapshots(out)}
    runs = [json.loads(line)["outcome"] for line in (out / "runs.jsonl").read_text().splitlines()]
    assert runs == ["published", "published", "kept", "kept", "published"]
    record = json.loads((list_snapshots(out)[1].run_file).read_text())
    assert (record["outcome"], record["as_of_date"]) == ("kept", "2026-01-02")


def test_a_day_that_is_done_again_takes_the_tag_and_the_old_snapshot_goes(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_quietly(source, out)
    old = build_range(source, out, 2)
    (source / "b.md").write_text("---\ntitle: B\n---\n")
    new = build_range(source, out, 2)
    assert [run.changed_files["read"] for run in new][1] <= 1
    assert [tag.snapshot_id for tag in list_tags(out)] == ids_of(new)
    last = build_quietly(source, out, full=True)
    left = {each.id for each in list_snapshots(out)}
    assert left.isdisjoint(ids_of(old))
    assert left > {*ids_of(new), last.snapshot_id}


@pytest.mark.parametrize(("as_of", "is_published"), [("2026-01-01", True), ("2026-01-02", True), ("2026-01-03", False)])
def test_the_last_day_is_published_unless_a_later_one_is(
    source: Path, tmp_path: Path, as_of: str, is_published: bool
) -> None:
    out = tmp_path / "out"
    before = build_quietly(source, out, as_of=dt.date.fromisoformat(as_of))
    runs = build_range(source, out, 2)
    assert publish_last(runs[-1], NO_WAIT) is is_published
    assert published_id(out) == (runs[-1] if is_published else before).snapshot_id
    if is_published and runs[-1].outcome == "kept":
        assert roll_back(out).id == before.snapshot_id


def test_a_day_that_is_published_already_is_only_tagged(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = build_quietly(source, out, as_of=FIRST)
    (run,) = build_range(source, out, 1)
    assert (run.outcome, run.snapshot_id) == ("unchanged", before.snapshot_id)
    assert tags_by_snapshot(out) == {before.snapshot_id: ["backfill-2026-01-01"]}


def test_a_published_snapshot_whose_day_cannot_be_read_stays(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_quietly(source, out)
    runs = build_range(source, out, 1)
    published(out).run_file.write_text("{")
    before = published_id(out)
    assert not publish_last(runs[-1], NO_WAIT)
    assert published_id(out) == before


def test_a_last_day_that_was_removed_is_an_error(source: Path, tmp_path: Path) -> None:
    runs = build_range(source, tmp_path / "out", 1)
    (tmp_path / "out" / "tags" / f"{runs[0].snapshot_id}.backfill-2026-01-01").unlink()
    with pytest.raises(SnapshotError, match="was removed before it could be published; run the backfill again"):
        publish_last(runs[0], NO_WAIT)


def test_a_day_that_a_check_blocks_ends_the_backfill_and_the_days_before_are_kept(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    days = build_days(
        Settings.load(source=source, out=out), days_between(FIRST, dt.date(2026, 1, 3)), open_runner, NO_WAIT
    )
    first = next(days)
    monkeypatch.setattr(steps, "run_all_checks", lambda *_: [CheckResult("never", "error", "Never.", 1, [{}])])
    with pytest.raises(ChecksFailedError):
        next(days)
    assert [each.id for each in list_snapshots(out)] == [first.snapshot_id]
    assert [tag.name for tag in list_tags(out)] == ["backfill-2026-01-01"]


def test_another_build_is_waited_for_and_may_run_between_two_days(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    said: list[str] = []
    is_waiting = threading.Event()

    def sleep(_: float) -> None:
        is_waiting.set()
        holder.join()

    holding = threading.Event()

    def hold() -> None:
        with lock_output(out):
            holding.set()
            is_waiting.wait(60)

    monkeypatch.setattr(backfill.time, "sleep", sleep)
    settings = Settings.load(source=source, out=out)
    days = build_days(settings, days_between(FIRST, dt.date(2026, 1, 2)), open_runner, Waiting(3_600, said.append))
    next(days)
    other = build_quietly(source, out)
    holder = threading.Thread(target=hold)
    holder.start()
    assert holding.wait(60)
    assert next(days).outcome == "kept"
    assert is_waiting.is_set()
    assert said == [
        "as of 2026-01-01:",
        "as of 2026-01-02:",
        f"{out}: another build is running; waiting for up to 3,600 seconds",
    ]
    assert published_id(out) == other.snapshot_id


def test_the_wait_has_a_limit(source: Path, tmp_path: Path) -> None:
    runs = build_range(source, tmp_path / "out", 1)
    with lock_output(tmp_path / "out"):
        with pytest.raises(LockedError, match="another build holds the lock"):
            build_range(source, tmp_path / "out", 1)
        with pytest.raises(LockedError, match="another build holds the lock"):
            publish_last(runs[0], NO_WAIT)


def test_a_backfill_is_one_command(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ["backfill", "2026-01-01", "2026-01-15", str(source), "--out", str(out), "--every-days", "7"]
    done = CliRunner().invoke(app, [*command, "--json"])
    assert done.exit_code == 0, done.output
    shown = json.loads(done.stdout)
    assert [run["as_of_date"] for run in shown["runs"]] == ["2026-01-01", "2026-01-08", "2026-01-15"]
    assert shown["published"] == shown["runs"][-1]["snapshot_id"] == published_id(out)
    build_quietly(source, out)
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert f"kept {out}/snapshots/" in done.stdout
    assert "the published snapshot is unchanged: it is of a later day than 2026-01-15, or damaged" in done.stdout
    with lock_output(out):
        assert CliRunner().invoke(app, [*command, "--wait", "0"]).exit_code == 4
