"""The history of a Git repository: every commit is a step, and each state is a build of the checkout of then."""

import datetime as dt
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from frontmart.errors import UsageError
from frontmart.git.repository import Repository
from frontmart.history.parts import list_parts, read_record, scan_parts
from frontmart.purge import purge
from frontmart.read_history import read_history
from frontmart.run import Run
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.snapshots.store import published
from frontmart.terminal.progress import Console
from frontmart.verify import verify
from frontmart.warehouse import base_copy
from tests.frontmart.history.states import COMPARED, state_at, stored, warehouse_rows
from tests.repositories import check_out, commit_files, first_parents, make_repository, run_git
from tests.sample import AS_OF, build_quietly

pytestmark = pytest.mark.usefixtures("few_models")
TEXT = "---\ntitle: {}\ntopics: [{}]\nwebUrl: https://a.example/{}\n---\nBody\n"


def read(repository: Path, out: Path, path: str = "", branch: str | None = None, **given: object) -> Run:
    settings = Settings.load(out=out, **{"as_of": AS_OF, **given})
    runner = LocalRunner(Console(is_quiet=True), 1)
    return read_history(settings, runner, repository, path, branch)


def text(title: str, topics: str = "", page: str = "") -> bytes:
    return TEXT.format(title, topics, page or title).encode()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    run_git("init", "--quiet", "--initial-branch=main", str(folder), cwd=tmp_path)
    commit_files(folder, {"posts/a.md": text("A"), "posts/b.md": text("B", "x")})
    return folder


def titles(out: Path, step: int) -> list[str]:
    return sorted(state_at(published(out), step, "documents")["title"].to_list())


@pytest.mark.parametrize("preset", ["smartable", "generic"])
def test_each_state_is_a_build_of_the_checkout(tmp_path: Path, preset: str) -> None:
    repository = make_repository(tmp_path / "repository", seed=5, commits=16, files=20, preset=preset)
    out = tmp_path / "out"
    assert read(repository, out, preset=preset).outcome == "published"
    last = published(out)
    commits = first_parents(repository)
    assert scan_parts(last.folder, "steps").collect()["commit_id"].to_list() == commits
    for step in (0, 4, 9, len(commits) - 1):
        checkout = check_out(repository, commits[step], tmp_path / f"checkout-{step}")
        build_quietly(checkout, tmp_path / f"out-{step}", preset=preset, allow_empty=True)
        for name in COMPARED:
            assert_frame_equal(state_at(last, step, name), stored(published(tmp_path / f"out-{step}"), name))
    assert verify(out).findings == []


@pytest.mark.parametrize("is_update", [False, True])
def test_commits_one_by_one_give_the_history_of_all_at_once(
    tmp_path: Path, is_update: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_update:
        for name, value in {
            "_FEWEST_FILES": 0,
            "_MOST_CHANGED": 1,
            "_MAY_COME_OR_GO": True,
            "_MOST_BLOCKS": 100,
        }.items():
            monkeypatch.setattr(base_copy, name, value)
    repository = make_repository(tmp_path / "repository", seed=8, commits=14, files=16)
    commits = first_parents(repository)
    one, all_ = tmp_path / "one", tmp_path / "all"
    for commit in (commits[0], *commits[5:10], commits[-1]):
        read(repository, one, branch=commit, preset="smartable")
    read(repository, all_, branch=commits[-1], preset="smartable")
    found, expected = (warehouse_rows(published(out).warehouse) for out in (one, all_))
    for name, rows in expected.items():
        assert sorted(found[name], key=repr) == sorted(rows, key=repr), name
    assert len(list_parts(published(one).folder, "steps")) == 7
    assert verify(one).findings == []


def test_nothing_new_is_no_run_and_a_commit_without_a_file_is_a_step(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert read(repository, out).outcome == "published"
    assert read(repository, out).outcome == "unchanged"
    commit_files(repository, {"Makefile": b"all:\n"})
    assert read(repository, out).outcome == "published"
    record = read_record(published(out).folder)
    assert record is not None
    assert (record.kind, record.steps, record.last_commit_id) == ("commits", 2, Repository.open(repository).head)
    assert read(repository, out).outcome == "unchanged"


def test_a_rewritten_history_is_noticed_and_read_anew(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = first_parents(repository)[0]
    commit_files(repository, {"posts/a.md": text("A 2")})
    read(repository, out)
    run_git("reset", "--quiet", "--hard", first, cwd=repository)
    commit_files(repository, {"posts/a.md": text("A other")})
    commit_files(repository, {"posts/b.md": None})
    run = read(repository, out)
    assert any("is no longer in its history, which is read anew" in warning for warning in run.warnings)
    assert [titles(out, step) for step in range(3)] == [["A", "B"], ["A other", "B"], ["A other"]]
    assert scan_parts(published(out).folder, "steps").collect().height == 3


def test_another_folder_of_the_repository_is_read_anew(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    commit_files(repository, {"notes/c.md": text("C")})
    read(repository, out, "posts")
    assert titles(out, 1) == ["A", "B"]
    settings = Settings.load(out=out, as_of=AS_OF, max_loss=None)
    read_history(settings, LocalRunner(Console(is_quiet=True), 1), repository, "notes", allow_loss=True)
    assert titles(out, 1) == ["C"]


def test_a_repository_that_moved_goes_on(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read(repository, out)
    moved = repository.rename(tmp_path / "moved")
    commit_files(moved, {"posts/a.md": text("A 2")})
    run = read(moved, out)
    assert not any("anew" in warning for warning in run.warnings)
    assert [titles(out, step) for step in range(2)] == [["A", "B"], ["A 2", "B"]]
    assert len(list_parts(published(out).folder, "steps")) == 2


def test_histories_of_both_kinds_do_not_mix(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read(repository, out)
    with pytest.raises(UsageError, match="has the history of a Git repository"):
        build_quietly(repository / "posts", out)
    build_quietly(repository / "posts", tmp_path / "other")
    with pytest.raises(UsageError, match="has the history of builds, which commits cannot go on with"):
        read(repository, tmp_path / "other")


@pytest.mark.parametrize("is_rewritten", [False, True])
def test_what_was_purged_does_not_come_back_when_all_is_read_anew(
    repository: Path, tmp_path: Path, is_rewritten: bool
) -> None:
    out = tmp_path / "out"
    commit_files(repository, {"posts/a.md": text("zyxwvut", page="1")})
    commit_files(repository, {"posts/a.md": text("A 3", page="1")})
    read(repository, out)
    assert purge(out, "posts/a.md").version_count == 2
    if is_rewritten:
        run_git("commit", "--quiet", "--amend", "--allow-empty", "-m", "other words", cwd=repository)
    else:
        # Another mapping would do: whatever decides the rows.
        commit_files(repository, {"posts/b.md": text("B 2", "x")})
    commit_files(repository, {"posts/a.md": text("A 4", page="1")})
    run = read(repository, out, max_items=1 if not is_rewritten else 1000)
    assert run.outcome == "published"
    past = scan_parts(published(out).folder, "past_documents").collect()
    assert "zyxwvut" not in past["title"].to_list()
    assert "zyxwvut" not in str(warehouse_rows(published(out).warehouse))


def test_commits_that_follow_a_purge_are_read_alone(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    commit_files(repository, {"posts/a.md": text("A 2")})
    read(repository, out)
    purge(out, "posts/a.md")
    commit_files(repository, {"posts/a.md": text("A 3")})
    read(repository, out)
    assert [titles(out, step) for step in range(3)] == [["B"], ["A 2", "B"], ["A 3", "B"]]
    assert verify(out).findings == []


def test_of_a_moment_only_what_began_before_is_left(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    start = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
    for days, title in ((1, "A 2"), (2, "A 3"), (3, "A 4")):
        commit_files(repository, {"posts/a.md": text(title)}, at=int((start + dt.timedelta(days)).timestamp()))
    read(repository, out)
    purge(out, since=start + dt.timedelta(days=2))
    assert [titles(out, step) for step in range(4)] == [["A", "B"], ["A 2", "B"], ["B"], ["A 4", "B"]]
