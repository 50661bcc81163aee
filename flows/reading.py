"""Reading the published warehouse, safely: read-only, no other file, no setting changed."""

from decimal import Decimal
from itertools import chain, count
from math import isfinite
from pathlib import Path

import duckdb

from flows.errors import FrontmartError, UsageError
from flows.snapshots import Snapshot

Row = dict[str, object]


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
