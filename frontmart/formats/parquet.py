"""Parquet, compressed, in types that every reader supports."""

from collections.abc import Iterable
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from frontmart.errors import UsageError
from frontmart.formats.data import WriteOptions

# DuckDB's HUGEINT, the type of its integer sums, in Arrow.
_HUGEINT: Final = pa.decimal128(38, 0)
_ROW_GROUP_ROWS: Final = 100_000


def write_batches(schema: pa.Schema, batches: Iterable[pa.RecordBatch], file: BinaryIO, _: WriteOptions) -> int:
    """Write record batches to a Parquet file -> the number of rows. HUGEINT columns become BIGINT.

    Raises UsageError for a column of type INTERVAL, which Parquet lacks, and for a HUGEINT that exceeds BIGINT.
    """
    for field in schema:
        if pa.types.is_interval(field.type):
            raise UsageError(f"column {field.name} is an INTERVAL, which Parquet does not have; cast it to VARCHAR")
    plain = pa.schema([field.with_type(_plain_type(field.type)) for field in schema], metadata=schema.metadata)
    row_count, waiting, waiting_rows = 0, [], 0
    with pq.ParquetWriter(file, plain, compression="zstd") as writer:
        for batch in batches:
            waiting.append(_cast(batch, plain))
            waiting_rows += batch.num_rows
            row_count += batch.num_rows
            if waiting_rows >= _ROW_GROUP_ROWS:
                writer.write_table(pa.Table.from_batches(waiting, plain))
                waiting, waiting_rows = [], 0
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting, plain))
    return row_count


def _plain_type(type_: pa.DataType) -> pa.DataType:
    if type_ == _HUGEINT:
        return pa.int64()
    return type_.value_type if pa.types.is_dictionary(type_) else type_


def _cast(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for field, column in zip(schema, batch.columns, strict=True):
        try:
            columns.append(column.cast(field.type))
        except pa.ArrowInvalid:
            message = f"column {field.name} has numbers outside the range of BIGINT; cast it to DOUBLE or VARCHAR"
            raise UsageError(message) from None
    return pa.RecordBatch.from_arrays(columns, schema=schema)
