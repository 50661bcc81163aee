"""The replay of commits: its parts are those of the obvious way, whatever is read at once, and by whom."""

import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart import runners
from frontmart.catalog import inputs
from frontmart.catalog.history_inputs import HISTORY_INPUTS
from frontmart.errors import SourceUnavailableError
from frontmart.extract.pool import ShardWork
from frontmart.git.blobs import BlobReader
from frontmart.git.log import Log, read_log
from frontmart.git.repository import Repository
from frontmart.history import replay as replay_module
from frontmart.history import versions_of_paths
from frontmart.history.parts import scan_parts
from frontmart.history.replay import replay
from frontmart.history.seeds import read_seeds
from frontmart.history.versions_of_paths import PathShard, Reading, discard_shard, reject_shard, replay_shard
from frontmart.runners import LocalRunner
from frontmart.terminal.progress import Console
from tests.frontmart.history.plain_history import plain_history
from tests.repositories import SUBFOLDER, commit_files, make_repository, run_git
from transforms.generic.rules import DEFAULT_RULES
from transforms.history.items import item_columns, unfold_list
from transforms.parse.limits import Limits
from transforms.parse.outcomes import Document
from transforms.tidy import outcomes

READINGS = {"smartable": Reading(), "generic": Reading(rules=DEFAULT_RULES)}


def log_of(repository: Repository, after: str | None = None) -> Log:
    log = read_log(repository, after)
    assert log is not None
    return log


def runner() -> LocalRunner:
    return LocalRunner(Console(is_quiet=True), workers=1)


def replayed(repository: Repository, reading: Reading, folder: Path, log: Log | None = None) -> dict[str, pl.DataFrame]:
    snapshot = folder / "snapshot"
    replay(repository, log or log_of(repository), reading, runner(), snapshot, folder / "work")
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
@pytest.mark.parametrize("seed", range(3))
def test_the_history_is_that_of_the_obvious_way(tmp_path: Path, preset: str, seed: int) -> None:
    folder = make_repository(tmp_path / "repository", seed, commits=50, files=20, preset=preset)
    for subfolder in ("", SUBFOLDER)[: seed + 1]:
        repository = Repository.open(folder, subfolder=subfolder)
        log = log_of(repository)
        found = replayed(repository, READINGS[preset], tmp_path / f"out{subfolder}", log)
        expected = plain_history(repository, log, READINGS[preset])
        for name, rows in expected.items():
            assert as_sets(found)[name] == rows, name
        assert found["steps"]["commit_id"].to_list() == log.steps["commit_id"].to_list()


@pytest.mark.parametrize("preset", READINGS)
@pytest.mark.parametrize("seed", range(3))
def test_reading_in_pieces_gives_the_same_history(tmp_path: Path, preset: str, seed: int) -> None:
    folder = make_repository(tmp_path / "repository", seed, commits=50, files=20, preset=preset)
    whole = Repository.open(folder)
    expected = replayed(whole, READINGS[preset], tmp_path / "whole")
    commits = expected["steps"]["commit_id"].to_list()
    snapshot, last = tmp_path / "pieces", None
    cuts = [7 + seed, 20, 21, 35 + seed, len(commits) - 1]
    for number, cut in enumerate(cuts):
        repository = Repository.open(folder, commits[cut])
        log = log_of(repository, last)
        seeds = read_seeds(repository, last, snapshot, log.writes["path"]) if last else None
        first = tables_of(snapshot)["steps"].height
        replay(repository, log, READINGS[preset], runner(), snapshot, tmp_path / f"work{number}", first, seeds)
        last = commits[cut]
    for name, found in tables_of(snapshot).items():
        assert_frame_equal(found, expected[name])


def article(title: str, secret: str = "", end: str = "\n") -> bytes:
    return f"---\ntitle: {title}\ntopics: [a, b]\nsecured: {secret}x\n---\n".replace("\n", end).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    run_git("init", "--quiet", cwd=folder)
    return folder


def changes_of(tables: dict[str, pl.DataFrame]) -> list[tuple[Any, ...]]:
    return tables["document_changes"].select("step", "path", "change").sort("path", "step").rows()


def test_a_content_that_a_path_had_is_not_parsed_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = []
    tables_of_documents = outcomes.tables_of

    def counted(documents: list[Document]) -> dict[str, pl.DataFrame]:
        parsed.extend(documents)
        return tables_of_documents(documents)

    monkeypatch.setattr(versions_of_paths, "tables_of", counted)
    contents = [
        article("A"),
        article("A", "1"),
        article("B"),
        article("A", "2"),
        article("A", "", "\r\n"),
        article("B"),
    ]
    for content in contents:
        commit_files(folder, {"x.md": content})
    found = replayed(Repository.open(folder), Reading(), tmp_path / "out")
    kinds = [(0, "x.md", "added"), *((step, "x.md", "changed") for step in (2, 3, 5))]
    assert changes_of(found) == kinds
    assert found["writes"]["meaningless_count"].to_list() == [0, 1, 0, 0, 1, 0]
    assert found["past_documents"].select("valid_from", "valid_to", "title").rows() == [
        (0, 2, "A"),
        (2, 3, "B"),
        (3, 5, "A"),
    ]
    assert len(parsed) == 2


def test_batches_and_shards_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository.open(make_repository(tmp_path / "repository", 5, commits=40, files=20))
    expected = replayed(repository, Reading(), tmp_path / "whole")
    monkeypatch.setattr(versions_of_paths, "BATCH_BYTES", 2_000)
    monkeypatch.setattr(replay_module, "_SHARD_BYTES", 30_000)
    found = replayed(repository, Reading(), tmp_path / "parts")
    for name, rows in found.items():
        assert_frame_equal(rows, expected[name])


def test_limits_are_those_of_a_build(folder: Path, tmp_path: Path) -> None:
    commit_files(folder, {"x.md": article("A" * 2_000)})
    commit_files(folder, {"x.md": article("A")})
    found = replayed(Repository.open(folder), Reading(Limits(file_bytes=1_000)), tmp_path / "out")
    assert changes_of(found) == [(0, "x.md", "refused"), (1, "x.md", "readable")]
    assert found["past_rejects"].select("valid_from", "valid_to", "reason").rows() == [(0, 1, "too_large")]


def test_a_missing_blob_is_told(folder: Path, tmp_path: Path) -> None:
    commit_files(folder, {"x.md": article("A")})
    blob = run_git("rev-parse", "HEAD:x.md", cwd=folder).decode().strip()
    (folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(SourceUnavailableError, match="missing"):
        replayed(Repository.open(folder), Reading(), tmp_path / "out")


def test_without_commits_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    last = commit_files(folder, {"x.md": article("A")})
    repository = Repository.open(folder)
    replay(repository, log_of(repository, last), Reading(), runner(), tmp_path / "out", tmp_path / "work")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "work").exists()


def die_at_a_word(shard: PathShard) -> int:
    """As `replay_shard`, but the content `deadly` kills the process."""
    with BlobReader(shard.repository) as reader:
        if any(b"deadly" in (reader.read(id_, 10**6) or b"") for id_ in shard.rows()["blob_id"].drop_nulls()):
            os._exit(9)
    return replay_shard(shard)


def test_a_path_that_kills_its_process_is_rejected_at_all_steps(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_files(folder, {f"{name}.md": article(name) for name in "abcde"})
    commit_files(folder, {"c.md": article("deadly"), "d.md": article("D")})
    commit_files(folder, {"c.md": None})
    monkeypatch.setattr(replay_module, "REPLAY", ShardWork(die_at_a_word, discard_shard, reject_shard))
    monkeypatch.setattr(runners, "_SERIAL_WEIGHT", 0)
    two = LocalRunner(Console(is_quiet=True), workers=2)
    repository, snapshot = Repository.open(folder), tmp_path / "snapshot"
    replay(repository, log_of(repository), Reading(), two, snapshot, tmp_path / "work")
    found = tables_of(snapshot)
    others = [(0, f"{name}.md", "added") for name in "abde"]
    own = [(0, "c.md", "refused"), (1, "d.md", "changed"), (2, "c.md", "removed")]
    assert sorted(changes_of(found)) == sorted([*others, *own])
    assert found["past_rejects"].select("valid_from", "valid_to", "reason").rows() == [(0, 2, "crashed")]
