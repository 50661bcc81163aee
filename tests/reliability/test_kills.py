"""Builds that are killed, at moments spread over every step: nothing is lost, and nobody has to tidy up."""

import json
import shutil
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from frontmart.snapshots.store import published
from tests.reliability.disturbed import Moment
from tests.reliability.ground import (
    IS_LONG,
    Ground,
    digests,
    faults_of,
    finished,
    litter_of,
    published_digests,
    seconds_until_dead,
    write_versions,
)
from tests.reliability.moments import FEW, Plan, many
from tests.sample import build_quietly

# How long a worker lives at the least: to start takes it longer than all that it does here.
WORKER_SECONDS = 0.3


@dataclass(frozen=True)
class Killing:
    """Where builds are killed.

    Attributes:
        ground: the output folder, and the corpus.
        expected: the tables and marts of each version, by a build that lived.
        measured: the calls and seconds of each step, of a first build and of one with something changed.
    """

    ground: Ground
    expected: Mapping[str, Mapping[str, str]]
    measured: Mapping[str, Mapping[str, Mapping[str, float]]]

    def prepare(self, build: str) -> str:
        """Have the next build be the first or one with something to change -> the version that it publishes."""
        if build == "first":
            shutil.rmtree(self.ground.out)
        version = "b" if published_digests(self.ground.out) == self.expected["a"] else "a"
        self.ground.put(version)
        return version

    def moment(self, plan: Plan) -> Moment:
        moment = Moment(plan.step, str(self.ground.folder / "hit"), act=f"kill {plan.victim}", in_pool=plan.in_pool)
        if plan.in_pool:
            return replace(moment, seconds=plan.share * WORKER_SECONDS)
        whole = self.measured[plan.build][plan.by][plan.step]
        if plan.by == "calls":
            return replace(moment, calls=max(1, round(plan.share * whole)))
        return replace(moment, seconds=plan.share * whole)


@pytest.fixture(scope="module")
def killing(tmp_path_factory: pytest.TempPathFactory) -> Killing:
    folder = tmp_path_factory.mktemp("kills")
    ground = Ground(folder, write_versions(folder / "versions"))
    expected, measured = {}, {}
    for build, version in (("first", "a"), ("change", "b")):
        ground.put(version)
        done = finished(ground.disturb(Moment("", str(folder / "measured"))))
        assert (done.returncode, done.stderr) == (0, "")
        expected[version] = digests(published(ground.out))
        measured[build] = json.loads((folder / "measured").read_text())
    return Killing(ground, expected, measured)


@pytest.mark.parametrize("plan", many() if IS_LONG else FEW, ids=str)
def test_a_killed_build_leaves_a_whole_snapshot_and_nothing_to_tidy_up(
    killing: Killing, plan: Plan, record_property: Callable[[str, object], None]
) -> None:
    out, hit = killing.ground.out, killing.ground.folder / "hit"
    version = killing.prepare(plan.build)
    before = published_digests(out)
    hit.unlink(missing_ok=True)

    process = killing.ground.disturb(killing.moment(plan))
    process.wait(300)
    seconds_until_dead(process.pid)
    killed = finished(process)
    record_property("killed_in", hit.read_text())
    # A build whose worker is killed does the worker's files again.
    assert killed.returncode == (0 if plan.victim == "worker" else -signal.SIGKILL), killed.stderr
    assert published_digests(out) in (
        [killing.expected[version]] if plan.victim == "worker" else [before, killing.expected[version]]
    )
    assert faults_of(out) == []

    if IS_LONG:
        rebuilt = killing.ground.build()
        assert (rebuilt.returncode, rebuilt.stdout, rebuilt.stderr) == (0, "", "")
    else:  # the same without the second that a process takes to start
        build_quietly(killing.ground.source, out, keep_snapshots=1)
    assert published_digests(out) == killing.expected[version]
    assert faults_of(out) == []
    assert litter_of(out) == []
