"""Load schema `tidy`, the inputs of the models: the tidy tables, the build, the run log, and the previous snapshot."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from itertools import pairwise
from operator import attrgetter
from pathlib import Path

import duckdb

from frontmart.catalog import inputs
from frontmart.catalog.features import ALL_FEATURES, Feature, features_as_text
from frontmart.catalog.inputs import INPUTS
from frontmart.errors import FrontmartError
from frontmart.warehouse.previous import PROFILES, PreviousSnapshot
from frontmart.warehouse.statements import (
    comment_statements,
    count_rows,
    explain_error,
    quote_identifier,
    quote_literals,
    quote_names,
    run_in_transaction,
    run_with_less_memory,
)
from transforms.fields import declared_fields
from transforms.tables import TABLES, stored_columns
from transforms.tidy.slugs import slug
from transforms.vocabulary import Preset


@dataclass(frozen=True, slots=True)
class Reused:
    """Rows of the base snapshot that a build reuses.

    Attributes:
        tables: folder of the tidy tables of the base snapshot, one Parquet file each.
        unchanged: Parquet file with the document_id of each unchanged file.
    """

    tables: Path
    unchanged: Path


def load_tidy(
    con: duckdb.DuckDBPyConnection, fragments: Path, reused: Reused | None = None, preset: Preset = Preset.GENERIC
) -> dict[str, int]:
    """Load the tidy tables from `<fragments>/<table>/*.parquet`, sorted by key -> rows per table.

    Adds the reused rows of the base snapshot: those of unchanged files, and those of documents that were read again but
    have the same content, which are in the fragments of `files` but not of `documents`. A table without rows is empty.
    Columns and types are those of `transforms.tables`; the reused rows have those that are stored for the preset.

    Raises:
        FrontmartError: for fragments that DuckDB cannot read or that lack a column.
    """
    create_inputs(con, TABLES)
    sources = _Sources(fragments, reused, stored_columns(preset))
    if reused:
        con.execute("create temp table reused as select document_id from read_parquet($1)", [str(reused.unchanged)])
    for name in ("files", "rejects", *(name for name in TABLES if name not in ("files", "rejects"))):
        _load_table(con, name, sources)
        if reused and name == "rejects":
            _reuse_documents(con, sources)
    return {name: count_rows(con, f"tidy.{name}") for name in TABLES}


@dataclass(frozen=True, slots=True)
class _Sources:
    fragments: Path
    reused: Reused | None
    stored: Mapping[str, Sequence[str]]

    def files(self, table: str) -> tuple[list[str], list[str]]:
        """The Parquet files of a table: its fragments, and the file of the base snapshot, if any."""
        fragments = sorted(str(file) for file in (self.fragments / table).glob("*.parquet"))
        is_reused = self.reused and table in self.stored
        return fragments, [str(self.reused.tables / f"{table}.parquet")] if is_reused else []  # type: ignore[union-attr]


def _load_table(con: duckdb.DuckDBPyConnection, name: str, sources: _Sources) -> None:
    schema = TABLES[name]
    names = schema.column_names()
    columns = quote_names(names)
    fragments, reused = sources.files(name)
    parts = [f"select {columns} from read_parquet({quote_literals(fragments)})"] if fragments else []
    if reused:
        where = "document_id in (select document_id from temp.reused)"
        stored = sources.stored[name]
        known = ", ".join(f"{'' if each in stored else 'null as '}{quote_identifier(each)}" for each in names)
        parts.append(f"select {known} from read_parquet({quote_literals(reused)}) where {where}")
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
    """Insert rows in order; if memory does not suffice to sort all of them, a sixteenth at a time.

    Every order starts with document_id, a hash, whose first hex digit splits the rows evenly.
    """
    try:
        con.execute(f"{insert} {order}")
    except duckdb.OutOfMemoryException:
        for first, after in pairwise("0123456789abcdefg"):
            run_with_less_memory(con, f"{insert} where document_id >= '{first}' and document_id < '{after}' {order}")


def _reuse_documents(con: duckdb.DuckDBPyConnection, sources: _Sources) -> None:
    """Replace the unchanged files in temp.reused by the documents to reuse: all those seen that were not parsed."""
    parsed, _ = sources.files("documents")
    is_parsed = (
        f"document_id in (select document_id from read_parquet({quote_literals(parsed)}))" if parsed else "false"
    )
    con.execute(
        "create or replace temp table reused as "
        f"select document_id from (from tidy.files where outcome = 'document') as documents where not {is_parsed}"
    )


def load_fields(con: duckdb.DuckDBPyConnection) -> None:
    """Create tidy.fields: the declared fields of transforms/fields.py, a row each."""
    create_inputs(con, ["fields"])
    rows = [astuple(field) for field in sorted(declared_fields(), key=attrgetter("key"))]
    _load_columns(con, "fields", [list(column) for column in zip(*rows, strict=True)])


def load_author_names(con: duckdb.DuckDBPyConnection) -> None:
    """Create tidy.author_names from tidy.document_authors: a row per spelling, with the slug that SQL cannot make.

    The slugs are no column of document_authors, whose Parquet file is the same as before there were any.
    """
    create_inputs(con, ["author_names"])
    query = "select distinct name from tidy.document_authors where name is not null order by name"
    ids = {name: slug(name) for (name,) in con.execute(query).fetchall()}
    named = {name: author_id for name, author_id in ids.items() if author_id}
    _load_columns(con, "author_names", [list(named), list(named.values())])


def load_build(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    version: str,
    preset: Preset = Preset.SMARTABLE,
    features: Collection[Feature] = ALL_FEATURES,
    *,
    is_as_of_given: bool = True,
    is_searchable: bool = False,
) -> None:
    """Create tidy.build, one row: the day that the marts describe, the version of Frontmart, the preset, the features.

    `load_features` stores those that the corpus has, once the tidy tables are loaded.

    Args:
        con: the warehouse.
        as_of: the day that the marts describe.
        version: of Frontmart.
        preset: how the files were read.
        features: the features that posts have.
        is_as_of_given: whether somebody chose the day; otherwise windows end on the day of the last article.
        is_searchable: whether the articles are indexed for the macro search.
    """
    create_inputs(con, ["build"])
    row = [as_of, version, is_as_of_given, preset.value, features_as_text(features), is_searchable]
    con.execute("insert into tidy.build values ($1, $2, $3, $4, $5, $6)", row)


def load_runs(con: duckdb.DuckDBPyConnection, runs: Sequence[Mapping[str, object]]) -> None:
    """Create tidy.runs from the run log, one mapping of columns per earlier run; missing columns are NULL."""
    create_inputs(con, ["runs"])
    columns = INPUTS["runs"].column_names()
    rows = [[run.get(column) for column in columns] for run in sorted(runs, key=lambda run: str(run["run_id"]))]
    if rows:
        places = ", ".join("?" * len(columns))
        con.executemany(f"insert into tidy.runs ({quote_names(columns)}) values ({places})", rows)


def load_comparison(
    con: duckdb.DuckDBPyConnection, previous: PreviousSnapshot | None, share: float, count: int
) -> None:
    """Create the tables that drift is measured against: profiles of the previous snapshot, and changed documents.

    Needs tidy.documents. Without a previous snapshot that can be read, the tables are empty.

    Args:
        con: the warehouse.
        previous: the published snapshot, or None.
        share: the setting `drift_share`.
        count: the setting `drift_count`.
    """
    create_inputs(con, ["comparison", "changed_documents", *(f"previous_{name}" for name in PROFILES)])
    is_comparable = previous is not None and _load_changed_documents(con, previous.documents)
    if previous and is_comparable:
        for name, columns in previous.profiles.items():
            _load_columns(con, f"previous_{name}", columns)
    snapshot_id = previous.snapshot_id if previous else None
    con.execute("insert into tidy.comparison values ($1, $2, $3, $4)", [share, count, snapshot_id, is_comparable])


def _load_changed_documents(con: duckdb.DuckDBPyConnection, previous: Path | None) -> bool:
    """Count changed documents by type; whether those of the previous snapshot, a Parquet file, can be read."""
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
    """Create the empty tables of schema `tidy` that are not there, with their comments."""
    query = "select table_name from duckdb_tables() where database_name = current_database() and schema_name = 'tidy'"
    there = {name for (name,) in con.execute(query).fetchall()}
    statements = ["create schema if not exists tidy"]
    for name in [each for each in tables if each not in there]:
        schema = INPUTS[name]
        columns = ", ".join(
            f"{quote_identifier(column)} {type_}" for column, type_ in inputs.duckdb_types(schema).items()
        )
        statements.append(f"create table tidy.{quote_identifier(name)} ({columns})")
        descriptions = inputs.column_descriptions(schema)
        statements += comment_statements("table", f"tidy.{name}", inputs.description(schema), descriptions)
    run_in_transaction(con, statements)
