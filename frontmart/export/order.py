"""Rows in the order in which people read a table, such as topics with the most events first, in bounded memory."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa

from frontmart.export.partitions import limit_memory
from frontmart.formats.data import BATCH_ROWS, ExportTable
from frontmart.warehouse.statements import quote_identifier, quote_names


def in_order(table: ExportTable, work: Path) -> ExportTable:
    """The table with its rows in its order, those that are equal in it by key; NULL comes last.

    Args:
        table: the table.
        work: a folder for data that does not fit in memory.
    """
    if not table.order:
        return table
    terms = [
        f"{quote_identifier(each.column)}{' desc' if each.is_descending else ''} nulls last" for each in table.order
    ]
    query = f"select * from rows order by {', '.join(terms)}, {quote_names(table.key)}"

    def read() -> Iterator[pa.RecordBatch]:
        with closing(duckdb.connect()) as connection:
            limit_memory(connection, work)
            connection.register("rows", pa.RecordBatchReader.from_batches(table.schema, table.batches()))
            for batch in connection.sql(query).to_arrow_reader(BATCH_ROWS):
                yield batch.cast(table.schema)

    return replace(table, _read=read)
