"""A backfill: a snapshot as of each day, the files read once, the last day published."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from frontmart.backfill import build_days, days_between
from frontmart.cli.__main__ import app
from frontmart.errors import UsageError
from frontmart.settings import Settings
from frontmart.snapshots.store import list_snapshots, published
from frontmart.terminal.progress import Console
from tests.sample import DEPEND_ON_THE_PAST, SAMPLE, build_quietly

FIRST = dt.date(2026, 1, 1)


def test_the_days_between_a_range_are_so_many_apart() -> None:
    assert days_between(FIRST, dt.date(2026, 1, 3)) == [FIRST, dt.date(2026, 1, 2), dt.date(2026, 1, 3)]
    assert days_between(FIRST, dt.date(2026, 1, 10), 7) == [FIRST, dt.date(2026, 1, 8)]
    assert days_between(FIRST, FIRST, 30) == [FIRST]
    with pytest.raises(UsageError, match=r"^2026-01-01 is after 2025-12-31; give the earlier day first$"):
        days_between(FIRST, dt.date(2025, 12, 31))


def test_each_day_is_a_snapshot_of_its_own_that_stays(tmp_path: Path) -> None:
    settings = Settings.load(source=SAMPLE, out=tmp_path / "out", keep_snapshots=1)
    runs = list(build_days(settings, days_between(FIRST, dt.date(2026, 1, 4)), Console(is_quiet=True)))
    assert [run.as_of.day for run in runs] == [1, 2, 3, 4]
    assert [run.changed_files["read"] for run in runs] == [200, 0, 0, 0]
    assert [each.id for each in list_snapshots(tmp_path / "out")] == [run.snapshot_id for run in reversed(runs)]
    assert published(tmp_path / "out").id == runs[-1].snapshot_id
    alone = build_quietly(SAMPLE, tmp_path / "alone", as_of=dt.date(2026, 1, 4))
    for mart in (alone.out / "published" / "marts").iterdir():
        if mart.stem not in DEPEND_ON_THE_PAST:
            assert (tmp_path / "out" / "published" / "marts" / mart.name).read_bytes() == mart.read_bytes(), mart.name


@pytest.mark.build
def test_a_backfill_is_one_command(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    done = CliRunner().invoke(
        app, ["backfill", "2026-01-01", "2026-01-15", str(SAMPLE), "--out", out, "--every-days", "7", "--json"]
    )
    assert done.exit_code == 0, done.output
    assert [run["as_of_date"] for run in json.loads(done.stdout)["runs"]] == ["2026-01-01", "2026-01-08", "2026-01-15"]
