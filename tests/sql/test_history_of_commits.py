"""The models and macros of the history over real commits: states are builds of the checkouts, and checks find nothing."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.history.parts import scan_parts
from frontmart.read_history import read_history
from frontmart.run import Run
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.snapshots.store import published
from frontmart.terminal.progress import Console
from tests.repositories import check_out, first_parents, make_repository
from tests.sample import AS_OF, build_quietly
from transforms.tables import TABLES


@pytest.fixture(scope="module", params=["smartable", "generic"])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Run, str]]:
    folder = tmp_path_factory.mktemp("commits")
    repository = make_repository(folder / "repository", seed=11, commits=18, files=20, preset=request.param)
    settings = Settings.load(out=folder / "out", as_of=AS_OF, preset=request.param)
    run = read_history(settings, LocalRunner(Console(is_quiet=True), 1), repository, "", None)
    yield repository, run, request.param


def connect(run: Run) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(published(run.out).warehouse), read_only=True)


def test_checks_of_the_history_find_nothing(case: tuple[Path, Run, str]) -> None:
    _, run, _ = case
    found = {check.name: check.rows for check in run.checks}
    names = ("activity_adds_up", "versions_do_not_overlap", "spans_do_not_overlap")
    assert {name: found.get(name) for name in names} == dict.fromkeys(names, 0)


@pytest.mark.parametrize("step", [0, 5, 11, 17])
def test_every_table_as_of_a_commit_is_that_of_a_build_of_its_checkout(
    tmp_path: Path, case: tuple[Path, Run, str], step: int
) -> None:
    repository, run, preset = case
    commit = first_parents(repository)[step]
    checkout = check_out(repository, commit, tmp_path / "checkout")
    build = build_quietly(checkout, tmp_path / "out", preset=preset, allow_empty=True)
    with connect(run) as then, connect(build) as now:
        for table in TABLES:
            if table != "files":
                macro = "as_of" if table == "documents" else f"as_of_{table}"
                state = then.sql(f"from {macro}('{commit[:12]}')").pl()
                assert_frame_equal(state, now.sql(f"from tidy.{table}").pl(), check_exact=True)


def test_activity_and_noise_are_counts_of_changes_and_writes(case: tuple[Path, Run, str]) -> None:
    _, run, _ = case
    folder = published(run.out).folder
    steps = scan_parts(folder, "steps").select("step", day=pl.col("committed_at").dt.date()).collect()
    days = dict(steps.iter_rows())
    counts: dict[tuple[object, str], int] = {}
    for row in scan_parts(folder, "document_changes").collect().iter_rows(named=True):
        place = (days[row["step"]], row["collection"] or "(top)")
        counts[place] = counts.get(place, 0) + 1
    writes: dict[tuple[object, str], tuple[int, int]] = {}
    for row in scan_parts(folder, "writes").collect().iter_rows(named=True):
        if row["step"]:
            place = (days[row["step"]].replace(day=1), row["collection"] or "(top)")
            written, meaningless = writes.get(place, (0, 0))
            writes[place] = written + row["write_count"], meaningless + row["meaningless_count"]
    with connect(run) as con:
        activity = con.execute(
            "select activity_date, collection, change_count from marts.activity where change_count > 0"
        ).fetchall()
        noise = con.execute(
            "select period_start_date, collection, write_count, meaningless_count from marts.write_noise"
        ).fetchall()
    assert {(day, collection): count for day, collection, count in activity} == counts
    assert {(month, name): (written, meaningless) for month, name, written, meaningless in noise} == writes
