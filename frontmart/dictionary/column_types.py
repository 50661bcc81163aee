"""The type of every column, as DuckDB infers it: each model is bound over empty tables, and none is run."""

from collections.abc import Sequence

import duckdb

from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.layers import LAYERS
from frontmart.catalog.models import Model
from frontmart.warehouse.load import create_inputs
from frontmart.warehouse.macros import create_functions, create_macros, macro_types
from frontmart.warehouse.statements import quote_identifier, quote_table


def column_types(
    models: Sequence[Model], macros: Sequence[Model], functions: Sequence[Model]
) -> dict[str, dict[str, str]]:
    """The DuckDB type of each column of each table and macro of the warehouse, by full name and column.

    Args:
        models: the models, each after all that it reads, as `read_models` returns them.
        macros: the table macros over them.
        functions: the functions that the models call.
    """
    with duckdb.connect() as con:
        create_inputs(con, INPUTS)
        create_functions(con, functions)
        for layer in LAYERS:
            con.execute(f"create schema if not exists {quote_identifier(layer)}")
        for model in models:
            con.execute(f"create table {quote_table(model.full_name)} as {model.sql} with no data")
        rows = con.execute(
            "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
            "where not internal order by table_oid, column_index"
        ).fetchall()
        create_macros(con, macros)
        types = {macro.full_name: macro_types(con, macro) for macro in macros}
    for table, column, type_ in rows:
        types.setdefault(table, {})[column] = type_
    return types
