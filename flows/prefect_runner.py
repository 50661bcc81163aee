"""PrefectRunner: runs the steps of the pipeline as Prefect tasks, which are visible, timed and retried if that helps.

Shards go to a task runner (threads, processes or a Dask cluster). All other steps run in the process of the flow,
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

from frontmart.errors import SourceUnavailableError
from frontmart.extract.pool import AnyShard, ShardWork, run_in_pool
from frontmart.runners import available_cores, is_small, timed

P = ParamSpec("P")
T = TypeVar("T")

_HOUR: Final = 3_600
_BACK_OFF_SECONDS: Final = 2
# With fewer shards, the extract is over before anyone could look at its progress.
_MIN_SHARDS_FOR_PROGRESS: Final = 8


@dataclass(frozen=True, slots=True)
class Policy:
    """How often a step is retried after a transient error, and after how many seconds it times out."""

    retries: int = 0
    timeout_seconds: int = _HOUR


# Reading and publishing on a network share may succeed on a retry, and a source may be mounted again. Other errors (a
# model that fails, a full disk, a check that finds rows) would only happen again.
POLICIES: Final = {
    "list": Policy(retries=3),
    "extract": Policy(retries=3),
    "load": Policy(timeout_seconds=2 * _HOUR),
    "model": Policy(timeout_seconds=4 * _HOUR),
    "publish": Policy(retries=3),
}


class PrefectRunner:
    """Runs each step as a task of the current flow run."""

    def __init__(self, task_runner: TaskRunner[Any], workers: int | None = None, pool: Executor | None = None) -> None:
        """Use a task runner for shards.

        Args:
            task_runner: any task runner, already started.
            workers: tasks that it runs at a time (None: one per core).
            pool: processes that parse the shards, if the tasks are threads of this process.
        """
        self.seconds: dict[str, float] = {}
        self.workers = workers or available_cores()
        self._task_runner = task_runner
        self._pool = pool

    def run(self, step: str, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a step as a task in this process, and record its seconds."""

        # Without parameters: Prefect would inspect and serialize them (an open warehouse, whole data frames).
        def run_step() -> T:
            return function(*args, **kwargs)

        with self._timed(step):
            return as_task(step, run_step, _policy(step))()

    def warn(self, message: str) -> None:
        """Log a warning in the current flow run or task run."""
        get_run_logger().warning(message)

    def map_shards(self, step: str, work: ShardWork, shards: Sequence[AnyShard]) -> None:
        """Run a step for each shard as a task: on the task runner, or in this process if there is little to parse.

        Shards whose worker died are run again in a pool of this process, which isolates the file that kills its worker.
        """
        is_serial = is_small(shards) or self.workers == 1
        do_shard = as_task(step, _do_shard if is_serial or self._pool is None else _run_in(self._pool), _policy(step))
        with self._timed(step), _progress(step, shards) as advance:
            if is_serial:
                for shard in shards:
                    advance(do_shard(work, shard))
                return
            futures = {self._task_runner.submit(do_shard, {"work": work, "shard": shard}): shard for shard in shards}
            lost = []
            for future in as_completed(list(futures)):
                done = _result_unless_worker_died(future)
                if done is None:
                    lost.append(futures[future])
                else:
                    advance(done)
            for shard in lost:
                work.discard(shard)
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
    """Turn a function into a task that is retried only after a transient error and whose result is not stored."""
    make = task(
        name=name,
        task_run_name=name,
        tags=["frontmart"],
        retries=policy.retries,
        retry_delay_seconds=exponential_backoff(_BACK_OFF_SECONDS),
        retry_jitter_factor=0.5,
        retry_condition_fn=_is_transient,
        timeout_seconds=policy.timeout_seconds,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    return make(function)


def _policy(step: str) -> Policy:
    return POLICIES.get(step, Policy())


def _do_shard(work: ShardWork, shard: AnyShard) -> int:
    return work.run(shard)


def _run_in(pool: Executor) -> Callable[[ShardWork, AnyShard], int]:
    """A function for tasks that are threads: it runs the shard in a process of the pool and waits for it."""

    def do_shard(work: ShardWork, shard: AnyShard) -> int:
        return pool.submit(work.run, shard).result()

    return do_shard


def _is_transient(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.result(raise_on_failure=False), OSError | SourceUnavailableError)


def _result_unless_worker_died(future: PrefectFuture[int]) -> int | None:
    """The number of files, or None if the worker process died. Raises what the task raised."""
    try:
        return future.result()
    except _worker_death_errors():
        return None


def _worker_death_errors() -> tuple[type[Exception], ...]:
    """The errors of a task whose worker died. Dask is optional: its error counts only once it is imported."""
    dask = sys.modules.get("distributed")
    return (BrokenProcessPool, CrashedRun, *((dask.KilledWorker,) if dask else ()))


@contextmanager
def _progress(step: str, shards: Sequence[AnyShard]) -> Iterator[Callable[[int], None]]:
    """Show progress in files as a Prefect artifact, if there are enough shards."""
    total = sum(shard.file_count for shard in shards)
    if len(shards) < _MIN_SHARDS_FOR_PROGRESS:
        yield lambda count: None
        return
    artifact: Any = create_progress_artifact(0.0, key=f"{step}-progress", description=f"{step}: {total:,} files")
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        update_progress_artifact(artifact, 100.0 * done / total)

    yield advance
