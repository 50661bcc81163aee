"""Write the tidy tables of an earlier state as a build of it writes them: the same columns, rows, order and bytes.

A row of that state is either over, and in the past tables, or still current, and in the tables of the snapshot. All
tables but `files`, whose times and sizes are not kept.
"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from frontmart.catalog.history_inputs import CHILD_TABLES, HISTORY_INPUTS
from frontmart.errors import FrontmartError, UsageError
from frontmart.history.moments import Moment, find_moment
from frontmart.history.parts import list_parts
from frontmart.presets import preset_of_run
from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import Snapshot
from frontmart.warehouse.database import open_warehouse, reopen
from frontmart.warehouse.load import create_inputs
from frontmart.warehouse.parquet import export_tidy
from frontmart.warehouse.statements import (
    explain_error,
    quote_identifier,
    quote_literal,
    quote_literals,
    quote_names,
)
from transforms.history.versions import APPEARANCES
from transforms.tables import TABLES

_FILES: Final = "files"
_KEPT: Final = tuple(name for name in TABLES if name != _FILES)


def write_state(snapshot: Snapshot, moment: str, folder: Path, memory_limit: str | None = None) -> Moment:
    """Write the tidy tables of the state at a moment to `<folder>/<table>.parquet` -> the step.

    Args:
        snapshot: the snapshot whose history has the moment.
        moment: a commit, a snapshot, a day or an instant; see `moments`.
        folder: the folder to write, which must not exist, or be empty.
        memory_limit: the most memory that DuckDB may use, such as 1GB.

    Raises:
        UsageError: for no such moment, or a folder that has files.
        FrontmartError: for a history that cannot be read, or files that cannot be written.
    """
    step = find_moment(snapshot, moment)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: is not an empty folder; give another --output")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".frontmart-state-", dir=folder.parent) as work:
        database, tables = Path(work) / "state.duckdb", Path(work) / "tables"
        with open_warehouse(database, temp_directory=Path(work) / "spill", memory_limit=memory_limit) as con:
            try:
                load_state(con, snapshot, step)
                con.execute("drop schema past cascade; drop schema current cascade")
                reopen(con, database)
            except duckdb.Error as error:
                reason = explain_error(error, "`frontmart verify` finds what is damaged.")
                raise FrontmartError(f"{snapshot.folder}: the history cannot be read: {reason}") from error
            export_tidy(con, tables, preset_of_run(read_run(snapshot)))
        (tables / f"{_FILES}.parquet").unlink()
        folder.mkdir(exist_ok=True)
        for file in sorted(tables.iterdir()):
            shutil.move(file, folder / file.name)
    return step


def load_state(con: duckdb.DuckDBPyConnection, snapshot: Snapshot, moment: Moment) -> None:
    """Fill the tidy tables of an empty warehouse with the state at a step. Raises duckdb.Error."""
    create_inputs(con, TABLES)
    _open_tables(con, snapshot)
    is_beginning = f"list_contains({quote_literals(APPEARANCES)}, change)"
    con.execute(
        "create temp table began as select document_id, max(step) as step, "
        f"coalesce(max(step) filter (where {is_beginning}), 0) as present_from from past.document_changes "
        "group by document_id"
    )
    for name in ("documents", "rejects"):
        columns = quote_names(TABLES[name].column_names())
        con.execute(
            f"insert into tidy.{name} ({columns}) select {columns} from (select {columns} from past.past_{name} "
            f"where valid_from <= {moment.step} and {moment.step} < valid_to union all select {columns} "
            f"from current.{name} left join (select document_id as id, step from began) as began on id = document_id "
            f"where coalesce(step, 0) <= {moment.step}) as rows order by document_id"
        )
    for name in CHILD_TABLES:
        _load_list(con, name, moment.step)


def _open_tables(con: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
    """Make views of the tables of the history and of the snapshot, with all their columns."""
    con.execute("create schema past; create schema current")
    for name, schema in HISTORY_INPUTS.items():
        parts = [str(part) for part in list_parts(snapshot.folder, name)]
        columns = quote_names(schema.column_names())
        # An empty table has the types of the input of that name.
        source = f"from read_parquet({quote_literals(parts)})" if parts else f"from tidy.{name} where 0 = 1"
        if not parts:
            create_inputs(con, {name: schema})
        con.execute(f"create view past.{name} as select {columns} {source}")
    for name in _KEPT:
        file = snapshot.tables / f"{name}.parquet"
        source = f"read_parquet({quote_literal(str(file))})"
        stored = [row[0] for row in con.execute(f"describe from {source}").fetchall()] if file.is_file() else []
        columns = ", ".join(
            quote_identifier(each) if each in stored else f"null as {quote_identifier(each)}"
            for each in TABLES[name].column_names()
        )
        con.execute(f"create view current.{name} as select {columns}" + (f" from {source}" if stored else " where 0=1"))


def _load_list(con: duckdb.DuckDBPyConnection, name: str, step: int) -> None:
    """Load a child table: lists that ended later, by their items, and those that are still current."""
    names = TABLES[name].column_names()
    places = [each for each in ("related_position", "position") if each in names]
    listed = quote_literal(name)
    con.execute(
        "create or replace temp table lists as select document_id, item_ids, positions from past.past_lists "
        f"where list_name = {listed} and valid_from <= {step} and {step} < valid_to"
    )
    if not con.execute("select 1 from lists where item_ids <> '' limit 1").fetchall():
        past = ""
    else:
        past = _past_items(name, names, places) + " union all "
    # A list that has not ended is the current one, if the document was there all the time since.
    current = (
        f"select {', '.join(f'item.{quote_identifier(each)}' for each in names)} from current.{name} as item "
        "left join began using (document_id) "
        f"where coalesce(began.present_from, 0) <= {step} and item.document_id not in (select document_id "
        f"from past.past_lists where list_name = {listed} and valid_to > {step}) "
        "and item.document_id in (select document_id from tidy.documents)"
    )
    columns = quote_names(names)
    key = quote_names(TABLES[name].primary_key())
    con.execute(f"insert into tidy.{name} ({columns}) select {columns} from ({past}{current}) as rows order by {key}")


def _past_items(name: str, names: Sequence[str], places: Sequence[str]) -> str:
    """The items of the lists, each with its place, which is a number, or that of the related item and one, as 3.1."""
    values = {
        "document_id": "placed.document_id",
        "path": "documents.path",
        "position": "split_part(place, '.', -1)::int",
        "related_position": "split_part(place, '.', 1)::int",
    }
    columns = ", ".join(
        f"{values.get(each, f'item.{quote_identifier(each)}')} as {quote_identifier(each)}" for each in names
    )
    placed = "unnest(string_split(positions, ' '))" if places else "''"
    return (
        f"select {columns} from (select document_id, unnest(string_split(item_ids, ' ')) as item_id, "
        f"{placed} as place from lists where item_ids <> '') as placed "
        f"join past.past_{name} as item on item.item_id = placed.item_id "
        "join tidy.documents as documents on documents.document_id = placed.document_id"
    )
