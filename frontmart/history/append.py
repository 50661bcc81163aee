"""A build's own step of the history: what differs from the snapshot that was published before."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from frontmart.catalog.history_inputs import CHILD_TABLES, HISTORY_INPUTS
from frontmart.history.parts import Record, scan_parts, write_parts, write_record
from frontmart.history.starts import read_starts
from frontmart.history.two_builds import Difference, Earlier, rows_of_step
from frontmart.snapshots.store import Snapshot
from frontmart.warehouse.statements import quote_identifier, quote_literal
from transforms.tables import TABLES, polars_schema

# A file in the tidy tables of either build.
_FILES: Final = (
    "select files.document_id, files.path, size, mtime_ns, content_hash, outcome, reason, message, line, "
    'rejects."column" from {files} as files left join {rejects} as rejects using (document_id)'
)
# Only what is stored counts: a file that another version of Frontmart reads in another way, with the same content, is
# no change, and neither is another message about a file that was not written.
_DIFFERENCE: Final = """
create temp table history_files as
with compared as (
    select
        coalesce(new.document_id, old.document_id) as document_id,
        coalesce(new.path, old.path) as path,
        old.outcome as old_outcome,
        new.outcome,
        new.size is distinct from old.size or new.mtime_ns is distinct from old.mtime_ns as is_written,
        coalesce(new.outcome, 'skipped') <> coalesce(old.outcome, 'skipped') as is_other,
        new.content_hash is distinct from old.content_hash as has_other_content,
        (new.reason, new.message, new.line, new."column")
        is distinct from (old.reason, old.message, old.line, old."column") as is_other_reject
    from ({new}) as new
    full join ({old}) as old on new.document_id = old.document_id
)
select
    document_id,
    path,
    old_outcome,
    outcome,
    is_written,
    is_other
    or (coalesce(outcome, '') = 'document' and has_other_content)
    or (coalesce(outcome, '') = 'reject' and is_written and is_other_reject) as is_changed
from compared
where is_written or is_other or has_other_content
"""
_NULL: Final = pl.lit(None)


@dataclass(frozen=True, slots=True)
class Build:
    """A build as a step: its snapshot and when it started."""

    snapshot_id: str
    started_at: dt.datetime


def append_build(
    con: duckdb.DuckDBPyConnection, stage: Snapshot, base: Snapshot, record: Record | None, builds: tuple[Build, Build]
) -> int:
    """Write the step of a build to the staged snapshot, if files were written since the base -> rows of changes.

    A build of the same files, such as one for a new day, is no step. The first step that follows on another makes two:
    that of the base, of which nothing is past, and its own.

    Args:
        con: the warehouse, with its tidy tables loaded.
        stage: the staged snapshot, which has the parts of the base.
        base: the snapshot that was published before, whose tables are intact.
        record: the record of its history, if any.
        builds: the base and this build.

    Raises duckdb.Error, FrontmartError and OSError.
    """
    found = _find_difference(con, stage.work / "history", base)
    if found is None:
        return 0
    step = record.steps if record else 1
    first = step if record else 0
    steps = [(step, builds[1])] if record else list(enumerate(builds))
    rows = rows_of_step(step, found, _read_earlier(base, found))
    write_parts(stage.folder, first, {"steps": _steps(steps), **rows})
    write_record(stage.folder, (record or Record("builds", 0)).with_steps(step + 1))
    return rows["document_changes"].height


def _steps(builds: list[tuple[int, Build]]) -> pl.DataFrame:
    rows = [
        (step, "build", None, build.snapshot_id, build.started_at.astimezone(dt.UTC).replace(tzinfo=None), None)
        for step, build in builds
    ]
    schema = {name: column.dtype for name, column in HISTORY_INPUTS["steps"].columns().items()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _find_difference(con: duckdb.DuckDBPyConnection, work: Path, base: Snapshot) -> Difference | None:
    """What differs between the tidy tables of the warehouse and those of the base; None if no file does."""
    work.mkdir(parents=True)
    tables = {name: f"read_parquet({quote_literal(str(base.tables / f'{name}.parquet'))})" for name in TABLES}
    new = _FILES.format(files="tidy.files", rejects="tidy.rejects")
    old = _FILES.format(files=tables["files"], rejects=tables["rejects"])
    con.execute(_DIFFERENCE.format(new=new, old=old))
    try:
        files = _copy(con, "from temp.history_files order by document_id", work / "files.parquet")
        if files.is_empty():
            return None
        changed = "document_id in (select document_id from temp.history_files where is_changed)"
        names = ("documents", *CHILD_TABLES) if files["is_changed"].any() else ("documents",)
        rows = {
            name: _copy(con, f"from tidy.{quote_identifier(name)} where {changed}", work / f"{name}.parquet")
            for name in names
        }
    finally:
        con.execute("drop table temp.history_files")
    ids = files.filter("is_changed")["document_id"]
    former = {name: _read_old(base, name, ids) for name in (*names, "rejects")}
    return Difference(files, former, rows)


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> pl.DataFrame:
    """The rows of a query, by a file: DuckDB would import pyarrow."""
    con.execute(f"copy ({query}) to {quote_literal(str(path))} (format parquet)")
    return pl.read_parquet(path)


def _read_old(base: Snapshot, name: str, ids: pl.Series) -> pl.DataFrame:
    """The rows of documents in a tidy table of the base; columns that it did not store are NULL."""
    schema, path = polars_schema(TABLES[name]), base.tables / f"{name}.parquet"
    if ids.is_empty() or not path.is_file():
        return pl.DataFrame(schema=schema)
    rows = pl.scan_parquet(path).filter(pl.col("document_id").is_in(ids.implode()))
    known = rows.collect_schema().names()
    columns = [(pl.col(each) if each in known else _NULL.alias(each)).cast(dtype) for each, dtype in schema.items()]
    return rows.select(columns).collect()


def _read_earlier(base: Snapshot, found: Difference) -> Earlier:
    """The history of the base, as far as it decides what ends."""
    starts = read_starts(base.folder, found.files.filter("is_changed")["document_id"])
    # Only a list that ends has items that the history may lack.
    names = [name for name in CHILD_TABLES if name in found.old and not found.old[name].is_empty()]
    items = {name: scan_parts(base.folder, f"past_{name}").select("item_id").collect().to_series() for name in names}
    return Earlier(starts, items)
