"""Purge the history of an output folder: forget versions for good, and remove every snapshot that still has them.

The new snapshot is made of the tables of the last one, not of the source: its warehouse is filled anew, since a file of
DuckDB keeps the bytes of removed rows. All other snapshots go, tagged and damaged ones too.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from frontmart.catalog.history_inputs import HISTORY_INPUTS
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.models import read_functions
from frontmart.catalog.sql_folder import SQL
from frontmart.catalog.trim import trim
from frontmart.errors import FrontmartError, SnapshotError, UsageError
from frontmart.history.base import HistoryBase, find_history_base
from frontmart.history.forget import Current, Forgotten, Tables, forget_documents, forget_since, same_documents
from frontmart.history.load import load_history
from frontmart.history.parts import Purged, Record, scan_parts, write_parts, write_record
from frontmart.presets import preset_of_run
from frontmart.settings import Settings
from frontmart.shipped_sql import shipped_sql
from frontmart.snapshots.baseline import find_baseline
from frontmart.snapshots.fsync import sync
from frontmart.snapshots.lock import SNAPSHOTS, lock_output
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.publication import require_place
from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import Snapshot, clear_leftovers, publish, published_id, remove, staged
from frontmart.snapshots.tags import list_tags, remove_tag
from frontmart.steps import create_warehouse, table_macros, write_json, write_tables
from frontmart.warehouse.added_columns import added_models
from frontmart.warehouse.checks import CheckResult, run_checks
from frontmart.warehouse.events import run_all_models
from frontmart.warehouse.features import read_features
from frontmart.warehouse.load import create_inputs, load_author_names, load_fields
from frontmart.warehouse.macros import create_functions, create_macros
from frontmart.warehouse.statements import quote_identifier, quote_literal
from transforms.parse.frontmatter import document_id
from transforms.tables import TABLES

# What a warehouse knows and no file has. Not the snapshot before: its topics and providers may be what is purged.
_CARRIED: Final = ("added_columns", "aliases", "build", "runs")
_LAST: Final = "last"


@dataclass(frozen=True, slots=True)
class Purge:
    """The result of a purge.

    Attributes:
        snapshot_id: the snapshot that is published now.
        paths: the paths of the documents that versions were taken from, for a purge of a path: of one document.
        version_count: the versions that are gone.
        related_count: the copies of the document that are gone from the past lists of others.
        current: those of the paths that the source had when the snapshot was built: their current version stays.
        removed: the ids of the snapshots removed, the latest first.
        tags: the tags that they had.
    """

    snapshot_id: str
    paths: list[str]
    version_count: int
    related_count: int
    current: list[str]
    removed: list[str]
    tags: list[str]

    def as_json(self) -> dict[str, object]:
        """The object that `frontmart history purge --json` prints."""
        return asdict(self)


def purge(
    out: Path,
    path: str | None = None,
    since: dt.datetime | None = None,
    *,
    memory_limit: str = "1GB",
    warn: Callable[[str], None] = lambda _: None,
) -> Purge:
    """Publish a snapshot without some past versions, and remove all others.

    A document is the article at a path, also under the paths that it was renamed from or to. The current version stays
    as long as the source has it: remove the file and build first, if it is to go as well. A purge that was killed is
    complete when it has run again.

    Args:
        out: the output folder.
        path: forget all past versions of the document at this path.
        since: forget all past versions that began at this moment or after it, instead.
        memory_limit: the most memory that DuckDB may use.
        warn: called with a message about damage.

    Raises:
        UsageError: for neither or both of `path` and `since`, or a path that no version is known of.
        SnapshotError: if nothing is published, a later snapshot than the published one was, or that is damaged.
        LockedError: if a build is running in the folder.
        FrontmartError: if the snapshot cannot be built; nothing is removed then.
    """
    if (path is None) == (since is None):
        raise UsageError("give either a path or --since, the versions to forget")
    published_id(out)  # the lock would create the folder
    with lock_output(out):
        require_place(out)
        clear_leftovers(out)
        base = _find_base(out, warn)
        tables = {name: scan_parts(base.snapshot.folder, name).collect() for name in HISTORY_INPUTS}
        current = _current(base.snapshot)
        purged, forgotten = _forget(tables, current, base, path, since)
        if path is not None and not forgotten.version_count and not _is_known(out, path):
            raise UsageError(f"{path}: no version of it is known in {out}; give a path as tidy.documents has it")
        paths = _paths(tables, current, forgotten)
        record = _record(base, purged)
        with staged(out) as stage:
            _build(stage, base.snapshot, forgotten.tables, record, memory_limit)
            publish(out, stage)
        tags = _remove_others(out, stage.id)
    gone, names = tags
    still = sorted(set(current.documents["path"]) & set(paths))
    return Purge(stage.id, paths, forgotten.version_count, forgotten.related_count, still, gone, names)


def _find_base(out: Path, warn: Callable[[str], None]) -> HistoryBase:
    """The published snapshot, which must be whole and the latest that was."""
    baseline = find_baseline(out, lambda _: None)
    if baseline is None or baseline.snapshot is None:
        raise SnapshotError(f"{out}: the published snapshot is damaged; run `frontmart repair`, then purge again")
    base = find_history_base(out, baseline, warn)
    if base is None or base.snapshot != baseline.snapshot:
        latest = base.snapshot.id if base else "another"
        message = f"{out}: published is {baseline.snapshot_id}, and the history is that of {latest}"
        raise SnapshotError(f"{message}; run `frontmart build` first, then purge again")
    return base


def _forget(
    tables: Tables, current: Current, base: HistoryBase, path: str | None, since: dt.datetime | None
) -> tuple[list[Purged], Forgotten]:
    """The history without the versions, and what its record says of them."""
    through = base.record.steps - 1 if base.record else 0
    commit = base.record.last_commit_id if base.record else None
    if path is not None:
        ids = same_documents(tables["document_changes"], [document_id(path)])
        forgotten = forget_documents(tables, ids, current)
        return [Purged(each, through, commit) for each in sorted(ids)], forgotten
    moment = since.astimezone(dt.UTC).replace(tzinfo=None) if since and since.tzinfo else since
    steps = tables["steps"].filter(pl.col("committed_at") >= moment)["step"].to_list()
    forgotten = forget_since(tables, steps, current)
    return [Purged(each, through, commit) for each in forgotten.document_ids], forgotten


def _current(snapshot: Snapshot) -> Current:
    documents = pl.read_parquet(
        snapshot.tables / "documents.parquet", columns=["document_id", "path", "collection", "canonical_url"]
    )
    return Current(documents, pl.read_parquet(snapshot.tables / "rejects.parquet")["document_id"])


def _is_known(out: Path, path: str) -> bool:
    """Whether any snapshot, also a damaged one, has a file of this path, or had one."""
    places = ("tables/files", "history/past_documents/*", "history/past_rejects/*", "history/document_changes/*")
    for place in places:
        for file in sorted((out / SNAPSHOTS).glob(f"*/{place}.parquet")):
            with suppress(pl.exceptions.PolarsError, OSError):
                if not pl.scan_parquet(file).filter(pl.col("path") == path).collect().is_empty():
                    return True
    return False


def _paths(tables: Tables, current: Current, forgotten: Forgotten) -> list[str]:
    frames = [tables["past_documents"], tables["past_rejects"], tables["document_changes"], current.documents]
    chosen = [frame.filter(pl.col("document_id").is_in(forgotten.document_ids))["path"] for frame in frames]
    return sorted(pl.concat(chosen).unique())


def _record(base: HistoryBase, purged: Iterable[Purged]) -> Record | None:
    """The record of the new history; of builds, which are read only once, it need not tell what was purged."""
    if base.record is None or base.record.kind == "builds":
        return base.record
    return replace(base.record, purged=(*base.record.purged, *purged))


def _build(stage: Snapshot, base: Snapshot, tables: Tables, record: Record | None, memory_limit: str) -> None:
    """Fill a staged snapshot with the tables of the base and another history."""
    run = read_run(base)
    if record:
        write_parts(stage.folder, 0, tables)
        write_record(stage.folder, record)
    settings = Settings.load(memory_limit=memory_limit)
    with create_warehouse(stage, settings) as warehouse:
        _load(warehouse, stage, base)
        features = read_features(warehouse)
        shipped = shipped_sql()
        create_functions(warehouse, read_functions(SQL))
        models = [*trim(shipped.models, features), *added_models(warehouse)]
        rows = run_all_models(warehouse, models)
        create_macros(warehouse, trim(table_macros(warehouse), features))
        checks = run_checks(warehouse, shipped.checks, models)
        _raise_for(checks, stage)
        write_tables(warehouse, stage, preset_of_run(run), models, run["as_of_date"])
    if base.report.exists():
        from frontmart import report  # slow to import

        report.write_report(stage, checks, run.get("name") or "corpus", memory_limit)
    _write_run(stage, run, rows, checks)


def _load(warehouse: duckdb.DuckDBPyConnection, stage: Snapshot, base: Snapshot) -> None:
    create_inputs(warehouse, INPUTS)
    warehouse.execute(f"attach {quote_literal(str(base.warehouse))} as {_LAST} (read_only)")
    for name in TABLES:
        file = base.tables / f"{name}.parquet"
        if file.is_file():
            rows = f"read_parquet({quote_literal(str(file))})"
            warehouse.execute(f"insert into tidy.{quote_identifier(name)} by name from {rows}")
    for name in _CARRIED:
        warehouse.execute(
            f"insert into tidy.{quote_identifier(name)} by name from {_LAST}.tidy.{quote_identifier(name)}"
        )
    warehouse.execute(
        "insert into tidy.comparison select drift_share, drift_count, null, false "
        f"from {_LAST}.tidy.comparison; detach {_LAST}"
    )
    load_history(warehouse, stage.folder)
    load_fields(warehouse)
    load_author_names(warehouse)


def _raise_for(checks: list[CheckResult], stage: Snapshot) -> None:
    found = [check.name for check in checks if check.is_blocking]
    if found:
        raise FrontmartError(
            f"{stage.folder}: nothing was purged: {', '.join(found)} found rows; run `frontmart build`"
        )


def _write_run(stage: Snapshot, run: dict[str, Any], rows: dict[str, int], checks: list[CheckResult]) -> None:
    """Write run.json: that of the base, whose checks and warnings may quote what was purged."""
    tidy = {name: count for name, count in run["rows"].items() if name.startswith("tidy.")}
    changed: dict[str, object] = {
        "snapshot_id": stage.id,
        "outcome": "published",
        "rows": tidy | rows,
        "update": None,
        "warnings": [],
    }
    write_json(stage.run_file, {**run, **changed, "checks": [asdict(check) for check in checks]})
    write_manifest(stage.folder)


def _remove_others(out: Path, id_: str) -> tuple[list[str], list[str]]:
    """Remove all snapshots but one, whole, damaged or unfinished -> their ids, and the tags that they had."""
    names = [tag.name for tag in list_tags(out) if tag.snapshot_id != id_]
    for name in names:
        remove_tag(out, name)
    gone = []
    for path in sorted((out / SNAPSHOTS).iterdir(), reverse=True):
        if path.name == id_:
            continue
        if path.is_dir() and not path.is_symlink():
            gone.append(path.name)
            shutil.rmtree(path)
        else:
            remove(path)
    sync(out / SNAPSHOTS)
    return gone, names
