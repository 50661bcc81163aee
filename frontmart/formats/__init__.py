"""File formats that `query` and `export` write: one module per format, and one line here.

A module has the functions that its line names; the command passes the rows in that form:

| form | function of the module | rows |
| --- | --- | --- |
| ROWS | `write_rows(result, file, options) -> notes` | a query result, one row at a time, as Python values |
| BATCHES | `write_batches(schema, batches, file, options) -> row count` | one table, as Arrow record batches |
| TABLES | `write_tables(tables, path, options) -> notes` | all tables of an export, for formats with one file for all |

Notes are sentences about values that a file does not represent exactly. How values are represented:

| format | NULL | empty text | dates, times | booleans |
| --- | --- | --- | --- | --- |
| parquet | NULL | empty | DATE, TIMESTAMP | BOOLEAN |
| csv | nothing | `""` | 2026-01-31, 2026-01-31 06:00:00 | true, false |
| json, jsonl | null | `""` | strings as in csv | true, false |
| markdown, table | nothing | nothing | as in csv | yes, no |
| xlsx | no cell | a cell with no text | numbers formatted as dates | TRUE, FALSE |
| arrow | null | empty | date32, timestamp[us] | bool |
| sqlite | NULL | empty | text as in csv | 1, 0 |

This module imports no library, so that the command line can list the formats quickly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any, Final


class Form(StrEnum):
    """The form in which a writer takes rows, and the name of its function."""

    ROWS = "write_rows"
    BATCHES = "write_batches"
    TABLES = "write_tables"


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A file format.

    Attributes:
        name: the format as --format takes it; also the name of its module in this package.
        suffixes: the endings of its file names; files of an export have the first.
        query: the form in which `query` passes rows to it; None if `query` does not offer it.
        export: the form in which `export` passes rows to it; None if `export` does not offer it.
        is_for_people: whether people read it row by row, so that tables are in the order that their headers give.
    """

    name: str
    suffixes: tuple[str, ...]
    query: Form | None = None
    export: Form | None = None
    is_for_people: bool = False

    @property
    def suffix(self) -> str:
        """The ending of exported files."""
        return self.suffixes[0]

    @property
    def is_text(self) -> bool:
        """Whether `query` can write it to a terminal or a pipe."""
        return self.query is Form.ROWS

    @property
    def is_partitioned(self) -> bool:
        """Whether an export has a file per table, which can be split into a file per month."""
        return self.export is Form.BATCHES

    def writer(self, form: Form) -> Any:
        """The function that writes the format, from its module: libraries are imported only when they are needed."""
        return getattr(import_module(f"{__name__}.{self.name}"), form)


FORMATS: Final[Mapping[str, FileFormat]] = {
    each.name: each
    for each in (
        FileFormat("table", (".txt",), query=Form.ROWS),
        FileFormat("parquet", (".parquet",), query=Form.BATCHES, export=Form.BATCHES),
        FileFormat("csv", (".csv",), query=Form.ROWS, export=Form.BATCHES),
        FileFormat("json", (".json",), query=Form.ROWS),
        FileFormat("jsonl", (".jsonl", ".ndjson"), query=Form.ROWS),
        FileFormat("markdown", (".md",), query=Form.ROWS),
        FileFormat("xlsx", (".xlsx",), export=Form.TABLES, is_for_people=True),
        FileFormat("arrow", (".arrow",), export=Form.BATCHES),
        FileFormat("sqlite", (".sqlite",), export=Form.TABLES),
    )
}
QUERY_FORMATS: Final = tuple(name for name, each in FORMATS.items() if each.query)
EXPORT_FORMATS: Final = tuple(name for name, each in FORMATS.items() if each.export)
