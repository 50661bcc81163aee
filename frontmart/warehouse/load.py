"""What goes into the warehouse: the tidy tables, typed and sorted, and what a build adds from what it knows itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from itertools import pairwise
from operator import attrgetter
from pathlib import Path

import duckdb

from frontmart.catalog import inputs
from frontmart.catalog.inputs import INPUTS
from frontmart.errors import FrontmartError
from frontmart.warehouse.previous import PROFILES, Previous
from frontmart.warehouse.statements import (
    comments,
    count_rows,
    explain_error,
    quote_identifier,
    quote_literals,
    quote_names,
    run_in_transaction,
    run_with_less_memory,
)
from transforms.fields import declared_fields
from transforms.tables import TABLES


@dataclass(frozen=True, slots=True)
class Reused:
    """What an earlier snapshot holds of files that did not change.

    Attributes:
        tables: the folder of its tidy tables, a Parquet file each.
        unchanged: a Parquet file with the document_id of each file that is as it was.
    """

    tables: Path
    unchanged: Path


def load_tidy(con: duckdb.DuckDBPyConnection, fragments: Path, kept: Reused | None = None) -> dict[str, int]:
    """Load the tidy tables from `<fragments>/<table>/*.parquet`, sorted by key -> rows of each table.

    What is kept of an earlier snapshot goes in with them: the rows of files that are as they were, and of documents
    that were read but mean the same, which are in the files of the fragments but not in their documents. A table
    without either is empty. Columns and types are those of transforms/tables.py.

    Raises:
        FrontmartError: for fragments that DuckDB cannot read or that lack a column.
    """
    create_inputs(con, TABLES)
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
    kept: Reused | None

    def of(self, name: str) -> tuple[list[str], list[str]]:
        """The Parquet files of a table: fragments, and the one to keep rows of."""
        files = sorted(str(file) for file in (self.fragments / name).glob("*.parquet"))
        return files, [str(self.kept.tables / f"{name}.parquet")] if self.kept else []


def _load_table(con: duckdb.DuckDBPyConnection, name: str, sources: _Sources) -> None:
    schema = TABLES[name]
    columns = quote_names(schema.column_names())
    fragments, kept = sources.of(name)
    parts = [f"select {columns} from read_parquet({quote_literals(fragments)})"] if fragments else []
    if kept:
        where = "document_id in (select document_id from temp.kept)"
        parts.append(f"select {columns} from read_parquet({quote_literals(kept)}) where {where}")
    if not parts:
        return
    rows = f"select {columns} from ({' union all '.join(parts)}) as rows"
    order = f"order by {quote_names(inputs.key(schema))}"
    try:
        _insert(con, f"insert into tidy.{quote_identifier(name)} ({columns}) {rows}", order)
    except duckdb.Error as error:
        reason = explain_error(error, "Build again with --full.")
        raise FrontmartError(f"tidy.{name} cannot be loaded: {reason}") from error


def _insert(con: duckdb.DuckDBPyConnection, insert: str, order: str) -> None:
    """Insert rows in order; where there is not enough memory to sort them all at once, a sixteenth at a time.

    The first column of every order is document_id, whose first digit is as good as random.
    """
    try:
        con.execute(f"{insert} {order}")
    except duckdb.OutOfMemoryException:
        for first, after in pairwise("0123456789abcdefg"):
            run_with_less_memory(con, f"{insert} where document_id >= '{first}' and document_id < '{after}' {order}")


def _keep_documents(con: duckdb.DuckDBPyConnection, sources: _Sources) -> None:
    """Turn what is kept from files into documents: those seen, less those that were parsed anew."""
    parsed, _ = sources.of("documents")
    less = (
        f" where document_id not in (select document_id from read_parquet({quote_literals(parsed)}))" if parsed else ""
    )
    con.execute("create or replace temp table kept as "
                f"select document_id from (from tidy.files where outcome = 'document') as documents{less}")  # fmt: skip


def load_fields(con: duckdb.DuckDBPyConnection) -> None:
    """Create tidy.fields: the declared fields of transforms/fields.py, a row each."""
    create_inputs(con, ["fields"])
    rows = [astuple(field) for field in sorted(declared_fields(), key=attrgetter("key"))]
    places = ", ".join("?" * len(rows[0]))
    con.executemany(f"insert into tidy.fields values ({places})", rows)


def load_build(con: duckdb.DuckDBPyConnection, as_of: date, version: str) -> None:
    """Create tidy.build: the day that the build describes, and the version of Frontmart that makes it."""
    create_inputs(con, ["build"])
    con.execute("insert into tidy.build values ($1, $2)", [as_of, version])


def load_runs(con: duckdb.DuckDBPyConnection, runs: Sequence[Mapping[str, object]]) -> None:
    """Create tidy.runs from the ledger of earlier runs, a mapping of columns a run; what one lacks is NULL."""
    create_inputs(con, ["runs"])
    columns = INPUTS["runs"].column_names()
    rows = [[run.get(column) for column in columns] for run in sorted(runs, key=lambda run: str(run["run_id"]))]
    if rows:
        places = ", ".join("?" * len(columns))
        con.executemany(f"insert into tidy.runs ({quote_names(columns)}) values ({places})", rows)


def load_comparison(con: duckdb.DuckDBPyConnection, previous: Previous | None, share: float, count: int) -> None:
    """Create what a build is compared with: the profiles of the snapshot before, and how many documents changed since.

    tidy.documents must be there. Where the snapshot does not tell what its files held, nothing is compared.

    Args:
        con: the warehouse.
        previous: the snapshot that is published; None where none is.
        share: by what share a count must change at least, for a warning.
        count: how many documents a change must concern at least.
    """
    create_inputs(con, ["comparison", "changed_documents", *(f"previous_{name}" for name in PROFILES)])
    is_comparable = previous is not None and _load_changed_documents(con, previous.documents)
    if previous and is_comparable:
        for name, columns in previous.profiles.items():
            _load_columns(con, f"previous_{name}", columns)
    snapshot_id = previous.snapshot_id if previous else None
    con.execute("insert into tidy.comparison values ($1, $2, $3, $4)", [share, count, snapshot_id, is_comparable])


def _load_changed_documents(con: duckdb.DuckDBPyConnection, previous: Path | None) -> bool:
    """Whether the documents of the snapshot before, a Parquet file, could be compared with those of this build."""
    if previous is None:
        return False
    query = (
        "insert into tidy.changed_documents "
        "select coalesce(documents.type, '(none)') as document_type, count(*) from tidy.documents as documents "
        "anti join (select document_id, content_hash "
        f"from read_parquet({quote_literals([str(previous)])})) as previous "
        "on previous.document_id = documents.document_id and previous.content_hash = documents.content_hash "
        "group by document_type order by document_type"
    )
    try:
        run_with_less_memory(con, query)
    except duckdb.Error:
        return False
    return True


def _load_columns(con: duckdb.DuckDBPyConnection, name: str, columns: Sequence[Sequence[object]]) -> None:
    types = inputs.duckdb_types(INPUTS[name]).values()
    values = ", ".join(f"unnest(cast(${place} as {type_}[]))" for place, type_ in enumerate(types, start=1))
    con.execute(f"insert into tidy.{quote_identifier(name)} select {values}", list(columns))


def create_inputs(con: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Create empty tables of schema tidy, with their comments."""
    statements = ["create schema if not exists tidy"]
    for name in tables:
        schema = INPUTS[name]
        columns = ", ".join(
            f"{quote_identifier(column)} {type_}" for column, type_ in inputs.duckdb_types(schema).items()
        )
        statements.append(f"create table tidy.{quote_identifier(name)} ({columns})")
        descriptions = inputs.column_descriptions(schema)
        statements += comments("table", f"tidy.{name}", inputs.description(schema), descriptions)
    run_in_transaction(con, statements)
