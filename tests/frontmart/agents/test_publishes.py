"""A server that runs while snapshots are published, pruned and rolled back, and where there is none."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontmart.run import Run
from frontmart.snapshots.retention import prune
from frontmart.snapshots.store import roll_back
from tests.frontmart.agents.client import Agent, connected, processes
from tests.frontmart.warehouse.test_read_only import open_files
from tests.sample import SAMPLE, build_quietly

pytestmark = pytest.mark.build


@pytest.fixture(scope="module")
def served(sample: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Agent, Path]]:
    """A server of a folder in which nothing is published yet."""
    out = tmp_path_factory.mktemp("served") / "out"
    with connected(out) as agent:
        for tool, arguments in (("catalog", {}), ("query", {"sql": "select 1"}), ("describe", {"name": "topics"})):
            error = agent.error(tool, **arguments)
            assert error.startswith(f"{out}: ")
            assert "frontmart build" in error
        shutil.copytree(sample.out, out, symlinks=True)
        yield agent, out


def source_of(agent: Agent) -> tuple[str, str]:
    found = agent.answer("query", sql="select count(*) as n from articles")
    assert found["rows"] == [{"n": 181}]
    assert agent.answer("describe", name="articles")["snapshot_id"] == found["snapshot_id"]
    assert agent.answer("catalog")["snapshot_id"] == found["snapshot_id"]
    return found["snapshot_id"], found["as_of_date"]


def test_each_call_reads_what_is_published_then(served: tuple[Agent, Path], sample: Run) -> None:
    agent, out = served
    first = (str(sample.snapshot_id), "2026-01-31")
    assert source_of(agent) == first
    run = build_quietly(SAMPLE, out, as_of=dt.date(2026, 2, 1))
    second = (str(run.snapshot_id), "2026-02-01")
    assert source_of(agent) == second
    roll_back(out)
    assert source_of(agent) == first
    roll_back(out, run.snapshot_id)
    assert source_of(agent) == second
    assert prune(out, 1, None).removed == [sample.snapshot_id]
    assert source_of(agent) == second

    (out / "published").rename(out / "elsewhere")
    assert "frontmart" in agent.error("query", sql="select 1")
    (out / "elsewhere").rename(out / "published")
    assert source_of(agent) == second


def test_a_server_holds_no_file_of_a_snapshot_between_calls(served: tuple[Agent, Path]) -> None:
    agent, out = served
    agent.answer("query", sql="from articles")
    running = processes(out)
    assert len(running) >= 2  # the server and a worker
    opened = {file for process in running for file in open_files(process) if file.is_relative_to(out.resolve())}
    assert opened == set()
