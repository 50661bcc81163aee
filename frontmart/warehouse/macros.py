"""The table macros of sql/macros, in the warehouse: questions that take a word or a day, such as coverage('C#').

They stand in the schema main, where DuckDB finds them under their bare name. A warehouse that is attached under another
name has to be the one in use (`use other`), since what a macro reads is looked up there.
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
    """Create table macros over the models, each with its comment.

    Raises:
        ModelError: for a query that fails, and for a header that differs from what the macro returns.
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
    """The columns that a macro, which is there, returns, and their types. Raises duckdb.Error."""
    return {name: type_ for name, type_, *_ in con.execute(f"describe from {_call(macro)}").fetchall()}


def signature(macro: Model) -> str:
    """How a macro is called, such as coverage(topic_name, grain := 'month')."""
    return f"{macro.name}({_parameters(macro)})"


def _name(macro: Model) -> str:
    return f"{SCHEMA}.{macro.name}"


def _parameters(macro: Model) -> str:
    parameters = macro.parameters.items()
    return ", ".join(name if each.default is None else f"{name} := {each.default}" for name, each in parameters)


def _call(macro: Model) -> str:
    """A call that is as good as any to learn the columns."""
    return f"{quote_table(_name(macro))}({', '.join('null' for each in macro.parameters.values() if not each.default)})"


def _comment(macro: Model) -> str:
    parts = [
        macro.description,
        f"Grain: {macro.grain}",
        *(f"{quote_identifier(name)}: {each.description}" for name, each in macro.parameters.items()),
    ]
    return f"comment on macro table {quote_table(_name(macro))} is {quote_literal(' '.join(parts))}"
