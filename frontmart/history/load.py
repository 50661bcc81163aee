"""Load the history of a staged snapshot into its warehouse: the inputs of the models that hold the past.

Rows are in the order of the parts, and within a part in that of the key: so a copy of the base warehouse has them in
the same order after only the new parts were added.
"""

from collections.abc import Collection
from pathlib import Path

import duckdb

from frontmart.catalog.history_inputs import HISTORY_INPUTS
from frontmart.errors import FrontmartError
from frontmart.history.parts import list_parts
from frontmart.warehouse.statements import explain_error, quote_identifier, quote_literals, quote_names
from frontmart.warehouse.table_changes import ROWS, TableChanges


def load_history(con: duckdb.DuckDBPyConnection, snapshot: Path) -> None:
    """Fill the empty tables of the history from the parts of a snapshot; without parts they stay empty.

    Raises FrontmartError for a part that DuckDB cannot read.
    """
    for table in HISTORY_INPUTS:
        _insert(con, table, list_parts(snapshot, table))


def update_history(
    con: duckdb.DuckDBPyConnection, snapshot: Path, base: Path, changes: TableChanges, *, is_same: bool
) -> None:
    """Change the tables of the history in a copy of the base warehouse to those of a snapshot, and record the changes.

    Args:
        con: the warehouse, a copy of that of `base`.
        snapshot: the folder of the staged snapshot.
        base: the folder of the snapshot that was copied.
        changes: what differs from the base; added to.
        is_same: whether the history of the snapshot is that of the base with new parts, if any.
    """
    for table in HISTORY_INPUTS:
        parts, known = list_parts(snapshot, table), list_parts(base, table)
        if is_same:
            names = {part.name for part in known}
            added = [part for part in parts if part.name not in names]
        else:
            con.execute(f"truncate tidy.{quote_identifier(table)}")
            added = parts
        _insert(con, table, added)
        if added or (known and not is_same):
            changes.record(f"tidy.{table}", ROWS)


def _insert(con: duckdb.DuckDBPyConnection, table: str, parts: Collection[Path]) -> None:
    if not parts:
        return
    columns = quote_names(HISTORY_INPUTS[table].column_names())
    files = quote_literals([str(part) for part in parts])
    try:
        con.execute(
            f"insert into tidy.{quote_identifier(table)} ({columns}) select {columns} from read_parquet({files})"
        )
    except duckdb.Error as error:
        reason = explain_error(error, "Build again.")
        raise FrontmartError(f"tidy.{table} cannot be loaded: {reason}") from error
