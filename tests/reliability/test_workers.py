"""Workers whose parent is killed end by themselves, whatever they are doing."""

import os
import re
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from frontmart.extract.pool import ShardWork, run_in_pool
from frontmart.extract.shards import Shard
from tests.processes import wait_for
from tests.reliability.workspace import living_processes, wait_until_dead


def compute_for_ever(shard: Shard) -> int:
    """Run Python code without end."""
    (shard.fragments / str(shard.start)).touch()
    while True:
        sum(range(1_000))


def match_for_long(shard: Shard) -> int:
    """Keep the GIL in a library for about a second."""
    (shard.fragments / str(shard.start)).touch()
    re.match(r"(a+)+$", "a" * 23 + "b")
    return shard.file_count


def do_nothing(shard: Shard) -> int:
    return shard.file_count


def run_pool(work: Callable[[Shard], int], folder: Path) -> None:
    """Run shards in workers, in a process group of their own, so that the test can list them."""
    os.setpgid(0, 0)
    shards = [Shard(start, start + 1, folder / "listing", folder, folder, weight=1) for start in range(2)]
    sum(run_in_pool(ShardWork(work, do_nothing, do_nothing), shards, workers=2))


@pytest.mark.parametrize("work", [compute_for_ever, match_for_long])
def test_workers_die_with_the_process_that_started_them(tmp_path: Path, work: Callable[[Shard], int]) -> None:
    parent = get_context("spawn").Process(target=run_pool, args=(work, tmp_path))
    parent.start()
    wait_for(lambda: len(list(tmp_path.iterdir())) == 2)
    group = parent.pid or 0
    assert len(living_processes(group)) >= 3
    parent.kill()
    parent.join()
    wait_until_dead(group)
    assert living_processes(group) == []
