"""The columns of a query that are copies: read from one column of one table and returned unchanged.

Found in the parse tree that DuckDB returns, through CTEs, subqueries and renames. That takes 7 ms for all models, where
sqlglot's lineage takes seconds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Copy:
    """The source of a copied column.

    Attributes:
        table: the full name of the table.
        column: the column of that table.
        is_optional: whether an outer join may replace the value with NULL.
    """

    table: str
    column: str
    is_optional: bool = False


# The columns of a table, CTE or query, by name; None for a column that is computed.
_Relation = Mapping[str, Copy | None]


def copied_columns(statement: Node, tables: Mapping[str, Sequence[str]]) -> dict[str, Copy]:
    """The columns of a parsed SELECT that are copies, each with its source.

    Args:
        statement: an entry of `statements` in the answer of DuckDB's json_serialize_sql.
        tables: the columns of each table that the statement reads, by full name.

    A column of a UNION is a copy where every branch copies the same column, of present or past rows. Shapes that are
    not understood, such as PIVOT and recursive CTEs, count as computed.
    """
    known = {table: {column: Copy(table, column) for column in columns} for table, columns in tables.items()}
    return {name: copy for name, copy in _query(statement["node"], known).items() if copy}


def _query(node: Node, visible: Mapping[str, _Relation]) -> _Relation:
    """The columns of a query, given the tables and CTEs that it sees."""
    visible = dict(visible)
    for entry in node.get("cte_map", {}).get("map", []):
        cte = entry["value"]
        visible[entry["key"]] = _renamed(_query(cte["query_node"], visible), cte["aliases"])
    if node["type"] == "SET_OPERATION_NODE":
        return _common([_query(child, visible) for child in node["children"]])
    if node["type"] != "SELECT_NODE":
        return {}
    sources = list(_sources(node["from_table"], visible))
    return {
        expression["alias"] or (expression.get("column_names") or [""])[-1]: _source_of(expression, sources)
        for expression in node["select_list"]
    }


def _common(branches: Sequence[_Relation]) -> _Relation:
    first, *others = ([*branch.items()] for branch in branches)
    found: dict[str, Copy | None] = {}
    for place, (name, copy) in enumerate(first):
        copies = [copy, *(other[place][1] if place < len(other) else None for other in others)]
        present = {_present(each) for each in copies}
        found[name] = present.pop() if len(present) == 1 else None
    return found


def _present(copy: Copy | None) -> Copy | None:
    """The column of a tidy table in place of that of its past rows, which has the same meaning."""
    past = "tidy.past_"
    return replace(copy, table=copy.table.replace(past, "tidy.", 1)) if copy and copy.table.startswith(past) else copy


def _renamed(relation: _Relation, names: Sequence[str]) -> _Relation:
    return dict(zip([*names, *list(relation)[len(names) :]], relation.values(), strict=False))


def _sources(
    table: Node, visible: Mapping[str, _Relation], *, is_optional: bool = False
) -> Iterator[tuple[str, _Relation]]:
    """Each table of a FROM clause: the name that it has there, and its columns."""
    kind = table["type"]
    if kind == "JOIN":
        join = table["join_type"]
        yield from _sources(table["left"], visible, is_optional=is_optional or join in ("RIGHT", "FULL", "OUTER"))
        yield from _sources(table["right"], visible, is_optional=is_optional or join in ("LEFT", "FULL", "OUTER"))
        return
    if kind == "BASE_TABLE":
        schema, name = table["schema_name"], table["table_name"]
        relation = visible.get(f"{schema}.{name}" if schema else name, {})
    elif kind == "SUBQUERY":
        name, relation = "", _query(table["subquery"]["node"], visible)
    else:
        name, relation = "", {}
    relation = _renamed(relation, table.get("column_name_alias") or [])
    if is_optional:
        relation = {column: copy and replace(copy, is_optional=True) for column, copy in relation.items()}
    yield table["alias"] or name, relation


def _source_of(expression: Node, sources: Sequence[tuple[str, _Relation]]) -> Copy | None:
    if expression["class"] != "COLUMN_REF":
        return None
    *tables, column = expression["column_names"]
    found = [
        relation[column] for name, relation in sources if column in relation and (not tables or tables[-1] == name)
    ]
    return found[0] if len(found) == 1 else None
