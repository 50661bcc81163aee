"""Kill builds at points spread over every step: no published data is lost, and the next build needs no clean-up."""

import json
import shutil
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from frontmart.snapshots.store import published
from tests.reliability.fault_injection import Fault
from tests.reliability.fault_points import FEW, FaultPoint, many
from tests.reliability.workspace import (
    IS_LONG,
    Workspace,
    hashes_of,
    leftovers_in,
    problems_in,
    published_hashes,
    write_versions,
)
from tests.sample import build_quietly

# A lower bound of a worker's life: starting takes longer than the work that it does here.
WORKER_SECONDS = 0.3


@dataclass(frozen=True)
class Killing:
    """The workspace of the killed builds, and what an unharmed build gives.

    Attributes:
        workspace: the output folder and the corpus.
        expected: version -> path -> hash of the Parquet files that a build gives.
        measured: build (first, change) -> unit (calls, seconds) -> step -> length of the step.
    """

    workspace: Workspace
    expected: Mapping[str, Mapping[str, str]]
    measured: Mapping[str, Mapping[str, Mapping[str, float]]]

    def prepare(self, build: str) -> str:
        """Set up a first build, or one with a changed source; returns the version of the corpus that it publishes."""
        if build == "first":
            shutil.rmtree(self.workspace.out)
        version = "b" if published_hashes(self.workspace.out) == self.expected["a"] else "a"
        self.workspace.use_version(version)
        return version

    def fault_at(self, point: FaultPoint) -> Fault:
        report = str(self.workspace.folder / "hit")
        fault = Fault(point.step, report, action=f"kill {point.victim}", in_pool=point.in_pool)
        if point.in_pool:
            return replace(fault, seconds=point.share * WORKER_SECONDS)
        whole = self.measured[point.build][point.by][point.step]
        if point.by == "calls":
            return replace(fault, calls=max(1, round(point.share * whole)))
        return replace(fault, seconds=point.share * whole)


@pytest.fixture(scope="module")
def killing(tmp_path_factory: pytest.TempPathFactory) -> Killing:
    folder = tmp_path_factory.mktemp("kills")
    workspace = Workspace(folder, write_versions(folder / "versions"))
    expected, measured = {}, {}
    for build, version in (("first", "a"), ("change", "b")):
        workspace.use_version(version)
        done = workspace.run_with_fault(Fault("", str(folder / "measured")))
        assert (done.returncode, done.stderr) == (0, "")
        expected[version] = hashes_of(published(workspace.out))
        measured[build] = json.loads((folder / "measured").read_text())
    return Killing(workspace, expected, measured)


@pytest.mark.parametrize("point", many() if IS_LONG else FEW, ids=str)
def test_a_killed_build_leaves_a_whole_snapshot_and_needs_no_clean_up(
    killing: Killing, point: FaultPoint, record_property: Callable[[str, object], None]
) -> None:
    out, hit = killing.workspace.out, killing.workspace.folder / "hit"
    version = killing.prepare(point.build)
    before = published_hashes(out)
    hit.unlink(missing_ok=True)

    killed = killing.workspace.run_with_fault(killing.fault_at(point))
    record_property("killed_in", hit.read_text())
    # A build reads the files of a killed worker again, and succeeds.
    assert killed.returncode == (0 if point.victim == "worker" else -signal.SIGKILL), killed.stderr
    assert published_hashes(out) in (
        [killing.expected[version]] if point.victim == "worker" else [before, killing.expected[version]]
    )
    assert problems_in(out) == []

    if IS_LONG:
        rebuilt = killing.workspace.build()
        assert (rebuilt.returncode, rebuilt.stdout, rebuilt.stderr) == (0, "", "")
    else:  # in this process, which saves the second that a process takes to start
        build_quietly(killing.workspace.source, out, keep_snapshots=1)
    assert published_hashes(out) == killing.expected[version]
    assert problems_in(out) == []
    assert leftovers_in(out) == []
