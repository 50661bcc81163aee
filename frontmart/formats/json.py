"""JSON: one array with an object per row, each object on a line of its own."""

import json
from typing import BinaryIO

from frontmart.formats.data import QueryResult, Values, WriteOptions


def write_rows(result: QueryResult, file: BinaryIO, _: WriteOptions) -> list[str]:
    """Write a query result as one array."""
    file.write(b"[")
    separator = "\n"
    for row in result.rows:
        file.write(f"{separator}{row_object(result, row)}".encode())
        separator = ",\n"
    file.write(b"\n]\n")
    return []


def row_object(result: QueryResult, row: Values) -> str:
    """A row as a JSON object on one line; values that JSON lacks, such as dates, are strings."""
    return json.dumps(dict(zip(result.columns, row, strict=True)), ensure_ascii=False, default=str)
