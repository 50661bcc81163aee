"""Build the hostile corpus by the command line: each file gets its outcome, within limits, and affects no other."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from benchmarks.corpus import write_corpus
from frontmart import steps
from frontmart.errors import FrontmartError
from frontmart.run import Run
from frontmart.snapshots.store import published
from tests.hostile.hostile_corpus import FRONT, Expected, first_too_long, write_hostile_corpus
from tests.sample import build_quietly

# A build of the corpus takes some three seconds of CPU time and 300 MB.
CPU_SECONDS = 30
HANGS_SECONDS = 400
MEMORY_BYTES = 2**30


@dataclass(frozen=True)
class Corpus:
    source: Path
    expected: Expected


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("hostile")
    yield Corpus(folder / "source", write_hostile_corpus(folder / "source"))
    (folder / "source" / "locked" / "folder").chmod(0o700)
    shutil.rmtree(folder / "source")  # sparse files of a gigabyte, and paths that other tools cannot handle


def without_privileges() -> list[str]:
    """A launcher that drops root's right to ignore file modes; empty for other users."""
    if os.geteuid() != 0:
        return []
    rights = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]


@dataclass(frozen=True)
class Finished:
    """A finished command: its exit code, output, and the CPU time and memory of it and its workers."""

    exit_code: int
    stdout: str
    stderr: str
    cpu_seconds: float
    memory_bytes: int


# Runs a command and writes what it used. Linux counts the memory of the process that starts another to the other, so
# that one is small; the tests' own process is not.
MEASURE = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(process.pid, 0)
with open(sys.argv[1], "w") as file:
    json.dump([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1_024], file)
"""


def frontmart(folder: Path, *arguments: object) -> Finished:
    """Run the command line in a process, with its output in files of a folder; kill it if it hangs."""
    build = [*without_privileges(), sys.executable, "-m", "frontmart.cli", *map(str, arguments)]
    command = [sys.executable, "-c", MEASURE, str(folder / "used.json"), *build]
    with (folder / "stdout").open("w") as stdout, (folder / "stderr").open("w") as stderr:
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr, start_new_session=True)
        try:
            process.wait(HANGS_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    errors = (folder / "stderr").read_text()
    assert "Traceback" not in errors
    exit_code, cpu_seconds, memory_bytes = json.loads((folder / "used.json").read_text())
    return Finished(exit_code, (folder / "stdout").read_text(), errors, cpu_seconds, memory_bytes)


def outcomes_in(out: Path) -> Expected:
    """Path -> outcome, or the reason of the reject, from the published tables."""
    tables = published(out).tables
    files = pl.read_parquet(tables / "files.parquet", columns=["path", "outcome"])
    rejects = pl.read_parquet(tables / "rejects.parquet", columns=["path", "reason"])
    joined = files.join(rejects, on="path", how="full", coalesce=True)
    return dict(joined.select("path", pl.coalesce("reason", "outcome")).iter_rows())


def assert_accounted(files: dict[str, int], expected: Expected) -> None:
    kinds = [outcome if outcome in ("document", "skipped") else "reject" for outcome in expected.values()]
    assert files == {"seen": len(kinds)} | {kind: kinds.count(kind) for kind in ("document", "reject", "skipped")}


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="root may read every file, and setpriv is missing")
def test_every_hostile_file_gets_its_outcome_within_limits(corpus: Corpus, tmp_path: Path) -> None:
    done = frontmart(tmp_path, "build", corpus.source, "--out", tmp_path / "out", "--as-of", "2026-01-31", "--json")
    assert done.exit_code == 0, done.stderr
    assert outcomes_in(tmp_path / "out") == corpus.expected
    assert_accounted(json.loads(done.stdout)["files"], corpus.expected)
    assert done.cpu_seconds < CPU_SECONDS
    assert done.memory_bytes < MEMORY_BYTES
    assert_messages_help(tmp_path / "out")
    assert_shown_harmlessly(tmp_path)
    again = frontmart(tmp_path, "build", corpus.source, "--out", tmp_path / "out", "--as-of", "2026-01-31", "--json")
    assert (again.exit_code, json.loads(again.stdout)["outcome"]) == (0, "unchanged")


def assert_messages_help(out: Path) -> None:
    """Each message has the problem, a colon, and what to do; a limit names its setting."""
    rejects = pl.read_parquet(published(out).tables / "rejects.parquet")
    for path, reason, message in rejects.select("path", "reason", "message").iter_rows():
        what, _, advice = message.partition(": ")
        assert what, path
        assert len(advice) > 5, (path, message)
        assert message.isprintable(), (path, message)
        assert ("raise the setting" in message) == (reason.startswith("too_") and "alias_of_itself" not in path), path


def assert_shown_harmlessly(folder: Path) -> None:
    titles = "select path, title from tidy.documents order by path"
    for command in (["rejects"], ["query", titles]):
        done = frontmart(folder, *command, "--out", folder / "out")
        assert done.exit_code == 0
        assert len(done.stdout) > 1_000
        assert all(line.isprintable() for line in done.stdout.split("\n"))


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="root may read every file, and setpriv is missing")
def test_hostile_files_do_not_affect_ordinary_files_in_worker_processes(corpus: Corpus, tmp_path: Path) -> None:
    alone, both = tmp_path / "alone", tmp_path / "both"
    write_corpus(alone, 500, 7)
    for name in "abcd":
        (alone / f"{name}.md").write_text(FRONT + name * 6_000_000)
    both.mkdir()
    for each in (alone, corpus.source):
        # Moved and not copied, since special files cannot be copied.
        each.rename(both / each.name)
    try:
        day = ("--as-of", "2026-01-31")
        done = frontmart(tmp_path, "build", both, "--out", tmp_path / "out", *day, "--workers", 2)
    finally:
        (both / corpus.source.name).rename(corpus.source)
    (both / "alone").rename(alone)
    assert done.exit_code == 0, done.stderr
    assert done.memory_bytes < MEMORY_BYTES
    build_quietly(alone, tmp_path / "plain")
    expected = {f"alone/{path}": outcome for path, outcome in outcomes_in(tmp_path / "plain").items()}
    assert outcomes_in(tmp_path / "out") == expected | moved(corpus.expected, both / corpus.source.name)


def moved(expected: Expected, place: Path) -> Expected:
    """The expected outcomes of a corpus in a subfolder of the source, where other folders are too deep."""
    paths = {first_too_long(place) if path.startswith("deep/") else path: path for path in expected}
    return {
        f"./{place.name}/{path[2:]}" if path.startswith("./") else f"{place.name}/{path}": expected[was]
        for path, was in paths.items()
    }


def _vanish(path: Path) -> None:
    path.unlink()


def _turn_into_a_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _turn_into_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _turn_into_a_link_out(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def _turn_into_a_link_inside(path: Path) -> None:
    path.rename(path.with_suffix(".other"))
    path.symlink_to(path.with_suffix(".other").name)


def _grow_without_end(path: Path) -> None:
    os.truncate(path, 10**9)


def _be_rewritten(path: Path) -> None:
    path.write_text("---\ntitle: Another\n---\n")


def _be_emptied(path: Path) -> None:
    path.write_text("")


def _lose_its_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


def _have_its_folder_led_out(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))
    path.parent.symlink_to("/etc")


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "vanishes.md": (_vanish, "unreadable"),
    "becomes_a_fifo.md": (_turn_into_a_fifo, "unreadable"),
    "becomes_a_folder.md": (_turn_into_a_folder, "unreadable"),
    "becomes_a_link_out.md": (_turn_into_a_link_out, "unreadable"),
    "becomes_a_link_inside.md": (_turn_into_a_link_inside, "document"),
    "grows.md": (_grow_without_end, "too_large"),
    "is_rewritten.md": (_be_rewritten, "document"),
    "is_emptied.md": (_be_emptied, "skipped"),
    "stays.md": (lambda path: None, "document"),
    "gone/with_its_folder.md": (_lose_its_folder, "unreadable"),
    "led/hostname.md": (_have_its_folder_led_out, "unreadable"),
}


def build_while_files_change(source: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Build, and change all files after they were listed and before they are read."""
    for path in CHANGES:
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(FRONT)
    find_changes = steps.find_changes

    def late(*arguments: object) -> object:
        changes = find_changes(*arguments)  # type: ignore[arg-type]
        for path, (change, _) in CHANGES.items():
            change(source / path)
        return changes

    with monkeypatch.context() as patch:
        patch.setattr(steps, "find_changes", late)
        return build_quietly(source, out)


def test_a_file_that_changes_after_listing_gets_the_outcome_of_its_content_when_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run = build_while_files_change(tmp_path / "source", out, monkeypatch)
    expected = {path: outcome for path, (_, outcome) in CHANGES.items()}
    assert outcomes_in(out) == expected
    assert_accounted(run.files, expected)
    titles = pl.read_parquet(published(out).tables / "documents.parquet", columns=["path", "title"])
    assert titles.filter(path="is_rewritten.md")["title"].to_list() == ["Another"]


def test_the_next_build_reads_the_files_that_changed_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_while_files_change(tmp_path / "source", tmp_path / "out", monkeypatch)
    build_quietly(tmp_path / "source", tmp_path / "out")
    build_quietly(tmp_path / "source", tmp_path / "fresh")
    now = outcomes_in(tmp_path / "out")
    assert now == outcomes_in(tmp_path / "fresh")
    assert now["elsewhere/with_its_folder.md"] == now["moved/hostname.md"] == "document"
    assert not {"vanishes.md", "gone/with_its_folder.md", "led/hostname.md"} & set(now)


def test_a_source_folder_that_vanishes_leaves_the_last_snapshot_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise an unmounted share would be published as a snapshot of rejects."""
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    (source / "a.md").write_text(FRONT)
    first = build_quietly(source, out)
    find_changes = steps.find_changes

    def late(*arguments: object) -> object:
        changes = find_changes(*arguments)  # type: ignore[arg-type]
        source.rename(tmp_path / "elsewhere")
        return changes

    monkeypatch.setattr(steps, "find_changes", late)
    with pytest.raises(FrontmartError, match="build again"):
        build_quietly(source, out, full=True)
    assert published(out).id == first.snapshot_id
