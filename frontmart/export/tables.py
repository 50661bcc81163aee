"""The tables of an export, opened: what each holds and means, and its rows, a few at a time.

A file is opened, held to its hash and read through the one handle: whatever is published or removed meanwhile, all
tables of an export are those of one snapshot.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from frontmart.errors import SnapshotError
from frontmart.export.plan import Source, verify_hash

# As many as a row group of the snapshot: what a batch takes, and a row group of what is written from one.
BATCH_ROWS: Final = 122_880


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table to export.

    Attributes:
        name: without its schema.
        full_name: with it, such as marts.topic_pairs.
        description: what it is for.
        grain: what a row is.
        key: the columns that tell one row from another; rows are sorted by them.
        columns: each column in order, and what it means.
        schema: the columns with their Arrow types.
        row_count: how many rows there are.
    """

    name: str
    full_name: str
    description: str
    grain: str
    key: tuple[str, ...]
    columns: dict[str, str]
    schema: pa.Schema
    row_count: int
    _file: pq.ParquetFile

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows, BATCH_ROWS at most in a batch, sorted by the key."""
        for batch in self._file.iter_batches(batch_size=BATCH_ROWS):
            yield batch.replace_schema_metadata(None)

    @property
    def metadata(self) -> dict[str, str]:
        """What a file of the table says of itself."""
        return {
            "description": self.description,
            "grain": self.grain,
            "key": json.dumps(self.key),
            "columns": json.dumps(self.columns, ensure_ascii=False),
        }


@contextmanager
def open_tables(sources: Sequence[Source]) -> Iterator[list[ExportTable]]:
    """The tables of a plan, open for as long as the block lasts.

    Raises SnapshotError for a file that is not what was published.
    """
    with ExitStack() as stack:
        yield [_opened(source, stack) for source in sources]


def _opened(source: Source, stack: ExitStack) -> ExportTable:
    file = stack.enter_context(source.path.open("rb"))
    verify_hash(source.path, hashlib.file_digest(file, "sha256").hexdigest(), source.sha256)
    file.seek(0)
    reader = stack.enter_context(pq.ParquetFile(file))
    said = {name.decode(): text.decode() for name, text in (reader.metadata.metadata or {}).items()}
    schema = reader.schema_arrow.remove_metadata()
    try:
        return ExportTable(
            name=source.name,
            full_name=source.table.name,
            description=said["description"],
            grain=said["grain"],
            key=tuple(json.loads(said["key"])),
            columns={name: json.loads(said["columns"])[name] for name in schema.names},
            schema=schema,
            row_count=reader.metadata.num_rows,
            _file=reader,
        )
    except (KeyError, ValueError):
        message = f"{source.path}: does not say what its columns mean"
        raise SnapshotError(f"{message}; run `frontmart build --full` and export again") from None
