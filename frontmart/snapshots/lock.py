"""Locks on folders: one process at a time writes an output folder or the target of an export."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from frontmart.errors import LockedError, UsageError
from frontmart.snapshots.fsync import make_folders

SNAPSHOTS: Final = "snapshots"
_PATTERNS: Final = frozenset("*?[]\\")


@contextmanager
def lock_output(out: Path) -> Iterator[None]:
    """Lock an output folder for a build; create it if it does not exist.

    Raises LockedError and UsageError as `lock_folder` does, and UsageError for a name or a link that is not safe. An
    OSError of the block that names no file is raised with the name of the folder.
    """
    _require_plain_name(out)

    def prepare() -> None:
        make_folders(out / SNAPSHOTS)
        reject_foreign_link(out / SNAPSHOTS)

    with lock_folder(out, "build", "give another --out", prepare):
        try:
            yield
        except OSError as error:
            # Errors of writing, such as a full disk, name no file.
            error.filename = error.filename or os.fspath(out)
            raise


@contextmanager
def lock_folder(folder: Path, writer: str, remedy: str, prepare: Callable[[], None]) -> Iterator[None]:
    """Lock a folder for the block; the operating system releases the lock if the process dies.

    Args:
        folder: the folder to lock.
        writer: the kind of process that locks it, such as build.
        remedy: what a user can do if the folder is locked or cannot be written.
        prepare: creates the folder before it is locked.

    Raises:
        LockedError: if another process has locked the folder.
        UsageError: if the folder cannot be created or written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".lock", timeout=0)
    try:
        prepare()
        lock.acquire()
    except Timeout:
        message = f"{folder}: another {writer} holds the lock of this folder; wait until it ends, or {remedy}"
        raise LockedError(message) from None
    except OSError as error:
        message = f"{error.filename or folder}: cannot be written ({error.strerror})"
        raise UsageError(f"{message}; {remedy}") from None
    try:
        yield
    finally:
        lock.release()


def _require_plain_name(out: Path) -> None:
    """Raise UsageError for a name that DuckDB or Polars would read as a glob pattern."""
    forbidden = sorted(_PATTERNS.intersection(str(out)))
    if forbidden:
        raise UsageError(f"{out}: an output folder cannot have {' '.join(forbidden)} in its name; give another --out")


def reject_foreign_link(folder: Path) -> None:
    """Raise UsageError for a link of another user, who may point it anywhere in a folder that several users share."""
    status = folder.lstat()
    if stat.S_ISLNK(status.st_mode) and status.st_uid not in (os.geteuid(), 0):
        raise UsageError(f"{folder}: is a link made by another user; remove it, or give another --out")
