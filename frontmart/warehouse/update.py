"""Change a table of a copied warehouse into what a full build makes of it, and find which columns that changes.

Rows of a table are in the order of its key. If the keys are as before, only values that differ are written, in place;
otherwise all rows are replaced. Either way the rows end up in the order of a full build.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from frontmart.warehouse.statements import quote_identifier, quote_names, quote_table, run, run_in_transaction
from frontmart.warehouse.table_changes import ROWS, Change

Execute = Callable[[duckdb.DuckDBPyConnection, str], int]

# The new rows of a table, and those they take the place of, both in the order of the key; the latter with a rowid.
_NEW: Final = "temp.new_rows"
_OLD: Final = "temp.old_rows"
# If more of the rows changed, to replace all of them takes less time.
_MOST_UPDATED: Final = 0.2


def replace_rows(
    con: duckdb.DuckDBPyConnection, table: str, key: Sequence[str], query: str, execute: Execute = run
) -> Change:
    """Give a table the rows of a query, as few writes as possible -> the change.

    Args:
        con: the warehouse.
        table: the full name of the table.
        key: the columns of its unique key.
        query: SQL with the columns of the table, in its order.
        execute: runs the query.

    Raises duckdb.Error.
    """
    name = quote_table(table)
    con.execute(f"create or replace temp table new_rows as from {name} limit 0")
    try:
        execute(con, f"insert into {_NEW} from ({query}) as model order by {quote_names(key)}")
        old = f"(select rowid as old_rowid, * from {name})"
        found = _compare(con, old, _columns(con), key)
        if found.is_writable and found.row_count <= _MOST_UPDATED * _count(con, _NEW):
            _update(con, name, old, found.change)
        else:
            _replace_all(con, name, f"from {_NEW}")
        return found.change
    finally:
        con.execute(f"drop table if exists {_NEW}")


def replace_some(
    con: duckdb.DuckDBPyConnection, table: str, key: Sequence[str], is_replaced: str, query: str | None
) -> Change:
    """Replace some rows of a table by those of a query -> the change; otherwise as `replace_rows`.

    Args:
        con: the warehouse.
        table: the full name of the table.
        key: the columns of its unique key.
        is_replaced: an SQL condition for the rows to replace.
        query: SQL with the columns of the table, in its order; None for no rows.
    """
    name, order = quote_table(table), quote_names(key)
    con.execute(f"create or replace temp table new_rows as from {name} limit 0")
    con.execute(
        f"create or replace temp table old_rows as select rowid as old_rowid, * from {name} "
        f"where {is_replaced} order by {order}"
    )
    try:
        if query:
            con.execute(f"insert into {_NEW} from ({query}) as rows order by {order}")
        found = _compare(con, _OLD, _columns(con), key)
        if found.is_writable:
            _update(con, name, _OLD, found.change)
        else:
            con.execute(f"insert into {_NEW} from {name} where not ({is_replaced})")
            _replace_all(con, name, f"from {_NEW} order by {order}")
        return found.change
    finally:
        con.execute(f"drop table if exists {_NEW}; drop table if exists {_OLD}")


def reload(
    con: duckdb.DuckDBPyConnection, tables: Iterable[tuple[str, Sequence[str]]], load: Callable[[], None]
) -> dict[str, Change]:
    """Drop small tables, each given with its key, and load them by a function that creates them -> change by table."""
    before = [(table, key, f"before_{place}") for place, (table, key) in enumerate(tables)]
    for table, _, copy in before:
        con.execute(
            f"create or replace temp table {copy} as from {quote_table(table)}; drop table {quote_table(table)}"
        )
    load()
    found = {}
    for table, key, copy in before:
        con.execute(f"create or replace temp table new_rows as from {quote_table(table)} order by {quote_names(key)}")
        old = f"(select 0 as old_rowid, * from temp.{copy} order by {quote_names(key)})"
        found[table] = _compare(con, old, _columns(con), key).change
        con.execute(f"drop table {_NEW}; drop table temp.{copy}")
    return found


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The columns of the new rows and their types."""
    return {name: type_ for name, type_, *_ in con.execute(f"describe {_NEW}").fetchall()}


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The difference between the new rows and the old ones.

    Attributes:
        change: the columns with other values; ROWS if the keys differ.
        row_count: the rows with other values; 0 if the keys differ.
        is_writable: whether an UPDATE can write them: DuckDB skips a value that is equal, as 0.0 and -0.0 are.
    """

    change: Change
    row_count: int
    is_writable: bool


def _compare(con: duckdb.DuckDBPyConnection, old: str, columns: dict[str, str], key: Sequence[str]) -> _Comparison:
    """Compare the new rows with the old ones, one by one in the order of both."""
    if _count(con, _NEW) != _count(con, old):
        return _Comparison(ROWS, 0, is_writable=False)
    differs = {name: _differs(name, type_) for name, type_ in columns.items()}
    signs = [_has_other_sign(name) for name, type_ in columns.items() if type_ == "DOUBLE"]
    conditions = [" or ".join(differs.values()), " or ".join(signs) or "false", *differs.values()]
    counts = ", ".join(f"count(*) filter ({each})" for each in conditions)
    row_count, sign_count, *differing = con.execute(f"select {counts} from {_side_by_side(old)}").fetchall()[0]
    change = frozenset(name for name, count in zip(differs, differing, strict=True) if count)
    if change.intersection(key):
        return _Comparison(ROWS, 0, is_writable=False)
    return _Comparison(change, row_count, is_writable=not sign_count)


def _update(con: duckdb.DuckDBPyConnection, name: str, old: str, changed: Change) -> None:
    """Write the values of the changed columns in the rows that differ, each in its place."""
    if not changed:
        return
    types, columns = _columns(con), sorted(changed)
    values = ", ".join(f"new.{quote_identifier(column)}" for column in columns)
    differs = " or ".join(_differs(column, types[column]) for column in columns)
    settings = ", ".join(f"{quote_identifier(column)} = changed.{quote_identifier(column)}" for column in columns)
    con.execute(
        f"update {name} as target set {settings} from (select old.old_rowid, {values} from {_side_by_side(old)} "
        f"where {differs}) as changed where target.rowid = changed.old_rowid"
    )


def _replace_all(con: duckdb.DuckDBPyConnection, name: str, rows: str) -> None:
    run_in_transaction(con, [f"truncate {name}", f"insert into {name} {rows}"])


def _side_by_side(old: str) -> str:
    return f"{_NEW} as new positional join {old} as old"


def _differs(column: str, type_: str) -> str:
    name = quote_identifier(column)
    differs = f"new.{name} is distinct from old.{name}"
    return f"({differs} or {_has_other_sign(column)})" if type_ == "DOUBLE" else differs


def _has_other_sign(column: str) -> str:
    """Whether two numbers are equal and not the same bytes: 0.0 and -0.0."""
    name = quote_identifier(column)
    return f"(new.{name} = old.{name} and signbit(new.{name}) <> signbit(old.{name}))"


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    ((count,),) = con.execute(f"select count(*) from {relation}").fetchall()
    return int(count)
