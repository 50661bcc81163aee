"""Files of one snapshot that the next one has too: linked or cloned where the file system can, otherwise copied.

A file of a complete snapshot is never written to, only replaced or removed, so that two snapshots may share it.
"""

import errno
import fcntl
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

# ioctl of Linux: share the blocks of another file until one of the two is written to (Btrfs, XFS).
_FICLONE: Final = 0x4004_9409
# Errors of a file system, or of the rights to a file, that allow no hard link.
_NO_LINK: Final = (errno.EPERM, errno.EACCES, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)
_CHUNK: Final = 2**20


def share_file(source: Path, target: Path) -> None:
    """Give a file a second name; a copy where the file system or the owner of the file allows no hard link.

    Nobody may write to either. Raises OSError.
    """
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        clone_file(source, target)


def clone_file(source: Path, target: Path) -> None:
    """Copy the content of a file, to be written to; without writing its blocks where the file system can share them.

    Raises OSError, also if there is one of this name.
    """
    # A new file: the target might be another name of the source.
    with source.open("rb") as content, target.open("xb") as copy:
        with suppress(OSError):
            fcntl.ioctl(copy.fileno(), _FICLONE, content.fileno())
            return
        shutil.copyfileobj(content, copy, _CHUNK)
