"""Run a query over a snapshot; its result, which may be larger than memory, is read in batches."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from frontmart.errors import UsageError
from frontmart.formats.data import QueryResult, Values
from frontmart.query.limits import end_after
from frontmart.snapshots.read import read_published
from frontmart.snapshots.store import Snapshot
from frontmart.warehouse.read_only import QUERY_ERRORS, distinct, explained, open_sandbox, plain_value, run_query

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_ROWS: Final = 10_000
# DuckDB's own batches: Python has no more long texts at a time than DuckDB itself.
_VECTOR_ROWS: Final = 2_048


@contextmanager
def open_result(snapshot: Snapshot, sql: str, timeout: float | None = None) -> Iterator[QueryResult]:
    """Run a query; its rows are Python values.

    Raises UsageError for a query that fails, with the position in it, or that runs longer than `timeout` seconds.
    """
    _require_text(sql)
    with ExitStack() as stack:
        with end_after(timeout):
            cursor = stack.enter_context(run_query(snapshot.warehouse, sql, timeout))
        described = cursor.description or ()
        columns = distinct([column[0] for column in described])
        yield QueryResult(tuple(columns), tuple(str(column[1]) for column in described), _rows(cursor, sql, timeout))


@contextmanager
def query_published(out: Path, sql: str, timeout: float | None = None) -> Iterator[QueryResult]:
    """Run a query over the published snapshot of an output folder, as `open_result` does, while builds publish."""
    with ExitStack() as stack:
        yield read_published(out, lambda snapshot: stack.enter_context(open_result(snapshot, sql, timeout)))


@contextmanager
def open_arrow_result(
    snapshot: Snapshot, sql: str, timeout: float | None = None
) -> Iterator[tuple["pa.Schema", Iterator["pa.RecordBatch"]]]:
    """Run a query; its rows are Arrow record batches. Raises UsageError as `open_result` does."""
    with _checked(snapshot, sql, timeout) as (connection, sql):
        with explained(sql), end_after(timeout):
            reader = _arrow_reader(connection, sql)
        # A reader that outlives its connection makes DuckDB wait forever when the process opens the file again.
        with reader:
            names = distinct(reader.schema.names)
            schema = reader.schema
            for place, name in enumerate(names):
                schema = schema.set(place, schema.field(place).with_name(name))
            yield schema, (batch.rename_columns(names) for batch in _batches(reader, sql, timeout))


def _arrow_reader(connection: duckdb.DuckDBPyConnection, sql: str) -> "pa.RecordBatchReader":
    try:
        return connection.sql(sql).to_arrow_reader(_BATCH_ROWS)
    except duckdb.Error:
        # `sql` gives no JSON for an error of binding, but `execute` raises it again with JSON.
        connection.execute(sql)
        raise


@contextmanager
def _checked(snapshot: Snapshot, sql: str, timeout: float | None) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A connection to a snapshot, and the statement to run on it."""
    _require_text(sql)
    with open_sandbox(snapshot.warehouse, errors_as_json=True, timeout=timeout) as sandbox:
        with explained(sql):
            statement = sandbox.check(sql)
        yield sandbox.connection, statement


def _require_text(sql: str) -> None:
    if not sql.strip():
        raise UsageError("the query is empty; try: from topics")


def _rows(cursor: duckdb.DuckDBPyConnection, sql: str, timeout: float | None) -> Iterator[Values]:
    while True:
        with explained(sql), end_after(timeout):
            batch = cursor.fetchmany(_VECTOR_ROWS)
        if not batch:
            return
        for row in batch:
            yield [plain_value(value) for value in row]


def _batches(reader: "pa.RecordBatchReader", sql: str, timeout: float | None) -> Iterator["pa.RecordBatch"]:
    while True:
        # Arrow turns errors of DuckDB into OSError.
        with explained(sql, (*QUERY_ERRORS, OSError)), end_after(timeout):
            batch = next(reader, None)
        if batch is None:
            return
        yield batch
