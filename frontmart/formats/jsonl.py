"""JSON Lines: one object per row and line."""

from typing import BinaryIO

from frontmart.formats.data import QueryResult, WriteOptions
from frontmart.formats.json import row_object


def write_rows(result: QueryResult, file: BinaryIO, _: WriteOptions) -> list[str]:
    """Write a query result, one object per line."""
    for row in result.rows:
        file.write(f"{row_object(result, row)}\n".encode())
    return []
