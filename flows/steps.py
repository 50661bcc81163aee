"""The steps of a build. Each reads what the step before left in the staged snapshot, and leaves its own there."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from duckdb import DuckDBPyConnection

from flows import warehouse
from flows.base import Base
from flows.changes import Changes
from flows.checks import CheckResult, run_checks
from flows.datapackage import data_package
from flows.ledger import read_runs
from flows.models import Model, read_checks, read_models
from flows.parquet import export_marts, export_tidy
from flows.runs import VERSION, Run
from flows.settings import Settings
from flows.snapshots import Snapshot

SQL: Final = Path(__file__).parent.parent / "sql"


def keep_changes(stage: Snapshot, changes: Changes) -> dict[str, int]:
    """Leave what is to be read, and what need not be, in the stage; how many files each."""
    changes.to_read.write_parquet(stage.listing)
    changes.unchanged.write_parquet(stage.unchanged)
    return {"read": changes.to_read.height, "unchanged": changes.unchanged.height, "gone": changes.gone_count}


def load_tables(stage: Snapshot, settings: Settings, as_of: dt.date, base: Base | None) -> dict[str, int]:
    """Load the warehouse; rows a tidy table.

    What goes in: the fragments, what the base holds of files that did not change, the day, and the ledger.
    """
    kept = warehouse.Kept(base.snapshot.tables, stage.unchanged) if base else None
    with _open(stage, settings) as connection:
        warehouse.load_build(connection, as_of, VERSION)
        warehouse.load_runs(connection, read_runs(settings.out))
        rows = warehouse.load_tidy(connection, stage.fragments, kept)
    return {f"tidy.{name}": count for name, count in rows.items()}


def build_models(stage: Snapshot, settings: Settings) -> dict[str, int]:
    """Run the models of sql/ in the order of what they read; rows a table."""
    with _open(stage, settings) as connection:
        return warehouse.run_models(connection, _models())


def check(stage: Snapshot, settings: Settings) -> list[CheckResult]:
    """Run the checks of sql/checks, and those that keys and tables imply."""
    with _open(stage, settings) as connection:
        return run_checks(connection, read_checks(SQL), _models())


def count_files(stage: Snapshot, settings: Settings) -> dict[str, int]:
    """How many files were seen, and how many of them are documents, rejects and skipped."""
    counts = dict.fromkeys(("seen", "document", "reject", "skipped"), 0)
    with _open(stage, settings) as connection:
        rows = connection.execute("select outcome, count(*) from tidy.files group by outcome").fetchall()
    counts.update(rows)
    return counts | {"seen": sum(count for _, count in rows)}


def write_parquet(stage: Snapshot, settings: Settings, as_of: dt.date) -> None:
    """Write the tidy tables and the marts as Parquet, and the data package that describes them."""
    with _open(stage, settings) as connection:
        published = [
            *export_tidy(connection, stage.tables),
            *export_marts(connection, _models(), stage.marts),
        ]
    package = data_package(published, version=VERSION, as_of=as_of.isoformat())
    _write_json(stage.folder / "datapackage.json", package)


def write_run(stage: Snapshot, run: Run) -> None:
    """Write what the run saw and did beside what came of it."""
    _write_json(stage.run_file, run.as_json())


@cache
def _models() -> list[Model]:
    # Reading them takes longer than running most of them: once a process is enough.
    return read_models(SQL)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")


@contextmanager
def _open(stage: Snapshot, settings: Settings) -> Iterator[DuckDBPyConnection]:
    with warehouse.open_warehouse(
        stage.warehouse,
        memory_limit=settings.memory_limit,
        temp_directory=stage.work / "duckdb",
    ) as connection:
        yield connection
