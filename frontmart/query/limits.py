"""Limits on the process of `frontmart query`, which runs one query and ends: its memory, and its time."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from frontmart.errors import UsageError
from frontmart.warehouse.query_errors import TOO_LARGE, TOO_SLOW

_STATUS: Final = Path("/proc/self/status")
# The memory that DuckDB may take for tables and sorts, once more for the result in other formats, and for code.
_GIGABYTES: Final = 2.25
# The stacks and allocators of the threads that DuckDB, Arrow and Polars start for each core.
_MEGABYTES_PER_CORE: Final = 64
_GRACE_SECONDS: Final = 5.0
TIMED_OUT: Final = 2


@contextmanager
def limit_memory() -> Iterator[None]:
    """Limit the memory of this process during the block, so that a query that needs more fails with an error.

    DuckDB's own limit covers tables, sorts and joins, but not a single value: `repeat('a', 3000000000)` takes 6 GB. The
    limit is on data that the process can write, not on addresses, of which allocators reserve far more than they use.
    Only Linux has it; a lower limit that is already set stays.

    Raises UsageError for a result that does not fit in this memory.
    """
    if not sys.platform.startswith("linux"):
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    limit = _data_bytes() + int(_GIGABYTES * 1024**3) + _MEGABYTES_PER_CORE * 1024**2 * (os.cpu_count() or 1)
    lowest = min((each for each in before if each != resource.RLIM_INFINITY), default=limit)
    resource.setrlimit(resource.RLIMIT_DATA, (min(limit, lowest), before[1]))
    try:
        yield
    except MemoryError:  # while a result is written
        raise UsageError(TOO_LARGE) from None
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _data_bytes() -> int:
    """The size of the data of this process; 0 where the system does not say."""
    try:
        lines = _STATUS.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:")), 0)


@contextmanager
def end_after(seconds: float | None) -> Iterator[None]:
    """End the process if DuckDB still runs in this block some seconds after a timeout (None for none).

    DuckDB looks at the clock between steps of a query, but one call of a function, such as sleep_ms, is one step. The
    block must not write the result: who reads it slowly, in a pager or a pipe, is no reason to end.
    """
    if seconds is None:
        yield
        return

    def end() -> None:
        sys.stderr.write(f"frontmart: {TOO_SLOW}\n")
        sys.stderr.flush()
        os._exit(TIMED_OUT)

    timer = threading.Timer(min(seconds + _GRACE_SECONDS, threading.TIMEOUT_MAX), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
