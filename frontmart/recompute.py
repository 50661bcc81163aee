"""Recompute the models of a snapshot from its tidy tables, and compare all of its tables row by row.

The tidy tables are those of `tables/*.parquet`, and the history is that of `history/`. What only the warehouse has is
read from it: the day, the run log, and the previous snapshot that drift is measured against. A mart that was damaged
after it was computed from these is found; a change of these inputs themselves is not, except by the hash of the
warehouse.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

from frontmart.catalog import inputs
from frontmart.catalog.history_inputs import HISTORY_INPUTS
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.models import Model, read_functions
from frontmart.catalog.sql_folder import SQL
from frontmart.catalog.trim import trim
from frontmart.errors import FrontmartError
from frontmart.history.load import load_history
from frontmart.settings import Settings
from frontmart.shipped_sql import shipped_sql
from frontmart.snapshots.fingerprint import fingerprint
from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import Snapshot
from frontmart.version import VERSION
from frontmart.warehouse.added_columns import added_models
from frontmart.warehouse.aliases import read_aliases
from frontmart.warehouse.database import open_warehouse
from frontmart.warehouse.events import run_all_models
from frontmart.warehouse.features import read_features
from frontmart.warehouse.load import create_inputs, load_author_names, load_fields
from frontmart.warehouse.macros import create_functions
from frontmart.warehouse.statements import explain_error, quote_literal, quote_names, quote_table
from transforms.tables import TABLES, stored_columns
from transforms.vocabulary import Preset

# The inputs of the models that no file but the warehouse has.
_RECOMPUTED: Final = ("article_events", "article_kinds", "author_names", "fields")
_ONLY_IN_WAREHOUSE: Final = tuple(name for name in INPUTS if name not in (*TABLES, *HISTORY_INPUTS, *_RECOMPUTED))
_PUBLISHED: Final = "published"


@dataclass(frozen=True, slots=True)
class TableDifference:
    """A table of a snapshot that has other rows than it should have.

    Attributes:
        path: the file with the table, relative to the snapshot.
        table: its full name, such as marts.topic_pairs.
        row_count: the number of rows that differ; a changed row counts once.
        first_key: the key of the first of them, by column.
        origin: what it was compared with.
    """

    path: str
    table: str
    row_count: int
    first_key: dict[str, object]
    origin: str

    @property
    def problem(self) -> str:
        """The difference as the end of a sentence."""
        rows = "1 row differs" if self.row_count == 1 else f"{self.row_count:,} rows differ"
        key = ", ".join(f"{name} = {value}" for name, value in self.first_key.items())
        return f"{self.table}: {rows} from {self.origin}, the first with {key}"


@dataclass(frozen=True, slots=True)
class Recomputation:
    """The result of comparing all tables of a snapshot.

    Attributes:
        differences: the tables that differ.
        table_count: the number of tables that were compared.
        skipped: why the models were not recomputed; None if they were.
    """

    differences: list[TableDifference]
    table_count: int
    skipped: str | None


def recompute(snapshot: Snapshot, memory_limit: str) -> Recomputation:
    """Compare the tables of a snapshot whose files are as they were written.

    The tidy tables of the warehouse with their Parquet files; then, if the models are those of the installed version,
    every core, drift and mart table with what the models make of the tidy tables.

    Args:
        snapshot: the snapshot.
        memory_limit: the most memory that DuckDB may use, such as 1GB.

    Raises:
        FrontmartError: for a table that is missing or cannot be read.
    """
    with _scratch(snapshot, memory_limit) as con:
        try:
            return _compare(con, snapshot)
        except duckdb.Error as error:
            reason = explain_error(error, "Run `frontmart repair`.")
            raise FrontmartError(f"{snapshot.folder}: its tables cannot be compared: {reason}") from error


def _compare(con: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> Recomputation:
    con.execute(f"attach {quote_literal(str(snapshot.warehouse))} as {_PUBLISHED} (read_only)")
    create_inputs(con, [*TABLES, *HISTORY_INPUTS, *_ONLY_IN_WAREHOUSE])
    stored = _stored_tables(con)
    for name in stored:
        con.execute(f"insert into {_table('tidy', name)} by name from {_parquet(snapshot.tables / f'{name}.parquet')}")
    for name in _ONLY_IN_WAREHOUSE:
        con.execute(f"insert into {_table('tidy', name)} by name from {_table(_PUBLISHED, 'tidy', name)}")
    load_history(con, snapshot.folder)
    origins = {name: f"tables/{name}.parquet" for name in TABLES if name in stored} | _history_of(con)
    found = [
        _difference(
            con,
            _table(_PUBLISHED, "tidy", name),
            _table("tidy", name),
            ("warehouse.duckdb", f"tidy.{name}", origin),
            inputs.key(INPUTS[name]),
        )
        for name, origin in origins.items()
    ]
    if not _has_current_models(con, snapshot):
        reason = "its models are not those of the installed version and settings, so they were not run again"
        return Recomputation([each for each in found if each], len(found), reason)
    load_fields(con)
    load_author_names(con)
    create_functions(con, read_functions(SQL))
    models = [*trim(shipped_sql().models, read_features(con)), *added_models(con)]
    run_all_models(con, models)
    for model in models:
        if not model.is_view:
            found += _compare_model(con, snapshot, model)
    return Recomputation([each for each in found if each], len(found), None)


def _history_of(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The tables of the history that have rows, here or in the snapshot, each with what they are compared with."""
    names = (name for name in HISTORY_INPUTS if _has_rows(con, name))
    return {name: f"history/{name}/*.parquet" for name in names}


def _has_rows(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    tables = (_table(_PUBLISHED, "tidy", name), _table("tidy", name))
    return any(con.execute(f"select 1 from {table} limit 1").fetchone() for table in tables)


def _stored_tables(con: duckdb.DuckDBPyConnection) -> Collection[str]:
    """The tidy tables that the snapshot has as Parquet: those of its preset."""
    row = con.execute(f"select preset from {_table(_PUBLISHED, 'tidy', 'build')}").fetchone()
    return stored_columns(Preset(row[0])) if row else TABLES


def _compare_model(con: duckdb.DuckDBPyConnection, snapshot: Snapshot, model: Model) -> list[TableDifference | None]:
    """Compare a model with its table in the warehouse and, if it is a mart, with its Parquet file."""
    origin = "what its model makes of the tidy tables"
    recomputed = quote_table(model.full_name)
    places = [("warehouse.duckdb", _table(_PUBLISHED, model.layer, model.name))]
    if model.layer == "marts":
        path = f"marts/{model.name}.parquet"
        places.append((path, _parquet(snapshot.folder / path)))
    return [
        _difference(con, published, recomputed, (path, model.full_name, origin), model.key)
        for path, published in places
    ]


def _difference(
    con: duckdb.DuckDBPyConnection, published: str, expected: str, described: tuple[str, str, str], key: Sequence[str]
) -> TableDifference | None:
    """Compare two tables, in both directions and with duplicates; DuckDB spills what does not fit in memory."""
    columns = ", ".join(
        quote_names([name]) for name, *_ in con.execute(f"select * from {expected} limit 0").description
    )
    surplus, missing = (
        f"(select {columns} from {left} except all select {columns} from {right})"
        for left, right in ((published, expected), (expected, published))
    )
    names = quote_names(key)
    row = con.execute(
        f"with surplus as {surplus}, missing as {missing} "
        "select greatest((select count(*) from surplus), (select count(*) from missing)), "
        f"(select min(({names},)) from (select {names} from surplus union all select {names} from missing))"
    ).fetchone()
    if not row or not row[0]:
        return None
    path, table, origin = described
    return TableDifference(path, table, row[0], dict(zip(key, row[1], strict=True)), origin)


def _has_current_models(con: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> bool:
    """Whether the installed models, with the thresholds, day and aliases of the snapshot, are those that made it."""
    row = con.execute(
        "select drift_share, drift_count, case when is_as_of_given then as_of_date end, is_searchable "
        "from tidy.comparison cross join tidy.build"
    ).fetchone()
    if not row:
        return False
    settings = Settings.load(drift_share=row[0], drift_count=row[1], as_of=row[2], search=row[3])
    known = read_run(snapshot).get("fingerprint") or {}
    return known.get("models") == fingerprint(settings, VERSION, aliases=read_aliases(con))["models"]


@contextmanager
def _scratch(snapshot: Snapshot, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse in a temporary folder, which also takes what does not fit in memory."""
    with TemporaryDirectory(prefix="frontmart-") as folder:
        path = Path(folder)
        with open_warehouse(path / "scratch.duckdb", temp_directory=path / "spill", memory_limit=memory_limit) as con:
            yield con


def _table(*names: str) -> str:
    return ".".join(quote_names([name]) for name in names)


def _parquet(path: Path) -> str:
    return f"read_parquet({quote_literal(str(path))})"
