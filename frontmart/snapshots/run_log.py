"""The ledger of an output folder: one line of JSON a finished run, published or not. `marts.run_history` reads it."""

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

from frontmart.errors import UsageError

_NAME: Final = "runs.jsonl"


def read_runs(out: Path) -> list[dict[str, object]]:
    """The runs so far, in order; a line that a killed process left unfinished is passed over."""
    ledger = out / _NAME
    if not ledger.is_file():
        return []
    runs = []
    for line in ledger.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            run = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(run, dict):
            runs.append(run)
    return runs


def append_run(out: Path, run: Mapping[str, object]) -> None:
    """Append a run, and have it reach the disk. The caller holds the output folder."""
    with _appending(out / _NAME) as ledger:
        ledger.write("\n" * _ends_unfinished(out / _NAME) + json.dumps(run) + "\n")
        ledger.flush()
        os.fsync(ledger.fileno())


def ensure_writable(out: Path) -> None:
    """Raise OSError or UsageError where a run could not be recorded: better before a build than behind it."""
    _appending(out / _NAME).close()


def _appending(ledger: Path) -> IO[str]:
    """The ledger, open to append to. Where others may write the folder, a link could lead to any file of its reader."""

    def opener(path: str, flags: int) -> int:
        # A pipe without a reader would keep a blocking open waiting.
        return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)

    try:
        return open(ledger, "a", encoding="utf-8", opener=opener)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise UsageError(f"{ledger}: is a link or a pipe, which nothing is written to; remove it") from None
        raise


def _ends_unfinished(ledger: Path) -> bool:
    with ledger.open("rb") as file:
        size = file.seek(0, 2)
        return size > 0 and (file.seek(size - 1), file.read(1))[1] != b"\n"
