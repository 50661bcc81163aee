"""Which columns of the tidy tables each column of a mart is made from, read off the SQL of the models.

sqlglot tells which columns of the tables that a model reads stand in the expressions that compute a column of it:
filters and orders of aggregates and windows included, but not what only decides which rows there are (WHERE, ON, GROUP
BY). From there it goes through core and staging down to the tidy tables. Where sqlglot cannot tell, a column is taken
to come from every column that its model could read: rather too much than too little.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.models import Model

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.lineage import Node

_DIALECT: Final = "duckdb"
# What sqlglot raises, besides its own errors, for SQL that it parses and then does not understand.
_MISUNDERSTANDINGS: Final = (ValueError, LookupError, AttributeError, TypeError, RecursionError)

# The columns of each table, each with the columns of tidy tables that it is made from.
_Tables = Mapping[str, Mapping[str, frozenset[str]]]


def column_lineage(models: Sequence[Model]) -> dict[str, dict[str, frozenset[str]]]:
    """Each mart among the models, with its columns, and the `tidy.<table>.<column>` that each of them is made from.

    A constant and a count of all rows come from no column. Each model stands after all that it reads, as
    `read_models` has them.
    """
    tables = {f"tidy.{name}": _as_themselves(f"tidy.{name}", INPUTS[name].column_names()) for name in INPUTS}
    for model in models:
        tables[model.full_name] = _origins(model, tables)
    return {model.full_name: tables[model.full_name] for model in models if model.layer == "marts"}


def table_lineage(models: Sequence[Model]) -> dict[str, frozenset[str]]:
    """Each tidy table and each model, by full name, with the tidy tables that it is made of: a tidy one of itself.

    Each model stands after all that it reads.
    """
    tables = {f"tidy.{name}": frozenset({f"tidy.{name}"}) for name in INPUTS}
    for model in models:
        tables[model.full_name] = _union(tables[name] for name in model.reads)
    return tables


def columns_read(model: Model, columns: Mapping[str, Iterable[str]]) -> dict[str, frozenset[tuple[str, str]]]:
    """What each column of a model is made from: columns of the tables that it reads, as pairs of table and column.

    Args:
        model: the model.
        columns: the columns of each table that it reads.

    Columns of the model that sqlglot cannot resolve are left out; all of them, where it does not understand the SQL.
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
        # A leaf that is neither a table nor unknown is a constant, or a count of all rows.
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
    """Leaves without those that a recursive CTE shows a second time, where it reads itself, without their table."""
    from sqlglot import exp

    known = {leaf.name for leaf in leaves if isinstance(leaf.expression, exp.Table)}
    return (leaf for leaf in leaves if isinstance(leaf.expression, exp.Table) or leaf.name not in known)


def _pair(leaf: "Node") -> tuple[str, str]:
    from sqlglot import exp

    table = leaf.expression
    name = f"{table.db}.{table.name}" if isinstance(table, exp.Table) else ""
    return name, exp.to_column(leaf.name).name


def _qualified(sql: str, columns: Mapping[str, Iterable[str]]) -> "exp.Expr":
    """A query parsed, in which every column stands with its table, and every window where it is used."""
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
    """Put what the WINDOW clause says in the place of its name, where it is used."""
    from sqlglot import exp
    from sqlglot.optimizer import find_all_in_scope

    named = {window.name: window for window in select.args.get("windows") or []}
    for window in list(find_all_in_scope(select, exp.Window)):
        if window.alias in named:
            for part in ("partition_by", "order"):
                window.set(part, named[window.alias].copy().args.get(part))


def _inline_table_functions(select: "exp.Select") -> None:
    """Put a call such as json_each(x) in the place of its columns: they are made from what it is given."""
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
