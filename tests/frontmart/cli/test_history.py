"""`frontmart history`, as people and scripts see it."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from frontmart.cli.__main__ import app
from frontmart.snapshots.store import published
from tests.frontmart.history.folder import Folder
from tests.repositories import commit_files, first_parents, run_git

TEXT = "---\ntitle: {}\nprovider: {{name: P, domain: p.example}}\n---\n"
OPTIONS = ("--preset", "smartable", "--as-of", "2026-01-31")


def frontmart(*arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three commits; `state` is a folder of it."""
    folder = tmp_path / "repository"
    run_git("init", "--quiet", "--initial-branch=main", str(folder), cwd=tmp_path)
    for number, title in enumerate("ABC"):
        commit_files(folder, {"state/a.md": TEXT.format(title).encode()}, at=1_700_000_000 + number)
    return folder


def test_a_repository_is_read_and_asked(repository: Path, tmp_path: Path) -> None:
    out, commits = tmp_path / "out", first_parents(repository)
    done = frontmart("history", repository, "--path", "state", "--out", out, *OPTIONS, "--json", "--quiet")
    assert (done.exit_code, done.stderr, json.loads(done.stdout)["outcome"]) == (0, "", "published")
    again = frontmart("history", "read", repository, "--path", "state", "--out", out, *OPTIONS)
    assert (again.exit_code, again.stdout.startswith("nothing changed: ")) == (0, True)
    state = tmp_path / "earlier"
    said = frontmart("history", "state", commits[1][:9], "--output", state, "--out", out, "--json")
    assert json.loads(said.stdout) == {
        "folder": str(state),
        "step": 1,
        "id": commits[1],
        "committed_at": "2023-11-14T22:13:21",
    }
    assert pl.read_parquet(state / "documents.parquet")["title"].to_list() == ["B"]
    assert "files.parquet" not in [file.name for file in state.iterdir()]
    lines = frontmart("diff", commits[0], commits[2], "--out", out).stdout.splitlines()
    assert lines == ["changed   a.md  C", "    title: A -> C", "1 changed: 1 documents before, 1 after"]


def test_options_may_stand_before_the_repository(repository: Path, tmp_path: Path) -> None:
    done = frontmart("history", "--out", tmp_path / "out", *OPTIONS, "--quiet", repository)
    assert (done.exit_code, done.output) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["no-such-folder"], 2),
        (["state", "2022-01-01"], 2),
        (["purge"], 2),
        (["purge", "a.md", "--since", "2022-01-01"], 2),
        (["purge", "a.md"], 1),
        (["state", "2022-01-01", "--output", "new"], 1),
    ],
)
def test_wrong_usage_and_nothing_published_have_their_exit_codes(
    tmp_path: Path, arguments: list[str], code: int
) -> None:
    done = frontmart("history", *arguments, "--out", tmp_path / "out")
    assert (done.exit_code, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr


def test_help_lists_its_commands() -> None:
    for arguments in (["history"], ["history", "--help"]):
        shown = frontmart(*arguments).output
        assert all(f"\n  {name} " in shown for name in ("read", "state", "purge"))


@pytest.mark.usefixtures("few_models")
def test_a_purge_says_what_went_and_what_stays(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for title in ("Alpha", "Beta", "Gamma"):
        folder.write("a.md", title)
        folder.build()
    done = frontmart("history", "purge", "a.md", "--out", folder.out)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "forgot 2 versions, and 0 copies in lists of other articles",
        "note: a.md is still in the source, and its current version in the snapshot",
        f"published {published(folder.out).id}; removed 3 other snapshots",
    ]
