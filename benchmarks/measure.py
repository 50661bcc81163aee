"""Run a command and measure it: wall seconds, CPU seconds and peak memory, its descendants included.

Linux only: processes and their memory are read from /proc. Each command runs in a new session, and every process of
that session counts, so the sums include process pools and orphaned children.
"""

import os
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SAMPLE_SECONDS: Final = 0.02
# Index of a field in /proc/<pid>/stat, counted after the command name, which may contain spaces and parentheses.
_SESSION: Final = 3


@dataclass(frozen=True)
class Measurement:
    """The cost of one run of a command. `failure` is its exit code and last line of output if it failed, else None."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    failure: str | None = None


class PeakMemory:
    """Samples the resident memory of all processes of a session until it is stopped.

    Resident sets are added up, so pages that processes share count once per process: an upper bound. A peak of the sum
    between two samples is missed; that of a single process is not, since the kernel records its high-water mark.
    """

    def __init__(self, session: int) -> None:
        """Set up for a session, given by the id of its first process."""
        self.peak_bytes = 0
        self._session = session
        self._strangers: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "PeakMemory":
        """Start sampling."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop sampling."""
        self._stop.set()
        self._thread.join()

    def sample(self) -> None:
        """Take one sample."""
        sizes = [memory_of(pid) for pid in self._members()]
        together = sum(resident for resident, _ in sizes)
        self.peak_bytes = max(self.peak_bytes, together, *(highest for _, highest in sizes), 0)

    def _watch(self) -> None:
        while not self._stop.is_set():
            self.sample()
            self._stop.wait(SAMPLE_SECONDS)

    def _members(self) -> list[str]:
        # Look at a process of another session once, not fifty times a second.
        with os.scandir("/proc") as entries:
            pids = {entry.name for entry in entries if entry.name.isdigit()}
        self._strangers &= pids
        members = []
        for pid in pids - self._strangers:
            if session_of(pid) == self._session:
                members.append(pid)
            else:
                self._strangers.add(pid)
        return members


def session_of(pid: str) -> int | None:
    """The session id of a process, or None if it has ended."""
    stat = _read(f"/proc/{pid}/stat")
    return int(stat.rpartition(")")[2].split()[_SESSION]) if stat else None


def memory_of(pid: str) -> tuple[int, int]:
    """Resident bytes of a process, now and at most so far; zeros if it has ended."""
    lines = dict(line.split(":", 1) for line in _read(f"/proc/{pid}/status").splitlines() if line.startswith("Vm"))
    now, highest = (int(lines[name].split()[0]) * 1024 if name in lines else 0 for name in ("VmRSS", "VmHWM"))
    return now, highest


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def measure(
    command: Sequence[str | Path],
    folder: Path,
    *,
    env: Mapping[str, str] | None = None,
    limit_seconds: float = 3600,
) -> Measurement:
    """Run a command and measure it; kill it after `limit_seconds`.

    Its standard output and error go to `folder`/log.txt.
    """
    # Pending writes of the previous run would slow this one down.
    os.sync()
    with (folder / "log.txt").open("wb") as log:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # The user's own settings must not affect the measurement.
            env={name: value for name, value in os.environ.items() if not name.startswith("FRONTMART_")}
            | dict(env or {}),
            start_new_session=True,
        )
        with PeakMemory(process.pid) as memory:
            timer = threading.Timer(limit_seconds, _kill, [process.pid])
            timer.start()
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except (KeyboardInterrupt, SystemExit):
                _kill(process.pid)
                raise
            finally:
                timer.cancel()
            seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    failure = None if process.returncode == 0 else _last_words(folder, process.returncode)
    return Measurement(seconds, usage.ru_utime + usage.ru_stime, memory.peak_bytes, failure)


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _last_words(folder: Path, code: int) -> str:
    lines = (folder / "log.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"exit {code}: {lines[-1].strip()}" if lines else f"exit {code}"


@dataclass(frozen=True)
class Summary:
    """Several runs of a command: median, fastest and slowest wall seconds, median CPU seconds, highest peak memory."""

    runs: int
    seconds: float
    fastest: float
    slowest: float
    cpu_seconds: float
    peak_bytes: int


def summary(runs: Sequence[Measurement]) -> Summary:
    """Summarise one or more runs."""
    seconds = [run.seconds for run in runs]
    return Summary(
        runs=len(runs),
        seconds=statistics.median(seconds),
        fastest=min(seconds),
        slowest=max(seconds),
        cpu_seconds=statistics.median(run.cpu_seconds for run in runs),
        peak_bytes=max(run.peak_bytes for run in runs),
    )
