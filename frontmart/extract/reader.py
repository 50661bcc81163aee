"""Reading the files of a source as they were listed: nothing that was put in their place since, and never for ever.

Each folder on the way is opened in the one above it, and no link is followed, so that a folder or a file that turns
into a link after it was listed leads nowhere. A link to a file is resolved, and judged as in the listing. A FIFO or a
device neither blocks nor is read.
"""

import errno
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Final

from frontmart.errors import FrontmartError

LEADS_OUT: Final = "a link that leads out of the source"
LOOPS: Final = "a loop of links"

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
    LEADS_OUT: "put the file itself into the source",
    LOOPS: "mend or remove the link",
    os.strerror(errno.ELOOP): "mend or remove the link",
    **dict.fromkeys(_KINDS.values(), "it is no file, and belongs outside of the source or under another name"),
}
# At a time, of a file that turns out longer than its size says.
_PIECE: Final = 2**20


def kind_of(mode: int) -> str | None:
    """What a file is that is no regular file, in a word; None for a regular one."""
    return None if stat.S_ISREG(mode) else _KINDS[stat.S_IFMT(mode)]


def advice(error: str) -> str:
    """What to do about a file that cannot be read, given what is wrong."""
    return _ADVICE.get(error, "check that it is there and that its permissions allow it")


def resolve_inside(path: str, root: str) -> Path:
    """Where a link of a source leads, relative to the source. Raises OSError where that is nowhere, or outside."""
    try:
        target, folder = Path(path).resolve(strict=True), Path(root).resolve()
    except RuntimeError:  # what a loop is before Python 3.13
        raise OSError(errno.ELOOP, LOOPS) from None
    if not target.is_relative_to(folder):
        raise OSError(errno.EXDEV, LEADS_OUT)
    return target.relative_to(folder)


class SourceReader:
    """Reads files below a source; files of one folder one after the other are read fastest."""

    def __init__(self, source: Path) -> None:
        """Open the source, which may itself be a link. Raises FrontmartError where it is there no more."""
        self._source = str(source)
        try:
            self._root = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            message = f"{source}: cannot be read any more ({error.strerror}); see that it is there, and build again"
            raise FrontmartError(message) from None
        self._folder, self._open = "", self._root

    def __enter__(self) -> "SourceReader":
        """Read until the block ends."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the folders."""
        self._leave()
        os.close(self._root)

    def read(self, path: str, at_most: int) -> bytes | None:
        """The bytes of a file; None where they are more than `at_most`. Raises OSError, with what is wrong as text."""
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
            kind = kind_of(status.st_mode)
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
    # More than its size: it has grown since, or has none, as under /proc. Less: it has shrunk, or is one of gigabytes.
    while len(data) != size and len(data) <= at_most and (more := os.read(file, _PIECE)):
        data += more
    return data if len(data) <= at_most else None
