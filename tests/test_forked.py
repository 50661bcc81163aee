"""Forked programs behave as started ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from frontmart.snapshots.store import published
from tests.forked import ForkServer, commands
from tests.reliability.workspace import hashes_of

SHOW = """
import os, sys, tempfile
print(sys.argv, os.getcwd(), os.environ.get("GREETING"), __name__, sys.path[0], sys.stdin.read())
print("wrong", file=sys.stderr)
sys.exit(7)
"""
PROGRAMS = {
    "arguments, folder and environment": ["-c", SHOW, "a", "b c"],
    "an exit without a code": ["-c", "print('done')"],
    "a message as the code": ["-c", "import sys; sys.exit('no')"],
    "a module": ["-m", "frontmart.cli", "status", "--out", "nowhere"],
    "a kill": ["-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"],
    "a handler of the end": ["-c", "import atexit; atexit.register(print, 'the end')"],
    "much output": ["-c", "import sys; print('x' * 300_000); print('y' * 300_000, file=sys.stderr)"],
}


@pytest.mark.parametrize("safe_path", ["", "1"], ids=["", "safe path"])
@pytest.mark.parametrize("arguments", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_forked_program_ends_as_a_started_one(tmp_path: Path, arguments: list[str], safe_path: str) -> None:
    env = os.environ | {"GREETING": "good morning", "PYTHONSAFEPATH": safe_path}
    expected = subprocess.run(
        [sys.executable, *arguments], cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    done = commands().run(arguments, cwd=tmp_path, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (expected.returncode, expected.stdout, expected.stderr)


def test_what_a_program_changes_is_gone_with_it() -> None:
    commands().run(["-c", "import os, sys; sys.modules['json'] = None; os.environ['LEFT'] = 'x'; os.chdir('/')"])
    done = commands().run(["-c", "import json, os; print('LEFT' in os.environ, os.getcwd())"])
    assert done.stdout == f"False {Path.cwd()}\n"


def test_a_server_that_cannot_import_is_an_error() -> None:
    server = ForkServer(["no_such_module"])
    with pytest.raises((EOFError, BrokenPipeError, ConnectionResetError)):
        server.run(["-c", "print(1)"])
    server.close()


def test_a_fork_builds_what_a_started_process_does(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.md").write_text("---\ntitle: A\ntopics: [B]\n---\n")
    arguments = ["-m", "frontmart.cli", "build", "source", "--as-of", "2026-01-31", "--quiet", "--out"]
    assert commands().run([*arguments, "forked"], cwd=tmp_path).returncode == 0
    subprocess.run([sys.executable, *arguments, "started"], cwd=tmp_path, check=True)
    forked, started = (published(tmp_path / out) for out in ("forked", "started"))
    assert hashes_of(forked) == hashes_of(started)
