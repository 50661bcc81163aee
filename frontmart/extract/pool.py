"""Shards over a pool of spawned processes. A worker that dies costs the file that killed it, and nothing else.

A few files are parsed without a pool, see `runners`: there, a crash in a library is a crash of the build.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from threading import Thread

from frontmart.extract.shards import Shard


@dataclass(frozen=True, slots=True)
class ShardWork:
    """What to do with shards; each function must be importable, since it runs in a spawned process.

    Attributes:
        run: does the work of a shard; the number of files done.
        undo: removes what `run` may have left of a shard when its process died.
        reject: records of a shard of a single file that kills whoever does it; the number of files done.
    """

    run: Callable[[Shard], int]
    undo: Callable[[Shard], None]
    reject: Callable[[Shard], int]


def run_in_pool(work: ShardWork, shards: Sequence[Shard], workers: int) -> Generator[int, None, None]:
    """Do every shard in any order; the number of files of each as it is done.

    When a worker dies, the shards that were under way are done one at a time, and in halves, until the file that
    kills its worker is found; that one is given up.
    """
    waiting = deque(shards)
    while waiting:
        suspects: list[Shard] = []
        yield from _until_a_worker_dies(work, waiting, suspects, min(workers, len(waiting)))
        yield from _one_by_one(work, suspects)


def _until_a_worker_dies(work: ShardWork, waiting: deque[Shard], suspects: list[Shard], workers: int) -> Iterator[int]:
    running: dict[Future[int], Shard] = {}
    with spawned_pool(workers) as pool:
        while (waiting or running) and not suspects:
            # No more than one shard a worker is handed out, so that what is under way is known when one dies.
            while waiting and len(running) < workers:
                shard = waiting.popleft()
                running[_submitted(pool, work, shard)] = shard
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                shard = running.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    suspects.append(shard)
        suspects.extend(running.values())


def _one_by_one(work: ShardWork, suspects: list[Shard]) -> Iterator[int]:
    stack = suspects[::-1]
    while stack:
        shard = stack.pop()
        work.undo(shard)
        try:
            with spawned_pool(1) as pool:
                done = _submitted(pool, work, shard).result()
        except BrokenProcessPool:
            work.undo(shard)
            if shard.file_count == 1:
                done = work.reject(shard)
            else:
                stack.extend(reversed(shard.halves()))
                continue
        yield done


def _submitted(pool: ProcessPoolExecutor, work: ShardWork, shard: Shard) -> Future[int]:
    """A shard handed to a pool, which may start a worker for it: with Ctrl-C blocked until it can die in silence."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(work.run, shard)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def spawned_pool(workers: int) -> ProcessPoolExecutor:
    """Processes that start from nothing, as many as there is work for, and die with the one that started them."""
    # Forked children of a process with Polars' threads may hang: spawn.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_depend_on_parent)


def _depend_on_parent() -> None:
    """Have this worker die when its parent is killed: it would wait for work for ever.

    Ctrl-C goes to the workers too: they die of it in silence, and the parent tells. Where the parent ignores it, so do
    they.
    """
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    Thread(target=_die_after_parent, name="parent", daemon=True).start()


def _die_after_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
