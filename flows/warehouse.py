"""The DuckDB warehouse of a build: the tidy tables go in, the models run over them, the file is left whole.

Its schemas are tidy, staging (views), core and marts (tables); every table and column carries a COMMENT.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from flows import inputs
from flows.errors import FrontmartError, ModelError
from flows.inputs import INPUTS
from flows.models import LAYERS, Model
from flows.queries import (
    comments,
    count_rows,
    explained,
    literal,
    literals,
    names,
    qualified,
    quoted,
    run_frugally,
    run_together,
)
from transforms.tables import TABLES

_CATALOG: Final = "warehouse"
# The newest format that DuckDB 1.0 and all later ones can open: analysts are rarely on the newest release.
_STORAGE_VERSION: Final = "v1.0.0"
# What every BI tool and data frame reads alike. Sums of integers are HUGEINT until they are cast.
_PLAIN_TYPES: Final = ("BIGINT", "INTEGER", "DOUBLE", "BOOLEAN", "VARCHAR", "DATE", "TIMESTAMP")


@contextmanager
def open_warehouse(
    path: Path, *, temp_directory: Path, memory_limit: str | None = None, threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse in a file, created if need be, in which `core.articles` means what it says.

    When the block ends without an error the file is whole, without a .wal beside it.

    Args:
        path: the DuckDB file.
        temp_directory: where what does not fit in memory goes, created when needed.
        memory_limit: such as 2GB; None for DuckDB's own, 80 percent of the machine.
        threads: how many to use; None for as many as there are processors.

    Raises:
        FrontmartError: for a file that cannot be opened or a setting that DuckDB refuses.
    """
    if "?" in str(path):
        # DuckDB takes it for the query of a URL and looks for the .wal elsewhere.
        raise FrontmartError(f"{path} cannot be opened: DuckDB takes no `?` in a path. Use a folder without one.")
    settings = {
        "temp_directory": str(temp_directory),
        "memory_limit": memory_limit,
        "threads": threads,
        "autoinstall_known_extensions": False,
    }
    try:
        con = duckdb.connect(config={name: value for name, value in settings.items() if value is not None})
    except duckdb.Error as error:
        raise FrontmartError(f"DuckDB refuses a setting: {explained(error, 'Correct memory_limit.')}") from error
    with con:
        try:
            con.execute(f"attach {literal(str(path))} as {_CATALOG} (storage_version {literal(_STORAGE_VERSION)})")
        except duckdb.Error as error:
            raise FrontmartError(f"{path} cannot be opened: {explained(error, 'Build again.')}") from error
        con.execute(f"use {_CATALOG}; set timezone = 'UTC'; set enable_progress_bar = false")
        yield con
        con.execute(f"checkpoint {_CATALOG}; use memory; detach {_CATALOG}")


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier snapshot holds of files that did not change.

    Attributes:
        tables: the folder of its tidy tables, a Parquet file each.
        unchanged: a Parquet file with the document_id of each file that is as it was.
    """

    tables: Path
    unchanged: Path


def load_tidy(con: duckdb.DuckDBPyConnection, fragments: Path, kept: Kept | None = None) -> dict[str, int]:
    """Load the tidy tables from `<fragments>/<table>/*.parquet`, sorted by key -> rows of each table.

    What is kept of an earlier snapshot goes in with them: the rows of files that are as they were, and of documents
    that were read but mean the same, which are in the files of the fragments but not in their documents. A table
    without either is empty. Columns and types are those of transforms/tables.py.

    Raises:
        FrontmartError: for fragments that DuckDB cannot read or that lack a column.
    """
    _create_inputs(con, TABLES)
    sources = _Sources(fragments, kept)
    if kept:
        con.execute("create temp table kept as select document_id from read_parquet($1)", [str(kept.unchanged)])
    for name in ("files", "rejects", *(name for name in TABLES if name not in ("files", "rejects"))):
        _load_table(con, name, sources)
        if kept and name == "rejects":
            _keep_documents(con, sources)
    return {name: count_rows(con, f"tidy.{name}") for name in TABLES}


@dataclass(frozen=True, slots=True)
class _Sources:
    fragments: Path
    kept: Kept | None

    def of(self, name: str) -> tuple[list[str], list[str]]:
        """The Parquet files of a table: fragments, and the one to keep rows of."""
        files = sorted(str(file) for file in (self.fragments / name).glob("*.parquet"))
        return files, [str(self.kept.tables / f"{name}.parquet")] if self.kept else []


def _load_table(con: duckdb.DuckDBPyConnection, name: str, sources: _Sources) -> None:
    schema = TABLES[name]
    columns = names(schema.column_names())
    fragments, kept = sources.of(name)
    parts = [f"select {columns} from read_parquet({literals(fragments)})"] if fragments else []
    if kept:
        where = "document_id in (select document_id from temp.kept)"
        parts.append(f"select {columns} from read_parquet({literals(kept)}) where {where}")
    if not parts:
        return
    query = f"select {columns} from ({' union all '.join(parts)}) as rows order by {names(inputs.key(schema))}"
    try:
        run_frugally(con, f"insert into tidy.{quoted(name)} ({columns}) {query}")
    except duckdb.Error as error:
        reason = explained(error, "Build again with --full.")
        raise FrontmartError(f"tidy.{name} cannot be loaded: {reason}") from error


def _keep_documents(con: duckdb.DuckDBPyConnection, sources: _Sources) -> None:
    """Turn what is kept from files into documents: those seen, less those that were parsed anew."""
    parsed, _ = sources.of("documents")
    less = f" where document_id not in (select document_id from read_parquet({literals(parsed)}))" if parsed else ""
    con.execute("create or replace temp table kept as "
                f"select document_id from (from tidy.files where outcome = 'document') as documents{less}")  # fmt: skip


def load_build(con: duckdb.DuckDBPyConnection, as_of: date, version: str) -> None:
    """Create tidy.build: the day that the build describes, and the version of Frontmart that makes it."""
    _create_inputs(con, ["build"])
    con.execute("insert into tidy.build values ($1, $2)", [as_of, version])


def load_runs(con: duckdb.DuckDBPyConnection, runs: Sequence[Mapping[str, object]]) -> None:
    """Create tidy.runs from the ledger of earlier runs, a mapping of columns a run; what one lacks is NULL."""
    _create_inputs(con, ["runs"])
    columns = INPUTS["runs"].column_names()
    rows = [[run.get(column) for column in columns] for run in sorted(runs, key=lambda run: str(run["run_id"]))]
    if rows:
        places = ", ".join("?" * len(columns))
        con.executemany(f"insert into tidy.runs ({names(columns)}) values ({places})", rows)


def run_models(con: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> dict[str, int]:
    """Run models in the order given -> rows of each table, by full name.

    Staging models become views, which are not counted; those of core and marts become tables, sorted by key.

    Raises:
        ModelError: for a query that fails, and for a header that differs from what the query returns.
    """
    for layer in LAYERS:
        con.execute(f"create schema if not exists {quoted(layer)}")
    rows = {}
    for model in models:
        _run_model(con, model)
        if model.layer != "staging":
            rows[model.full_name] = count_rows(con, model.full_name)
    run_together(con, (comment for model in models for comment in _comments(model)))
    return rows


def _create_inputs(con: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Create empty tables of schema tidy, with their comments."""
    statements = ["create schema if not exists tidy"]
    for name in tables:
        schema = INPUTS[name]
        columns = ", ".join(f"{quoted(column)} {type_}" for column, type_ in inputs.duckdb_types(schema).items())
        statements.append(f"create table tidy.{quoted(name)} ({columns})")
        descriptions = inputs.column_descriptions(schema)
        statements += comments("table", f"tidy.{name}", inputs.description(schema), descriptions)
    run_together(con, statements)


def _run_model(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    table = qualified(model.full_name)
    try:
        described = con.execute(f"describe {model.sql}").fetchall()
        _hold_to_header(model, {name: type_ for name, type_, *_ in described})
        if model.layer == "staging":
            con.execute(f"create view {table} as {model.sql}")
        else:
            query = f"select {names(model.columns)} from ({model.sql}) as model order by {names(model.key)}"
            run_frugally(con, f"create table {table} as {query}")
    except duckdb.Error as error:
        raise ModelError(f"{model.place} failed: {explained(error, 'Correct the model.')}") from error


def _comments(model: Model) -> list[str]:
    kind = "view" if model.layer == "staging" else "table"
    return comments(kind, model.full_name, f"{model.description} Grain: {model.grain}", model.columns)


def _hold_to_header(model: Model, real: Mapping[str, str]) -> None:
    """Compare the columns that a model returns, and their types, with what its header says."""
    untrue = [name for name in model.columns if name not in real]
    untold = [name for name in real if name not in model.columns]
    if untrue or untold:
        findings = [
            f"its header describes {', '.join(untrue)}, which the query does not return" if untrue else "",
            f"the query returns {', '.join(untold)}, which its header does not describe" if untold else "",
        ]
        raise ModelError(f"{model.place}: {'; '.join(filter(None, findings))}. Make the two agree.")
    if list(model.columns) != list(real):
        raise ModelError(f"{model.place}: the query returns its columns in another order than the header describes "
                         f"them: {', '.join(real)}. Make the two agree.")  # fmt: skip
    odd = [f"{name} {type_}" for name, type_ in real.items() if type_ not in _PLAIN_TYPES]
    if odd:
        raise ModelError(f"{model.place}: {', '.join(odd)} would not read alike everywhere. "
                         f"Cast to one of {', '.join(_PLAIN_TYPES)}.")  # fmt: skip
