"""How a step is run. A pipeline says what to do; a runner decides where, and keeps the time."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final, ParamSpec, Protocol, TypeVar

from frontmart.extract.pool import OpenPool, ShardWork, run_in_pool, spawned_pool
from frontmart.extract.shards import Shard
from frontmart.terminal.progress import Console

P = ParamSpec("P")
T = TypeVar("T")

# Of less weight than this, starting workers (each imports Polars) takes longer than they save.
_SERIAL_WEIGHT: Final = 24 * 2**20


class Runner(Protocol):
    """What a pipeline needs of whatever runs it: how many workers there are, and what became of each second."""

    seconds: dict[str, float]
    workers: int

    def run(self, step: str, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a step once, and keep its seconds under its name."""
        ...

    def map_shards(self, step: str, work: ShardWork, shards: Sequence[Shard]) -> None:
        """Run a step for every shard, in any order, and keep its seconds."""
        ...


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def is_small(shards: Sequence[Shard]) -> bool:
    """Whether so little is to be parsed that workers would take longer to start than they save."""
    return sum(shard.weight for shard in shards) < _SERIAL_WEIGHT


@contextmanager
def timed(step: str, seconds: dict[str, float]) -> Iterator[None]:
    """Add the seconds that the block takes, however it ends, to those of a step."""
    start = time.perf_counter()
    try:
        yield
    finally:
        seconds[step] = seconds.get(step, 0.0) + time.perf_counter() - start


class LocalRunner:
    """Runs steps in this process, and shards over a pool of spawned processes where there are enough files."""

    def __init__(self, console: Console, workers: int | None = None, open_pool: OpenPool = spawned_pool) -> None:
        """Take where to show progress, how many processes parse (one per core if None), and what starts them."""
        self.seconds: dict[str, float] = {}
        self._console = console
        self.workers = workers or processors()
        self._open_pool = open_pool

    def run(self, step: str, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a step once, here, and keep its seconds under its name."""
        with timed(step, self.seconds):
            return function(*args, **kwargs)

    def map_shards(self, step: str, work: ShardWork, shards: Sequence[Shard]) -> None:
        """Run a step for every shard; a progress bar counts the files."""
        total = sum(shard.file_count for shard in shards)
        is_serial = self.workers == 1 or is_small(shards)
        with timed(step, self.seconds), self._console.progress(step, total) as advance:
            if is_serial:
                for shard in shards:
                    advance(work.run(shard))
                return
            # Closed here, so that no worker writes to a snapshot that a failure has removed.
            with closing(run_in_pool(work, shards, self.workers, self._open_pool)) as counts:
                for done in counts:
                    advance(done)
