"""The workspace of a fault test: a small corpus in two versions, builds of it by the real command line, and checks."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.corpus import write_corpus
from frontmart.snapshots.manifest import differences, read_manifest
from frontmart.snapshots.publication import find_published_id
from frontmart.snapshots.store import Snapshot, list_snapshots, published
from frontmart.verify import verify
from tests.forked import commands
from tests.processes import DEFAULT_SIGNALS, PATIENCE_SECONDS, wait_for
from tests.reliability.fault_injection import Fault
from tests.sample import DEPEND_ON_THE_PAST, hash_of_files

ROOT = Path(__file__).parents[2]
# The long run, `make faults`.
IS_LONG = bool(os.environ.get("FRONTMART_TEST_FAULTS"))
_EXPECTED_IN_OUT = {".lock", "last_success.json", "runs.jsonl", "snapshots"}
# Starts a command that cannot make symbolic links.
WITHOUT_LINKS = (sys.executable, "-m", "tests.reliability.no_links")
# Launchers whose programs are forked.
_FORKED = ((), WITHOUT_LINKS)


def write_versions(folder: Path, files: int = 100) -> dict[str, Path]:
    """Write two versions of a corpus: in `b`, one file of `a` is changed, one gone and one new; all mtimes are old."""
    versions = {name: folder / name for name in "ab"}
    write_corpus(versions["a"], files, 3)
    shutil.copytree(versions["a"], versions["b"])
    news = sorted((versions["b"] / "_news").iterdir())
    news[0].write_bytes(news[0].read_bytes() + b"One more sentence.\n")
    news[1].unlink()
    (versions["b"] / "_news" / "new.md").write_text("---\ntitle: New\ntopics: [City Cycling]\n---\n")
    for name, version in versions.items():
        for path in version.rglob("*.*"):
            os.utime(path, ns=(0, 10**18 + (ord(name) * 10**9 if path.parent.name == "_news" else 0)))
    return versions


@dataclass(frozen=True)
class Workspace:
    """A source folder, an output folder, and the versions of the corpus that the source can have."""

    folder: Path
    versions: Mapping[str, Path]

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def source(self) -> Path:
        return self.folder / "source"

    def use_version(self, version: str) -> None:
        """Replace the source by a version of the corpus."""
        shutil.rmtree(self.source, ignore_errors=True)
        shutil.copytree(self.versions[version], self.source)

    def arguments(self, *more: str) -> list[str]:
        return ["build", str(self.source), "--out", str(self.out), "--as-of", "2026-01-31", "--quiet", *more]

    def build(self, *more: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a build by the command line to its end; options as those of `start`."""
        return run_module("frontmart.cli", *self.arguments(*more), **options)

    def run_with_fault(self, fault: Fault, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a build with a fault injected until it and its workers have ended; options as those of `start`."""
        return run_module("tests.reliability.fault_injection", fault.as_json(), *self.arguments(), **options)

    def start_with_fault(self, fault: Fault, **options: Any) -> subprocess.Popen[str]:
        """Start a build by the command line with a fault injected; options as those of `start`."""
        command = [sys.executable, "-m", "tests.reliability.fault_injection", fault.as_json(), *self.arguments()]
        return start(command, **options)


def _environment(keep: int) -> dict[str, str]:
    """The environment of a build with two workers that keeps so many snapshots."""
    settings = {"FRONTMART_KEEP_SNAPSHOTS": str(keep), "FRONTMART_WORKERS": "2", "PYTHONPATH": str(ROOT)}
    return os.environ | settings


def run_module(
    module: str, *arguments: str, keep: int = 1, launcher: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a Python program until it and its workers have ended; options as those of `start`.

    In a fork, see `tests.forked`; under a launcher of one test, and in the long run, in a process that Python starts.
    """
    if launcher in _FORKED and not IS_LONG:
        forked = commands(launcher).run(["-m", module, *arguments], cwd=ROOT, env=_environment(keep))
        wait_until_dead(forked.pid)
        return forked
    process = start([sys.executable, "-m", module, *arguments], keep=keep, launcher=launcher)
    done = finish(process)
    wait_until_dead(process.pid)
    return done


def start(command: Sequence[str], *, keep: int = 1, launcher: Sequence[str] = ()) -> subprocess.Popen[str]:
    """Start a command in a process group of its own, with two workers and `keep` snapshots.

    Args:
        command: the command and its arguments.
        keep: the setting keep_snapshots.
        launcher: a program that starts the command, such as `prlimit` with its options.
    """
    return subprocess.Popen(
        [*DEFAULT_SIGNALS, *launcher, *command],
        cwd=ROOT,
        env=_environment(keep),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """Wait for a process and read its output; kill its group if it does not end, so that no other test is disturbed."""
    with process:
        try:
            output, errors = process.communicate(timeout=PATIENCE_SECONDS)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def living_processes(group: int) -> list[str]:
    """The /proc lines of the processes of a group that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        state, _, process_group = text.rpartition(")")[2].split()[:3]
        if int(process_group) == group and state not in "ZX":
            found.append(text)
    return found


def wait_until_dead(group: int) -> None:
    """Wait until no process of a group is left."""
    wait_for(lambda: not living_processes(group), pause=0.01)


def hashes_of(snapshot: Snapshot) -> dict[str, str]:
    """The hash of each Parquet file of a snapshot, of that which depends on the source files and the day alone."""
    files = {file.path: file.sha256 for file in read_manifest(snapshot.folder) if file.path.endswith(".parquet")}
    files["tables/files.parquet"] = hash_of_files(snapshot.tables / "files.parquet")
    return {
        path: sha256
        for path, sha256 in files.items()
        if Path(path).stem not in DEPEND_ON_THE_PAST and not path.startswith("history/")
    }


def published_hashes(out: Path) -> dict[str, str] | None:
    """The hashes of the published snapshot; None if nothing is published."""
    return hashes_of(published(out)) if find_published_id(out) else None


def problems_in(out: Path) -> list[str]:
    """The findings of `verify` on the published snapshot; none if nothing is published."""
    if not find_published_id(out):
        return []
    found = verify(out)
    wrong = [f"{difference.path} {difference.problem}" for difference in found.differences]
    return wrong + [check.name for check in found.checks if check.is_blocking]


def leftovers_in(out: Path) -> list[str]:
    """The entries of an output folder that a successful build would not leave."""
    publication = "published" if (out / "published").is_symlink() else "published.json"
    strange = [path.name for path in out.iterdir() if path.name not in _EXPECTED_IN_OUT | {publication}]
    whole = {snapshot.id for snapshot in list_snapshots(out) if not differences(snapshot.folder)}
    strange += [path.name for path in (out / "snapshots").iterdir() if path.name not in whole]
    return strange
