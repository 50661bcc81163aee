"""The committed sample corpus, built."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from frontmart.pipeline import build
from frontmart.run import Run
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.terminal.progress import Console

SAMPLE = Path(__file__).parents[1] / "data" / "raw"
AS_OF = dt.date(2026, 1, 31)
# The marts that depend on more than the files and the day: on the runs before, and on what was published before.
OF_THE_PAST = ("run_history", "drift")


def build_quietly(source: Path, out: Path, **given: object) -> Run:
    settings = Settings.load(source=source, out=out, **{"as_of": AS_OF, **given})
    return build(settings, LocalRunner(Console(is_quiet=True), settings.workers))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The committed sample corpus, built once; tests only read it."""
    return build_quietly(SAMPLE, tmp_path_factory.mktemp("sample"))


@pytest.fixture
def out(sample: Run, tmp_path: Path) -> Path:
    """An output folder that holds the sample, for a test to change."""
    shutil.copytree(sample.out, tmp_path / "out", symlinks=True)
    return tmp_path / "out"
