"""The columns that the mapping file adds: tidy.added_columns, and the mart that is made of their values."""

from collections.abc import Sequence

import duckdb

from frontmart.catalog.article_columns import article_columns
from frontmart.catalog.models import Model
from frontmart.warehouse.load import create_inputs
from transforms.generic.rules import ColumnRule
from transforms.vocabulary import ColumnType


def load_added_columns(con: duckdb.DuckDBPyConnection, columns: Sequence[ColumnRule]) -> None:
    """Create tidy.added_columns: the columns of the mapping file, a row each, in its order."""
    create_inputs(con, ["added_columns"])
    for place, each in enumerate(columns):
        row = [place, each.name, each.key, each.type.value, each.description]
        con.execute("insert into tidy.added_columns values ($1, $2, $3, $4, $5)", row)


def added_models(con: duckdb.DuckDBPyConnection) -> list[Model]:
    """marts.article_columns, if the mapping file of the warehouse adds columns; empty for a warehouse before 0.2."""
    known = con.execute(
        "select 1 from duckdb_tables() where database_name = current_database() "
        "and schema_name = 'tidy' and table_name = 'added_columns'"
    ).fetchone()
    if not known:
        return []
    rows = con.execute(
        "select column_name, key, type, description from tidy.added_columns order by position"
    ).fetchall()
    model = article_columns([ColumnRule(name, key, ColumnType(type_), text) for name, key, type_, text in rows])
    return [model] if model else []
