"""Holding an output folder: one process at a time writes it, and only where its name and its links are harmless."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from frontmart.errors import LockedError, UsageError
from frontmart.snapshots.fsync import make_folders

SNAPSHOTS: Final = "snapshots"
_PATTERNS: Final = frozenset("*?[]\\")


@contextmanager
def lock_output(out: Path) -> Iterator[None]:
    """Hold an output folder, so that one build at a time writes it; the lock dies with its process.

    Raises LockedError where another process holds it, and UsageError for a folder that cannot be written. An OSError of
    the block that names no file, as those of writing do, names the folder.
    """
    _require_plain_name(out)
    from filelock import FileLock, Timeout

    lock = FileLock(out / ".lock", timeout=0)
    try:
        make_folders(out / SNAPSHOTS)
        reject_foreign_link(out / SNAPSHOTS)
        lock.acquire()
    except Timeout:
        message = f"{out}: another build holds this output folder; wait for it to end, or give another --out"
        raise LockedError(message) from None
    except OSError as error:
        raise UsageError(f"{error.filename or out}: cannot be written ({error.strerror}); give another --out") from None
    try:
        yield
    except OSError as error:
        error.filename = error.filename or os.fspath(out)
        raise
    finally:
        lock.release()


def _require_plain_name(out: Path) -> None:
    """Raise UsageError for a name that the libraries which write Parquet and databases would take for a pattern."""
    found = sorted(_PATTERNS.intersection(str(out)))
    if found:
        raise UsageError(f"{out}: an output folder cannot have {' '.join(found)} in its name; give another --out")


def reject_foreign_link(folder: Path) -> None:
    """Raise UsageError for a link that another user has made, where several may write: it would lead anywhere."""
    found = folder.lstat()
    if stat.S_ISLNK(found.st_mode) and found.st_uid not in (os.geteuid(), 0):
        raise UsageError(f"{folder}: is a link that another user has made; remove it, or give another --out")
