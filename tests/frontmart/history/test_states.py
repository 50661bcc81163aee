"""Every earlier state of a folder that was built again and again, from the last snapshot alone."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.history_inputs import HISTORY_INPUTS
from frontmart.extract import changes
from frontmart.history.load import load_history
from frontmart.history.parts import scan_parts
from frontmart.snapshots.store import published
from frontmart.verify import verify
from frontmart.warehouse import base_copy
from frontmart.warehouse.load import create_inputs
from tests.frontmart.history.states import COMPARED, state_at, stored, warehouse_rows
from tests.frontmart.test_update import FIELDS, FILES, GENERIC, SMARTABLE, Corpus, options_of
from tests.reliability.workspace import IS_LONG
from tests.sample import build_quietly


@pytest.mark.parametrize("preset", ["smartable", "generic"])
@pytest.mark.parametrize("is_update", [False, True])
@pytest.mark.parametrize("seed", range(10 if IS_LONG else 1))
def test_every_state_can_be_had_back_row_by_row(
    tmp_path: Path, preset: str, seed: int, is_update: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "_CLOCK_TICK", dt.timedelta(0))
    if is_update:
        for name, value in {
            "_FEWEST_FILES": 0,
            "_MOST_CHANGED": 1,
            "_MAY_COME_OR_GO": True,
            "_MOST_BLOCKS": 100,
        }.items():
            monkeypatch.setattr(base_copy, name, value)
    corpus = Corpus(tmp_path / "source", SMARTABLE if preset == "smartable" else GENERIC, 30, seed)
    given, out = options_of(tmp_path, preset), tmp_path / "out"
    kinds = [*FILES, *FIELDS, "add", "delete", "break", "restore"] * 2
    states = []
    for place in range(7):
        run = build_quietly(corpus.folder, out, keep_snapshots=20, **given)
        assert (run.update is not None) == (is_update and place > 0)
        states.append(published(out))
        corpus.random.shuffle(kinds)
        for number, kind in enumerate(kinds[:12], start=100 * (place + 1)):
            corpus.change(kind, number)
    last = states[-1]
    for step, then in enumerate(states):
        for name in COMPARED:
            assert_frame_equal(state_at(last, step, name), stored(then, name))
    loaded = warehouse_rows(last.warehouse)
    with duckdb.connect(tmp_path / "again.duckdb") as con:
        create_inputs(con, HISTORY_INPUTS)
        load_history(con, last.folder)
    assert loaded == warehouse_rows(tmp_path / "again.duckdb")
    assert all(loaded[name] for name in ("steps", "document_changes", "writes", "past_documents", "past_lists"))
    for name in HISTORY_INPUTS:
        HISTORY_INPUTS[name].validate(scan_parts(last.folder, name).collect())
    assert verify(out).is_good
