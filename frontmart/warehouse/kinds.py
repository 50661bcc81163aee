"""The kind of each document: stored once, because every model reads it, and to look its names up takes long."""

import duckdb

from frontmart.catalog.models import read_query
from frontmart.catalog.sql_folder import SQL
from frontmart.warehouse.load import create_inputs


def load_kinds(con: duckdb.DuckDBPyConnection) -> None:
    """Create tidy.article_kinds, a row per document, from the tidy tables and the function kind_sign.

    Raises duckdb.Error.
    """
    create_inputs(con, ["article_kinds"])
    con.execute(f"insert into tidy.article_kinds select document_id, kind from ({read_query(SQL, 'kinds.documents')})")
