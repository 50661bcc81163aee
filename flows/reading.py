"""Reading the published warehouse, safely: read-only, no other file, no setting changed."""

import json
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from itertools import chain, count
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from flows.errors import FrontmartError, UsageError
from flows.snapshots import Snapshot, list_snapshots, published, published_id

Row = dict[str, object]
T = TypeVar("T")


def read_published(out: Path, read: Callable[[Snapshot], T]) -> T:
    """What `read` makes of the published snapshot, whatever is published and pruned meanwhile.

    A snapshot that builds have pruned before it was read is no error: another one is published, and that is read.
    Raises what `read` raises, and SnapshotError where nothing is published.
    """
    while True:
        snapshot = published(out)
        try:
            return read(snapshot)
        except (FrontmartError, OSError):
            if published_id(out) == snapshot.id:
                raise


def read_run(snapshot: Snapshot) -> dict[str, Any]:
    """What the build of a snapshot saw and did, as `run.json` has it."""
    run: dict[str, Any] = json.loads(snapshot.run_file.read_text(encoding="utf-8"))
    return run


def read_all_runs(out: Path) -> list[dict[str, Any]]:
    """`run.json` of each snapshot, the latest first; not of one that is pruned meanwhile."""
    runs = []
    for snapshot in list_snapshots(out):
        with suppress(FileNotFoundError):
            runs.append(read_run(snapshot))
    return runs


def read_rows(snapshot: Snapshot, sql: str) -> list[Row]:
    """The rows of a query over a snapshot, a mapping of column to value each. Raises UsageError for a bad query.

    A name that several columns share is told apart by a number: `a`, `a_2`.
    """
    if not sql.strip():
        raise UsageError("the query is empty; try: from marts.coverage_by_topic")
    with open_read_only(snapshot.warehouse) as connection:
        try:
            result = connection.execute(sql)
            columns = _distinct([column[0] for column in result.description or ()])
            return [dict(zip(columns, map(_plain, row), strict=True)) for row in result.fetchall()]
        except duckdb.Error as error:
            lines = [line.strip() for line in str(error).splitlines() if line.strip()]
            raise UsageError(f"the query was refused: {lines[0]}") from None


def _distinct(names: list[str]) -> list[str]:
    distinct: list[str] = []
    for name in names:
        candidates = chain([name], (f"{name}_{number}" for number in count(2)))
        distinct.append(next(candidate for candidate in candidates if candidate not in distinct))
    return distinct


def _plain(value: object) -> object:
    """A value that JSON has too: NaN and infinity are none, and a decimal is a number."""
    if isinstance(value, Decimal):
        return float(value)
    return None if isinstance(value, float) and not isfinite(value) else value


def open_read_only(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """A connection that can read the warehouse and nothing else."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "lock_configuration": "true",
        "autoload_known_extensions": "false",
    }
    try:
        return duckdb.connect(warehouse, read_only=True, config=config)
    except duckdb.Error as error:
        raise FrontmartError(
            f"{warehouse}: cannot be opened ({error}); `frontmart rollback` or `frontmart build --full`"
        ) from None
