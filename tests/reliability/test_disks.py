"""Full, limited and read-only disks: a build gives one message and its exit code, and keeps the last snapshot."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from frontmart.snapshots.store import published, published_id
from tests.reliability.fault_injection import Fault
from tests.reliability.workspace import Workspace, leftovers_in, problems_in, write_versions
from tests.sample import build_quietly

FULL = "No space left on device"
PAGE = 4_096


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small file system of its own."""
    folder = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"this user may not mount a file system: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.fixture(scope="module")
def workspace(disk: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An output folder on the small disk, with a snapshot, and a source that has changed since."""
    workspace = Workspace(disk, write_versions(tmp_path_factory.mktemp("versions")))
    workspace.use_version("a")
    build_quietly(workspace.source, workspace.out, keep_snapshots=1)
    workspace.use_version("b")
    return workspace


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder with a snapshot, on the disk of the tests."""
    workspace = Workspace(tmp_path, write_versions(tmp_path / "versions"))
    workspace.use_version("a")
    return build_quietly(workspace.source, workspace.out, keep_snapshots=1).out


def assert_one_line(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert done.stderr.startswith("frontmart: ")
    assert done.stderr.count("\n") == 1, done.stderr
    for part in parts:
        assert part in done.stderr


def publish_version(workspace: Workspace, version: str) -> None:
    """Check that the next build succeeds; it publishes a version of the corpus; the source then has the other one."""
    workspace.use_version(version)
    build_quietly(workspace.source, workspace.out, keep_snapshots=1)
    assert problems_in(workspace.out) == []
    assert leftovers_in(workspace.out) == []
    workspace.use_version("b" if version == "a" else "a")


@pytest.mark.parametrize("step", ["extract", "write", "between", "manifest"])
def test_a_disk_that_fills_up_is_reported_and_the_last_snapshot_stays(
    workspace: Workspace, disk: Path, step: str
) -> None:
    before = published_id(workspace.out)
    filler = disk / "filler"
    fault = Fault(step, str(workspace.folder / "hit"), calls=5, action="fill disk", target=str(filler))
    done = workspace.run_with_fault(fault)
    assert_one_line(done, FULL, str(workspace.out), "disk space")
    assert published_id(workspace.out) == before
    assert problems_in(workspace.out) == []
    assert leftovers_in(workspace.out) == []
    filler.unlink()
    publish_version(workspace, "a")


def test_a_disk_that_is_full_from_the_start_is_reported(workspace: Workspace, disk: Path) -> None:
    before = published_id(workspace.out)
    with (disk / "filler").open("wb") as filler, pytest.raises(OSError, match=FULL):
        filler.write(bytes(60 * 2**20))
    done = workspace.build()
    (disk / "filler").unlink()
    assert_one_line(done, FULL, "disk space")
    assert (published_id(workspace.out), leftovers_in(workspace.out)) == (before, [])


def test_a_run_log_that_cannot_be_written_is_a_warning_and_the_snapshot_is_published(
    workspace: Workspace, disk: Path
) -> None:
    run_log = workspace.out / "runs.jsonl"
    with run_log.open("a") as file:  # pad to the end of a page, so that the next line needs a new one
        file.write(" " * (PAGE - 1 - run_log.stat().st_size % PAGE) + "\n")
    filler = disk / "filler"
    fault = Fault("record", str(workspace.folder / "hit"), calls=1, action="fill disk", target=str(filler))
    before = published_id(workspace.out)
    log_before = run_log.read_bytes()
    done = workspace.run_with_fault(fault)
    filler.unlink()
    warning = f"{run_log}: cannot be used ({FULL}); marts.run_history will lack runs until this is corrected"
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"frontmart: warning: {warning}\n")
    assert run_log.read_bytes() == log_before
    assert published_id(workspace.out) > before
    assert problems_in(workspace.out) == []
    publish_version(workspace, "a")


@pytest.mark.parametrize("kilobytes", [16, 900])
def test_a_file_size_limit_is_reported_and_the_last_snapshot_stays(tmp_path: Path, out: Path, kilobytes: int) -> None:
    before = published_id(out)
    workspace = Workspace(tmp_path, {})
    done = workspace.build("--full", launcher=("prlimit", f"--fsize={kilobytes * 1_024}"))
    assert_one_line(done, "File too large", "disk space")
    assert published_id(out) == before
    assert leftovers_in(out) == []


@pytest.fixture
def read_only(tmp_path: Path, out: Path) -> Iterator[Callable[[Path], None]]:
    """Make an output folder read-only; for root, who may write in spite of modes, by a read-only mount."""
    mounted: list[Path] = []

    def protect(folder: Path) -> None:
        if os.geteuid():
            folder.chmod(0o555)
            return
        for options in (["--bind"], ["-o", "remount,bind,ro"]):
            done = subprocess.run(["mount", *options, folder, folder], capture_output=True)
            if done.returncode:
                pytest.skip(f"root may not mount here: {done.stderr.decode().strip()}")
            if options == ["--bind"]:
                mounted.append(folder)

    yield protect
    for folder in mounted:
        subprocess.run(["umount", folder], check=True)
    out.chmod(0o755)


def test_a_read_only_output_folder_is_reported_and_can_be_read(
    tmp_path: Path, out: Path, read_only: Callable[[Path], None]
) -> None:
    before = published(out)
    read_only(out)
    done = Workspace(tmp_path, {}).build()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"frontmart: {out}")
    assert "cannot be written" in done.stderr
    assert done.stderr.endswith("; give another --out\n")
    assert published(out) == before
    assert problems_in(out) == []
