"""Reading the published warehouse, safely: one query, read-only, no other file, no setting changed, within bounds."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
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
from frontmart.warehouse.query_errors import explain_query_error

Row = dict[str, object]
T = TypeVar("T")

# More than a person reads or a JSON document should hold; the Parquet files hold the rest.
MOST_ROWS: Final = 1_000_000
_MEMORY_LIMIT: Final = "1GB"
_DISK_LIMIT: Final = "10GB"
# What only reads; PIVOT is parsed to several statements, of which the last one does.
_QUERIES: Final = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI)


def read_rows(snapshot: Snapshot, sql: str) -> list[Row]:
    """The rows of a query over a snapshot, a mapping of column to value each.

    A name that several columns share is told apart by a number: `a`, `a_2`. Raises UsageError for what is not one
    query, for one that DuckDB refuses, and for one that returns more than MOST_ROWS rows.
    """
    if not sql.strip():
        raise UsageError("the query is empty; try: from marts.coverage_by_topic")
    with open_read_only(snapshot.warehouse) as connection:
        try:
            require_query(connection, sql)
            result = connection.execute(sql)
            columns = distinct([column[0] for column in result.description or ()])
            rows = result.fetchmany(MOST_ROWS + 1)
        except (duckdb.InterruptException, RuntimeError):  # RuntimeError: what DuckDB makes of a signal
            raise KeyboardInterrupt from None
        except duckdb.Error as error:
            raise UsageError(f"the query was refused: {explain_query_error(error)}") from None
    if len(rows) > MOST_ROWS:
        raise UsageError(f"the query returns more than {MOST_ROWS:,} rows; add a LIMIT, or read the Parquet files")
    return [dict(zip(columns, map(plain_value, row), strict=True)) for row in rows]


def require_query(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise UsageError for anything but one statement that only reads."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise UsageError(f"the query holds {len(statements)} statements; give one SELECT")
    if statements[0].type not in _QUERIES:
        kind = statements[0].type.name.replace("_", " ")
        raise UsageError(f"the query is a {kind} statement, and only a SELECT is run; give one")


def distinct(names: list[str]) -> list[str]:
    """Names, those that were there before told apart by a number: a, a_2."""
    distinct: list[str] = []
    for name in names:
        candidates = chain([name], (f"{name}_{number}" for number in count(2)))
        distinct.append(next(candidate for candidate in candidates if candidate not in distinct))
    return distinct


def plain_value(value: object) -> object:
    """A value that JSON has too: NaN and infinity are none, and a decimal is a number, also within lists."""
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
    """A connection that can read the warehouse and nothing else.

    What does not fit in memory goes to a folder of its own that nobody else can read and that is gone with the block:
    DuckDB would put it beside the warehouse, and lets queries read and write where it is.
    """
    with (
        TemporaryDirectory(prefix="frontmart-") as spill,
        _connected(warehouse, spill) as connection,
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


def _connected(warehouse: Path, spill: str) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "lock_configuration": "true",
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
        "python_enable_replacements": "false",
        "memory_limit": _MEMORY_LIMIT,
        "temp_directory": spill,
        "max_temp_directory_size": _DISK_LIMIT,
    }
    try:
        return duckdb.connect(warehouse, read_only=True, config=config)
    except duckdb.Error as error:
        raise FrontmartError(
            f"{warehouse}: cannot be opened ({error}); `frontmart rollback` or `frontmart build --full`"
        ) from None
