"""The kind of each document: stored once, because every model reads it, and to look its names up takes long."""

from typing import Final

import duckdb

from frontmart.catalog.models import read_query
from frontmart.catalog.sql_folder import SQL
from frontmart.warehouse.load import create_inputs
from frontmart.warehouse.table_changes import TableChanges
from frontmart.warehouse.update import replace_rows

_TABLE: Final = "tidy.article_kinds"
_QUERY: Final = "kinds.documents"


def load_kinds(con: duckdb.DuckDBPyConnection) -> None:
    """Create tidy.article_kinds, a row per document, from the tidy tables and the function kind_sign.

    Raises duckdb.Error.
    """
    create_inputs(con, ["article_kinds"])
    con.execute(f"insert into {_TABLE} {_select()}")


def update_kinds(con: duckdb.DuckDBPyConnection, changes: TableChanges) -> None:
    """Change tidy.article_kinds of the base snapshot, if documents changed that decide it. Raises duckdb.Error."""
    if changes.affect_query(_QUERY):
        changes.record(_TABLE, replace_rows(con, _TABLE, ["document_id"], _select()))


def _select() -> str:
    return f"select document_id, kind from ({read_query(SQL, _QUERY)})"
