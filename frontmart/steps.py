"""The steps of a build. Each reads what the step before left in the staged snapshot, and leaves its own there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from frontmart.catalog.models import Model, read_checks, read_macros, read_models
from frontmart.catalog.sql_folder import SQL
from frontmart.errors import FrontmartError, SnapshotError
from frontmart.extract.changes import Changes
from frontmart.extract.shards import Shard, plan_shards
from frontmart.extract.worker import write_frame
from frontmart.incremental import BaseSnapshot
from frontmart.run import Run
from frontmart.settings import Settings
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.read import read_run
from frontmart.snapshots.run_log import read_runs
from frontmart.snapshots.store import Snapshot
from frontmart.version import VERSION
from frontmart.warehouse.checks import CheckResult, reject_check, run_checks
from frontmart.warehouse.database import checkpoint_in_background, open_warehouse
from frontmart.warehouse.datapackage import data_package
from frontmart.warehouse.load import Reused, load_build, load_comparison, load_fields, load_runs, load_tidy
from frontmart.warehouse.macros import create_macros
from frontmart.warehouse.materialize import run_models
from frontmart.warehouse.parquet import export_marts, export_tidy
from frontmart.warehouse.previous import read_previous
from frontmart.warehouse.statements import explain_error


def keep_changes(stage: Snapshot, changes: Changes) -> dict[str, int]:
    """Leave what is to be read, and what need not be, in the stage; how many files each."""
    write_frame(changes.to_read, stage.listing)
    write_frame(changes.unchanged, stage.unchanged)
    return {"read": changes.to_read.height, "unchanged": changes.unchanged.height, "gone": changes.gone_count}


def plan(stage: Snapshot, settings: Settings, workers: int) -> list[Shard]:
    """Cut what is to be read into shards."""
    return plan_shards(
        stage.listing, settings.source, stage.fragments, workers, limits=settings.limits, repair=settings.repair
    )


@contextmanager
def open_warehouse_of(stage: Snapshot, settings: Settings) -> Iterator[DuckDBPyConnection]:
    """The warehouse of a staged snapshot; its file is whole when the block ends.

    Raises FrontmartError for whatever DuckDB meets in the block: a full disk may show wherever it is asked anything.
    """
    work = stage.work / "duckdb"
    try:
        with open_warehouse(stage.warehouse, memory_limit=settings.memory_limit, temp_directory=work) as warehouse:
            yield warehouse
    except duckdb.Error as error:
        raise FrontmartError(f"{stage.warehouse} cannot be built: {explain_error(error, 'Build again.')}") from error


def load_tables(
    warehouse: DuckDBPyConnection, stage: Snapshot, run: Run, base: BaseSnapshot | None, settings: Settings
) -> dict[str, int]:
    """Load the warehouse; rows a tidy table.

    What goes in: the fragments, what the base holds of files that did not change, the day, the ledger, and what the
    published snapshot says of its files, whether or not the build is upon it.
    """
    kept = Reused(base.snapshot.tables, stage.unchanged) if base else None
    load_fields(warehouse)
    load_build(warehouse, run.as_of, VERSION)
    load_runs(warehouse, read_runs(run.out))
    rows = load_tidy(warehouse, stage.fragments, kept)
    load_comparison(warehouse, read_previous(run.out), settings.drift_share, settings.drift_count)
    return {f"tidy.{name}": count for name, count in rows.items()}


def build_models(warehouse: DuckDBPyConnection) -> dict[str, int]:
    """Run the models of sql/ in the order of what they read, then create the macros over them; rows a table."""
    rows = run_models(warehouse, _models())
    create_macros(warehouse, read_macros(SQL))
    return rows


def check(warehouse: DuckDBPyConnection, run: Run, settings: Settings) -> list[CheckResult]:
    """Run the checks of sql/checks, that of rejects where they are limited, and those that keys and tables imply."""
    limit = settings.max_rejects
    limits = [reject_check(limit, run.files["seen"])] if limit else []
    return run_checks(warehouse, [*read_checks(SQL), *limits], _models())


def is_tolerable(snapshot: Snapshot, settings: Settings) -> bool:
    """Whether a published snapshot has no more rejects than are allowed now; where it has, the build must say so."""
    limit = settings.max_rejects
    if limit is None:
        return True
    files = read_run(snapshot)["files"]
    return bool(files["reject"] <= limit.of(files["seen"]))


def count_files(warehouse: DuckDBPyConnection) -> dict[str, int]:
    """How many files were seen, and how many of them are documents, rejects and skipped."""
    rows = warehouse.execute("select outcome, count(*) from tidy.files group by outcome").fetchall()
    counts = dict.fromkeys(("document", "reject", "skipped"), 0) | dict(rows)
    return {"seen": sum(counts.values()), **counts}


def write_parquet(warehouse: DuckDBPyConnection, stage: Snapshot, run: Run) -> None:
    """Write the tidy tables and the marts as Parquet, and the data package that describes them."""
    with checkpoint_in_background(warehouse):
        published = [*export_tidy(warehouse, stage.tables), *export_marts(warehouse, _models(), stage.marts)]
    package = data_package(published, version=VERSION, as_of=run.as_of.isoformat())
    _write_json(_package(stage), package)


def write_report(stage: Snapshot, checks: list[CheckResult], settings: Settings) -> None:
    """Write the page for people into a staged snapshot, whose warehouse is whole."""
    from frontmart import report  # what draws takes a second to import, and most builds do not

    report.write_report(stage, checks, settings.memory_limit)


def ensure_report(snapshot: Snapshot, settings: Settings) -> Snapshot:
    """The published snapshot, with a report where settings ask for one and it was built without."""
    if settings.report and not snapshot.report.exists():
        from frontmart import report

        report.add_report(snapshot, settings.memory_limit)
    return snapshot


def write_run(stage: Snapshot, run: Run) -> None:
    """Write what the run saw and did beside what came of it, and a manifest of all that there is.

    Raises SnapshotError where something that was written is there no more: what is published is whole.
    """
    package = json.loads(_package(stage).read_text(encoding="utf-8"))
    for path in (stage.warehouse, *(stage.folder / resource["path"] for resource in package["resources"])):
        if not path.is_file():
            message = f"{path}: was removed while the build ran; see that nothing else writes to {run.out}"
            raise SnapshotError(f"{message}, and build again")
    _write_json(stage.run_file, run.as_json())
    write_manifest(stage.folder)


@cache
def _models() -> list[Model]:
    # Reading them takes longer than running most of them: once a process is enough.
    return read_models(SQL)


def _package(stage: Snapshot) -> Path:
    return stage.folder / "datapackage.json"


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
