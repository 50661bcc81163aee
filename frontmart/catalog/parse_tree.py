"""SQL parsed by DuckDB: the statement of each file, the tables that it reads, whether its result is `select *`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import duckdb

from frontmart.errors import ModelError

Node = Mapping[str, Any]

# The name by which a recursive CTE with USING KEY reads its own table.
_RECURRING: Final = "recurring"


@dataclass(frozen=True, slots=True)
class Statement:
    """A parsed statement: its tree, and the full names of the tables that it reads."""

    tree: Node
    reads: frozenset[str]


def parse(queries: Sequence[str]) -> list[dict[str, Any]]:
    """The answer of json_serialize_sql for each query. One call for all: one by one takes twice as long."""
    query = "select json_serialize_sql(sql) from (select unnest($1::varchar[]) as sql)"
    with duckdb.connect() as con:
        return [json.loads(row) for (row,) in con.execute(query, [list(queries)]).fetchall()]


def statement(parsed: Node, sql: str, place: str, first_line: int) -> Statement:
    """The one statement of a file.

    Args:
        parsed: an answer of `parse`.
        sql: the query.
        place: the file as errors name it.
        first_line: the line of the file on which the query begins.

    Raises:
        ModelError: for SQL that DuckDB cannot parse, for several statements, and for `select *` in the result.
    """
    if parsed.get("error"):
        line = first_line + sql[: int(parsed.get("position") or 0)].count("\n")
        raise ModelError(f"{place}:{line}: DuckDB cannot read it: {parsed['error_message']}. Correct the SQL.")
    statements = parsed["statements"]
    if len(statements) != 1:
        raise ModelError(f"{place} has {len(statements)} statements. Keep one SELECT.")
    # Walking the tree is the slowest part here, so it is walked once for both.
    nodes = list(nodes_of(statements[0]))
    if _selects_star(statements[0]["node"]):
        raise ModelError(f"{place} selects `*`. Name the columns, so that a new one cannot slip in.")
    return Statement(statements[0], frozenset(_tables(nodes)))


@lru_cache
def without_columns(queries: tuple[tuple[str, frozenset[str]], ...]) -> tuple[str, ...]:
    """Queries, each without the columns of some names: they are left out of every SELECT list, also of its CTEs.

    Kept for the same queries, and one call for all: opening a connection takes longer than most queries.
    """
    answers = parse([sql for sql, _ in queries])
    for tree, (_, names) in zip(answers, queries, strict=True):
        for node in nodes_of(tree):
            if node.get("select_list"):
                node["select_list"][:] = [each for each in node["select_list"] if _output_name(each) not in names]
    query = "select json_deserialize_sql(tree::json) from (select unnest($1::varchar[]) as tree)"
    with duckdb.connect() as con:
        rows = con.execute(query, [[json.dumps(tree) for tree in answers]]).fetchall()
    return tuple(sql for (sql,) in rows)


def _output_name(expression: Node) -> str:
    """The name of a column of a SELECT list; empty for a computed one without an alias."""
    return str(expression.get("alias") or (expression.get("column_names") or [""])[-1])


def _tables(nodes: Sequence[Node]) -> Iterator[str]:
    """The tables that a statement reads; a name without a schema is one of its own CTEs."""
    for node in nodes:
        schema = node.get("schema_name")
        if node.get("type") == "BASE_TABLE" and schema and schema != _RECURRING:
            yield f"{schema}.{node['table_name']}"


def nodes_of(tree: object) -> Iterator[Node]:
    """Every mapping within a parsed statement or a part of one, itself included."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from nodes_of(branch)


def _selects_star(query: Node) -> bool:
    """Whether the result has all columns of something, by `select *` or by starting with FROM.

    A CTE or subquery may select `*`, since the result still names its columns, which are the contract. A model can thus
    read the columns of declared fields without naming each of them.
    """
    return any(
        expression.get("class") == "STAR"
        for select in _result_selects(query)
        # A list of VALUES is parsed as `select *` too.
        if (select.get("from_table") or {}).get("type") != "EXPRESSION_LIST"
        for expression in nodes_of(select["select_list"])
    )


def _result_selects(query: Node) -> Iterator[Node]:
    """The SELECTs whose columns are those of the result: several for a UNION."""
    if query.get("select_list"):
        yield query
    for branch in query.get("children") or []:
        yield from _result_selects(branch)
