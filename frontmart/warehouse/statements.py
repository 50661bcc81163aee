"""Build and run DuckDB statements: quote names and texts, use less memory, explain errors."""

import errno
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final

import duckdb

from frontmart.warehouse.query_errors import error_text

# Errors of a full or failing disk. DuckDB includes their text in its own message, or in that of a later error.
_DISK_ERRORS: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
_CHECK_DISK: Final = "Check disk space and permissions."


def quote_names(columns: Iterable[str]) -> str:
    """Quote column names, separated by commas."""
    return ", ".join(quote_identifier(column) for column in columns)


def quote_table(table: str) -> str:
    """Quote a table name such as core.articles, each part by itself."""
    return ".".join(quote_identifier(part) for part in table.split(".", 1))


def quote_identifier(name: str) -> str:
    """Quote a name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_literal(text: str) -> str:
    """Quote text as a SQL string, for statements that allow no parameters."""
    return "'" + text.replace("'", "''") + "'"


def quote_literals(texts: Sequence[str]) -> str:
    """Quote texts as a SQL list."""
    return "[" + ", ".join(quote_literal(text) for text in texts) + "]"


def comment_statements(kind: str, table: str, description: str, columns: Mapping[str, str]) -> list[str]:
    """The COMMENT statements of a table or view (the kind) and its columns."""
    target = quote_table(table)
    return [
        f"comment on {kind} {target} is {quote_literal(description)}",
        *(
            f"comment on column {target}.{quote_identifier(name)} is {quote_literal(text)}"
            for name, text in columns.items()
        ),
    ]


def run(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    """Run a statement that writes rows -> number of rows. Raises duckdb.Error."""
    return _number(con.execute(statement))


def run_with_less_memory(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    """Run a statement that writes rows, outside of a transaction -> number of rows.

    If memory runs out, the statement runs again on one thread: each thread has buffers of its own, so a machine with
    many cores needs more memory for the same work. The result is the same. Raises duckdb.Error.
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
    """Run many small statements in one transaction: a thousand separate commits take a second. Raises duckdb.Error."""
    try:
        con.execute("; ".join(["begin", *statements, "commit"]))
    except duckdb.Error:
        # Without this, whatever the connection is used for next fails with another error than this one.
        with suppress(duckdb.Error):
            con.execute("rollback")
        raise


def count_rows(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Count the rows of a table, given its full name."""
    return _number(con.execute(f"select count(*) from {quote_table(table)}"))


def column_types(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """The types of the columns, in order, of each table and view of the database in use, by full name."""
    query = (
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() order by table_oid, column_index"
    )
    types: dict[str, dict[str, str]] = {}
    for table, column, type_ in con.execute(query).fetchall():
        types.setdefault(table, {})[column] = type_
    return types


def largest_row_count(con: duckdb.DuckDBPyConnection) -> int:
    """The rows of the largest table of the database in use, as DuckDB estimates them; 0 without tables."""
    query = "select coalesce(max(estimated_size), 0) from duckdb_tables() where database_name = current_database()"
    return _number(con.execute(query))


def _number(result: duckdb.DuckDBPyConnection) -> int:
    # All rows, so that the connection is free for the next statement.
    rows = result.fetchall()
    return int(rows[0][0]) if rows else 0


def explain_error(error: duckdb.Error, remedy: str) -> str:
    """The message of a DuckDB error in one line, without the query that DuckDB repeats, and what to do next.

    Args:
        error: the error.
        remedy: what to do, in a sentence, if neither memory nor the disk is the cause.
    """
    message = error_text(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        remedy = "Raise memory_limit."
    elif disk_error := next((text for text in map(os.strerror, _DISK_ERRORS) if text in message), None):
        return f"{disk_error}. {_CHECK_DISK}"
    elif isinstance(error, duckdb.IOException):
        remedy = _CHECK_DISK
    return f"{message.split(chr(10), 1)[0].rstrip('. ')}. {remedy}"
