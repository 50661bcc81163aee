"""Replace files and links atomically: a reader sees the old one or the new one, never a part of either.

The content goes to a temporary sibling first. Its name has 64 random bits and it is created exclusively, so that nobody
else who may write the folder can plant a link there; its permissions are those of the umask.
"""

import errno
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from frontmart.snapshots.fsync import sync

# Errors of creating a symbolic link on file systems that have none.
NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)


class NoLinksError(OSError):
    """The file system has no symbolic links."""


@contextmanager
def open_replacements(*paths: Path) -> Iterator[Sequence[BinaryIO]]:
    """Open a temporary sibling of each path; they replace the paths, in order, when the block ends without an error.

    The content of every file reaches the disk before the first path is replaced, and the new names reach it at the end.
    After an error the paths are as they were, and the temporary files are removed.
    """
    temporaries = [temporary_sibling(path) for path in paths]
    try:
        with ExitStack() as stack:
            files = [stack.enter_context(temporary.open("xb")) for temporary in temporaries]
            yield files
            for file in files:
                file.flush()
                os.fsync(file.fileno())
        for temporary, path in zip(temporaries, paths, strict=True):
            temporary.replace(path)
    finally:
        for temporary in temporaries:
            temporary.unlink(missing_ok=True)
    for folder in dict.fromkeys(path.parent for path in paths):
        sync(folder)


@contextmanager
def open_replacement(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary sibling of a path, as `open_replacements` does."""
    with open_replacements(path) as (file,):
        yield file


def replace_link(link: Path, target: Path | str) -> None:
    """Create a symbolic link, or replace one, in a single step that survives a power cut.

    Raises NoLinksError if the file system has no symbolic links, and other OSErrors.
    """
    temporary = temporary_sibling(link)
    try:
        temporary.symlink_to(target)
    except OSError as error:
        if error.errno in NO_LINKS:
            raise NoLinksError(error.errno, error.strerror, os.fspath(link)) from error
        raise
    try:
        temporary.replace(link)
    finally:
        temporary.unlink(missing_ok=True)
    sync(link.parent)


def create_empty(path: Path) -> None:
    """Create an empty file unless it exists, but not through a link, which could lead anywhere in a shared folder."""
    # O_NONBLOCK: opening a named pipe without a reader would wait forever.
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666))


def temporary_sibling(path: Path) -> Path:
    """A path in the same folder with a hidden name that cannot be guessed."""
    return path.with_name(f".{path.name}-{secrets.token_hex(8)}")


def find_temporaries(folder: Path, name: str) -> list[Path]:
    """The temporary siblings that killed processes left in a folder, for paths whose name matches a regular expression.

    The caller holds the lock of the folder: none of them is in use.
    """
    pattern = re.compile(rf"\.(?:{name})-[0-9a-f]{{16}}")
    return [path for path in folder.iterdir() if pattern.fullmatch(path.name)]
