"""Reading the published warehouse, safely: read-only, no other file, no setting changed."""

from pathlib import Path

import duckdb

from flows.errors import FrontmartError, UsageError
from flows.snapshots import Snapshot

Row = dict[str, object]


def read_rows(snapshot: Snapshot, sql: str) -> list[Row]:
    """The rows of a query over a snapshot, a mapping of column to value each. Raises UsageError for a bad query."""
    with open_read_only(snapshot.warehouse) as connection:
        try:
            result = connection.execute(sql)
            columns = [column[0] for column in result.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
        except duckdb.Error as error:
            raise UsageError(f"the query was refused: {str(error).strip()}") from None


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
        raise FrontmartError(f"{warehouse}: cannot be opened ({error}); `frontmart rollback` or build again") from None
