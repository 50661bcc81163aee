"""Processes that try inputs, and may die of one: the input is named, and all others are tried nevertheless."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any, Final

from tests.fuzz.inputs import Inputs
from tests.fuzz.trying import Tally, try_inputs

BATCH: Final = 250
# Processor time that an input may take before it is given up; see `promises` for what it may take at most.
HANG_SECONDS: Final = 60.0
# And time on the clock, for one that only waits; much, because a busy machine lets others wait as well.
STILL_SECONDS: Final = 1_800.0

_CONTEXT: Final = get_context("spawn")


def try_in_processes(inputs: Inputs, count: int, workers: int, show: Callable[[int], None]) -> Tally:
    """Try the first `count` inputs in so many processes; `show` is called with how many were tried so far."""
    ranges: SimpleQueue[range] = SimpleQueue()
    for start in range(0, count, BATCH):
        ranges.put(range(start, min(count, start + BATCH)))
    whole, lock = Tally(), Lock()
    with ThreadPoolExecutor(workers) as pool:

        def took(part: Tally) -> None:
            with lock:
                whole.add(part)
                show(whole.tried_count)

        for future in [pool.submit(_supervise, inputs, ranges, took) for _ in range(workers)]:
            future.result()
    return whole


def _supervise(inputs: Inputs, ranges: "SimpleQueue[range]", took: Callable[[Tally], None]) -> None:
    """Have ranges tried by a process, by a new one whenever it died, until there are no more."""
    worker = _Worker(inputs)
    try:
        while True:
            try:
                numbers = ranges.get_nowait()
            except Empty:
                return
            done = worker.run(numbers)
            if isinstance(done, Tally):
                took(done)
                continue
            number, problem = worker.current.value, done
            worker.end()
            worker = _Worker(inputs)
            took(Tally(failures={number: problem}))
            for part in (range(numbers.start, number), range(number + 1, numbers.stop)):
                if part:
                    ranges.put(part)
    finally:
        worker.end()


class _Worker:
    """A process that tries ranges of inputs, one after the other."""

    def __init__(self, inputs: Inputs) -> None:
        self.current: Any = _CONTEXT.RawValue("q", -1)
        self._connection, its_end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_work, args=(inputs, self.current, its_end), daemon=True)
        self._process.start()
        its_end.close()

    def run(self, numbers: range) -> Tally | str:
        """What came of a range of inputs, or what became of the process, whose current input is to blame."""
        self.current.value = numbers.start
        with suppress(BrokenPipeError):
            self._connection.send(numbers)
        last, since, used = numbers.start, time.monotonic(), self._processor_seconds()
        while True:
            try:
                if self._connection.poll(0.2):
                    tally: Tally = self._connection.recv()
                    return tally
            except (EOFError, ConnectionResetError):
                self._process.join()
                return f"crash: the process ended with {self._process.exitcode}"
            if self.current.value != last:
                last, since, used = self.current.value, time.monotonic(), self._processor_seconds()
            elif self._processor_seconds() - used > HANG_SECONDS or time.monotonic() - since > STILL_SECONDS:
                return f"hang: no end within {HANG_SECONDS:.0f} s of processor time"

    def _processor_seconds(self) -> float:
        """What the process has used so far; nothing of one that is gone."""
        try:
            used = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except FileNotFoundError:
            return 0.0
        return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()


def _work(inputs: Inputs, current: Any, connection: "Connection[Any, Any]") -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # rapidyaml reports each refusal there

    def tell(number: int) -> None:
        current.value = number

    with suppress(EOFError):
        while True:
            connection.send(try_inputs(inputs, connection.recv(), tell))
