"""Check inputs in worker processes: an input that kills its worker is reported, and all others are still checked."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any, Final

from tests.fuzz.inputs import Inputs
from tests.fuzz.run_inputs import Tally, run_inputs
from tests.processes import cpu_seconds

BATCH: Final = 250
# CPU time after which an input counts as a hang; `invariants` has the bound that an input must keep.
HANG_SECONDS: Final = 60.0
# Wall-clock time, for an input that waits without using the CPU; long, because a busy machine delays workers too.
STILL_SECONDS: Final = 1_800.0

_CONTEXT: Final = get_context("spawn")


def run_in_processes(inputs: Inputs, count: int, workers: int, show: Callable[[int], None]) -> Tally:
    """Check the first `count` inputs in worker processes; `show` is called with the number checked so far."""
    ranges: SimpleQueue[range] = SimpleQueue()
    for start in range(0, count, BATCH):
        ranges.put(range(start, min(count, start + BATCH)))
    whole, lock = Tally(), Lock()
    with ThreadPoolExecutor(workers) as pool:

        def add(part: Tally) -> None:
            with lock:
                whole.add(part)
                show(whole.input_count)

        for future in [pool.submit(_supervise, inputs, ranges, add) for _ in range(workers)]:
            future.result()
    return whole


def _supervise(inputs: Inputs, ranges: "SimpleQueue[range]", add: Callable[[Tally], None]) -> None:
    """Check ranges in one process until all are done; start a new process whenever it dies."""
    worker = _Worker(inputs)
    try:
        while True:
            try:
                numbers = ranges.get_nowait()
            except Empty:
                return
            done = worker.run(numbers)
            if isinstance(done, Tally):
                add(done)
                continue
            number, problem = worker.current.value, done
            worker.end()
            worker = _Worker(inputs)
            add(Tally(failures={number: problem}))
            for part in (range(numbers.start, number), range(number + 1, numbers.stop)):
                if part:
                    ranges.put(part)
    finally:
        worker.end()


class _Worker:
    """A process that checks ranges of inputs, one after the other."""

    def __init__(self, inputs: Inputs) -> None:
        self.current: Any = _CONTEXT.RawValue("q", -1)
        self._connection, its_end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_work, args=(inputs, self.current, its_end), daemon=True)
        self._process.start()
        its_end.close()

    def run(self, numbers: range) -> Tally | str:
        """Check a range of inputs. Returns its counts, or how the process failed on its current input."""
        self.current.value = numbers.start
        with suppress(BrokenPipeError):
            self._connection.send(numbers)
        last, since, used = numbers.start, time.monotonic(), cpu_seconds(self._process.pid or 0)
        while True:
            try:
                if self._connection.poll(0.2):
                    tally: Tally = self._connection.recv()
                    return tally
            except (EOFError, ConnectionResetError):
                self._process.join()
                return f"crash: the process ended with {self._process.exitcode}"
            if self.current.value != last:
                last, since, used = self.current.value, time.monotonic(), cpu_seconds(self._process.pid or 0)
            elif cpu_seconds(self._process.pid or 0) - used > HANG_SECONDS or time.monotonic() - since > STILL_SECONDS:
                return f"hang: no end within {HANG_SECONDS:.0f} s of CPU time"

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()


def _work(inputs: Inputs, current: Any, connection: "Connection[Any, Any]") -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # rapidyaml writes each refusal to it

    def set_current(number: int) -> None:
        current.value = number

    with suppress(EOFError):
        while True:
            connection.send(run_inputs(inputs, connection.recv(), set_current))
