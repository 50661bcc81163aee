"""Builds that are told to end, or lose their folder: they end in order, and say what stays."""

import signal

import pytest

from frontmart.snapshots.store import published_id
from tests.reliability.disturbed import Moment
from tests.reliability.ground import Ground, faults_of, finished, litter_of, seconds_until_dead, write_versions
from tests.sample import build_quietly

WORD = {"terminate": "terminated", "interrupt all": "interrupted"}
EXIT_CODE = {"terminate": 128 + signal.SIGTERM, "interrupt all": 128 + signal.SIGINT}


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """An output folder with a snapshot, and a source that has changed since; each test leaves it so."""
    folder = tmp_path_factory.mktemp("endings")
    ground = Ground(folder, write_versions(folder / "versions"))
    publish_first_version(ground)
    return ground


def publish_first_version(ground: Ground) -> None:
    ground.put("a")
    build_quietly(ground.source, ground.out, keep_snapshots=1)
    ground.put("b")


@pytest.mark.parametrize(
    ("act", "step", "when"),
    [
        ("terminate", "list", {"calls": 100}),
        ("terminate", "model", {"seconds": 0.1}),
        ("terminate", "manifest", {"calls": 100}),
        ("interrupt all", "check", {"seconds": 0.05}),
        ("interrupt all", "extract", {"seconds": 0.3, "in_pool": True}),
        ("terminate", "extract", {"seconds": 0.2, "in_pool": True}),
    ],
)
def test_a_build_that_is_told_to_end_does_so_in_order(
    ground: Ground, act: str, step: str, when: dict[str, float]
) -> None:
    before = published_id(ground.out)
    process = ground.disturb(Moment(step, str(ground.folder / "hit"), act=act, **when))
    process.wait(60)
    seconds_until_dead(process.pid)
    done = finished(process)
    assert (done.returncode, done.stdout) == (EXIT_CODE[act], "")
    assert done.stderr == f"frontmart: {WORD[act]}; the last published snapshot is unchanged\n"
    assert published_id(ground.out) == before
    assert faults_of(ground.out) == []
    assert litter_of(ground.out) == []


@pytest.mark.parametrize("step", ["plan", "write", "publish"])
def test_an_output_folder_that_is_removed_meanwhile_is_told_and_the_next_build_begins_anew(
    ground: Ground, step: str
) -> None:
    moment = Moment(step, str(ground.folder / "hit"), calls=1, act="remove folder", target=str(ground.out))
    done = finished(ground.disturb(moment))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"frontmart: {ground.out}/snapshots/.building-")
    assert "was removed while the build ran" in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    publish_first_version(ground)
    assert faults_of(ground.out) == []
    assert litter_of(ground.out) == []
