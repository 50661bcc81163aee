"""Runners: where the steps of the pipeline run. A runner also measures their seconds."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final, ParamSpec, Protocol, TypeVar

from frontmart.extract.pool import AnyShard, OpenPool, ShardWork, run_in_pool, spawned_pool
from frontmart.terminal.progress import Console

P = ParamSpec("P")
T = TypeVar("T")

# Below this weight, starting workers (each imports Polars) takes longer than it saves.
_SERIAL_WEIGHT: Final = 96 * 2**20


class Runner(Protocol):
    """The interface between the pipeline and what runs it.

    Attributes:
        seconds: elapsed seconds by step.
        workers: number of parser processes.
    """

    seconds: dict[str, float]
    workers: int

    def run(self, step: str, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a step, and record its seconds."""
        ...

    def map_shards(self, step: str, work: ShardWork, shards: Sequence[AnyShard]) -> None:
        """Run a step for each shard, in any order, and record its seconds."""
        ...

    def warn(self, message: str) -> None:
        """Show a warning, in one line, where users of the runner look."""
        ...


def available_cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


def is_small(shards: Sequence[AnyShard]) -> bool:
    """Whether there is so little to parse that starting workers takes longer than it saves."""
    return sum(shard.weight for shard in shards) < _SERIAL_WEIGHT


@contextmanager
def timed(step: str, seconds: dict[str, float]) -> Iterator[None]:
    """Add the seconds of the block to those of a step, even if it fails."""
    start = time.perf_counter()
    try:
        yield
    finally:
        seconds[step] = seconds.get(step, 0.0) + time.perf_counter() - start


class LocalRunner:
    """Runs steps in this process, and shards in a pool of processes if there is enough to parse."""

    def __init__(self, console: Console, workers: int | None = None, open_pool: OpenPool = spawned_pool) -> None:
        """Set where progress is shown, the number of parser processes (None: one per core), and what starts them."""
        self.seconds: dict[str, float] = {}
        self._console = console
        self.workers = workers or available_cores()
        self._open_pool = open_pool

    def run(self, step: str, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a step in this process, and record its seconds."""
        with timed(step, self.seconds):
            return function(*args, **kwargs)

    def warn(self, message: str) -> None:
        """Show a warning on the console."""
        self._console.warn(message)

    def map_shards(self, step: str, work: ShardWork, shards: Sequence[AnyShard]) -> None:
        """Run a step for each shard, with a progress bar of files."""
        total = sum(shard.file_count for shard in shards)
        is_serial = self.workers == 1 or is_small(shards)
        with timed(step, self.seconds), self._console.progress(step, total) as advance:
            if is_serial:
                for shard in shards:
                    advance(work.run(shard))
                return
            # Closed before the stage is removed after a failure, so that no worker writes to it.
            with closing(run_in_pool(work, shards, self.workers, self._open_pool)) as counts:
                for done in counts:
                    advance(done)
