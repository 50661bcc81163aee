"""Making the files of an export in a folder of their own: which files, of which rows, in whichever format."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from frontmart.export.formats import WHOLE_WRITERS, WRITERS
from frontmart.export.manifest import ExportedFile, ExportManifest
from frontmart.export.partitions import by_month, partition_column
from frontmart.export.plan import SINGLE_NAME, SUFFIXES, Plan
from frontmart.export.tables import ExportTable, open_tables
from frontmart.snapshots.manifest import hash_file

# What does not fit in memory while tables are parted; gone when all files are there.
_WORK: Final = ".work"

# A file that was written, the table in it (None for all of them), and its rows.
_Written = tuple[Path, str | None, int]


def render(plan: Plan, folder: Path) -> ExportManifest:
    """Make the files of a plan in an empty folder -> what the target will hold.

    The same plan gives the same bytes.
    """
    columns: dict[str, str | None] = {}
    notes: list[str] = []
    with open_tables(plan.sources) as tables:
        if plan.spec.partition_by:
            columns = {table.full_name: partition_column(table) for table in tables}
            notes = [f"{name} has no date and is not parted" for name, column in columns.items() if column is None]
        written = list(_written(plan, tables, columns, folder, notes))
    shutil.rmtree(folder / _WORK, ignore_errors=True)
    return ExportManifest(
        spec=plan.spec,
        folder=plan.folder,
        tables=tuple(replace(each.table, partition_column=columns.get(each.table.name)) for each in plan.sources),
        files=tuple(sorted((_file(plan, folder, each) for each in written), key=lambda file: file.path)),
        notes=tuple(notes),
    )


def _written(
    plan: Plan, tables: list[ExportTable], columns: dict[str, str | None], folder: Path, notes: list[str]
) -> Iterator[_Written]:
    """The files as they are written; what the format could not hold goes to the notes."""
    spec = plan.spec
    suffix = SUFFIXES[spec.format]
    write_whole = WHOLE_WRITERS.get(spec.format)
    if write_whole:
        path = folder / f"{SINGLE_NAME}{suffix}"
        notes += write_whole(tables, path, spec)
        yield path, None, sum(table.row_count for table in tables)
        return
    write = WRITERS[spec.format]
    for table in tables:
        column = columns.get(table.full_name)
        if column is None:
            path = folder / f"{table.name}{suffix}"
            yield path, table.name, write(table, table.batches(), path, spec)
        else:
            yield from _by_month(plan, table, column, folder)


def _by_month(plan: Plan, table: ExportTable, column: str, folder: Path) -> Iterator[_Written]:
    write, suffix = WRITERS[plan.spec.format], SUFFIXES[plan.spec.format]
    for month, batches in by_month(table, column, folder / _WORK):
        path = folder / table.name / f"month={month}" / f"part-0{suffix}"
        path.parent.mkdir(parents=True)
        yield path, table.name, write(table, batches, path, plan.spec)


def _file(plan: Plan, folder: Path, written: _Written) -> ExportedFile:
    path, table, row_count = written
    within = path.relative_to(folder).as_posix()
    return ExportedFile(table, f"{plan.folder}/{within}", path.stat().st_size, hash_file(path), row_count)
