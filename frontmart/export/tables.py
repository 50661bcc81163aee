"""Open the tables of an export.

Each file is opened once, verified against its hash and read through the same handle: all tables of an export are those
of one snapshot, even if another one is published or this one removed meanwhile.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import pyarrow.parquet as pq

from frontmart.errors import SnapshotError
from frontmart.export.plan import Source
from frontmart.export.source import open_source
from frontmart.formats.data import ExportTable


@contextmanager
def open_tables(sources: Sequence[Source]) -> Iterator[list[ExportTable]]:
    """Open the tables of a plan for the block. Raises SnapshotError for a file that changed since it was published."""
    with ExitStack() as stack:
        yield [_open_table(source, stack) for source in sources]


def _open_table(source: Source, stack: ExitStack) -> ExportTable:
    file = stack.enter_context(open_source(source.path, source.bytes, source.sha256))
    reader = stack.enter_context(pq.ParquetFile(file))
    metadata = {name.decode(): text.decode() for name, text in (reader.metadata.metadata or {}).items()}
    schema = reader.schema_arrow.remove_metadata()
    try:
        return ExportTable(
            name=source.name,
            full_name=source.table.name,
            description=metadata["description"],
            grain=metadata["grain"],
            key=tuple(json.loads(metadata["key"])),
            columns={name: json.loads(metadata["columns"])[name] for name in schema.names},
            schema=schema,
            row_count=reader.metadata.num_rows,
            _file=reader,
        )
    except (KeyError, ValueError):
        message = f"{source.path}: has no descriptions of its columns"
        raise SnapshotError(f"{message}; run `frontmart build --full` and export again") from None
