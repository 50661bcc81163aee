"""Too little memory: a message where the process can still give one, and the last snapshot as it was in any case."""

import resource

from frontmart.snapshots.store import published_id
from tests.reliability.ground import Ground, faults_of, litter_of
from tests.sample import build_quietly

MEGABYTE = 2**20


def test_a_build_that_the_system_gives_no_memory_leaves_the_last_snapshot(ground: Ground) -> None:
    before = published_id(ground.out)
    limit = (500 * MEGABYTE, 500 * MEGABYTE)
    done = ground.build("--full", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limit))
    assert done.returncode != 0
    assert published_id(ground.out) == before
    assert faults_of(ground.out) == []
    build_quietly(ground.source, ground.out, keep_snapshots=1)
    assert (faults_of(ground.out), litter_of(ground.out)) == ([], [])


def test_a_memory_limit_that_does_not_suffice_is_told_with_the_setting_to_raise(ground: Ground) -> None:
    before = published_id(ground.out)
    config = ground.folder / "small.toml"
    config.write_text('memory_limit = "2MB"\n')
    done = ground.build("--config", str(config))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("frontmart: ")
    assert done.stderr.endswith("Raise memory_limit.\n")
    assert done.stderr.count("\n") == 1
    assert (published_id(ground.out), litter_of(ground.out)) == (before, [])
