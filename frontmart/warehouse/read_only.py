"""Read the published warehouse in a sandbox: one read-only query, no other file, fixed settings, limited memory."""

import atexit
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from hashlib import blake2b
from itertools import chain, count
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import current_thread, main_thread
from types import FrameType
from typing import Final, TypeVar

import duckdb

from frontmart.errors import FrontmartError, UsageError
from frontmart.snapshots.store import Snapshot
from frontmart.warehouse.query_errors import error_text, explain_query_error

Row = dict[str, object]
T = TypeVar("T")

# More rows than a person reads, or a JSON document should have; the Parquet files have all rows.
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
    with open_read_only(snapshot.warehouse, errors_as_json=True) as connection:
        try:
            require_query(connection, sql)
            result = connection.execute(sql)
            columns = distinct([column[0] for column in result.description or ()])
            rows = result.fetchmany(MOST_ROWS + 1)
        except (duckdb.InterruptException, RuntimeError):  # DuckDB turns a signal into a RuntimeError
            raise KeyboardInterrupt from None
        except duckdb.Error as error:
            raise UsageError(f"the query failed: {explain_query_error(error, sql)}") from None
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
def open_read_only(warehouse: Path, *, errors_as_json: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection that can read the warehouse and nothing else, and close it when the block ends.

    Args:
        warehouse: the DuckDB file.
        errors_as_json: whether DuckDB's messages are JSON, as `query_errors.explain_query_error` reads them.

    Raises FrontmartError if the file cannot be opened.
    """
    with (
        connect_read_only(warehouse, errors_as_json=errors_as_json) as connection,
        _interrupted_by_signals(connection),
    ):
        yield connection


@contextmanager
def _interrupted_by_signals(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt the running query on SIGINT and SIGTERM, before their handlers run.

    A handler that raises does not suffice: DuckDB then waits for its own threads, and one of them may be executing the
    query, which may never end.
    """
    if current_thread() is not main_thread():  # only the main thread may set handlers
        yield
        return

    def interrupt_then(handle: Callable[[int, FrameType | None], object]) -> Callable[[int, FrameType | None], object]:
        def handle_both(number: int, frame: FrameType | None) -> object:
            connection.interrupt()
            return handle(number, frame)

        return handle_both

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    handlers = {number: handler for number, handler in before.items() if callable(handler)}
    for number, handler in handlers.items():
        signal.signal(number, interrupt_then(handler))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def connect_read_only(warehouse: Path, *, errors_as_json: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection as from `open_read_only`, for its caller to close.

    Data that does not fit in memory is spilled to a private temporary folder, which DuckDB removes with the last
    connection to the warehouse: its default is a folder beside the warehouse, which queries could read and write.
    All connections of a process to one warehouse name the same folder, because DuckDB refuses a second configuration of
    an open file.
    """
    # DuckDB applies the settings of a connection in reverse order.
    settings = dict(reversed(sandbox_settings(str(_spill_folder(warehouse.resolve()))).items()))
    try:
        return duckdb.connect(
            warehouse, read_only=True, config={"errors_as_json": "true", **settings} if errors_as_json else settings
        )
    except duckdb.Error as error:
        remedy = "run `frontmart rollback` or `frontmart build --full`"
        raise FrontmartError(f"{warehouse}: cannot be opened ({error_text(error)}); {remedy}") from None


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


def _spill_folder(warehouse: Path) -> Path:
    """The spill folder of one warehouse: two databases that shared one would overwrite each other's files."""
    return _private_folder() / blake2b(os.fsencode(warehouse), digest_size=8).hexdigest()


@cache
def _private_folder() -> Path:
    """A folder that nobody else can read, removed when the process exits."""
    folder = TemporaryDirectory(prefix="frontmart-")
    atexit.register(folder.cleanup)
    return Path(folder.name)
