"""A process that is killed at any step leaves nothing half: the next run gives the same history."""

from pathlib import Path

import pytest

from frontmart import pipeline, steps
from frontmart.history import carry, commits
from frontmart.purge import purge
from frontmart.snapshots.store import published
from frontmart.verify import verify
from tests.frontmart.history.folder import Folder
from tests.frontmart.history.states import warehouse_rows
from tests.frontmart.history.test_commits import read, text
from tests.repositories import commit_files, run_git

pytestmark = pytest.mark.usefixtures("few_models")


class Killed(BaseException):
    """As if the process had ended: nothing catches it."""


def killing(*_: object, **__: object) -> None:
    raise Killed


PLACES: list[tuple[object, str]] = [
    (carry, "append_build"),
    (carry, "load_past"),
    (steps, "build_models"),
    (steps, "write_run"),
    (pipeline, "publish"),
]


@pytest.mark.parametrize(("module", "name"), PLACES, ids=[name for _, name in PLACES])
def test_a_killed_build_adds_no_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    folder = Folder(tmp_path)
    for title in ("1", "2"):
        folder.write("a.md", title)
        folder.build()
    before = published(folder.out)
    folder.write("a.md", "3")
    with monkeypatch.context() as patch:
        patch.setattr(module, name, killing)
        with pytest.raises(Killed):
            folder.build()
    assert published(folder.out) == before
    folder.build()
    assert folder.table("past_documents").select("title", "valid_from", "valid_to").rows() == [("1", 0, 1), ("2", 1, 2)]
    assert verify(folder.out).findings == []


@pytest.mark.parametrize("name", ["replay", "write_record"])
def test_a_killed_reading_of_commits_is_made_good_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    repository, out = tmp_path / "repository", tmp_path / "out"
    run_git("init", "--quiet", "--initial-branch=main", str(repository), cwd=tmp_path)
    commit_files(repository, {"a.md": text("A")})
    read(repository, out)
    commit_files(repository, {"a.md": text("A 2")})
    with monkeypatch.context() as patch:
        patch.setattr(commits, name, killing)
        with pytest.raises(Killed):
            read(repository, out)
    read(repository, out)
    read(repository, tmp_path / "other")
    rows = (warehouse_rows(published(each).warehouse) for each in (out, tmp_path / "other"))
    assert next(rows) == next(rows)


@pytest.mark.parametrize("name", ["publish", "_remove_others"])
def test_a_killed_purge_is_complete_when_it_has_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = Folder(tmp_path)
    folder.write("b.md")
    for title in ("1", "zyxwvut", "3"):
        folder.write("a.md", title)
        folder.build()
    (folder.source / "a.md").unlink()
    for title in ("1", "2"):
        folder.write("b.md", title)
         folder.build(keep_snapshots=1)
    with monkeypatch.context() as patch:
        patch.setattr("frontmart.purge." + name, killing)
        with pytest.raises(Killed):
            purge(folder.out, "a.md")
    purge(folder.out, "a.md")
    assert len(list((folder.out / "snapshots").iterdir())) == 1
    assert not [each for each in folder.out.rglob("*") if each.is_file() and b"zyxwvut" in each.read_bytes()]
