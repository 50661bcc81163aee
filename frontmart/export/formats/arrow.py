"""Arrow IPC files (Feather version 2): for Python, R, Julia, JavaScript and whatever else maps a file into memory."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from frontmart.export.manifest import ExportSpec
from frontmart.export.tables import ExportTable


def write_arrow(table: ExportTable, batches: Iterator[pa.RecordBatch], path: Path, _: ExportSpec) -> int:
    """Write batches of a table to an Arrow file -> how many rows.

    The schema says what the table and each column mean. It is not compressed: readers in a browser could not open it
    then, and nothing could be mapped into memory.
    """
    row_count = 0
    schema = described(table)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema))
            row_count += batch.num_rows
    return row_count


def described(table: ExportTable) -> pa.Schema:
    """The schema of a table, with what it says of itself and a description in each field."""
    fields = [field.with_metadata({"description": table.columns[field.name]}) for field in table.schema]
    return pa.schema(fields, metadata=table.metadata)
