"""Where an answer goes: standard output, or a file that is whole or not there."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from frontmart.errors import UsageError
from frontmart.snapshots.fsync import sync


@contextmanager
def open_output(output: Path | None) -> Iterator[BinaryIO]:
    """A place to write to: a file that takes the name when the block ends without an error, or standard output."""
    if output is None:
        with _until_enough_is_read():
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    target = output.resolve()
    if target.exists() and not target.is_file():
        raise UsageError(f"{output}: is no file; give another --output, or leave it out and redirect standard output")
    if not target.parent.is_dir():
        raise UsageError(f"{output.parent}: there is no such folder; make it, or give another --output")
    aside = target.with_name(f".{target.name}-{secrets.token_hex(8)}")
    try:
        with aside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    sync(target.parent)


@contextmanager
def _until_enough_is_read() -> Iterator[None]:
    """End in peace where who reads standard output, such as `head`, has read enough."""
    try:
        yield
    except BrokenPipeError:
        # Python would meet the pipe once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
