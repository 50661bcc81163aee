"""Read a warehouse in the sandbox: its rows as plain values, with queries that signals interrupt."""

import re
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain, count
from math import isfinite
from pathlib import Path
from threading import current_thread, main_thread
from time import monotonic
from types import FrameType
from typing import Final, TypeVar

import duckdb

from frontmart.errors import UsageError
from frontmart.snapshots.store import Snapshot
from frontmart.warehouse.query_errors import query_error
from frontmart.warehouse.sandbox import Sandbox

Row = dict[str, object]
T = TypeVar("T")

# More rows than a person reads, or a JSON document should have; the Parquet files have all rows.
MOST_ROWS: Final = 1_000_000
# DuckDB turns a signal into a RuntimeError.
QUERY_ERRORS: Final = (duckdb.Error, MemoryError, RuntimeError)
# DuckDB takes a timeout of 0 for none.
_LEAST_SECONDS: Final = 0.001
_UNION: Final = re.compile("union", re.IGNORECASE)


def read_rows(snapshot: Snapshot, sql: str, timeout: float | None = None) -> list[Row]:
    """The rows of a query over a snapshot, each a mapping of column name to value.

    Duplicate column names get a number: `a`, `a_2`. Raises UsageError for anything but one query, for a query that
    fails, for one that takes longer than `timeout` seconds, and for one that returns more than MOST_ROWS rows.
    """
    if not sql.strip():
        raise UsageError("the query is empty; try: from marts.coverage_by_topic")
    with run_query(snapshot.warehouse, sql, timeout) as result:
        columns = distinct([column[0] for column in result.description or ()])
        with explained(sql):
            rows = result.fetchmany(MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise UsageError(f"the query returns more than {MOST_ROWS:,} rows; add a LIMIT, or read the Parquet files")
    return [dict(zip(columns, map(plain_value, row), strict=True)) for row in rows]


@contextmanager
def run_query(warehouse: Path, sql: str, timeout: float | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Run a query in a sandbox; the connection has the result until the block ends.

    It runs without temporary files first, for which a sandbox opens sooner, and again with them if memory does not
    suffice. Raises UsageError for anything but one query, for one that fails, and for one that takes longer than
    `timeout` seconds; FrontmartError if the warehouse cannot be opened.
    """
    end = None if timeout is None else monotonic() + timeout
    # A branch of UNION ALL may run when rows of another have been read: too late to run the query again.
    for can_spill in (True,) if _UNION.search(sql) else (False, True):
        left = None if end is None else max(end - monotonic(), _LEAST_SECONDS)
        with open_sandbox(warehouse, errors_as_json=True, timeout=left, can_spill=can_spill) as sandbox:
            with explained(sql):
                statement = sandbox.check(sql)
                try:
                    result = sandbox.connection.execute(statement)
                except duckdb.OutOfMemoryException:
                    if can_spill:
                        raise
                    continue
            yield result
            return


@contextmanager
def explained(sql: str, errors: tuple[type[Exception], ...] = QUERY_ERRORS) -> Iterator[None]:
    """Raise UsageError with an explanation on one line for an error of the query."""
    try:
        yield
    except errors as error:
        raise query_error(error, sql) from None


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
    """Open a connection that can read the warehouse and nothing else, for Frontmart's own queries: none is checked.

    Raises FrontmartError if the file cannot be opened.
    """
    with open_sandbox(warehouse) as sandbox:
        yield sandbox.connection


@contextmanager
def open_sandbox(
    warehouse: Path, *, errors_as_json: bool = False, timeout: float | None = None, can_spill: bool = True
) -> Iterator[Sandbox]:
    """Open a sandbox whose queries SIGINT and SIGTERM interrupt, and close it when the block ends.

    The arguments and errors are those of `Sandbox`.
    """
    with (
        Sandbox(warehouse, errors_as_json=errors_as_json, timeout=timeout, can_spill=can_spill) as sandbox,
        _interrupted_by_signals(sandbox.connection),
    ):
        yield sandbox


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
