"""Builds that are interrupted, terminated or lose their output folder: a clean exit, and a message."""

import signal

import pytest

from frontmart.snapshots.store import published_id
from tests.processes import IGNORED_INTERRUPTS
from tests.reliability.fault_injection import Fault
from tests.reliability.workspace import Workspace, finish, leftovers_in, problems_in, wait_until_dead, write_versions
from tests.sample import build_quietly

WORD = {"terminate": "terminated", "interrupt all": "interrupted"}
EXIT_CODE = {"terminate": 128 + signal.SIGTERM, "interrupt all": 128 + signal.SIGINT}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An output folder with a snapshot, and a source that has changed since then; each test restores this state."""
    folder = tmp_path_factory.mktemp("endings")
    workspace = Workspace(folder, write_versions(folder / "versions"))
    publish_first_version(workspace)
    return workspace


def publish_first_version(workspace: Workspace) -> None:
    workspace.use_version("a")
    build_quietly(workspace.source, workspace.out, keep_snapshots=1)
    workspace.use_version("b")


@pytest.mark.parametrize(
    ("action", "step", "when"),
    [
        ("terminate", "list", {"calls": 100}),
        ("terminate", "model", {"seconds": 0.1}),
        ("terminate", "manifest", {"calls": 100}),
        ("interrupt all", "check", {"seconds": 0.05}),
        ("interrupt all", "extract", {"seconds": 0.3, "in_pool": True}),
        ("terminate", "extract", {"seconds": 0.2, "in_pool": True}),
    ],
)
def test_an_interrupted_or_terminated_build_exits_cleanly(
    workspace: Workspace, action: str, step: str, when: dict[str, float]
) -> None:
    before = published_id(workspace.out)
    process = workspace.start_with_fault(Fault(step, str(workspace.folder / "hit"), action=action, **when))
    done = finish(process)
    wait_until_dead(process.pid)
    assert (done.returncode, done.stdout) == (EXIT_CODE[action], "")
    assert done.stderr == f"frontmart: {WORD[action]}; the last published snapshot is unchanged\n"
    assert published_id(workspace.out) == before
    assert problems_in(workspace.out) == []
    assert leftovers_in(workspace.out) == []


def test_a_build_in_the_background_and_its_workers_ignore_ctrl_c(workspace: Workspace) -> None:
    before = published_id(workspace.out)
    fault = Fault("extract", str(workspace.folder / "hit"), action="interrupt all", seconds=0.3, in_pool=True)
    done = finish(workspace.start_with_fault(fault, launcher=IGNORED_INTERRUPTS))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert published_id(workspace.out) > before
    assert problems_in(workspace.out) == []
    publish_first_version(workspace)


@pytest.mark.parametrize("step", ["plan", "write", "publish"])
def test_an_output_folder_that_is_removed_during_a_build_is_reported_and_the_next_build_starts_over(
    workspace: Workspace, step: str
) -> None:
    fault = Fault(step, str(workspace.folder / "hit"), calls=1, action="remove folder", target=str(workspace.out))
    done = workspace.run_with_fault(fault)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"frontmart: {workspace.out}/snapshots/.building-")
    assert "was removed during the build" in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    publish_first_version(workspace)
    assert problems_in(workspace.out) == []
    assert leftovers_in(workspace.out) == []
