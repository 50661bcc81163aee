"""The steps of a build. Each reads what the step before left in the staged snapshot, and leaves its own there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from duckdb import DuckDBPyConnection

from flows.base import Base
from flows.changes import Changes
from flows.checks import CheckResult, run_checks
from flows.datapackage import data_package
from flows.ledger import read_runs
from flows.loading import Kept, load_build, load_comparison, load_runs, load_tidy
from flows.manifest import write_manifest
from flows.modelling import run_models
from flows.models import Model, read_checks, read_models
from flows.parquet import export_marts, export_tidy
from flows.previous import read_previous
from flows.runs import VERSION, Run
from flows.settings import Settings
from flows.snapshots import Snapshot
from flows.warehouse import open_warehouse, storing

SQL: Final = Path(__file__).parent.parent / "sql"


def keep_changes(stage: Snapshot, changes: Changes) -> dict[str, int]:
    """Leave what is to be read, and what need not be, in the stage; how many files each."""
    changes.to_read.write_parquet(stage.listing)
    changes.unchanged.write_parquet(stage.unchanged)
    return {"read": changes.to_read.height, "unchanged": changes.unchanged.height, "gone": changes.gone_count}


@contextmanager
def open_warehouse_of(stage: Snapshot, settings: Settings) -> Iterator[DuckDBPyConnection]:
    """The warehouse of a staged snapshot; its file is whole when the block ends."""
    work = stage.work / "duckdb"
    with open_warehouse(stage.warehouse, memory_limit=settings.memory_limit, temp_directory=work) as warehouse:
        yield warehouse


def load_tables(
    warehouse: DuckDBPyConnection, stage: Snapshot, run: Run, base: Base | None, settings: Settings
) -> dict[str, int]:
    """Load the warehouse; rows a tidy table.

    What goes in: the fragments, what the base holds of files that did not change, the day, the ledger, and what the
    published snapshot says of its files, whether or not the build is upon it.
    """
    kept = Kept(base.snapshot.tables, stage.unchanged) if base else None
    load_build(warehouse, run.as_of, VERSION)
    load_runs(warehouse, read_runs(run.out))
    rows = load_tidy(warehouse, stage.fragments, kept)
    load_comparison(warehouse, read_previous(run.out), settings.drift_share, settings.drift_count)
    return {f"tidy.{name}": count for name, count in rows.items()}


def build_models(warehouse: DuckDBPyConnection) -> dict[str, int]:
    """Run the models of sql/ in the order of what they read; rows a table."""
    return run_models(warehouse, _models())


def check(warehouse: DuckDBPyConnection) -> list[CheckResult]:
    """Run the checks of sql/checks, and those that keys and tables imply."""
    return run_checks(warehouse, read_checks(SQL), _models())


def count_files(warehouse: DuckDBPyConnection) -> dict[str, int]:
    """How many files were seen, and how many of them are documents, rejects and skipped."""
    rows = warehouse.execute("select outcome, count(*) from tidy.files group by outcome").fetchall()
    counts = dict.fromkeys(("document", "reject", "skipped"), 0) | dict(rows)
    return {"seen": sum(counts.values()), **counts}


def write_parquet(warehouse: DuckDBPyConnection, stage: Snapshot, run: Run) -> None:
    """Write the tidy tables and the marts as Parquet, and the data package that describes them."""
    with storing(warehouse):
        published = [*export_tidy(warehouse, stage.tables), *export_marts(warehouse, _models(), stage.marts)]
    package = data_package(published, version=VERSION, as_of=run.as_of.isoformat())
    _write_json(stage.folder / "datapackage.json", package)


def write_run(stage: Snapshot, run: Run) -> None:
    """Write what the run saw and did beside what came of it, and a manifest of all that there is."""
    _write_json(stage.run_file, run.as_json())
    write_manifest(stage.folder)


@cache
def _models() -> list[Model]:
    # Reading them takes longer than running most of them: once a process is enough.
    return read_models(SQL)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
