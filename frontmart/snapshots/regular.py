"""Open files of a folder that others may write: regular files only, never through a link, and never waiting.

Opening a named pipe waits until somebody writes to it, and a link may lead to any file.
"""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import Final

NOT_REGULAR: Final = "is not a regular file"


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file to read its bytes.

    Raises OSError; for a link, folder, named pipe or device with the `strerror` NOT_REGULAR.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        # A link, or a socket or device that cannot be opened.
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise _not_regular(path) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _not_regular(path)
    return os.fdopen(descriptor, "rb")


def _not_regular(path: Path) -> OSError:
    return OSError(errno.EINVAL, NOT_REGULAR, os.fspath(path))
