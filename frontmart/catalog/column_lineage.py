"""Column lineage: the columns of tidy tables from which each column of a mart is computed, found in the SQL.

sqlglot finds the columns in the expressions that compute a column, including filters and orders of aggregates and
windows, but without those that only decide which rows there are (WHERE, ON, GROUP BY). The search goes down through
core and staging to the tidy tables. A column that sqlglot cannot resolve counts as computed from every column that its
model reads: too much rather than too little.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.models import Model

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.lineage import Node

_DIALECT: Final = "duckdb"
# Raised by sqlglot, besides its own errors, for SQL that it parses and then does not understand.
_MISUNDERSTANDINGS: Final = (ValueError, LookupError, AttributeError, TypeError, RecursionError)

# The columns of each table, each with the columns of tidy tables from which it is computed.
_Tables = Mapping[str, Mapping[str, frozenset[str]]]


def column_lineage(models: Sequence[Model]) -> dict[str, dict[str, frozenset[str]]]:
    """The columns of each mart, each with the `tidy.<table>.<column>` from which it is computed.

    A constant and a count of all rows have none.

    Args:
        models: the models, each after all that it reads, as `read_models` returns them.
    """
    tables = {f"tidy.{name}": _as_themselves(f"tidy.{name}", INPUTS[name].column_names()) for name in INPUTS}
    for model in models:
        tables[model.full_name] = _origins(model, tables)
    return {model.full_name: tables[model.full_name] for model in models if model.layer == "marts"}


def table_lineage(models: Sequence[Model]) -> dict[str, frozenset[str]]:
    """Each tidy table and each model, by full name, with the tidy tables from which it is computed.

    A tidy table has itself.

    Args:
        models: the models, each after all that it reads.
    """
    tables = {f"tidy.{name}": frozenset({f"tidy.{name}"}) for name in INPUTS}
    for model in models:
        tables[model.full_name] = _union(tables[name] for name in model.reads)
    return tables


def columns_read(model: Model, columns: Mapping[str, Iterable[str]]) -> dict[str, frozenset[tuple[str, str]]]:
    """The columns from which each column of a model is computed, as pairs of table and column.

    Columns that sqlglot cannot resolve are left out: all of them, if it does not understand the SQL.

    Args:
        model: the model.
        columns: the columns of each table that it reads.
    """
    from sqlglot import exp
    from sqlglot.errors import SqlglotError
    from sqlglot.lineage import lineage
    from sqlglot.optimizer import build_scope

    try:
        query = _qualified(model.sql, columns)
        nodes = lineage(None, query, {}, dialect=_DIALECT, scope=build_scope(query), trim_selects=False, copy=False)
    except (SqlglotError, *_MISUNDERSTANDINGS):
        return {}
    found = {}
    for column, node in nodes.items():
        # Other leaves are constants and counts of all rows.
        leaves = [leaf for leaf in node.walk() if isinstance(leaf.expression, exp.Table | exp.Placeholder)]
        pairs = frozenset(map(_pair, _without_echoes(leaves)))
        if all(name in columns.get(table, ()) for table, name in pairs):
            found[column] = pairs
    return found


def _as_themselves(table: str, columns: Iterable[str]) -> dict[str, frozenset[str]]:
    return {column: frozenset({f"{table}.{column}"}) for column in columns}


def _origins(model: Model, tables: _Tables) -> dict[str, frozenset[str]]:
    read = {name: tables[name] for name in model.reads}
    found = columns_read(model, read)
    anything = _union(origins for columns in read.values() for origins in columns.values())
    return {
        column: _union(read[table][name] for table, name in found[column]) if column in found else anything
        for column in model.columns
    }


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _without_echoes(leaves: Sequence["Node"]) -> Iterable["Node"]:
    """Leaves without those that a recursive CTE repeats, without a table, where it reads itself."""
    from sqlglot import exp

    known = {leaf.name for leaf in leaves if isinstance(leaf.expression, exp.Table)}
    return (leaf for leaf in leaves if isinstance(leaf.expression, exp.Table) or leaf.name not in known)


def _pair(leaf: "Node") -> tuple[str, str]:
    from sqlglot import exp

    table = leaf.expression
    name = f"{table.db}.{table.name}" if isinstance(table, exp.Table) else ""
    return name, exp.to_column(leaf.name).name


def _qualified(sql: str, columns: Mapping[str, Iterable[str]]) -> "exp.Expr":
    """A parsed query in which every column is qualified by its table and every named window is inlined."""
    from sqlglot import exp, parse_one
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.schema import MappingSchema

    schema = MappingSchema(dialect=_DIALECT)
    for table, names in columns.items():
        schema.add_table(table, dict.fromkeys(names, "UNKNOWN"))
    query = parse_one(sql, dialect=_DIALECT)
    _inline_columns(query)
    query = qualify(query, dialect=_DIALECT, schema=schema, validate_qualify_columns=False, identify=False)
    _expand_unpivots(query)
    for select in list(query.find_all(exp.Select)):
        _inline_windows(select)
        _inline_table_functions(select)
    return query


def _inline_columns(query: "exp.Expr") -> None:
    """Put `*` in the place of `f(columns(*))` in every SELECT: its columns come from the same columns, one from one."""
    from sqlglot import exp

    for select in query.find_all(exp.Select):
        for expression in select.expressions:
            columns = expression.find(exp.Columns)
            if columns:
                expression.replace(columns.this.copy())


def _expand_unpivots(query: "exp.Expr") -> None:
    """Name the columns of a CTE that `unpivot (... in (columns(*)))` turns into rows."""
    from sqlglot import exp

    ctes = {cte.alias: cte.this for cte in query.find_all(exp.CTE)}
    for pivot in query.find_all(exp.Pivot):
        columns = pivot.find(exp.Columns)
        source = ctes.get(pivot.parent.name) if columns and pivot.parent else None
        if columns and source:
            excluded = {column.name for column in columns.this.args.get("except_") or []}
            names = [name for name in source.named_selects if name not in excluded]
            pivot.fields[0].set("expressions", [exp.column(name) for name in names])


def _inline_windows(select: "exp.Select") -> None:
    """Replace the names of windows by their definitions in the WINDOW clause."""
    from sqlglot import exp
    from sqlglot.optimizer import find_all_in_scope

    named = {window.name: window for window in select.args.get("windows") or []}
    for window in list(find_all_in_scope(select, exp.Window)):
        if window.alias in named:
            for part in ("partition_by", "order"):
                window.set(part, named[window.alias].copy().args.get(part))


def _inline_table_functions(select: "exp.Select") -> None:
    """Replace the columns of a call such as json_each(x) by the call: they are computed from its arguments."""
    from sqlglot import exp
    from sqlglot.optimizer import find_all_in_scope

    calls = {
        table.alias_or_name: table.this
        for table in find_all_in_scope(select, exp.Table)
        if isinstance(table.this, exp.Func)
    }
    for column in list(find_all_in_scope(select, exp.Column)):
        if column.table in calls:
            column.replace(calls[column.table].copy())
