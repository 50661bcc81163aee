"""The history inside a snapshot: Parquet parts by table and step, and the record of what they are.

    <snapshot>/history/<table>/<NNNNNN>.parquet    the rows that the steps from NNNNNN on added
    <snapshot>/history/history.json                the record

A part is never written to again: the next snapshot has it as a second name of the same file. So publishing, a rollback
and pruning need not know of it. A snapshot without the folder has a history of one step, itself.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl

from frontmart.catalog import inputs
from frontmart.catalog.history_inputs import HISTORY_INPUTS
from frontmart.errors import SnapshotError
from frontmart.extract.worker import write_frame
from frontmart.snapshots.clone import share_file
from frontmart.snapshots.regular import open_regular

HISTORY: Final = "history"
RECORD: Final = "history.json"
# The version of the format of the parts and of the record.
FORMAT: Final = 1
_DIGITS: Final = 6
_KINDS: Final = ("builds", "commits")

Kind = Literal["builds", "commits"]


@dataclass(frozen=True, slots=True)
class Purged:
    """What was purged of a history of commits, so that reading it again does not bring it back.

    Attributes:
        document_id: the document; None for all of them.
        through_step: the last step whose versions went.
        through_commit_id: the commit of that step; None in a history of builds.
    """

    document_id: str | None
    through_step: int
    through_commit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The record of a history.

    Attributes:
        kind: whether its steps are builds or commits.
        steps: the number of steps.
        repository: the repository of the commits, as given; only for people.
        path: the folder in it; empty for all of it.
        branch: its branch, as given; None for that of HEAD.
        last_commit_id: the commit of the last step.
        rules: the hash of all that decides the rows of a commit.
        purged: what was purged.
    """

    kind: Kind
    steps: int
    repository: str | None = None
    path: str = ""
    branch: str | None = None
    last_commit_id: str | None = None
    rules: str | None = None
    purged: tuple[Purged, ...] = field(default=())

    def with_steps(self, steps: int) -> "Record":
        """The record of a history that has become longer."""
        return replace(self, steps=steps)


def history_folder(snapshot: Path) -> Path:
    """The folder of the history, given that of the snapshot."""
    return snapshot / HISTORY


def read_record(snapshot: Path) -> Record | None:
    """The record of the history of a snapshot; None if it has one step, itself.

    Raises SnapshotError for a record that is damaged or of a later version.
    """
    path = history_folder(snapshot) / RECORD
    try:
        with open_regular(path) as content:
            found = json.load(content)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, RecursionError):
        raise SnapshotError(f"{path}: cannot be read; run `frontmart verify`") from None
    try:
        return _parse(found)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SnapshotError(f"{path}: is damaged, or of a later version of Frontmart") from None


def _parse(found: dict[str, Any]) -> Record:
    if found["format"] != FORMAT or found["kind"] not in _KINDS or type(found["steps"]) is not int:
        raise ValueError
    purged = tuple(Purged(**each) for each in found.get("purged", ()))
    names = ("kind", "steps", "repository", "path", "branch", "last_commit_id", "rules")
    return Record(**{name: found[name] for name in names if name in found}, purged=purged)


def write_record(snapshot: Path, record: Record) -> None:
    """Write the record of the history of a staged snapshot."""
    folder = history_folder(snapshot)
    folder.mkdir(exist_ok=True)
    content = {"format": FORMAT, **asdict(record), "parts": _part_counts(snapshot)}
    (folder / RECORD).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _part_counts(snapshot: Path) -> dict[str, int]:
    counts = {table: len(list_parts(snapshot, table)) for table in HISTORY_INPUTS}
    return {table: count for table, count in counts.items() if count}


def list_parts(snapshot: Path, table: str) -> list[Path]:
    """The parts of a table, the first steps first."""
    return sorted((history_folder(snapshot) / table).glob("*.parquet"), key=lambda part: int(part.stem))


def part_file(snapshot: Path, table: str, step: int) -> Path:
    """The part of a table with the rows of the steps from `step` on."""
    return history_folder(snapshot) / table / f"{step:0{_DIGITS}}.parquet"


def write_part(snapshot: Path, table: str, step: int, rows: pl.DataFrame) -> None:
    """Write the rows that steps add to a table, in the order of its key; nothing without rows.

    Raises FrontmartError if the file cannot be written.
    """
    if rows.is_empty():
        return
    schema = HISTORY_INPUTS[table]
    schema.validate(rows)
    path = part_file(snapshot, table, step)
    path.parent.mkdir(parents=True, exist_ok=True)
    # DuckDB and Polars write NULLs and texts alike; statistics are of no use to a file that is read whole.
    write_frame(rows.select(schema.column_names()).sort(inputs.key(schema)), path, statistics=False)


def write_parts(snapshot: Path, step: int, tables: Mapping[str, pl.DataFrame]) -> None:
    """Write the rows that steps add to each table."""
    for table, rows in tables.items():
        write_part(snapshot, table, step, rows)


def share_parts(earlier: Path, stage: Path) -> None:
    """Give a staged snapshot the parts of an earlier one, which are never written to. Raises OSError."""
    for table in HISTORY_INPUTS:
        for part in list_parts(earlier, table):
            target = history_folder(stage) / table / part.name
            target.parent.mkdir(parents=True, exist_ok=True)
            share_file(part, target)


def scan_parts(snapshot: Path, table: str) -> pl.LazyFrame:
    """The rows of a table of the history, the first steps first; none without parts."""
    parts = list_parts(snapshot, table)
    return pl.scan_parquet(parts) if parts else empty(table).lazy()


def empty(table: str) -> pl.DataFrame:
    """A table of the history without rows."""
    columns = HISTORY_INPUTS[table].columns()
    return pl.DataFrame(schema={name: column.dtype for name, column in columns.items()})
