"""CSV by RFC 4180, for a double click: Excel takes the byte order mark for UTF-8, and no text is a formula."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa

from frontmart.export.manifest import ExportSpec
from frontmart.export.tables import ExportTable
from transforms.spreadsheets import neutralised

_LINE_END: Final = "\r\n"
# A space where ISO 8601 has a T, which Excel would not read; a fraction of a second only where there is one.
_TIME: Final = "%Y-%m-%d %H:%M:%S%.f"


def write_csv(table: ExportTable, batches: Iterator[pa.RecordBatch], path: Path, spec: ExportSpec) -> int:
    """Write batches of a table to a CSV file with a header -> how many rows.

    NULL is nothing between two commas, an empty text is `""`. Plain CSV has neither the byte order mark, which some
    programs take for a part of the first name, nor apostrophes before what a spreadsheet would compute.
    """
    row_count = 0
    with path.open("wb") as file:
        if not spec.is_plain:
            file.write(codecs.BOM_UTF8)
        _write(pl.DataFrame(schema=dict.fromkeys(table.schema.names, pl.String)), file, is_header=True)
        for batch in batches:
            frame = pl.DataFrame(batch)
            _write(frame if spec.is_plain else neutralised(frame), file, is_header=False)
            row_count += batch.num_rows
    return row_count


def _write(frame: pl.DataFrame, file: object, *, is_header: bool) -> None:
    frame.write_csv(file, include_header=is_header, line_terminator=_LINE_END, datetime_format=_TIME)  # type: ignore[call-overload]
