"""Read the published warehouse in a sandbox: one read-only query, no other file, fixed settings, limited memory."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain, count
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

import duckdb

from frontmart.errors import FrontmartError, UsageError
from frontmart.snapshots.store import Snapshot
from frontmart.warehouse.query_errors import error_text, explain_query_error

Row = dict[str, object]
T = TypeVar("T")

# More rows than a person reads or one JSON document should hold; the Parquet files have all of them.
MOST_ROWS: Final = 1_000_000
_MEMORY_LIMIT: Final = "1GB"
_DISK_LIMIT: Final = "10GB"
# Statements that only read. PIVOT is parsed into several statements, the last of which is a SELECT.
_QUERIES: Final = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI)


def read_rows(snapshot: Snapshot, sql: str) -> list[Row]:
    """The rows of a query over a snapshot, each a mapping of column name to value.

    Duplicate column names get a number: `a`, `a_2`. Raises UsageError for anything but one query, for a query that
    fails, and for one that returns more than MOST_ROWS rows.
    """
    if not sql.strip():
        raise UsageError("the query is empty; try: from marts.coverage_by_topic")
    with open_read_only(snapshot.warehouse) as connection:
        try:
            require_query(connection, sql)
            result = connection.execute(sql)
            columns = distinct([column[0] for column in result.description or ()])
            rows = result.fetchmany(MOST_ROWS + 1)
        except duckdb.Error as error:
            raise UsageError(f"the query failed: {explain_query_error(error, sql)}") from None
        except RuntimeError:  # DuckDB turns Ctrl-C into a RuntimeError
            raise KeyboardInterrupt from None
    if len(rows) > MOST_ROWS:
        raise UsageError(f"the query returns more than {MOST_ROWS:,} rows; add a LIMIT, or read the Parquet files")
    return [dict(zip(columns, map(plain_value, row), strict=True)) for row in rows]


def require_query(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise UsageError for anything but one statement that only reads."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise UsageError(f"the query has {len(statements)} statements; give one SELECT")
    if statements[0].type not in _QUERIES:
        kind = statements[0].type.name.replace("_", " ")
        raise UsageError(f"the query is a {kind} statement, but only a SELECT can be run; give one")


def distinct(names: list[str]) -> list[str]:
    """Column names with a number added to duplicates: a, a_2."""
    distinct: list[str] = []
    for name in names:
        candidates = chain([name], (f"{name}_{number}" for number in count(2)))
        distinct.append(next(candidate for candidate in candidates if candidate not in distinct))
    return distinct


def plain_value(value: object) -> object:
    """A value that JSON can represent: NaN and infinity become None, decimals become floats, also within lists."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): plain_value(item) for name, item in value.items()}
    return value


@contextmanager
def open_read_only(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can read the warehouse and nothing else; its errors are JSON, see `query_errors`.

    Data that does not fit in memory is written to a private temporary folder, which is removed with the connection:
    DuckDB's default is a folder beside the warehouse, which queries can read and write.
    """
    with TemporaryDirectory(prefix="frontmart-") as spill, _connected(warehouse, spill) as connection:
        yield connection


def sandbox_settings(spill: str) -> dict[str, str | bool | int | float | list[str]]:
    """The DuckDB settings of a sandbox, in the order to apply them: the last two refuse any later change.

    Args:
        spill: the folder for data that does not fit in memory.
    """
    return {
        "memory_limit": _MEMORY_LIMIT,
        "temp_directory": spill,
        "max_temp_directory_size": _DISK_LIMIT,
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
        "python_enable_replacements": "false",
        "enable_external_access": "false",
        "lock_configuration": "true",
    }


def _connected(warehouse: Path, spill: str) -> duckdb.DuckDBPyConnection:
    # DuckDB applies the settings of a connection in reverse order.
    settings = {"errors_as_json": "true", **dict(reversed(sandbox_settings(spill).items()))}
    try:
        return duckdb.connect(warehouse, read_only=True, config=settings)
    except duckdb.Error as error:
        remedy = "run `frontmart rollback` or `frontmart build --full`"
        raise FrontmartError(f"{warehouse}: cannot be opened ({error_text(error)}); {remedy}") from None
