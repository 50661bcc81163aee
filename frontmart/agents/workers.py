"""The worker processes of the server: one for each call, kept for the next one, killed if a call does not end."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import anyio
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from frontmart.agents.limits import ANSWER_BYTES, CALLS_AT_ONCE, GRACE_SECONDS, Limits, too_slow
from frontmart.errors import FrontmartError, UsageError

# Escapes take up to six bytes for each.
_MOST_BYTES: Final = 8 * ANSWER_BYTES
# What libraries keep of each call does not pile up.
_CALLS_OF_A_WORKER: Final = 100
_RUN: Final = "import sys; sys.path[:] = sys.argv.pop().split('\\n'); from frontmart.agents.worker import main; main()"


@dataclass(slots=True)
class _Worker:
    process: Process
    answers: BufferedByteReceiveStream
    call_count: int = 0

    async def ask(self, call: bytes) -> bytes:
        self.call_count += 1
        stream = self.process.stdin
        if stream is None:
            raise FrontmartError("a worker has no standard input; start the server again")
        await stream.send(call + b"\n")
        return await self.answers.receive_until(b"\n", _MOST_BYTES)

    @property
    def is_usable(self) -> bool:
        return self.process.returncode is None and self.call_count < _CALLS_OF_A_WORKER

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()


@dataclass(slots=True)
class Workers:
    """Worker processes, started on demand; all are killed when the block ends.

    Attributes:
        out: the output folder.
        limits: the limits of a call.
    """

    out: Path
    limits: Limits
    _idle: list[_Worker] = field(default_factory=list)
    _all: list[_Worker] = field(default_factory=list)
    _starting: anyio.Lock = field(default_factory=anyio.Lock)
    _slots: anyio.Semaphore = field(default_factory=lambda: anyio.Semaphore(CALLS_AT_ONCE))

    async def ask(self, call: bytes) -> bytes:
        """Let a worker answer a call, given and returned as a line of `worker`. At most CALLS_AT_ONCE run at a time.

        A call that is cancelled, or takes too long, ends with its worker.

        Raises UsageError for a call that takes too long, and for one whose worker dies.
        """
        async with self._slots:
            worker = await self._take()
            is_done = False
            try:
                with anyio.fail_after(self.limits.timeout + GRACE_SECONDS):
                    answer = await worker.ask(call)
                is_done = True
            except TimeoutError:
                raise UsageError(too_slow(self.limits.timeout)) from None
            except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError, anyio.DelimiterNotFound):
                advice = "it took too much memory, or crashed; select fewer rows or columns"
                raise UsageError(f"the query failed: {advice}") from None
            finally:
                self._give_back(worker, is_done=is_done)
        return answer

    async def warm_up(self) -> None:
        """Start a worker for the first call."""
        with suppress(FrontmartError):
            self._idle.append(await self._take())

    def kill(self) -> None:
        """Kill all workers."""
        for worker in self._all:
            worker.kill()

    async def __aenter__(self) -> Self:
        """Return the workers, of which none has been started."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill all workers and wait for their end."""
        self.kill()
        with anyio.CancelScope(shield=True):
            for worker in self._all:
                await worker.process.aclose()

    async def _take(self) -> _Worker:
        # One start at a time: the first call takes the worker that `warm_up` starts.
        async with self._starting:
            while self._idle:
                worker = self._idle.pop()
                if worker.is_usable:
                    return worker
                worker.kill()
            return await self._start()

    def _give_back(self, worker: _Worker, *, is_done: bool) -> None:
        if is_done and worker.is_usable:
            self._idle.append(worker)
            return
        worker.kill()

    async def _start(self) -> _Worker:
        """Start a worker, and wait until it can answer: that takes none of the time of a call."""
        try:
            process = await anyio.open_process(self._command(), stderr=None)
        except OSError as error:
            raise FrontmartError(f"a worker process cannot be started ({error.strerror}); call again later") from None
        if process.stdout is None:
            raise FrontmartError("a worker has no standard output; start the server again")
        worker = _Worker(process, BufferedByteReceiveStream(process.stdout))
        self._all = [*(each for each in self._all if each.process.returncode is None), worker]
        try:
            await worker.answers.receive_until(b"\n", _MOST_BYTES)
        except (anyio.EndOfStream, anyio.IncompleteRead):
            raise FrontmartError("a worker process did not start; see the log of the server") from None
        except BaseException:
            worker.kill()
            raise
        return worker

    def _command(self) -> Sequence[str]:
        """Python with the import path of this process, and without the working folder, which may be anyone's."""
        path = "\n".join(entry or os.curdir for entry in sys.path)
        limits = self.limits
        return [sys.executable, "-P", "-c", _RUN, str(self.out), str(limits.timeout), str(limits.rows), path]
