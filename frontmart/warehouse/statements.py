"""Pieces of DuckDB queries, and how they are run: names and texts quoted, little memory taken, errors explained."""

import errno
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import duckdb

from frontmart.warehouse.query_errors import error_text

# What a disk says that takes no more. DuckDB wraps it in a message of its own, or in that of an error that follows.
_DISK_ERRORS: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
_SEE_TO_THE_DISK: Final = "See that the disk has room and that its permissions allow it."


def quote_names(columns: Iterable[str]) -> str:
    """Column names for a query, quoted."""
    return ", ".join(quote_identifier(column) for column in columns)


def quote_table(table: str) -> str:
    """A full table name for a query, each part quoted."""
    return ".".join(quote_identifier(part) for part in table.split(".", 1))


def quote_identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_literal(text: str) -> str:
    """Text as an SQL string, where a parameter cannot stand."""
    return "'" + text.replace("'", "''") + "'"


def quote_literals(texts: Sequence[str]) -> str:
    """Texts as an SQL list."""
    return "[" + ", ".join(quote_literal(text) for text in texts) + "]"


def comments(kind: str, table: str, description: str, columns: Mapping[str, str]) -> list[str]:
    """The statements that describe a table or view (the kind) and its columns."""
    target = quote_table(table)
    return [
        f"comment on {kind} {target} is {quote_literal(description)}",
        *(
            f"comment on column {target}.{quote_identifier(name)} is {quote_literal(text)}"
            for name, text in columns.items()
        ),
    ]


def run(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    """Run a statement that writes rows; how many it wrote. Raises duckdb.Error."""
    return _number(con.execute(statement))


def run_with_less_memory(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    """Run a statement that writes rows, outside of a transaction; how many it wrote.

    Where memory does not suffice for all threads, it runs once more with one.

    Each thread holds buffers of its own, so that a machine of many processors needs more memory for the same work.
    The result is the same either way. Raises duckdb.Error.
    """
    try:
        return run(con, statement)
    except duckdb.OutOfMemoryException:
        threads = _number(con.execute("select current_setting('threads')"))
        con.execute("set threads = 1")
        try:
            return run(con, statement)
        finally:
            con.execute(f"set threads = {threads}")


def run_in_transaction(con: duckdb.DuckDBPyConnection, statements: Iterable[str]) -> None:
    """Run many small statements as one transaction: a thousand that reach the disk one by one take a second."""
    con.execute("; ".join(["begin", *statements, "commit"]))


def count_rows(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a table, called by its full name."""
    return _number(con.execute(f"select count(*) from {quote_table(table)}"))


def _number(result: duckdb.DuckDBPyConnection) -> int:
    row = result.fetchone()
    return int(row[0]) if row else 0


def explain_error(error: duckdb.Error, remedy: str) -> str:
    """What DuckDB says of an error, in one line without the query that it repeats, and what to do next.

    Args:
        error: what DuckDB raised.
        remedy: a sentence for an error that is neither one of memory nor one of the disk.
    """
    message = error_text(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        remedy = "Raise memory_limit."
    elif refusal := next((text for text in map(os.strerror, _DISK_ERRORS) if text in message), None):
        return f"{refusal}. {_SEE_TO_THE_DISK}"
    elif isinstance(error, duckdb.IOException):
        remedy = _SEE_TO_THE_DISK
    return f"{message.split(chr(10), 1)[0].rstrip('. ')}. {remedy}"
