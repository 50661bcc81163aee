"""A pool of worker processes for shards. If a worker dies, only the file that killed it is rejected.

A build of few files uses no pool (see `runners`): there, a crash in a library crashes the build.
"""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import Lock, Thread
from types import ModuleType
from typing import Any, Final, Protocol

from frontmart.import_path import safe_path

# Makes a pool of a number of processes.
OpenPool = Callable[[int], ProcessPoolExecutor]


class AnyShard(Protocol):
    """A part of a work: some of its files. It is sent to other processes."""

    @property
    def weight(self) -> int:
        """Estimated work, in bytes to parse."""
        ...

    @property
    def file_count(self) -> int:
        """The number of files."""
        ...

    def halves(self) -> Sequence[Any]:
        """Split it in two shards of its kind."""
        ...


@dataclass(frozen=True, slots=True)
class ShardWork:
    """The functions that process a shard, of one kind. They must be importable: they run in spawned processes.

    Attributes:
        run: processes a shard -> number of files.
        discard: removes the partial output of a shard whose process died.
        reject: records the file of a shard of one file, which kills its process, as a reject -> number of files.
    """

    run: Callable[[Any], int]
    discard: Callable[[Any], None]
    reject: Callable[[Any], int]


def run_in_pool(
    work: ShardWork, shards: Sequence[AnyShard], workers: int, open_pool: OpenPool | None = None
) -> Generator[int, None, None]:
    """Process the shards in any order, and yield the number of files of each when it is done.

    When a worker dies, the shards that were running are processed again one at a time, and split in halves, until the
    file that kills its worker is found; that file is rejected.
    """
    waiting = deque(shards)
    open_pool = open_pool or spawned_pool
    while waiting:
        suspects: list[AnyShard] = []
        yield from _run_until_worker_dies(work, waiting, suspects, min(workers, len(waiting)), open_pool)
        yield from _isolate_crash(work, suspects, open_pool)


def _run_until_worker_dies(
    work: ShardWork, waiting: deque[AnyShard], suspects: list[AnyShard], workers: int, open_pool: OpenPool
) -> Iterator[int]:
    running: dict[Future[int], AnyShard] = {}
    with open_pool(workers) as pool:
        while (waiting or running) and not suspects:
            # One shard per worker at a time, so that the running shards are known when a worker dies.
            while waiting and len(running) < workers:
                shard = waiting.popleft()
                running[_submit(pool, work, shard)] = shard
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                shard = running.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    suspects.append(shard)
        suspects.extend(running.values())


def _isolate_crash(work: ShardWork, suspects: list[AnyShard], open_pool: OpenPool) -> Iterator[int]:
    stack = suspects[::-1]
    while stack:
        shard = stack.pop()
        work.discard(shard)
        try:
            with open_pool(1) as pool:
                done = _submit(pool, work, shard).result()
        except BrokenProcessPool:
            work.discard(shard)
            if shard.file_count == 1:
                done = work.reject(shard)
            else:
                stack.extend(reversed(shard.halves()))
                continue
        yield done


def _submit(pool: ProcessPoolExecutor, work: ShardWork, shard: AnyShard) -> Future[int]:
    """Submit a shard. A worker that starts for it inherits a blocked SIGINT, until `_init_worker` unblocks it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(work.run, shard)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def spawned_pool(workers: int) -> ProcessPoolExecutor:
    """Create a pool of processes, started on demand, that exit with their parent."""
    return _pool(workers, _SafeContext())


def script_pool(workers: int) -> ProcessPoolExecutor:
    """As `spawned_pool`, for a build that a script calls: its processes do not import the script.

    They would run it again, up to the call that started them, unless it had an `if __name__ == "__main__"`.
    """
    return _pool(workers, _ScriptContext())


def _pool(workers: int, context: SpawnContext) -> ProcessPoolExecutor:
    # Spawned, because forked children of a process with the threads of Polars may hang. Creating the pool starts a
    # process too, the one that `multiprocessing` tracks its locks with.
    with safe_path():
        return ProcessPoolExecutor(workers, mp_context=context, initializer=_init_worker)


_POLARS_THREADS: Final = "POLARS_MAX_THREADS"


@contextmanager
def _environment() -> Iterator[None]:
    """The environment of a worker, for the processes that start in this block: one thread of Polars for each.

    There is a process per core. `safe_path` lets one thread at a time in.
    """
    with safe_path():
        before = os.environ.get(_POLARS_THREADS)
        os.environ.setdefault(_POLARS_THREADS, "1")
        try:
            yield
        finally:
            if before is None:
                del os.environ[_POLARS_THREADS]


# Two threads that build at once would otherwise take each other's empty module for the script, and leave it in place.
_START: Final = Lock()


class _SafeProcess(SpawnProcess):
    def start(self) -> None:
        with _environment():
            super().start()


class _SafeContext(SpawnContext):
    Process = _SafeProcess


class _ScriptProcess(_SafeProcess):
    def start(self) -> None:
        with _START:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                super().start()
            finally:
                sys.modules["__main__"] = main


class _ScriptContext(SpawnContext):
    Process = _ScriptProcess


def _init_worker() -> None:
    """Make this worker exit when its parent is killed; otherwise it would wait for work forever.

    Ctrl-C reaches the workers too: they exit without a message, and the parent reports it. If the parent ignores
    SIGINT, so do they.
    """
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    Thread(target=_exit_with_parent, name="parent", daemon=True).start()


def _exit_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
