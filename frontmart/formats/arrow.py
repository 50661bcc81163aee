"""Arrow IPC files (Feather version 2), which Python, R, Julia and JavaScript can map into memory."""

import json
from collections.abc import Iterable
from typing import BinaryIO

import pyarrow as pa

from frontmart.formats.data import WriteOptions


def write_batches(schema: pa.Schema, batches: Iterable[pa.RecordBatch], file: BinaryIO, _: WriteOptions) -> int:
    """Write record batches to an Arrow file -> the number of rows.

    Metadata of the schema describes the table, and metadata of each field its column. The file is not compressed, so
    that it can be mapped into memory, and read in browsers.
    """
    row_count = 0
    described = _describe_fields(schema)
    with pa.ipc.new_file(file, described) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(described))
            row_count += batch.num_rows
    return row_count


def _describe_fields(schema: pa.Schema) -> pa.Schema:
    descriptions = json.loads(schema.metadata[b"columns"])
    fields = [field.with_metadata({"description": descriptions[field.name]}) for field in schema]
    return pa.schema(fields, metadata=schema.metadata)
