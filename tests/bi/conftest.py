"""BI tools, run for real: `make test-bi`. They take minutes to set up and are not part of `make test`."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from frontmart.run import Run
from tests.sample import SAMPLE, build_quietly

ROOT = Path(__file__).parents[2]
BIN = ROOT / ".venv-bi" / "bin"

collect_ignore_glob = [] if "FRONTMART_BI" in os.environ else ["test_*.py"]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The committed sample corpus, built once; tests only read it."""
    return build_quietly(SAMPLE, tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def elsewhere() -> Callable[..., str]:
    """Runs a program of the tools' environment -> its output."""

    def run(*command: object, **env: str) -> str:
        if not BIN.exists():
            pytest.fail("the BI tools are not set up: run `make test-bi`")
        done = subprocess.run(
            [BIN / str(command[0]), *map(str, command[1:])],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **env},
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    return run
