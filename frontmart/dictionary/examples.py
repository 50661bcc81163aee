"""An example of each column, from a warehouse: the same data gives the same examples."""

from collections.abc import Sequence

import duckdb

from frontmart.dictionary.tables import CatalogTable
from frontmart.terminal.tables import format_value
from frontmart.warehouse.statements import quote_identifier, quote_names, quote_table

_ROWS = 500
_LENGTH = 40


def examples(con: duckdb.DuckDBPyConnection, table: CatalogTable) -> dict[str, str]:
    """A short example of each column of a table that has a value, as text.

    The example is the first value, by key, of the first 500 rows that is neither empty nor zero; the smallest value of
    the table if all of these are NULL. Tables and columns that the warehouse lacks, because another version built it,
    are left out.
    """
    present = {name for (name,) in con.execute(
        "select column_name from duckdb_columns() where database_name = current_database() "
        "and schema_name = $1 and table_name = $2", [table.schema, table.name]).fetchall()}  # fmt: skip
    columns = [column.name for column in table.columns if column.name in present]
    if not columns or not present.issuperset(table.key):
        return {}
    rows = con.execute(
        f"select {quote_names(columns)} from {quote_table(table.full_name)} "
        f"order by {quote_names(table.key)} limit {_ROWS}"
    ).fetchall()
    found = {column: _informative([row[place] for row in rows]) for place, column in enumerate(columns)}
    if len(rows) == _ROWS:
        found |= {column: _smallest(con, table, column) for column, value in found.items() if value is None}
    return {column: _short(value) for column, value in found.items() if value is not None}


def _informative(values: Sequence[object]) -> object:
    known = [value for value in values if value is not None]
    return next((value for value in known if value), known[0] if known else None)


def _smallest(con: duckdb.DuckDBPyConnection, table: CatalogTable, column: str) -> object:
    row = con.execute(f"select min({quote_identifier(column)}) from {quote_table(table.full_name)}").fetchone()
    return row[0] if row else None


def _short(value: object) -> str:
    """A value as DuckDB prints it, on one line, cut to 40 characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = format_value(value)
    return text if len(text) <= _LENGTH else f"{text[: _LENGTH - 1]}…"
