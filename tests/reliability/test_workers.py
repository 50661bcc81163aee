"""Workers whose parent is killed: they end by themselves, whatever they do."""

import os
import re
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from frontmart.extract.pool import ShardWork, run_in_pool
from frontmart.extract.shards import Shard
from tests.reliability.ground import alive, seconds_until_dead

PATIENCE_SECONDS = 60


def compute_for_ever(shard: Shard) -> int:
    """Something long in Python."""
    (shard.fragments / str(shard.start)).touch()
    while True:
        sum(range(1_000))


def match_for_long(shard: Shard) -> int:
    """Something long in a library that lets no other thread in: a second or so."""
    (shard.fragments / str(shard.start)).touch()
    re.match(r"(a+)+$", "a" * 23 + "b")
    return shard.file_count


def forget(shard: Shard) -> int:
    return shard.file_count


def run_pool(work: Callable[[Shard], int], folder: Path) -> None:
    """Run shards in workers, in a group of processes that can be looked through."""
    os.setpgid(0, 0)
    shards = [Shard(start, start + 1, folder / "listing", folder, folder, weight=1) for start in range(2)]
    sum(run_in_pool(ShardWork(work, forget, forget), shards, workers=2))


@pytest.mark.parametrize("work", [compute_for_ever, match_for_long])
def test_workers_die_with_the_process_that_started_them(tmp_path: Path, work: Callable[[Shard], int]) -> None:
    parent = get_context("spawn").Process(target=run_pool, args=(work, tmp_path))
    parent.start()
    begin = time.monotonic()
    while len(list(tmp_path.iterdir())) < 2:
        assert time.monotonic() - begin < PATIENCE_SECONDS
        time.sleep(0.01)
    group = parent.pid or 0
    assert len(alive(group)) >= 3
    parent.kill()
    parent.join()
    seconds_until_dead(group)
    assert alive(group) == []
