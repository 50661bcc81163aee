"""The columns that a query reads: never fewer than DuckDB reads when it runs it."""

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from frontmart.catalog.column_reads import ColumnReads, column_reads
from frontmart.catalog.models import Model
from frontmart.catalog.parse_tree import parse
from frontmart.run import Run
from frontmart.shipped_sql import shipped_sql
from frontmart.snapshots.store import published


def reads_of(sql: str, *, is_view: bool = False) -> ColumnReads:
    return column_reads(parse([sql])[0]["statements"][0], is_view=is_view)


@pytest.mark.parametrize(
    ("sql", "column"),
    [
        ("select a from s.t where hidden > 1", "hidden"),
        ("select count(*) from s.t group by hidden", "hidden"),
        ("select a from s.t order by hidden limit 1", "hidden"),
        ("select a from s.t qualify row_number() over (partition by hidden) = 1", "hidden"),
        ("select sum(a order by hidden) from s.t", "hidden"),
        ("select sum(a) filter (hidden) from s.t", "hidden"),
        ("select a from s.t join s.u using (hidden)", "hidden"),
        ("select a from s.t join s.u on t.hidden = u.b", "hidden"),
        ("with x as (select Hidden as b from s.t) select b from x", "hidden"),
        ("select a from s.u where exists (select 1 from s.t where t.hidden = u.a)", "hidden"),
        ("select value from s.t, json_each(t.hidden)", "hidden"),
        ("select list_transform(a, lambda x: x + hidden) from s.t", "hidden"),
        ("select hidden.field from s.t", "hidden"),
        ("select a from s.t union select hidden from s.t", "hidden"),
        ("select distinct on (hidden) a from s.t", "hidden"),
        (
            "select window_sum from (select sum(a) over w as window_sum from s.t window w as (order by hidden))",
            "hidden",
        ),
        # Without its name.
        ("select a from (select * from s.t)", "hidden"),
        ("select a from (from s.t)", "hidden"),
        ("select a from (select * exclude (b) from s.u join s.t using (b))", "hidden"),
        ("select a from (select columns('hid.*') as a from s.t)", "hidden"),
        ("select a from s.u natural join s.t", "hidden"),
        ("select t from s.t as t", "hidden"),
        ("select count(t) from s.t", "hidden"),
        ("select to_json(x) from s.t as x", "hidden"),
        ("select b from s.t as x(a, b)", "hidden"),
        ("select value from (unpivot s.t on columns(*))", "hidden"),
        ("select #2 from s.t", "hidden"),
    ],
)
def test_a_column_is_found_wherever_it_is_read(sql: str, column: str) -> None:
    assert reads_of(sql).depends_on("s.t", [column]), sql


@pytest.mark.parametrize(
    "sql",
    [
        "select a, b as hidden from s.t",
        "with x as (select a, b from s.t) select * from x",
        "select count(*) from s.t",
    ],
)
def test_a_column_that_is_not_read_is_not_found(sql: str) -> None:
    assert not reads_of(sql).depends_on("s.t", ["hidden"]), sql


def test_the_columns_of_a_view_depend_on_those_that_they_are_computed_from() -> None:
    reads = reads_of("select x.a, x.b + 1 as c, c * 2 as d from s.t as x where x.e > 0", is_view=True)
    assert reads.outputs_of(["a"]) == {"a"}
    assert reads.outputs_of(["b"]) == {"c", "d"}
    assert reads.outputs_of(["z"]) == frozenset()
    assert reads.outputs_of(["e"]) is None


@pytest.mark.parametrize(
    "sql",
    [
        "select distinct a from s.t",
        "select a from s.t group by all",
        "select a, count(*) as b from s.t group by a",
        "select unnest(a) as a from s.t",
        "select a from s.t limit 1",
        "select a from s.t union all select a from s.t",
        "with x as (select a from s.t) select a from x",
        "select a, 1 as b from s.t where a > 1",
    ],
)
def test_a_column_that_decides_the_rows_of_a_view_changes_all_of_it(sql: str) -> None:
    reads = reads_of(sql, is_view=True)
    assert reads.outputs_of(["a"]) is None, sql


def scans(plan: Any) -> Iterator[dict[str, Any]]:
    for node in plan:
        if "Table" in node.get("extra_info", {}):
            yield node["extra_info"]
        yield from scans(node["children"])


def read_by_duckdb(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[str, str]]:
    """The table and name of each column that a plan without optimisations by statistics reads."""
    ((_, plan),) = con.execute(f"explain (format json) {query}").fetchall()
    for scan in scans(json.loads(plan)):
        columns = scan.get("Projections", [])
        table = ".".join(scan["Table"].split(".")[-2:])
        for column in filter(None, [columns] if isinstance(columns, str) else columns):
            yield table, column


@pytest.fixture(scope="module")
def con(sample: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(published(sample.out).warehouse, read_only=True) as con:
        con.execute("set disabled_optimizers = 'statistics_propagation'")
        yield con


def test_duckdb_reads_no_column_that_is_not_found(con: duckdb.DuckDBPyConnection) -> None:
    shipped = shipped_sql()
    by_name = {model.full_name: model for model in shipped.models}

    def is_found(query: Model, table: str, column: str) -> bool:
        """Whether the query, or a view below it, reads the column of the table."""
        assert query.column_reads
        if table in query.reads and query.column_reads.depends_on(table, [column]):
            return True
        views = (by_name[name] for name in query.reads if name in by_name and by_name[name].is_view)
        return any(is_found(view, table, column) for view in views)

    compared = 0
    for query in [*shipped.models, *shipped.checks, *shipped.queries]:
        if query.layer == "main":
            continue
        for table, column in read_by_duckdb(con, query.sql):
            compared += 1
            assert is_found(query, table.replace('"', ""), column.strip('"')), (
                f"{query.full_name} reads {table}.{column}"
            )
    assert compared > 500
