"""A table of text, as wide as its values."""

from itertools import islice
from typing import BinaryIO, Final

from frontmart.errors import UsageError
from frontmart.formats.data import QueryResult, WriteOptions
from frontmart.terminal.tables import format_rows

# The width of a column depends on all rows, which are held in memory for it.
MOST_TABLE_ROWS: Final = 1_000_000


def write_rows(result: QueryResult, file: BinaryIO, _: WriteOptions) -> list[str]:
    """Write a query result as a table. Raises UsageError for more than MOST_TABLE_ROWS rows."""
    rows = [dict(zip(result.columns, row, strict=True)) for row in islice(result.rows, MOST_TABLE_ROWS + 1)]
    if len(rows) > MOST_TABLE_ROWS:
        advice = "add a LIMIT, or use --format csv, jsonl or parquet, which have no limit"
        raise UsageError(f"the query returns more than {MOST_TABLE_ROWS:,} rows, too many for a table; {advice}")
    file.write(format_rows(rows).encode())
    return []
