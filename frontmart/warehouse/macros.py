"""Create the table macros of sql/macros: queries with parameters, such as coverage('C#').

They are in schema main, so they need no prefix. In a session that attaches the warehouse, run `use <its name>` first:
a macro looks up its tables in the current database.
"""

from collections.abc import Sequence
from typing import Final

import duckdb

from frontmart.catalog.models import Model
from frontmart.errors import ModelError
from frontmart.warehouse.materialize import check_columns
from frontmart.warehouse.statements import (
    explain_error,
    quote_identifier,
    quote_literal,
    quote_table,
    run_in_transaction,
)

SCHEMA: Final = "main"


def create_macros(con: duckdb.DuckDBPyConnection, macros: Sequence[Model]) -> None:
    """Create table macros with their comments.

    Raises:
        ModelError: for a query that fails, and for a header that differs from the columns of the macro.
    """
    for macro in macros:
        try:
            con.execute(f"create macro {quote_table(_name(macro))}({_parameters(macro)}) as table {macro.sql}")
            types = macro_types(con, macro)
        except duckdb.Error as error:
            raise ModelError(f"{macro.place} failed: {explain_error(error, 'Correct the macro.')}") from error
        check_columns(macro, types)
    run_in_transaction(con, (_comment(macro) for macro in macros))


def macro_types(con: duckdb.DuckDBPyConnection, macro: Model) -> dict[str, str]:
    """The columns of an existing macro, and their types. Raises duckdb.Error."""
    return {name: type_ for name, type_, *_ in con.execute(f"describe from {_call(macro)}").fetchall()}


def signature(macro: Model) -> str:
    """The signature of a macro, such as coverage(topic_name, grain := 'month')."""
    return f"{macro.name}({_parameters(macro)})"


def _name(macro: Model) -> str:
    return f"{SCHEMA}.{macro.name}"


def _parameters(macro: Model) -> str:
    parameters = macro.parameters.items()
    return ", ".join(name if each.default is None else f"{name} := {each.default}" for name, each in parameters)


def _call(macro: Model) -> str:
    """A call of the macro with NULL for each required parameter: enough to describe its columns."""
    return f"{quote_table(_name(macro))}({', '.join('null' for each in macro.parameters.values() if not each.default)})"


def _comment(macro: Model) -> str:
    parts = [
        macro.description,
        f"Grain: {macro.grain}",
        *(f"{quote_identifier(name)}: {each.description}" for name, each in macro.parameters.items()),
    ]
    return f"comment on macro table {quote_table(_name(macro))} is {quote_literal(' '.join(parts))}"
