"""A terminal of a given size, for a process that looks whether it has one."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import DEFAULT_SIGNALS

_PATIENCE_SECONDS = 300


@dataclass
class Terminal:
    """A process on a terminal, and all that it has written so far."""

    process: subprocess.Popen[bytes]
    descriptor: int
    written: str = field(default="")

    def send(self, text: str) -> None:
        """Type text."""
        os.write(self.descriptor, text.encode())

    def wait_for(self, text: str, *, after: int = 0) -> int:
        """Read until a text appears -> the position of its end. Fails if it does not appear in time."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while (found := self.written.find(text, after)) < 0:
            if not self._read(end):
                raise AssertionError(f"{text!r} was not written, but {self.written[after:]!r}")
        return found + len(text)

    def wait(self) -> int:
        """Read to the end; the exit code."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while self._read(end):
            pass
        return self.process.wait(timeout=_PATIENCE_SECONDS)

    def _read(self, end: float) -> bool:
        ready, _, _ = select.select([self.descriptor], [], [], max(0, end - time.monotonic()))
        try:
            chunk = os.read(self.descriptor, 65536) if ready else b""
        except OSError:  # Linux says that the other side is closed by an error
            chunk = b""
        self.written += chunk.decode(errors="replace").replace("\r\n", "\n")
        return bool(chunk)


@contextmanager
def on_terminal(
    *arguments: object, columns: int = 100, lines: int = 30, cwd: Path | None = None, **environment: str | None
) -> Iterator[Terminal]:
    """Run `frontmart` with arguments on a terminal; a variable that is None is not set."""
    command = [sys.executable, "-m", "frontmart.cli", *map(str, arguments)]
    with command_on_terminal(command, columns=columns, lines=lines, cwd=cwd, **environment) as terminal:
        yield terminal


@contextmanager
def command_on_terminal(
    command: list[str], *, columns: int = 100, lines: int = 30, cwd: Path | None = None, **environment: str | None
) -> Iterator[Terminal]:
    """Run a command on a terminal; a variable that is None is not set."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    process = subprocess.Popen(
        [*DEFAULT_SIGNALS, *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=_environment(environment),
        start_new_session=True,
        cwd=cwd,
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _environment(given: Mapping[str, str | None]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "PAGER", "LESS")}
    merged = {**inherited, "TERM": "xterm", **given}
    return {name: value for name, value in merged.items() if value is not None}
