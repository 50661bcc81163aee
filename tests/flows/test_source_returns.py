"""A source that is away when a schedule builds, and back when the listing is tried again. No step is replaced."""

import shutil
from pathlib import Path

import pytest

from tests.flows.conftest import Server
from tests.sample import SAMPLE, build_quietly

# The folder comes back when Prefect says that it will try again, after a second instead of two.
BUILD = """
import logging, os, sys
from flows import prefect_runner
from flows.scheduled import build
source, away, out = sys.argv[1:4]
prefect_runner._BACK_OFF_SECONDS = 1
retries = []

class Return(logging.Handler):
    def emit(self, record):
        if "Retry" in record.getMessage():
            retries.append(record.getMessage())
            if os.path.exists(away):
                if os.path.isdir(source):
                    os.rmdir(source)
                os.rename(away, source)

logging.getLogger("prefect.task_runs").addHandler(Return(logging.DEBUG))
logging.getLogger("prefect.task_runs").setLevel(logging.DEBUG)
state = build(source=source, out=out, return_state=True)
print(state.type.value, "|", state.message, "|", len(retries))
"""


@pytest.mark.parametrize("is_there", [False, True], ids=["missing", "empty"])
def test_a_source_that_returns_between_two_tries_is_built(server: Server, tmp_path: Path, is_there: bool) -> None:
    source, away, out = (tmp_path / name for name in ("source", "away", "out"))
    shutil.copytree(SAMPLE, source)
    build_quietly(source, out, as_of=None)
    source.rename(away)
    if is_there:
        source.mkdir()
    done = server.python(BUILD, source, away, out)
    assert done.stdout.splitlines()[-1:] == ["COMPLETED | None | 1"], done.stderr
    assert not away.exists()
