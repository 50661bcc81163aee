"""Give a staged snapshot its history: that of the snapshot before, and what its own build adds."""

import shutil
from dataclasses import dataclass

import duckdb

from frontmart.history.append import Build, append_build
from frontmart.history.base import HistoryBase
from frontmart.history.load import load_history, update_history
from frontmart.history.parts import history_folder, share_parts, write_record
from frontmart.snapshots.store import Snapshot
from frontmart.warehouse.base_copy import Update


@dataclass(frozen=True, slots=True)
class Stage:
    """A staged snapshot and its build."""

    snapshot: Snapshot
    build: Build
    update: Update | None


def carry_history(con: duckdb.DuckDBPyConnection, stage: Stage, base: HistoryBase | None) -> int:
    """Write the history of a staged snapshot, and load it into its warehouse -> the documents that changed.

    Needs the tidy tables. Without a base the history has one step, the build itself, and no rows. A call that failed
    can be repeated.

    Raises duckdb.Error, FrontmartError and OSError.
    """
    folder = stage.snapshot.folder
    for leftover in (history_folder(folder), stage.snapshot.work / "history"):
        shutil.rmtree(leftover, ignore_errors=True)
    changed = 0
    if base:
        share_parts(base.snapshot.folder, folder)
        if base.record:
            write_record(folder, base.record)
        builds = (Build(base.snapshot.id, base.started_at), stage.build)
        changed = append_build(con, stage.snapshot, base.snapshot, base.record, builds)
    load_past(con, stage, base)
    return changed


def load_past(con: duckdb.DuckDBPyConnection, stage: Stage, base: HistoryBase | None, *, is_anew: bool = False) -> None:
    """Load the history that a staged snapshot has; into a copy of the base warehouse, only what is new.

    Args:
        con: the warehouse.
        stage: the staged snapshot.
        base: the snapshot whose history goes on.
        is_anew: whether it does not, but was read anew.

    Raises duckdb.Error and FrontmartError.
    """
    folder, update = stage.snapshot.folder, stage.update
    if update is None:
        load_history(con, folder)
        return
    is_same = not is_anew and base is not None and base.snapshot == update.base
    update_history(con, folder, update.base.folder, update.changes, is_same=is_same)
