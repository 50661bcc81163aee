"""The columns that a query reads anywhere, by name: in its result, its filters, joins, groups and CTEs.

Found in the parse tree without resolving names: a column of a table counts as read if a column of that name is read
from any table. Whatever could read a column without its name, such as `*`, counts as reading all columns. That is too
much rather than too little, so that a query whose columns are as before has the result that it had before.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from frontmart.catalog.parse_tree import Node, nodes_of

# The parts of a SELECT that have expressions, other than those of its FROM clause and CTEs.
_EXPRESSIONS: Final = ("select_list", "where_clause", "group_expressions", "having", "qualify", "modifiers")
# Functions that make several rows of one.
_ROW_MAKERS: Final = ("unnest", "unlist", "generate_subscripts")


@dataclass(frozen=True, slots=True)
class ColumnReads:
    """The names of columns that a query reads, in lower case.

    Attributes:
        names: read anywhere, except in `outputs`.
        whole: full names of the tables that are read with all their columns.
        outputs: for a view, the names that each column of its result is computed from, where they decide nothing else:
            neither which rows there are nor other columns. Empty for all other queries, and for views that are not one
            plain SELECT.
    """

    names: frozenset[str]
    whole: frozenset[str] = frozenset()
    outputs: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def depends_on(self, table: str, columns: Collection[str]) -> bool:
        """Whether the query reads one of some columns of a table that it reads."""
        return table in self.whole or any(column in names for names in self._all() for column in columns)

    def outputs_of(self, columns: Collection[str]) -> frozenset[str] | None:
        """The columns of a view that depend on some columns of its tables; None if its rows, or all of them, do."""
        changed, found = set(columns), set[str]()
        while True:
            if self.names & changed:
                return None
            more = {name for name, names in self.outputs.items() if names & changed} - found
            if not more:
                return frozenset(found)
            found |= more
            changed |= more  # a later column may read an earlier one by its alias

    def _all(self) -> Iterator[frozenset[str]]:
        yield self.names
        yield from self.outputs.values()


def column_reads(tree: Node, *, is_view: bool) -> ColumnReads:
    """The columns that a parsed statement reads.

    Args:
        tree: an entry of `statements` in the answer of DuckDB's json_serialize_sql.
        is_view: whether to find which columns decide which column of the result.
    """
    nodes = list(nodes_of(tree))
    outputs = _outputs(tree["node"]) if is_view else {}
    if outputs:
        rest = [node for key, part in tree["node"].items() if key != "select_list" for node in nodes_of(part)]
        return ColumnReads(frozenset(_names(rest)), frozenset(_whole(nodes)), outputs)
    return ColumnReads(frozenset(_names(nodes)), frozenset(_whole(nodes)))


def _outputs(select: Node) -> dict[str, frozenset[str]]:
    """The names that each column of a SELECT is computed from; empty unless rows of its tables become rows of it."""
    is_plain = (
        select["type"] == "SELECT_NODE"
        and not any(select.get(key) for key in ("modifiers", "group_expressions", "having", "qualify", "sample"))
        and select.get("aggregate_handling") == "STANDARD_HANDLING"
    )
    parts = list(nodes_of(select.get("select_list")))
    if not is_plain or any(node.get("class") == "STAR" or node.get("function_name") in _ROW_MAKERS for node in parts):
        return {}
    return {
        (each.get("alias") or each.get("column_names", [""])[-1]).lower(): frozenset(_names(list(nodes_of(each))))
        for each in select["select_list"]
    }


def _names(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        if node.get("class") == "COLUMN_REF":
            # Every part: in `x.y`, `x` may be a table, or a column with the field `y`.
            yield from map(str.lower, node["column_names"])
        for name in node.get("using_columns") or []:
            yield name.lower()


def _whole(nodes: Sequence[Node]) -> Iterator[str]:
    """The tables of which all columns are read."""
    tables = [node for node in nodes if _full_name(node)]
    if any(_hides_names(node) for node in nodes):
        yield from map(_full_name, tables)
        return
    # A table's own name as an expression is a row with all its columns.
    values = {node["column_names"][-1].lower() for node in nodes if node.get("class") == "COLUMN_REF"}
    for table in tables:
        if (table["alias"] or table["table_name"]).lower() in values or table.get("column_name_alias"):
            yield _full_name(table)
    for node in nodes:
        if node.get("type") == "SELECT_NODE" and _has_star(node):
            yield from filter(None, map(_full_name, _sources(node["from_table"])))
        elif node.get("type") == "PIVOT":
            yield from filter(None, map(_full_name, _sources(node["source"])))


def _hides_names(node: Node) -> bool:
    """Whether a node may read columns of any table without naming them."""
    return node.get("ref_type") == "NATURAL" or node.get("class") == "POSITIONAL_REFERENCE"


def _has_star(select: Node) -> bool:
    return any(node.get("class") == "STAR" for key in _EXPRESSIONS for node in nodes_of(select.get(key)))


def _sources(table: Node) -> Iterator[Node]:
    """The tables of a FROM clause that are neither subqueries nor CTEs."""
    if table["type"] == "JOIN":
        yield from _sources(table["left"])
        yield from _sources(table["right"])
    elif table["type"] == "PIVOT":
        yield from _sources(table["source"])
    else:
        yield table


def _full_name(table: Node) -> str:
    schema = table.get("schema_name") if table.get("type") == "BASE_TABLE" else None
    return f"{schema}.{table['table_name']}" if schema else ""
