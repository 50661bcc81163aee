"""The rows that writers of file formats take, and their options."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from frontmart.catalog.headers import Reference, SortColumn

if TYPE_CHECKING:
    import pyarrow as pa

Values = Sequence[object]
# The size of a row group of the snapshot's Parquet files, and of those that are written from a batch.
BATCH_ROWS: Final = 122_880


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """A variant of CSV.

    Attributes:
        line_end: the end of each line.
        has_byte_order_mark: whether the file begins with the mark that makes Excel read UTF-8; some programs take it
            for a part of the first column name.
        is_neutralised: whether texts that a spreadsheet would compute as formulas get an apostrophe in front.
    """

    line_end: str
    has_byte_order_mark: bool = False
    is_neutralised: bool = False


# Exact values and Unix line ends, for programs; exact values and line ends as in RFC 4180; safe to open in Excel.
UNIX_CSV: Final = CsvDialect("\n")
PLAIN_CSV: Final = CsvDialect("\r\n")
SPREADSHEET_CSV: Final = CsvDialect("\r\n", has_byte_order_mark=True, is_neutralised=True)


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """Options of writers; each uses those that concern its format.

    Attributes:
        csv: the variant of CSV.
        snapshot_id: the snapshot that the rows come from.
        as_of_date: the UTC day that the snapshot describes.
        frontmart_version: the version that writes.
    """

    csv: CsvDialect = UNIX_CSV
    snapshot_id: str = ""
    as_of_date: str = ""
    frontmart_version: str = ""


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The columns of a query result, and its rows, which can be read once.

    Attributes:
        columns: the column names; duplicates have a number: `a`, `a_2`.
        types: the DuckDB type of each column, such as BIGINT.
        rows: the rows, one value per column, as the types of JSON where there is one. Reading them raises UsageError
            for an error that occurs only while rows are computed.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: Iterator[Values]


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table of a snapshot, to be exported.

    Attributes:
        name: the name without its schema.
        full_name: the name with its schema, such as marts.topic_pairs.
        description: its purpose.
        grain: the meaning of a row.
        key: the columns of its primary key; rows are sorted by them.
        columns: the description of each column, in order.
        schema: the columns with their Arrow types.
        row_count: the number of rows.
        references: its foreign keys to other tables of the export.
        order: the columns that people sort it by; empty for the order of the key.
    """

    name: str
    full_name: str
    description: str
    grain: str
    key: tuple[str, ...]
    columns: dict[str, str]
    schema: "pa.Schema"
    row_count: int
    _read: "Callable[[], Iterator[pa.RecordBatch]]"
    references: tuple[Reference, ...] = ()
    order: tuple[SortColumn, ...] = ()

    def batches(self) -> "Iterator[pa.RecordBatch]":
        """All rows, sorted by the key, in batches of at most BATCH_ROWS."""
        for batch in self._read():
            yield batch.replace_schema_metadata(None)

    @property
    def described_schema(self) -> "pa.Schema":
        """The schema with the description of the table and its columns as metadata."""
        return self.schema.with_metadata(
            {
                "description": self.description,
                "grain": self.grain,
                "key": json.dumps(self.key),
                "columns": json.dumps(self.columns, ensure_ascii=False),
            }
        )
