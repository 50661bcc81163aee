"""Disks that are full, limited or read-only: one message, an exit code, and the last snapshot as it was."""

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from frontmart.snapshots.store import published, published_id
from tests.reliability.disturbed import Moment
from tests.reliability.ground import Ground, faults_of, finished, litter_of, write_versions
from tests.sample import build_quietly

FULL = "No space left on device"
LEDGER_PAGE = 4_096


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of its own, and small."""
    folder = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"this user may not mount a file system: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.fixture(scope="module")
def ground(disk: Path, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """An output folder on the small disk, with a snapshot, and a source that has changed since."""
    ground = Ground(disk, write_versions(tmp_path_factory.mktemp("versions")))
    ground.put("a")
    build_quietly(ground.source, ground.out, keep_snapshots=1)
    ground.put("b")
    return ground


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder with a snapshot, on whatever disk the tests have."""
    ground = Ground(tmp_path, write_versions(tmp_path / "versions"))
    ground.put("a")
    return build_quietly(ground.source, ground.out, keep_snapshots=1).out


def hold_to_one_line(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert done.stderr.startswith("frontmart: ")
    assert done.stderr.count("\n") == 1, done.stderr
    for part in parts:
        assert part in done.stderr


def go_back(ground: Ground, version: str) -> None:
    """Publish a version of the corpus, by a build that meets nothing: the next one succeeds, whatever happened."""
    ground.put(version)
    build_quietly(ground.source, ground.out, keep_snapshots=1)
    assert faults_of(ground.out) == []
    assert litter_of(ground.out) == []
    ground.put("b" if version == "a" else "a")


@pytest.mark.parametrize("step", ["extract", "write", "between", "manifest"])
def test_a_disk_that_fills_up_is_told_and_the_last_snapshot_stays(ground: Ground, disk: Path, step: str) -> None:
    before = published_id(ground.out)
    filler = disk / "filler"
    moment = Moment(step, str(ground.folder / "hit"), calls=5, act="fill disk", target=str(filler))
    done = finished(ground.disturb(moment))
    hold_to_one_line(done, FULL, str(ground.out), "room")
    assert published_id(ground.out) == before
    assert faults_of(ground.out) == []
    assert litter_of(ground.out) == []
    filler.unlink()
    go_back(ground, "a")


def test_a_disk_that_is_full_before_anything_is_written_is_told(ground: Ground, disk: Path) -> None:
    before = published_id(ground.out)
    with (disk / "filler").open("wb") as filler, pytest.raises(OSError, match=FULL):
        filler.write(bytes(60 * 2**20))
    done = ground.build()
    (disk / "filler").unlink()
    hold_to_one_line(done, FULL, "room")
    assert (published_id(ground.out), litter_of(ground.out)) == (before, [])


def test_a_ledger_that_cannot_be_written_is_told_with_what_was_published(ground: Ground, disk: Path) -> None:
    ledger = ground.out / "runs.jsonl"
    with ledger.open("a") as file:  # to the end of a page, where the next line needs another one
        file.write(" " * (LEDGER_PAGE - 1 - ledger.stat().st_size % LEDGER_PAGE) + "\n")
    filler = disk / "filler"
    moment = Moment("record", str(ground.folder / "hit"), calls=1, act="fill disk", target=str(filler))
    before = published_id(ground.out)
    done = finished(ground.disturb(moment))
    filler.unlink()
    hold_to_one_line(done, FULL, f"{published_id(ground.out)} is published", "run_history")
    assert published_id(ground.out) > before
    assert faults_of(ground.out) == []
    go_back(ground, "a")


@pytest.mark.parametrize("kilobytes", [16, 900])
def test_a_file_that_may_grow_no_further_is_told_and_the_last_snapshot_stays(
    tmp_path: Path, out: Path, kilobytes: int
) -> None:
    before = published_id(out)
    ground = Ground(tmp_path, {})
    limit = (kilobytes * 1_024, kilobytes * 1_024)
    done = ground.build("--full", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    hold_to_one_line(done, "File too large", "room")
    assert published_id(out) == before
    assert litter_of(out) == []


@pytest.fixture
def read_only(tmp_path: Path, out: Path) -> Iterator[Callable[[Path], None]]:
    """Makes an output folder read-only: root may write wherever the file system may be written."""
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


def test_an_output_folder_that_is_read_only_is_told_and_can_be_read(
    tmp_path: Path, out: Path, read_only: Callable[[Path], None]
) -> None:
    before = published(out)
    read_only(out)
    done = Ground(tmp_path, {}).build()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"frontmart: {out}")
    assert "cannot be written" in done.stderr
    assert done.stderr.endswith("; give another --out\n")
    assert published(out) == before
    assert faults_of(out) == []
