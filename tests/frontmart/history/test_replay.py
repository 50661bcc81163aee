"""The replay of commits: its parts are those of the obvious way, whatever is read at once, and by whom."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog import inputs
from frontmart.catalog.history_inputs import HISTORY_INPUTS
from frontmart.git.log import Log, read_log
from frontmart.git.repository import Repository
from frontmart.history.parts import scan_parts
from frontmart.history.replay import replay
from frontmart.history.seeds import read_seeds
from frontmart.history.versions_of_paths import Reading
from frontmart.runners import LocalRunner
from frontmart.terminal.progress import Console
from tests.frontmart.history.plain_history import plain_history
from tests.repositories import SUBFOLDER, make_repository
from transforms.generic.rules import DEFAULT_RULES
from transforms.history.items import item_columns, unfold_list

READINGS = {"smartable": Reading(), "generic": Reading(rules=DEFAULT_RULES)}


def runner() -> LocalRunner:
    return LocalRunner(Console(is_quiet=True), workers=1)


def replayed(repository: Repository, reading: Reading, folder: Path, log: Log | None = None) -> dict[str, pl.DataFrame]:
    snapshot = folder / "snapshot"
    replay(repository, log or read_log(repository), reading, runner(), snapshot, folder / "work")
    return tables_of(snapshot)


def tables_of(snapshot: Path) -> dict[str, pl.DataFrame]:
    """All tables of a history, by key."""
    return {
        name: scan_parts(snapshot, name).collect().sort(inputs.key(HISTORY_INPUTS[name])) for name in HISTORY_INPUTS
    }


def as_sets(tables: dict[str, pl.DataFrame]) -> dict[str, Any]:
    """The tables in the shape of `plain_history`."""
    lists = set()
    for id_, name, start, end, item_ids, positions in tables["past_lists"].rows():
        one = pl.DataFrame(
            {"document_id": [id_], "list_name": [name], "item_ids": [item_ids], "positions": [positions]}
        )
        rows = unfold_list(name, one, tables[f"past_{name}"])
        places = [each for each in ("related_position", "position") if each in rows.columns]
        lists.add((id_, name, start, end, tuple(rows.select(*places, *item_columns(name)).rows())))
    names = ("document_changes", "writes", "past_documents", "past_rejects")
    sets = {name: set(tables[name].select(HISTORY_INPUTS[name].column_names()).rows()) for name in names}
    return sets | {"past_lists": lists}


@pytest.mark.parametrize("preset", READINGS)
@pytest.mark.parametrize("seed", range(4))
def test_the_history_is_that_of_the_obvious_way(tmp_path: Path, preset: str, seed: int) -> None:
    folder = make_repository(tmp_path / "repository", seed, commits=60, files=25, preset=preset)
    for subfolder in ("", SUBFOLDER):
        repository = Repository.open(folder, subfolder=subfolder)
        log = read_log(repository)
        found = replayed(repository, READINGS[preset], tmp_path / f"out{subfolder}", log)
        expected = plain_history(repository, log, READINGS[preset])
        for name, rows in expected.items():
            assert as_sets(found)[name] == rows, name
        assert found["steps"]["commit_id"].to_list() == log.steps["commit_id"].to_list()


@pytest.mark.parametrize("preset", READINGS)
@pytest.mark.parametrize("seed", range(4))
def test_reading_in_pieces_gives_the_same_history(tmp_path: Path, preset: str, seed: int) -> None:
    folder = make_repository(tmp_path / "repository", seed, commits=50, files=20, preset=preset)
    whole = Repository.open(folder)
    expected = replayed(whole, READINGS[preset], tmp_path / "whole")
    commits = expected["steps"]["commit_id"].to_list()
    snapshot, last = tmp_path / "pieces", None
    cuts = [7 + seed, 20, 21, 35 + seed, len(commits) - 1]
    for number, cut in enumerate(cuts):
        repository = Repository.open(folder, commits[cut])
        log = read_log(repository, last)
        seeds = read_seeds(repository, last, snapshot, log.writes["path"]) if last else None
        first = tables_of(snapshot)["steps"].height
        replay(repository, log, READINGS[preset], runner(), snapshot, tmp_path / f"work{number}", first, seeds)
        last = commits[cut]
    for name, found in tables_of(snapshot).items():
        assert_frame_equal(found, expected[name])
