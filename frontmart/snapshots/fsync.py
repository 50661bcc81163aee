"""Reaching the disk: what must survive a power cut is synced, content first, then the folders that name it.

Until a file is synced its content may be lost, and until a folder is synced so may what was created, renamed or removed
in it. What that is worth on which file system is told in docs/reliability.md.
"""

import errno
import os
from pathlib import Path
from typing import Final

# How file systems say that a folder cannot be synced: some that are mounted over a network, or run by a user.
_NO_SYNC: Final = (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)


def sync(path: Path) -> None:
    """Have the content of a file, or the names in a folder, reach the disk.

    Raises OSError; not for a folder of a file system that syncs no folders.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC or not path.is_dir():
            raise
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Have a folder with all below it reach the disk: each file before the folder that names it."""
    for root, _, names in os.walk(folder, topdown=False):
        for name in names:
            sync(Path(root, name))
        sync(Path(root))


def make_folders(folder: Path) -> None:
    """Create a folder and those above it where need be, and have their names reach the disk."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in reversed(missing):
        sync(each.parent)
