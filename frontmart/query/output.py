"""The output of a query: standard output, or a file that is replaced as a whole."""

import codecs
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from frontmart.errors import UsageError
from frontmart.snapshots.atomic import open_replacement
from frontmart.terminal.text import printable


@contextmanager
def open_output(output: Path | None) -> Iterator[BinaryIO]:
    """Open standard output, or a file that replaces `output` when the block ends without an error.

    Raises UsageError for a path that is not a regular file, or whose folder does not exist.
    """
    if output is None:
        with _ignore_closed_pipe():
            # Text for a terminal has no codes that it would act on; pipes and files get every byte.
            yield cast(BinaryIO, _TerminalText()) if sys.stdout.isatty() else sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    target = output.resolve()
    if target.exists() and not target.is_file():
        remedy = "give another --output, or leave it out and redirect standard output"
        raise UsageError(f"{output}: is not a regular file; {remedy}")
    if not target.parent.is_dir():
        raise UsageError(f"{output.parent}: this folder does not exist; create it, or give another --output")
    with open_replacement(target) as file:
        yield file


class _TerminalText:
    """Standard output that shows non-printable characters as spaces, but for line ends."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def write(self, content: bytes) -> int:
        lines = self._decoder.decode(content).split("\n")
        sys.stdout.buffer.write("\n".join(map(printable, lines)).encode())
        return len(content)


@contextmanager
def _ignore_closed_pipe() -> Iterator[None]:
    """Exit quietly when the reader of standard output, such as `head`, closes the pipe."""
    try:
        yield
    except BrokenPipeError:
        # Python flushes standard output once more when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
