"""`frontmart history state`: the tidy tables of earlier states as files, as the builds of those states wrote them."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from frontmart.errors import UsageError
from frontmart.extract import changes
from frontmart.history.moments import find_moment
from frontmart.history.parts import scan_parts
from frontmart.history.state import write_state
from frontmart.snapshots.store import published
from tests.frontmart.history.folder import Folder
from tests.frontmart.test_update import FIELDS, FILES, GENERIC, SMARTABLE, Corpus, options_of
from tests.sample import build_quietly


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name != "files.parquet"}


@pytest.mark.parametrize("preset", ["smartable", "generic"])
def test_each_state_has_the_bytes_of_its_build(tmp_path: Path, preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_CLOCK_TICK", dt.timedelta(0))
    corpus = Corpus(tmp_path / "source", SMARTABLE if preset == "smartable" else GENERIC, 30, seed=3)
    given: dict[str, Any] = options_of(tmp_path, preset)
    out = tmp_path / "out"
    kinds = [*FILES, *FIELDS, "add", "delete", "break", "restore"] * 2
    states = []
    for place in range(5):
        build_quietly(corpus.folder, out, keep_snapshots=20, **given)
        states.append(published(out))
        corpus.random.shuffle(kinds)
        for number, kind in enumerate(kinds[:12], start=100 * (place + 1)):
            corpus.change(kind, number)
    for step, then in enumerate(states):
        folder = tmp_path / f"state-{step}"
        assert write_state(states[-1], then.id, folder).step == step
        assert contents(folder) == contents(then.tables)
    assert [each.name for each in tmp_path.glob(".frontmart-state-*")] == []


@pytest.fixture
def folder(tmp_path: Path, few_models: None) -> Folder:
    """Three builds."""
    found = Folder(tmp_path)
    for title in ("A", "B", "C"):
        found.write("a.md", title)
        found.build()
    return found


def test_a_moment_is_a_snapshot_a_day_or_an_instant(folder: Folder) -> None:
    snapshot = published(folder.out)
    steps = scan_parts(snapshot.folder, "steps").collect()
    at = steps["committed_at"].to_list()
    texts = [
        steps["snapshot_id"][1],
        f"{at[1].isoformat()}Z",
        f"{(at[1] + dt.timedelta(hours=2)).isoformat()}+02:00",
        f"{(at[1] + (at[2] - at[1]) / 2).isoformat()}",
        f"{at[2]:%Y-%m-%d}",
    ]
    assert [find_moment(snapshot, text).step for text in texts] == [1, 1, 1, 1, 2]


@pytest.mark.parametrize(
    "text", ["", "2019-01-01", "yesterday", "20190101T000000000000Z", "abcd", "2022-13-01", "9999"]
)
def test_what_is_no_moment_says_what_there_is(folder: Folder, text: str) -> None:
    with pytest.raises(
        UsageError, match=r"is no moment of the history, which has 3 steps from .* give a commit, a day"
    ):
        find_moment(published(folder.out), text)


def test_a_first_build_has_no_history(tmp_path: Path, few_models: None) -> None:
    found = Folder(tmp_path)
    found.write("a.md")
    with pytest.raises(UsageError, match="has no history yet: it begins with the next build"):
        find_moment(found.build(), "2026-01-01")


def test_a_folder_with_files_is_left_as_it_is(folder: Folder) -> None:
    with pytest.raises(UsageError, match="is not an empty folder"):
        write_state(published(folder.out), "2999-01-01", folder.source)
    assert [file.name for file in folder.source.iterdir()] == ["a.md"]
