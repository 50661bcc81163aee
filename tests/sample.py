"""Fixtures: the committed sample corpus and a build of it."""

import datetime as dt
import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from frontmart.catalog.models import read_models
from frontmart.catalog.sql_folder import SQL
from frontmart.pipeline import build
from frontmart.run import Run
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.terminal.progress import Console
from tests.few_models import building_few_models

SAMPLE = Path(__file__).parents[1] / "data" / "raw"
AS_OF = dt.date(2026, 1, 31)
# Marts that depend on earlier runs or on the snapshot before, and not only on the source files and the day.
DEPEND_ON_THE_PAST = (
    "run_history", "drift", "activity", "article_life", "take_downs", "stale_articles", "lead_changes", "topic_changes",
    "link_decay", "write_noise", "glitches",
)  # fmt: skip

# Columns of tidy.files that differ between copies of a source.
DEPEND_ON_THE_COPY = ("ctime_ns", "inode")


def hash_of_files(path: Path) -> str:
    """The hash of a Parquet file of tidy.files without what differs between copies of a source."""
    return hashlib.sha256(pl.read_parquet(path).drop(DEPEND_ON_THE_COPY).write_csv().encode()).hexdigest()


def mart_names() -> list[str]:
    """The names of all marts, sorted, so that no test counts them by hand."""
    return sorted(model.name for model in read_models(SQL) if model.layer == "marts")


def build_quietly(source: Path, out: Path, *, allow_empty: bool = False, **given: object) -> Run:
    """Build in this process without output; `given` are settings."""
    settings = Settings.load(source=source, out=out, **{"as_of": AS_OF, **given})
    return build(settings, LocalRunner(Console(is_quiet=True), settings.workers), allow_empty=allow_empty)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A build of the sample corpus, shared by all tests of a process: read it only."""
    return build_quietly(SAMPLE, tmp_path_factory.mktemp("sample"))


# The article that `changed_sample` has under another title since its second build.
CHANGED = "_news/2019-05-10-fenwhistle-riders-ask-for-a-c-library-for-elevation-data-get-it-96.md"


@pytest.fixture(scope="session")
def changed_sample(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two builds of the sample corpus, of which the history has two steps: an article changed. Read it only."""
    folder = tmp_path_factory.mktemp("changed-sample")
    shutil.copytree(SAMPLE, folder / "source")
    build_quietly(folder / "source", folder / "out")
    article = folder / "source" / CHANGED
    article.write_text(re.sub("(?m)^title: .*", "title: Another title", article.read_text(encoding="utf-8")))
    return build_quietly(folder / "source", folder / "out")


@pytest.fixture(scope="session")
def few_sample(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """As `sample`, of few models."""
    with building_few_models():
        return build_quietly(SAMPLE, tmp_path_factory.mktemp("few-sample"))


@pytest.fixture
def few_models() -> Iterator[None]:
    """The builds of a test run few models, see `tests.few_models`."""
    with building_few_models():
        yield


@pytest.fixture
def out(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the sample's output folder, for a test to change; of few models if it builds those."""
    built: Run = request.getfixturevalue("few_sample" if "few_models" in request.fixturenames else "sample")
    shutil.copytree(built.out, tmp_path / "out", symlinks=True)
    return tmp_path / "out"
