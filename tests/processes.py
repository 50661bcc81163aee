"""Start child processes in a known state, and wait for them without guessing how long they take."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

# Put this before a command that a test interrupts or terminates. A shell starts background jobs with SIGINT ignored;
# child processes inherit that, and Frontmart leaves an ignored signal ignored.
DEFAULT_SIGNALS: Final = ("env", "--default-signal=INT,TERM")
IGNORED_INTERRUPTS: Final = ("env", "--ignore-signal=INT")
# Long, so that only what never happens fails, however busy the machine.
PATIENCE_SECONDS: Final = 300.0


def wait_for(find: Callable[[], T], seconds: float = PATIENCE_SECONDS, pause: float = 0.05) -> T:
    """Call a function until it returns a true value, and return it. Raises TimeoutError when the time is up."""
    end = time.monotonic() + seconds
    while not (found := find()):
        if time.monotonic() > end:
            raise TimeoutError(f"nothing after {seconds} s")
        time.sleep(pause)
    return found


def cpu_seconds(process_id: int) -> float:
    """CPU time that a process has used so far; 0 if it has ended."""
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
