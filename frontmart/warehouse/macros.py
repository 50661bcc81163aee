"""The macros of the warehouse: table macros such as coverage('C#'), and the functions that the models call.

They are in schema main, where DuckDB finds them without a prefix. A warehouse attached under another name must be the
one in use (`use other`), because DuckDB looks up there the tables that a macro reads.
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
    """Create table macros over the models, each with its comment, and once more under a former name that it has.

    Raises:
        ModelError: for a query that fails, and for a header that differs from the columns that the macro returns.
    """
    for macro in macros:
        try:
            for name in filter(None, (macro.name, macro.formerly)):
                con.execute(f"create macro {_quoted(name)}({_parameters(macro)}) as table {macro.sql}")
            types = macro_types(con, macro)
        except duckdb.Error as error:
            raise ModelError(f"{macro.place} failed: {explain_error(error, 'Correct the macro.')}") from error
        check_columns(macro, types)
    run_in_transaction(con, (comment for macro in macros for comment in _comments(macro)))


def create_functions(con: duckdb.DuckDBPyConnection, functions: Sequence[Model]) -> None:
    """Create the scalar functions that models call, each with its comment.

    They stay in the warehouse, so that the SQL of a model can be run there unchanged.

    Raises:
        ModelError: for an expression that DuckDB rejects.
    """
    for function in functions:
        target = _quoted(function.name)
        try:
            con.execute(f"create macro {target}({_parameters(function)}) as {function.sql}")
        except duckdb.Error as error:
            raise ModelError(f"{function.place} failed: {explain_error(error, 'Correct the function.')}") from error
        con.execute(f"comment on macro {target} is {quote_literal(_description(function))}")


def macro_types(con: duckdb.DuckDBPyConnection, macro: Model) -> dict[str, str]:
    """The columns that an existing macro returns, and their types. Raises duckdb.Error."""
    return {name: type_ for name, type_, *_ in con.execute(f"describe from {_call(macro)}").fetchall()}


def signature(macro: Model) -> str:
    """The call of a macro or function, such as coverage(topic_name, grain := 'month')."""
    return f"{macro.name}({_parameters(macro)})"


def _quoted(name: str) -> str:
    return quote_table(f"{SCHEMA}.{name}")


def _parameters(macro: Model) -> str:
    parameters = macro.parameters.items()
    return ", ".join(name if each.default is None else f"{name} := {each.default}" for name, each in parameters)


def _call(macro: Model) -> str:
    """A call that returns the columns of the macro, whatever the rows."""
    return f"{_quoted(macro.name)}({', '.join('null' for each in macro.parameters.values() if not each.default)})"


def _comments(macro: Model) -> list[str]:
    texts = {macro.name: _description(macro)}
    if macro.formerly:
        texts[macro.formerly] = f"Deprecated: call {signature(macro)}. {texts[macro.name]}"
    return [f"comment on macro table {_quoted(name)} is {quote_literal(text)}" for name, text in texts.items()]


def _description(macro: Model) -> str:
    parts = [
        macro.description,
        f"Grain: {macro.grain}" if macro.grain else "",
        *(f"{quote_identifier(name)}: {each.description}" for name, each in macro.parameters.items()),
    ]
    return " ".join(filter(None, parts))
