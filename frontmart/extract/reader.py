"""Read the files of a source safely: nothing outside of it is read, and nothing blocks.

Each folder is opened relative to its parent without following links, so a folder or file that becomes a link after the
listing is not followed. A link to a file is resolved, and must lead to a file of the source, as in the listing. A FIFO
or a device does not block and is not read.
"""

import errno
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Final

from frontmart.errors import FrontmartError

OUTSIDE_SOURCE: Final = "a link that leads out of the source"
LINK_LOOP: Final = "a loop of links"

_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_KINDS: Final = {
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}
_ADVICE: Final = {
    OUTSIDE_SOURCE: "put the file itself into the source",
    LINK_LOOP: "correct or remove the link",
    os.strerror(errno.ELOOP): "correct or remove the link",
    **dict.fromkeys(_KINDS.values(), "not a regular file, move it out of the source or rename it"),
}
# Bytes per read of a file that is longer than its size.
_CHUNK: Final = 2**20


def special_kind(mode: int) -> str | None:
    """The kind of a file that is not a regular file, such as `a FIFO`; None for a regular file."""
    return None if stat.S_ISREG(mode) else _KINDS[stat.S_IFMT(mode)]


def advice(error: str) -> str:
    """Advice for a file that cannot be read, by its error."""
    return _ADVICE.get(error, "check that it is there and that its permissions allow it")


def resolve_inside(path: str, root: str) -> Path:
    """Resolve a link of a source -> path relative to the source. Raises OSError if it is broken or leads out of it."""
    try:
        target, folder = Path(path).resolve(strict=True), Path(root).resolve()
    except RuntimeError:  # a loop, before Python 3.13
        raise OSError(errno.ELOOP, LINK_LOOP) from None
    if not target.is_relative_to(folder):
        raise OSError(errno.EXDEV, OUTSIDE_SOURCE)
    return target.relative_to(folder)


class SourceReader:
    """Reads files of a source. Keeps the last folder open, so reading folder by folder is fastest."""

    def __init__(self, source: Path) -> None:
        """Open the source, which may itself be a link. Raises FrontmartError if it is gone."""
        self._source = str(source)
        try:
            self._root = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            message = f"{source}: cannot be read any more ({error.strerror}); restore it, and build again"
            raise FrontmartError(message) from None
        self._folder, self._open = "", self._root

    def __enter__(self) -> "SourceReader":
        """Return the reader."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the open folders."""
        self._leave()
        os.close(self._root)

    def read(self, path: str, at_most: int) -> bytes | None:
        """The content of a file, or None if it has more than `at_most` bytes. Raises OSError with a text to show."""
        try:
            return self._read(path, at_most)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
        return self._read(str(resolve_inside(f"{self._source}/{path}", self._source)), at_most)

    def _read(self, path: str, at_most: int) -> bytes | None:
        folder, _, name = path.rpartition("/")
        if folder != self._folder:
            self._enter(folder)
        file = os.open(name, _FILE, dir_fd=self._open)
        try:
            status = os.fstat(file)
            kind = special_kind(status.st_mode)
            if kind:
                raise OSError(errno.EINVAL, kind)
            return _read_whole(file, status.st_size, at_most)
        finally:
            os.close(file)

    def _enter(self, folder: str) -> None:
        self._leave()
        try:
            for name in folder.split("/") if folder else ():
                inner = os.open(name, _FOLDER, dir_fd=self._open)
                self._close()
                self._open = inner
        except OSError:
            self._leave()
            raise
        self._folder = folder

    def _leave(self) -> None:
        self._close()
        self._folder, self._open = "", self._root

    def _close(self) -> None:
        if self._open != self._root:
            os.close(self._open)


def _read_whole(file: int, size: int, at_most: int) -> bytes | None:
    if size > at_most:
        return None
    data = os.read(file, size + 1)
    # More bytes than the size: the file grew, or has no size, as under /proc. Fewer: it shrank, or has gigabytes.
    while len(data) != size and len(data) <= at_most and (more := os.read(file, _CHUNK)):
        data += more
    return data if len(data) <= at_most else None
