"""Parquet of a part of a table, as the snapshot has it of the whole: compressed, described, plain types."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from frontmart.export.manifest import ExportSpec
from frontmart.export.tables import ExportTable


def write_parquet(table: ExportTable, batches: Iterator[pa.RecordBatch], path: Path, _: ExportSpec) -> int:
    """Write batches of a table to a Parquet file, a row group each -> how many rows."""
    row_count = 0
    with pq.ParquetWriter(path, table.schema.with_metadata(table.metadata), compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            row_count += batch.num_rows
    return row_count
