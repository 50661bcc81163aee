"""The run log of an output folder: a line of JSON per finished run, published or not; `marts.run_history` reads it.

The log never makes a build fail. Lines that are not runs are skipped, counted and left in the file; a log that cannot
be read or written is a warning.
"""

import datetime as dt
import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import polars as pl

from frontmart.catalog.inputs import INPUTS
from frontmart.snapshots.regular import NOT_REGULAR, open_regular
from transforms.schema import Column

RUN_LOG: Final = "runs.jsonl"
# Far longer than any run that was ever recorded; of a longer line no more than this is held in memory.
_LONGEST_LINE: Final = 1 << 16
_MOST_INTEGER: Final = 2**63


def read_runs(out: Path, warn: Callable[[str], None]) -> list[dict[str, object]]:
    """The runs so far, in order: a value of the type of its column for each column of tidy.runs, `source_path`,
    the absolute path of the source, and `standing_preset`.

    Skips each line that is not a run, or is a run that an earlier line has, and warns once of all of them.

    Args:
        out: the output folder.
        warn: called with a message if lines were skipped, or if the log cannot be read.
    """
    runs: dict[object, dict[str, object]] = {}
    skipped = []
    try:
        for number, line in enumerate(_lines(out / RUN_LOG), start=1):
            if not line.strip():
                continue
            run = _parse(line)
            if run is None or run["run_id"] in runs:
                skipped.append(number)
            else:
                runs[run["run_id"]] = run
    except FileNotFoundError:
        pass
    except OSError as error:
        warn(unusable_run_log(out, error))
    if skipped:
        warn(skipped_lines(out, skipped))
    return list(runs.values())


def skipped_lines(out: Path, numbers: list[int]) -> str:
    """The warning that lines of the run log are no runs, given their numbers."""
    count = "1 line is" if len(numbers) == 1 else f"{len(numbers):,} lines are"
    message = f"{out / RUN_LOG}: {count} not a run, the first is line {numbers[0]:,}"
    return f"{message}; marts.run_history lacks these runs, and the file stays as it is"


def unusable_run_log(out: Path, error: OSError) -> str:
    """The warning that the run log cannot be read or written."""
    reason = NOT_REGULAR if error.strerror == NOT_REGULAR else f"cannot be used ({error.strerror})"
    return f"{out / RUN_LOG}: {reason}; marts.run_history will lack runs until this is corrected"


def append_run(out: Path, run: Mapping[str, object]) -> None:
    """Append a run and sync it to disk. The caller holds the lock of the output folder.

    Raises OSError, also for a log that is a link, a folder or a named pipe: a link of others could lead to any file.
    """
    path = out / RUN_LOG
    line = json.dumps(run) + "\n"
    if os.path.lexists(path) and _ends_unfinished(path):
        line = "\n" + line
    descriptor = _open_to_append(path)
    try:
        size = os.fstat(descriptor).st_size
        try:
            _write(descriptor, line.encode())
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, size)  # a full disk may have taken a part of the line
            raise
    finally:
        os.close(descriptor)


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
    os.fsync(descriptor)


def _open_to_append(run_log: Path) -> int:
    # O_NONBLOCK: opening a named pipe without a reader would wait forever.
    return os.open(run_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)


def _ends_unfinished(run_log: Path) -> bool:
    with open_regular(run_log) as file:
        size = file.seek(0, 2)
        return size > 0 and (file.seek(size - 1), file.read(1))[1] != b"\n"


def _lines(run_log: Path) -> Iterator[bytes]:
    """The lines of the log; of one that is too long, only its start."""
    with open_regular(run_log) as file:
        while line := file.readline(_LONGEST_LINE):
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = file.readline(_LONGEST_LINE)
            yield line


def _parse(line: bytes) -> dict[str, object] | None:
    """The run in a line, or None if it is not a run: not JSON, a column missing or of another type."""
    try:
        record: dict[str, Any] = json.loads(line.decode("utf-8"))
        run = {name: _value(record.get(name), column) for name, column in INPUTS["runs"].columns().items()}
        return {**run, "source_path": _text(record, "source_path"), "standing_preset": _text(record, "standing_preset")}
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _text(record: Mapping[str, Any], key: str) -> str | None:
    """A text that is no column of tidy.runs; None in a line of a version that did not write it."""
    text = record.get(key)
    return text if isinstance(text, str) else None


def _value(value: Any, column: Column) -> object:
    """A value of the log, of the type of its column. Raises ValueError, TypeError or OverflowError if it is not."""
    if value is None and column.nullable:
        return None
    if isinstance(column.dtype, pl.Datetime):
        return _utc(dt.datetime.fromisoformat(value))
    if isinstance(column.dtype, pl.Date):
        return dt.date.fromisoformat(value)
    if isinstance(column.dtype, pl.Int64):
        is_valid = type(value) is int and -_MOST_INTEGER <= value < _MOST_INTEGER
    elif isinstance(column.dtype, pl.Float64):
        is_valid = type(value) in (int, float) and math.isfinite(float(value))
    elif column.categories is not None:
        is_valid = value in column.categories
    else:
        # A text that is not Unicode, such as half a pair of surrogates, cannot be stored.
        is_valid = isinstance(value, str) and value.encode() is not None
    if not is_valid:
        raise ValueError(value)
    return value


def _utc(time: dt.datetime) -> dt.datetime:
    return time.astimezone(dt.UTC).replace(tzinfo=None) if time.tzinfo else time
