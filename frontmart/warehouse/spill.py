"""Spilled data of a sandbox: a file system for DuckDB whose files have no name, cannot be shared and are bounded.

DuckDB allows a query every path below its folder for spilled data. Here a path leads to a new empty file each time that
it is opened, so a query can neither read nor replace what another one spilled, and nothing is left when the process
ends, however it ends.
"""

import atexit
import errno
import gc
import os
import tempfile
import threading
import time
from contextlib import suppress
from typing import Any, Final, Self

import duckdb
from fsspec import AbstractFileSystem  # type: ignore[import-untyped]

SCHEME: Final = "frontmart-spill"
_IDLE_SECONDS: Final = 1.0
_MOST_SECONDS: Final = 10.0


class SpillFileSystem(AbstractFileSystem):  # type: ignore[misc]  # fsspec has no types
    """Temporary files without a name, for one DuckDB instance; DuckDB calls it from its threads.

    Args:
        most_bytes: the size of all open files together. A write beyond it raises OSError.
    """

    protocol = SCHEME
    cachable = False

    def __init__(self, most_bytes: int) -> None:
        """Create a file system without files."""
        super().__init__()
        self._space = _Space(most_bytes)

    def open(self, path: str, mode: str = "rb", **_: object) -> "_SpillFile":
        """Open a new empty file, whatever the path."""
        _stop_at_exit()
        return _SpillFile(self._space, mode)

    def exists(self, path: str, **_: object) -> bool:
        """No path exists."""
        return False

    def isfile(self, path: str) -> bool:
        """No path is a file."""
        return False

    def isdir(self, path: str) -> bool:
        """Every path may be a folder, so DuckDB creates none."""
        return True

    def ls(self, path: str, detail: bool = True, **_: object) -> list[Any]:
        """No folder has files."""
        return []

    def glob(self, path: str, maxdepth: int | None = None, **_: object) -> list[str]:
        """No path matches."""
        return []

    def mkdir(self, path: str, create_parents: bool = True, **_: object) -> None:
        """Do nothing: there are no folders."""

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        """Do nothing: there are no folders."""

    def rm(self, path: str, recursive: bool = False, maxdepth: int | None = None) -> None:
        """Do nothing: a file is gone when it is closed."""

    def rm_file(self, path: str) -> None:
        """Do nothing: a file is gone when it is closed."""

    def rmdir(self, path: str) -> None:
        """Do nothing: there are no folders."""

    def mv(self, path1: str, path2: str, recursive: bool = False, maxdepth: int | None = None, **_: object) -> None:
        """Do nothing: a file has no name to change."""


class _Space:
    """The bytes that the open files of one file system take."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()

    def resize(self, before: int, after: int) -> None:
        """Count a file that grows or shrinks. Raises OSError if it grows beyond the limit."""
        with self._lock:
            total = self._bytes + after - before
            if after > before and total > self._most_bytes:
                raise OSError(errno.ENOSPC, f"more than {self._most_bytes:,} bytes of temporary files")
            self._bytes = total


class _SpillFile:
    """One file. Each thread has its own position: DuckDB's threads seek and then read without a lock."""

    def __init__(self, space: _Space, mode: str) -> None:
        # Unbuffered, and without a name from the start where the system can do that.
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (DuckDB closes it)
        self._space = space
        self._size = 0
        self._lock = threading.Lock()
        self._local = threading.local()
        self.mode = mode
        with _Calls.lock:
            _Calls.open_count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self.tell(), os.SEEK_END: self._size}[whence]
        self._local.position = start + position
        return start + position

    def tell(self) -> int:
        return int(getattr(self._local, "position", 0))

    def read(self, count: int = -1) -> bytes:
        _Calls.last = time.monotonic()
        start = self.tell()
        content = os.pread(self._file.fileno(), count if count >= 0 else max(self._size - start, 0), start)
        self._local.position = start + len(content)
        return content

    def write(self, content: bytes) -> int:
        _Calls.last = time.monotonic()
        start, view = self.tell(), memoryview(content)
        self._grow(start + len(view))
        written = 0
        while written < len(view):
            written += os.pwrite(self._file.fileno(), view[written:], start + written)
        self._local.position = start + written
        return written

    def truncate(self, size: int | None = None) -> int:
        target = self.tell() if size is None else size
        self._grow(target)
        with self._lock:
            os.ftruncate(self._file.fileno(), target)
            self._space.resize(self._size, target)
            self._size = target
        return target

    def flush(self) -> None:
        """Do nothing: nothing is buffered."""

    def close(self) -> None:
        with self._lock:
            if not self._file.closed:
                self._space.resize(self._size, 0)
                self._file.close()
                with _Calls.lock:
                    _Calls.open_count -= 1

    def __del__(self) -> None:
        # DuckDB closes some files, and drops others, as after an error.
        self.close()

    def _grow(self, size: int) -> None:
        with self._lock:
            if size > self._size:
                self._space.resize(self._size, size)
                self._size = size


class _Calls:
    """When a file was last used, how many are open, and whether the end of the process is prepared."""

    last = 0.0
    open_count = 0
    lock = threading.Lock()
    is_registered = False


def _stop_at_exit() -> None:
    with _Calls.lock:
        if not _Calls.is_registered:
            atexit.register(_stop_queries)
            _Calls.is_registered = True


def _stop_queries() -> None:
    """Stop queries that still use spilled data: a thread of DuckDB that calls Python while it ends aborts the process.

    Closes the connections that the program left open. An Arrow reader that it left open cannot be found: this waits
    until the threads have filled its buffer and are idle.
    """
    for each in gc.get_objects():
        if type(each) is duckdb.DuckDBPyConnection:
            with suppress(duckdb.Error):
                if each.filesystem_is_registered(SCHEME):
                    each.interrupt()
                    each.close()
    end = time.monotonic() + _MOST_SECONDS
    while _Calls.open_count and time.monotonic() < min(end, _Calls.last + _IDLE_SECONDS):
        time.sleep(_IDLE_SECONDS / 10)
