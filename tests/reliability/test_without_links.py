"""A file system without symbolic links: every command works on the pointer, and a kill around its swap does no harm.

The kernel refuses the system calls, to the real command line and all that it starts.
"""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from frontmart.snapshots.publication import find_published_id
from frontmart.snapshots.store import list_snapshots
from tests.reliability import no_links
from tests.reliability.fault_injection import Fault
from tests.reliability.workspace import (
    IS_LONG,
    WITHOUT_LINKS,
    Workspace,
    finish,
    leftovers_in,
    problems_in,
    run_module,
    start,
    write_versions,
)

pytestmark = pytest.mark.skipif(not no_links.is_possible(), reason="the system calls of this machine are not known")
# Calls of Frontmart's code from the start of a step; publishing has some hundreds, of which the last ones swap.
SHARES = (0.5, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99, 1.0) if IS_LONG else (0.85, 0.95, 1.0)


@pytest.fixture(scope="module", autouse=True)
def few_models() -> None:
    """All models: every command runs here, a report among them."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An output folder with a snapshot that a pointer publishes."""
    folder = tmp_path_factory.mktemp("without")
    workspace = Workspace(folder, write_versions(folder / "versions"))
    workspace.use_version("a")
    done = workspace.build(launcher=WITHOUT_LINKS, keep=2)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (workspace.out / "published").is_symlink()
    (snapshot,) = list_snapshots(workspace.out)
    assert json.loads((workspace.out / "published.json").read_text()) == {"snapshot_id": snapshot.id}
    return workspace


def run(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without links."""
    done = run_module("frontmart.cli", *arguments, "--out", str(workspace.out), launcher=WITHOUT_LINKS, keep=2)
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    return done


def test_links_are_refused_to_every_process(tmp_path: Path) -> None:
    done = finish(start(["ln", "-s", "to", str(tmp_path / "link")], launcher=WITHOUT_LINKS))
    assert "Operation not permitted" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_every_command_finds_the_published_snapshot(workspace: Workspace, tmp_path: Path) -> None:
    id_ = str(find_published_id(workspace.out))
    folder = workspace.out / "snapshots" / id_
    assert json.loads(run(workspace, "status", "--json").stdout)["snapshot_id"] == id_
    assert json.loads(run(workspace, "snapshots", "--json").stdout)["published"] == id_
    assert json.loads(run(workspace, "query", "select 1 as one", "--json").stdout) == {"rows": [{"one": 1}]}
    assert json.loads(run(workspace, "verify", "--json").stdout)["is_good"]
    described = json.loads(run(workspace, "describe", "topic_pairs", "--json").stdout)
    assert described["file"] == str(folder / "marts" / "topic_pairs.parquet")
    assert Path(described["file"]).is_file()
    assert run(workspace, "report").stdout == f"{folder / 'report.html'}\n"
    assert (folder / "report.html").is_file()
    run(workspace, "export", str(tmp_path / "target"), "--marts", "topic_pairs")
    unchanged = run(workspace, "build", str(workspace.source), "--as-of", "2026-01-31").stdout
    assert unchanged == f"nothing changed: {folder} is up to date, as of 2026-01-31\n"
    assert json.loads(run(workspace, "tag", "first", "--json").stdout)["tags"][0]["snapshot_id"] == id_
    assert run(workspace, "prune").stdout.startswith("0 removed, 1 kept (1 for a tag)")


def test_a_build_and_a_rollback_replace_the_pointer_alone(workspace: Workspace) -> None:
    before = find_published_id(workspace.out)
    workspace.use_version("b")
    assert workspace.build(launcher=WITHOUT_LINKS, keep=2).returncode == 0
    assert find_published_id(workspace.out) != before
    assert json.loads(run(workspace, "rollback", "--json").stdout) == {"published": before}
    assert find_published_id(workspace.out) == before
    assert [name for name in leftovers_in(workspace.out) if name != "tags"] == []


@pytest.mark.parametrize("share", SHARES)
def test_a_kill_around_the_swap_leaves_a_whole_snapshot_and_needs_no_clean_up(
    workspace: Workspace, tmp_path: Path, share: float
) -> None:
    measured = tmp_path / "measured"
    options = {"launcher": WITHOUT_LINKS, "keep": 2}
    workspace.use_version("a")
    (workspace.source / "_news" / f"{tmp_path.name}.md").write_text("---\ntitle: New\n---\n")
    assert workspace.run_with_fault(Fault("", str(measured)), **options).returncode == 0
    whole = json.loads(measured.read_text())["calls"]["publish"]
    before = find_published_id(workspace.out)

    workspace.use_version("b")
    fault = Fault("publish", str(tmp_path / "hit"), calls=max(1, round(share * whole)), action="kill parent")
    assert workspace.run_with_fault(fault, **options).returncode == -signal.SIGKILL
    assert (tmp_path / "hit").read_text() == "publish"
    after = find_published_id(workspace.out)
    complete = {each.id for each in list_snapshots(workspace.out)}
    assert before in complete
    assert after in complete
    assert problems_in(workspace.out) == []
    markers = {path.name for path in (workspace.out / "snapshots").glob(".unpublished-*")}
    unpublished = {name.removeprefix(".unpublished-") for name in markers} - {after}

    done = workspace.build("--full", **options)
    assert (done.returncode, done.stderr) == (0, "")
    assert problems_in(workspace.out) == []
    assert [name for name in leftovers_in(workspace.out) if name != "tags"] == []
    left = {each.id for each in list_snapshots(workspace.out)}
    assert left - complete == {find_published_id(workspace.out)}
    assert after in left
    assert left.isdisjoint(unpublished)
