"""What faults are tried on: a small corpus in two versions, the real command line on it, and what must hold behind."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.corpus import write_corpus
from frontmart.snapshots.manifest import differences, read_manifest
from frontmart.snapshots.store import Snapshot, list_snapshots, published
from frontmart.verify import verify
from tests.reliability.disturbed import Moment
from tests.sample import OF_THE_PAST

ROOT = Path(__file__).parents[2]
# The long run, `make faults`.
IS_LONG = bool(os.environ.get("FRONTMART_TEST_FAULTS"))
_KEPT_IN_OUT = {".lock", "published", "runs.jsonl", "snapshots"}
_SECONDS_TO_DIE = 30


def write_versions(folder: Path, files: int = 100) -> dict[str, Path]:
    """Two versions of a corpus, `a` and `b`: a file changed, one gone, one new; none of them touched of late."""
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
class Ground:
    """An output folder, and the versions of the corpus that go into it."""

    folder: Path
    versions: Mapping[str, Path]

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def source(self) -> Path:
        return self.folder / "source"

    def put(self, version: str) -> None:
        """Have the source hold a version of the corpus."""
        shutil.rmtree(self.source, ignore_errors=True)
        shutil.copytree(self.versions[version], self.source)

    def arguments(self, *more: str) -> list[str]:
        return ["build", str(self.source), "--out", str(self.out), "--as-of", "2026-01-31", "--quiet", *more]

    def build(self, *more: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """A build by the command line, to its end; options as those of Popen."""
        return finished(start([sys.executable, "-m", "frontmart.cli", *self.arguments(*more)], **options))

    def disturb(self, moment: Moment, **options: Any) -> subprocess.Popen[str]:
        """A build by the command line that is disturbed at a moment; options as those of Popen."""
        command = [sys.executable, "-m", "tests.reliability.disturbed", moment.as_json(), *self.arguments()]
        return start(command, **options)


def start(command: Sequence[str], *, keep: int = 1, **options: Any) -> subprocess.Popen[str]:
    """A process in a group of its own, which parses with two workers and keeps so many snapshots."""
    settings = {"FRONTMART_KEEP_SNAPSHOTS": str(keep), "FRONTMART_WORKERS": "2", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )


def finished(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    output, errors = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def alive(group: int) -> list[str]:
    """The processes of a group that live, as /proc shows them."""
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


def seconds_until_dead(group: int) -> float:
    """How long the last process of a group lives on. Raises TimeoutError where it does not end."""
    begin = time.monotonic()
    while living := alive(group):
        if time.monotonic() - begin > _SECONDS_TO_DIE:
            raise TimeoutError(living)
        time.sleep(0.01)
    return time.monotonic() - begin


def digests(snapshot: Snapshot) -> dict[str, str]:
    """The hash of each table and mart that depends on nothing but the files and the day."""
    files = {file.path: file.sha256 for file in read_manifest(snapshot.folder) if file.path.endswith(".parquet")}
    return {path: sha256 for path, sha256 in files.items() if Path(path).stem not in OF_THE_PAST}


def faults_of(out: Path) -> list[str]:
    """What is wrong with an output folder that may just have lost its build: of the published snapshot, nothing may."""
    if not (out / "published").is_symlink():
        return []
    found = verify(out)
    wrong = [f"{difference.path} {difference.problem}" for difference in found.differences]
    return wrong + [check.name for check in found.checks if check.is_blocking]


def litter_of(out: Path) -> list[str]:
    """What lies in an output folder that a build which ended well would not leave."""
    strange = [path.name for path in out.iterdir() if path.name not in _KEPT_IN_OUT]
    whole = {snapshot.id for snapshot in list_snapshots(out) if not differences(snapshot.folder)}
    strange += [path.name for path in (out / "snapshots").iterdir() if path.name not in whole]
    return strange


def published_digests(out: Path) -> dict[str, str] | None:
    return digests(published(out)) if (out / "published").is_symlink() else None
