"""Split a table by month: the column that dates its rows, and its rows sorted by month, in bounded memory."""

from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from frontmart.formats.data import BATCH_ROWS, ExportTable
from frontmart.warehouse.progress_bar import hide_progress_bar
from frontmart.warehouse.statements import quote_identifier, quote_literal, quote_names

# Hive's name for a partition without a value.
NO_MONTH: Final = "__HIVE_DEFAULT_PARTITION__"
_MEMORY_LIMIT: Final = "512MB"
# Columns of a time span, such as a topic's first and last article, do not date a row.
_SPANS: Final = ("first_", "last_", "previous_")
# The tables of the star schema that others refer to, such as the calendar.
_DIMENSIONS: Final = "core.dim_"
# A name that no column of a table has.
_MONTH: Final = "month of the row"


def partition_column(table: ExportTable) -> str | None:
    """The date or time column that dates the rows: the first in the key, else the first that is not part of a span.

    None for dimensions: a model joins all of their rows, whatever the month.
    """
    if table.full_name.startswith(_DIMENSIONS):
        return None
    temporal = [field.name for field in table.schema if pa.types.is_temporal(field.type)]
    in_key = [name for name in table.key if name in temporal]
    return next(iter([*in_key, *(name for name in temporal if not name.startswith(_SPANS))]), None)


def by_month(table: ExportTable, column: str, work: Path) -> Iterator[tuple[str, Iterator[pa.RecordBatch]]]:
    """Each month of a table, such as 2026-01, in order, with its rows sorted by key; NO_MONTH for rows without a date.

    The batches of a month must be read before the next month.

    Args:
        table: the table.
        column: its date or time column.
        work: an empty folder for data that does not fit in memory.
    """
    if not table.row_count:
        yield NO_MONTH, table.batches()  # an empty file documents the columns
        return
    rows = pa.RecordBatchReader.from_batches(table.schema, table.batches())
    key = quote_names(table.key)
    query = (
        f"select *, coalesce(strftime({quote_identifier(column)}, '%Y-%m'), {quote_literal(NO_MONTH)}) "
        f"as {quote_identifier(_MONTH)} from rows order by {quote_identifier(_MONTH)}, {key}"
    )
    with closing(duckdb.connect()) as connection:
        limit_memory(connection, work)
        connection.register("rows", rows)
        sorted_rows = connection.sql(query).to_arrow_reader(BATCH_ROWS)
        for month, parts in groupby(_split_by_month(sorted_rows, table.schema), key=itemgetter(0)):
            yield month, (batch for _, batch in parts)


def limit_memory(connection: duckdb.DuckDBPyConnection, work: Path) -> None:
    """Limit the memory of a connection that sorts; what does not fit goes to the folder `work`."""
    connection.execute(f"set memory_limit = {quote_literal(_MEMORY_LIMIT)}; set threads = 1")
    connection.execute(f"set temp_directory = {quote_literal(str(work))}")
    hide_progress_bar(connection)


def _split_by_month(reader: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The batches, split so that each has the rows of one month, with that month."""
    for batch in reader:
        months = batch.column(_MONTH)
        plain = batch.select(schema.names).cast(schema)
        start = 0
        for end in pc.run_end_encode(months).run_ends.to_pylist():
            yield months[start].as_py(), plain.slice(start, end - start)
            start = end
