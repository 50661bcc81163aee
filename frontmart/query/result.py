"""A query over a published snapshot, and its result, read a batch of rows at a time: it may be larger than memory."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from frontmart.errors import UsageError
from frontmart.snapshots.read import read_published
from frontmart.snapshots.store import Snapshot
from frontmart.warehouse.query_errors import explain_query_error
from frontmart.warehouse.read_only import distinct, open_read_only, plain_value, require_query

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_ROWS: Final = 10_000

Values = Sequence[object]


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The columns of an result, and its rows, to be read once.

    Attributes:
        columns: their names; one that several share is told apart by a number: `a`, `a_2`.
        types: their types in DuckDB, such as BIGINT.
        rows: a value a column each, as plain as JSON has them where it has them; reading them raises UsageError for
            what is refused only when it is computed.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: Iterator[Values]


@contextmanager
def open_result(snapshot: Snapshot, sql: str) -> Iterator[QueryResult]:
    """The result to a query. Raises UsageError for one that DuckDB refuses, and where it is."""
    with _connected(snapshot, sql) as connection:
        with _refusing():
            cursor = connection.execute(sql)
        described = cursor.description or ()
        columns = distinct([column[0] for column in described])
        yield QueryResult(tuple(columns), tuple(str(column[1]) for column in described), _rows(cursor))


@contextmanager
def query_published(out: Path, sql: str) -> Iterator[QueryResult]:
    """The result to a query over what an output folder publishes, whatever is published and pruned meanwhile."""
    with ExitStack() as stack:
        yield read_published(out, lambda snapshot: stack.enter_context(open_result(snapshot, sql)))


@contextmanager
def open_arrow_result(snapshot: Snapshot, sql: str) -> Iterator[tuple["pa.Schema", Iterator["pa.RecordBatch"]]]:
    """The result to a query in Arrow's terms, its names told apart. Raises UsageError as `answered` does."""
    with _connected(snapshot, sql) as connection:
        with _refusing():
            reader = connection.sql(sql).to_arrow_reader(_BATCH_ROWS)
        names = distinct(reader.schema.names)
        schema = reader.schema
        for place, name in enumerate(names):
            schema = schema.set(place, schema.field(place).with_name(name))
        yield schema, (batch.rename_columns(names) for batch in _batches(reader))


@contextmanager
def _connected(snapshot: Snapshot, sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
    if not sql.strip():
        raise UsageError("the query is empty; try: from topics")
    with open_read_only(snapshot.warehouse) as connection:
        with _refusing():
            require_query(connection, sql)
        yield connection


@contextmanager
def _refusing() -> Iterator[None]:
    """Tell what DuckDB raises in one line."""
    try:
        yield
    except (duckdb.InterruptException, RuntimeError):  # RuntimeError: what DuckDB makes of a signal
        raise KeyboardInterrupt from None
    except duckdb.Error as error:
        raise UsageError(f"the query was refused: {explain_query_error(error)}") from None


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[Values]:
    while True:
        with _refusing():
            batch = cursor.fetchmany(_BATCH_ROWS)
        if not batch:
            return
        for row in batch:
            yield [plain_value(value) for value in row]


def _batches(reader: "pa.RecordBatchReader") -> Iterator["pa.RecordBatch"]:
    while True:
        with _refusing():
            batch = next(reader, None)
        if batch is None:
            return
        yield batch
