"""The files of a snapshot, compared with its manifest before they are exported: damage is not passed on."""

import hashlib
import os
import shutil
from pathlib import Path
from typing import BinaryIO

from frontmart.errors import SnapshotError


def verify_source(path: Path, size: int, sha256: str) -> None:
    """Raise SnapshotError for a file of a snapshot that is missing, or is not as it was published."""
    with open_source(path, size, sha256):
        pass


def open_source(path: Path, size: int, sha256: str) -> BinaryIO:
    """Open a file of a snapshot whose size in bytes and hash are those of the manifest, at its beginning.

    Raises SnapshotError for a file that is missing, or is not as it was published.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise _damaged(path, "is missing") from None
    try:
        found = os.fstat(file.fileno()).st_size
        if found != size:
            raise _damaged(path, f"has {found:,} bytes instead of {size:,}")
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise _damaged(path, "has changed since it was published")
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def copy_source(path: Path, size: int, sha256: str, copy: Path) -> None:
    """Copy a file of a snapshot to a new file. Raises SnapshotError as `open_source` does."""
    with open_source(path, size, sha256) as reader, copy.open("xb") as writer:
        shutil.copyfileobj(reader, writer)


def _damaged(path: Path, problem: str) -> SnapshotError:
    message = f"{path}: {problem} and was not exported"
    return SnapshotError(f"{message}; run `frontmart build`, which repairs it, and export again")
