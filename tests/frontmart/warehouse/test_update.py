"""Changing a table in place: its rows and their order are those of a new table, and the change names what differs."""

from collections.abc import Iterator, Sequence

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontmart.catalog.column_reads import ColumnReads
from frontmart.catalog.models import Model
from frontmart.shipped_sql import shipped_sql
from frontmart.warehouse.table_changes import NOTHING, ROWS, TableChanges
from frontmart.warehouse.update import reload, replace_rows, replace_some

Row = tuple[int, str | None, float | None]

_VALUES = st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([0.0, -0.0, 1.5, float("nan"), None]))
TABLES = st.dictionaries(st.integers(0, 30), _VALUES, max_size=30)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("create schema core")
        yield con


def rows_of(table: dict[int, tuple[str | None, float | None]]) -> list[Row]:
    return [(key, *values) for key, values in sorted(table.items())]


def create(con: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Row]) -> None:
    con.execute(f"create or replace table {name} (id integer, word varchar, number double)")
    if rows:
        con.executemany(f"insert into {name} values (?, ?, ?)", rows)


def fetch(con: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    # As text, so that NaN equals NaN and -0.0 differs from 0.0.
    return [repr(row) for row in con.execute(f"from {name}").fetchall()]


def expected_change(old: list[Row], new: list[Row]) -> frozenset[str]:
    if [row[0] for row in old] != [row[0] for row in new]:
        return ROWS
    places = enumerate(("id", "word", "number"))
    return frozenset(
        name for place, name in places if any(repr(a[place]) != repr(b[place]) for a, b in zip(old, new, strict=True))
    )


@given(old=TABLES, new=TABLES)
@settings(deadline=None, max_examples=60)
def test_a_table_gets_the_rows_of_a_query_in_the_order_of_the_key(
    con: duckdb.DuckDBPyConnection, old: dict[int, tuple[str, float]], new: dict[int, tuple[str, float]]
) -> None:
    create(con, "core.kept", rows_of(old))
    create(con, "model", list(reversed(rows_of(new))))
    change = replace_rows(con, "core.kept", ["id"], "from model")
    create(con, "expected", rows_of(new))
    assert fetch(con, "core.kept") == fetch(con, "expected")
    assert change == expected_change(rows_of(old), rows_of(new))


@given(old=TABLES, changed=TABLES, gone=st.sets(st.integers(0, 30)))
@settings(deadline=None, max_examples=60)
def test_some_rows_of_a_table_are_replaced(
    con: duckdb.DuckDBPyConnection,
    old: dict[int, tuple[str, float]],
    changed: dict[int, tuple[str, float]],
    gone: set[int],
) -> None:
    create(con, "core.kept", rows_of(old))
    create(con, "model", rows_of(changed))
    replaced = [*gone, *changed, -1]
    is_replaced = f"id in ({', '.join(map(str, replaced))})"
    change = replace_some(con, "core.kept", ["id"], is_replaced, "from model" if changed else None)
    new = {key: values for key, values in old.items() if key not in replaced} | changed
    create(con, "expected", rows_of(new))
    assert fetch(con, "core.kept") == fetch(con, "expected")
    assert change == expected_change(rows_of(old), rows_of(new))


def test_few_changed_values_are_written_where_they_are(con: duckdb.DuckDBPyConnection) -> None:
    create(con, "core.kept", [(number, "a", 1.0) for number in range(100)])
    create(con, "model", [(number, "b" if number == 50 else "a", 1.0) for number in range(100)])
    first = con.execute("select min(rowid), max(rowid) from core.kept").fetchall()
    assert replace_rows(con, "core.kept", ["id"], "from model") == {"word"}
    assert con.execute("select min(rowid), max(rowid) from core.kept").fetchall() == first


def test_tables_that_are_loaded_again_are_compared_whatever_their_order(con: duckdb.DuckDBPyConnection) -> None:
    for table in ("core.one", "core.two", "core.three"):
        create(con, table, [(2, "b", 2.0), (1, "a", 1.0)])

    def load() -> None:
        create(con, "core.one", [(1, "a", 1.0), (2, "b", 2.0)])
        create(con, "core.two", [(1, "a", 1.0), (2, "b", 3.0)])
        create(con, "core.three", [(1, "a", 1.0)])

    found = reload(con, [(table, ["id"]) for table in ("core.one", "core.two", "core.three")], load)
    assert found == {"core.one": NOTHING, "core.two": {"number"}, "core.three": ROWS}


def a_query(reads: ColumnReads | None, *tables: str) -> Model:
    query = shipped_sql().models[0]
    fields = {name: getattr(query, name) for name in Model.__slots__}
    return Model(**fields | {"reads": frozenset(tables), "column_reads": reads})


@pytest.mark.parametrize(
    ("change", "is_affected"),
    [(frozenset({"heat"}), True), (frozenset({"title"}), False), (ROWS, True), (NOTHING, False)],
)
def test_a_query_is_affected_by_the_columns_that_it_reads(change: frozenset[str], *, is_affected: bool) -> None:
    changes = TableChanges()
    changes.record("core.articles", change)
    assert changes.affect(a_query(ColumnReads(frozenset({"heat"})), "core.articles")) is is_affected
    assert changes.affect(a_query(None, "core.articles")) is bool(change)
    assert changes.affect(a_query(ColumnReads(frozenset(), frozenset({"core.articles"})), "core.articles")) is bool(
        change
    )
    assert not changes.affect(a_query(None, "core.stories"))
