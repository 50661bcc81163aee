"""Change the inputs of the models in a copied warehouse to what `load` loads."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import duckdb

from frontmart.catalog import inputs
from frontmart.catalog.inputs import INPUTS
from frontmart.errors import FrontmartError
from frontmart.warehouse.load import Reused, load_author_names
from frontmart.warehouse.statements import count_rows, explain_error, quote_literals, quote_names
from frontmart.warehouse.table_changes import TableChanges
from frontmart.warehouse.update import reload, replace_some
from transforms.tables import TABLES

# The tables with a row per file, whatever became of it; all others have rows of documents.
_OF_FILES: Final = ("files", "rejects")
# The tables that `load_comparison` creates.
COMPARISON: Final = ("comparison", "previous_key_profile", "previous_volume_profile", "changed_documents")


def update_tidy(
    con: duckdb.DuckDBPyConnection, fragments: Path, reused: Reused, changes: TableChanges
) -> dict[str, int]:
    """Give the tidy tables the rows that `load.load_tidy` would load -> rows per table.

    Documents that were read again but have the same content are in the fragments of `files` but not of `documents`:
    they keep their rows.

    Raises FrontmartError for fragments that DuckDB cannot read or that lack a column.
    """
    con.execute("create temp table unchanged as select document_id from read_parquet($1)", [str(reused.unchanged)])
    con.execute(
        "create temp table replaced as select document_id from tidy.files anti join temp.unchanged using (document_id)"
    )
    for name in _OF_FILES:
        _update(con, name, fragments, changes)
    parsed = _fragments(fragments, "documents")
    is_parsed = f"document_id in (select document_id from {parsed})" if parsed else "false"
    con.execute(
        "delete from temp.replaced where document_id in "
        f"(select document_id from (from tidy.files where outcome = 'document') as documents where not ({is_parsed}))"
    )
    for name in TABLES:
        if name not in _OF_FILES:
            _update(con, name, fragments, changes)
    con.execute("drop table temp.unchanged; drop table temp.replaced")
    return {name: count_rows(con, f"tidy.{name}") for name in TABLES}


def update_inputs(
    con: duckdb.DuckDBPyConnection, changes: TableChanges, loads: Mapping[tuple[str, ...], Callable[[], None]]
) -> None:
    """Load the small inputs again that may change without a change of a file, and the names of authors if they changed.

    Args:
        con: the warehouse, with its tidy tables updated.
        changes: what differs from the base snapshot; added to.
        loads: what creates each group of inputs, by their names.
    """
    if changes.of("tidy.document_authors"):
        loads = {("author_names",): lambda: load_author_names(con), **loads}
    for names, load in loads.items():
        tables = [(f"tidy.{name}", inputs.key(INPUTS[name])) for name in names]
        for table, change in reload(con, tables, load).items():
            changes.record(table, change)


def _update(con: duckdb.DuckDBPyConnection, name: str, fragments: Path, changes: TableChanges) -> None:
    schema, table = TABLES[name], f"tidy.{name}"
    files = _fragments(fragments, name)
    query = f"select {quote_names(schema.column_names())} from {files}" if files else None
    is_replaced = "document_id in (select document_id from temp.replaced)"
    try:
        changes.record(table, replace_some(con, table, inputs.key(schema), is_replaced, query))
    except duckdb.Error as error:
        reason = explain_error(error, "Build again with --full.")
        raise FrontmartError(f"{table} cannot be loaded: {reason}") from error


def _fragments(folder: Path, table: str) -> str:
    """The fragments of a table as a relation; empty without any."""
    files = sorted(str(file) for file in (folder / table).glob("*.parquet"))
    return f"read_parquet({quote_literals(files)})" if files else ""
