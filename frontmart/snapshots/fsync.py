"""Sync files and folders to disk, so that they survive a power cut: content first, then the folders that name it.

Without a sync, a power cut can undo writes to a file, and can undo creating, renaming and removing in a folder.
docs/reliability.md lists what a sync guarantees on each file system.
"""

import errno
import os
from pathlib import Path
from typing import Final

# Errors of file systems, such as some network and FUSE mounts, that cannot sync a folder.
_NO_SYNC: Final = (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)


def sync(path: Path) -> None:
    """Sync the content of a file, or the names in a folder, to disk.

    Raises OSError, except for a folder on a file system that cannot sync folders.
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
    """Sync a folder and everything below it to disk: each file before the folder that names it."""
    for root, _, names in os.walk(folder, topdown=False):
        for name in names:
            sync(Path(root, name))
        sync(Path(root))


def make_folders(folder: Path) -> None:
    """Create a folder and its missing parents, and sync their names to disk."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in reversed(missing):
        sync(each.parent)
