"""Task runners by name: the parameter `task_runner` of the build flow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.prefect_runner import PrefectRunner
from frontmart.errors import UsageError
from frontmart.extract.pool import spawned_pool
from frontmart.runners import available_cores


@contextmanager
def open_runner(name: str, workers: int | None) -> Iterator[PrefectRunner]:
    """Start a task runner, and stop it at the end of the block.

    `processes` does not use Prefect's ProcessPoolTaskRunner, in which every worker imports Prefect, and a killed worker
    may leave a lock for which the flow run waits forever.

    Args:
        name: processes, threads, dask (a cluster on this machine), or the address of a Dask scheduler.
        workers: number of workers (None: one per core, or all threads of a running cluster).

    Raises:
        UsageError: for any other name, if Dask is not installed, or if the scheduler does not answer.
    """
    count = workers or available_cores()
    threads: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=count)
    if name == "processes":
        with threads, spawned_pool(count) as pool:
            yield PrefectRunner(threads, count, pool)
    elif name == "threads":
        with threads:
            yield PrefectRunner(threads, count)
    elif name == "dask" or "://" in name:
        dask, count = _dask(name, count, workers)
        with dask:
            yield PrefectRunner(dask, count)
    else:
        raise UsageError(f"task_runner: {name!r} is not a task runner; use processes, threads, dask or tcp://HOST:PORT")


def _dask(name: str, count: int, workers: int | None) -> tuple[TaskRunner[Any], int]:
    try:
        from distributed import Client
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        message = "task_runner: Dask is not installed; install it with pip install 'frontmart[dask]'"
        raise UsageError(message) from None
    if name == "dask":
        return DaskTaskRunner(cluster_kwargs={"n_workers": count, "threads_per_worker": 1}), count
    try:
        with Client(name, timeout=10, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            threads = sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values())
    except (OSError, ValueError) as error:
        raise UsageError(
            f"task_runner: no Dask scheduler answers at {name} ({error}); start it, or correct the address"
        ) from None
    return DaskTaskRunner(address=name), workers or max(1, threads)
