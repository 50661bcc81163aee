"""Values under `secured` and credentials of URLs are in no byte that a build writes, however it ends.

Each build runs in a process of its own, with a home, a folder for temporary files and a working folder of its own; all
below them is searched, with what was there only while the build ran.
"""

import base64
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.frontmart.canaries import CANARY, CONTROL, canary, found_in, keeping, leaks_below, write_canaries
from tests.processes import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
BUILD = ("build", "source", "--out", "out", "--as-of", "2026-01-31")
# What a test does to a build before it begins.
BROKEN_SQL = """
import pathlib, shutil, sys
from frontmart import shipped_sql
from frontmart.cli import __main__ as cli
sql = pathlib.Path("sql")
shutil.copytree(shipped_sql.SQL, sql)
(sql / {file!r}).write_text({text!r})
shipped_sql.SQL = sql
cli.app(sys.argv[1:])
"""
# A check that finds, and so shows, all rows of some files in the tidy tables.
FAILING_CHECK = (
    "-- Nothing may be there.\n--\n-- Severity: error\n"
    "select path, extra, title, web_url from tidy.documents union all select path, field, value, problem "
    "from tidy.field_issues union all select path, reason, message, null from tidy.rejects\n"
)
BROKEN_MODEL = (
    "-- A model that fails on a value and shows it.\n--\n-- Grain: a document.\n-- Key: document_id\n-- Columns:\n"
    "--   document_id: The document.\n--   number: A number.\n"
    "select document_id, cast(coalesce(extra, path) as bigint) as number from staging.documents\n"
)
CRASHING = """
import os, sys
from frontmart import pipeline, runners
from frontmart.cli import __main__ as cli
from frontmart.extract import shards
from frontmart.extract.worker import EXTRACT, extract_shard
from frontmart.extract.pool import ShardWork

def die_of_one(shard):
    done = extract_shard(shard)
    if "010.md" in shard.rows()["path"].to_list():
        os.abort()
    return done

if __name__ == "__main__":
    runners._SERIAL_WEIGHT, shards._MIN_WEIGHT = 0, 1
    pipeline.EXTRACT = ShardWork(run=die_of_one, discard=EXTRACT.discard, reject=EXTRACT.reject)
    cli.app(sys.argv[1:])
"""
# Kill the build when all files are parsed, and before the first of them is loaded.
KILLED = """
import os, signal, sys
from frontmart import runners
from frontmart.cli import __main__ as cli

run = runners.LocalRunner.run

def run_or_die(runner, step, *arguments, **named):
    if step == "load":
        os.kill(os.getpid(), signal.SIGKILL)
    return run(runner, step, *arguments, **named)

runners.LocalRunner.run = run_or_die
cli.app(sys.argv[1:])
"""


@dataclass
class Place:
    """The workspace of a build: its source, and every place that it may write to."""

    folder: Path
    said: list[bytes] = field(default_factory=list)

    @property
    def written(self) -> list[Path]:
        return [path for path in self.folder.iterdir() if path.name != "source" and path.is_dir()]

    def command(self, *arguments: str, script: str | None = None) -> subprocess.Popen[bytes]:
        if script:
            (self.folder / "program.py").write_text(script)
        program = [str(self.folder / "program.py")] if script else ["-m", "frontmart.cli"]
        env = {name: value for name, value in os.environ.items() if not name.startswith(("FRONTMART_", "PREFECT_"))}
        env |= {"TMPDIR": str(self.folder / "tmp"), "HOME": str(self.folder / "home"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, *program, *arguments]
        return subprocess.Popen(command, cwd=self.folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments: str, script: str | None = None) -> int:
        """Run a command to its end, and keep its output."""
        with self.command(*arguments, script=script) as process:
            try:
                self.said += process.communicate(timeout=PATIENCE_SECONDS)
            finally:
                process.kill()
        return process.returncode

    def leaks(self, word: str = CANARY) -> list[str]:
        """The places in outputs and files where a word is found."""
        return [place for said in self.said for place in found_in(said, word)] + leaks_below(*self.written, word=word)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    for name in ("tmp", "home", "out"):
        (tmp_path / name).mkdir()
    write_canaries(tmp_path / "source")
    return Place(tmp_path)


def assert_nothing_leaked(place: Place) -> None:
    assert place.leaks(CONTROL), "the search finds nothing, not even what is there"
    assert place.leaks() == []


def test_a_search_finds_a_canary_in_any_form_that_programs_write() -> None:
    word = canary()
    for offset in range(3):
        assert found_in(base64.b64encode(b"x" * offset + word.encode() + b"y"), CANARY)
    for form in (word, word.upper(), word.encode().hex(), f"\\u0022{word}%20", word.encode("utf-16").decode("latin-1")):
        assert found_in(b"before " + form.encode("latin-1") + b" after", CANARY), form
    assert not found_in(b"zq7 canary", CANARY)


def test_builds_and_what_is_asked_of_them_show_no_canary(place: Place) -> None:
    with keeping(place.folder / "kept", place.folder / "out", place.folder / "tmp", place.folder / "home"):
        assert place.run(*BUILD) == 0
        # The next one takes most from the snapshot, and reads again what was touched, changed and added.
        (place.folder / "source" / "000.md").touch()
        (place.folder / "source" / "more.md").write_text(f"---\nsecured: &a {canary()}\nlayout: [{CONTROL}, *a]\n---\n")
        assert place.run(*BUILD, "--json") == 0
        (place.folder / "more.toml").write_text('lineage = "home/events.jsonl"\nmemory_limit = "60MB"\n')
        assert place.run(*BUILD, "--config", "more.toml", "--full") == 0
        for arguments in (["rejects"], ["rejects", "--json"], ["query", "from tidy.documents", "--json"]):
            assert place.run(*arguments, "--out", "out") == 0
    names = {path.name.partition("-")[2] for path in (place.folder / "kept").iterdir()}
    assert names >= {"listing.parquet", "000000000.parquet", "warehouse.duckdb", "run.json", "events.jsonl"}
    controls = place.leaks(CONTROL)
    for where in ("documents.parquet (cells)", "000000000.parquet (cells)", "(tidy.documents)"):
        assert any(where in control for control in controls), where
    assert_nothing_leaked(place)


@pytest.mark.parametrize(
    ("file", "text", "code", "said"),
    [
        ("checks/aaa_nothing.sql", FAILING_CHECK, 3, b"aaa_nothing found rows"),
        ("marts/aaa_broken.sql", BROKEN_MODEL, 1, b"sql/marts/aaa_broken.sql failed"),
    ],
    ids=["a failed check", "a broken model"],
)
def test_a_build_that_fails_and_shows_values_shows_no_canary(
    place: Place, file: str, text: str, code: int, said: bytes
) -> None:
    with keeping(place.folder / "kept", place.folder / "out", place.folder / "tmp"):
        assert place.run(*BUILD, "--json", script=BROKEN_SQL.format(file=file, text=text)) == code
    assert any(said in each for each in place.said)
    assert_nothing_leaked(place)


def test_a_build_whose_worker_crashes_shows_no_canary(place: Place) -> None:
    for path in sorted((place.folder / "source").iterdir())[20:]:
        path.unlink()
    assert place.run(*BUILD, "--workers", "2", script=CRASHING) == 0
    assert place.run("query", "select path from tidy.rejects where reason = 'crashed'", "--out", "out") == 0
    assert b"010.md" in place.said[-2]
    assert_nothing_leaked(place)


def test_a_build_that_is_killed_leaves_no_canary(place: Place) -> None:
    assert place.run(*BUILD, script=KILLED) == -signal.SIGKILL
    assert list(place.folder.glob("out/snapshots/.building-*/work/fragments/rejects/*.parquet"))
    assert_nothing_leaked(place)
