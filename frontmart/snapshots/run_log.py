"""The run log of an output folder: a line of JSON per finished run, published or not; `marts.run_history` reads it."""

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

from frontmart.errors import UsageError

RUN_LOG: Final = "runs.jsonl"


def read_runs(out: Path) -> list[dict[str, object]]:
    """The runs so far, in order; a line that a killed process did not finish is skipped."""
    run_log = out / RUN_LOG
    if not run_log.is_file():
        return []
    runs = []
    for line in run_log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            run = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(run, dict):
            runs.append(run)
    return runs


def append_run(out: Path, run: Mapping[str, object]) -> None:
    """Append a run and sync it to disk. The caller holds the lock of the output folder."""
    with _appending(out / RUN_LOG) as run_log:
        run_log.write("\n" * _ends_unfinished(out / RUN_LOG) + json.dumps(run) + "\n")
        run_log.flush()
        os.fsync(run_log.fileno())


def ensure_writable(out: Path) -> None:
    """Raise OSError or UsageError if a run could not be recorded; called before the build does any work."""
    _appending(out / RUN_LOG).close()


def _appending(run_log: Path) -> IO[str]:
    """Open the run log to append to, but not through a link: in a shared folder it could point to any file."""

    def opener(path: str, flags: int) -> int:
        # O_NONBLOCK: opening a named pipe without a reader would wait forever.
        return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)

    try:
        return open(run_log, "a", encoding="utf-8", opener=opener)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise UsageError(f"{run_log}: is a link or a named pipe, not a regular file; remove it") from None
        raise


def _ends_unfinished(run_log: Path) -> bool:
    with run_log.open("rb") as file:
        size = file.seek(0, 2)
        return size > 0 and (file.seek(size - 1), file.read(1))[1] != b"\n"
