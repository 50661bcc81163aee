"""Runs the steps of a pipeline as Prefect tasks: each is seen, timed, and tried again where that can help.

Shards go to a task runner (threads, processes, the workers of a Dask cluster), all other steps run where the flow runs,
because they share one open warehouse.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, ParamSpec, TypeVar

from prefect import Task, get_run_logger, task
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.exceptions import CrashedRun
from prefect.futures import PrefectFuture, as_completed
from prefect.task_runners import TaskRunner
from prefect.tasks import exponential_backoff

from frontmart.extract.pool import ShardWork, run_in_pool
from frontmart.extract.shards import Shard
from frontmart.runners import is_small, processors, timed

P = ParamSpec("P")
T = TypeVar("T")

_HOUR: Final = 3_600
_BACK_OFF_SECONDS: Final = 2
# An extract of fewer shards is over before anyone could look at its progress.
_SHARDS_WORTH_PROGRESS: Final = 8


@dataclass(frozen=True, slots=True)
class Policy:
    """How often a step is tried again after an error of the file system, and when it is given up."""

    retries: int = 0
    timeout_seconds: int = _HOUR


# Files come and go on network shares, so reading and publishing may well succeed the next time. What else a step
# meets (a model that fails, a disk that is full, a check that finds rows) is there the next time too.
POLICIES: Final = {
    "list": Policy(retries=3),
    "extract": Policy(retries=3),
    "load": Policy(timeout_seconds=2 * _HOUR),
    "model": Policy(timeout_seconds=4 * _HOUR),
    "publish": Policy(retries=3),
}


class PrefectRunner:
    """Runs each step as a task of the flow run that it is used in."""

    def __init__(self, task_runner: TaskRunner[Any], workers: int | None = None, pool: Executor | None = None) -> None:
        """Take who runs the tasks that parse shards.

        Args:
            task_runner: any, already started.
            workers: how many tasks it runs at a time; one a core where None.
            pool: processes that the tasks hand their shards to, where they run in threads of this process.
        """
        self.seconds: dict[str, float] = {}
        self.workers = workers or processors()
        self._task_runner = task_runner
        self._pool = pool

    def run(self, step: str, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a step once as a task of this process, and keep its seconds under its name."""

        # What a step is given (an open warehouse, whole frames) is nothing for Prefect to look through.
        def run_step() -> T:
            return function(*args, **kwargs)

        with self._timed(step):
            return as_task(step, run_step, _policy(step))()

    def map_shards(self, step: str, work: ShardWork, shards: Sequence[Shard]) -> None:
        """Run a step for every shard as a task each, on the task runner where there are enough files.

        A shard whose worker died is done again here, file by file where it must be, as without Prefect.
        """
        is_serial = is_small(shards) or self.workers == 1
        do_shard = as_task(step, _do_shard if is_serial or self._pool is None else _done_by(self._pool), _policy(step))
        with self._timed(step), _progress(step, shards) as advance:
            if is_serial:
                for shard in shards:
                    advance(do_shard(work, shard))
                return
            futures = {self._task_runner.submit(do_shard, {"work": work, "shard": shard}): shard for shard in shards}
            lost = []
            for future in as_completed(list(futures)):
                done = _result_unless_lost(future)
                if done is None:
                    lost.append(futures[future])
                else:
                    advance(done)
            for shard in lost:
                work.undo(shard)
            for done in run_in_pool(work, lost, self.workers):
                advance(done)

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        try:
            with timed(step, self.seconds):
                yield
        finally:
            get_run_logger().info("step=%s seconds=%.3f", step, self.seconds[step])


def as_task(name: str, function: Callable[P, T], policy: Policy) -> Task[P, T]:
    """A function as a task: tried again after errors of the operating system alone, its result kept nowhere."""
    make = task(
        name=name,
        task_run_name=name,
        tags=["frontmart"],
        retries=policy.retries,
        retry_delay_seconds=exponential_backoff(_BACK_OFF_SECONDS),
        retry_jitter_factor=0.5,
        retry_condition_fn=_is_worth_another_try,
        timeout_seconds=policy.timeout_seconds,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    return make(function)


def _policy(step: str) -> Policy:
    return POLICIES.get(step, Policy())


def _do_shard(work: ShardWork, shard: Shard) -> int:
    return work.run(shard)


def _done_by(pool: Executor) -> Callable[[ShardWork, Shard], int]:
    """What a task in a thread does with a shard: it waits for a process to do it."""

    def do_shard(work: ShardWork, shard: Shard) -> int:
        return pool.submit(work.run, shard).result()

    return do_shard


def _is_worth_another_try(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.result(raise_on_failure=False), OSError)


def _result_unless_lost(future: PrefectFuture[int]) -> int | None:
    """The files done, or None where the process that did them died. Raises what the task raised."""
    try:
        return future.result()
    except _signs_of_death():
        return None


def _signs_of_death() -> tuple[type[Exception], ...]:
    """What a task runner raises for a task whose process died; Dask is optional, and imported where it is used."""
    dask = sys.modules.get("distributed")
    return (BrokenProcessPool, CrashedRun, *((dask.KilledWorker,) if dask else ()))


@contextmanager
def _progress(step: str, shards: Sequence[Shard]) -> Iterator[Callable[[int], None]]:
    """Count files in a progress artifact, where there are enough to watch."""
    total = sum(shard.file_count for shard in shards)
    if len(shards) < _SHARDS_WORTH_PROGRESS:
        yield lambda count: None
        return
    artifact: Any = create_progress_artifact(0.0, key=f"{step}-progress", description=f"{step}: {total:,} files")
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        update_progress_artifact(artifact, 100.0 * done / total)

    yield advance
