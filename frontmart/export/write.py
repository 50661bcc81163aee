"""Write the files of an export into a folder."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyarrow as pa

from frontmart.export.describe import write_descriptions
from frontmart.export.manifest import ExportedFile, ExportManifest
from frontmart.export.order import in_order
from frontmart.export.partitions import by_month, partition_column
from frontmart.export.plan import SINGLE_NAME, Plan
from frontmart.export.source import copy_source
from frontmart.export.tables import open_tables
from frontmart.formats import FORMATS, Form
from frontmart.formats.data import PLAIN_CSV, SPREADSHEET_CSV, ExportTable, WriteOptions
from frontmart.snapshots.manifest import hash_file

# Data that does not fit in memory while tables are split by month; removed at the end.
_WORK: Final = ".work"

# A file, the table in it (None for all tables, or a description of the others), and its number of rows.
_Written = tuple[Path, str | None, int]


def render(plan: Plan, folder: Path) -> ExportManifest:
    """Write the files of a plan into an empty folder -> the manifest. The same plan gives the same bytes."""
    columns: dict[str, str | None] = {}
    notes: list[str] = []
    with open_tables(plan.sources) as tables:
        if plan.spec.partition_by:
            columns = {table.full_name: partition_column(table) for table in tables}
            notes = [f"{name} has no date and is not partitioned" for name, column in columns.items() if column is None]
        written = list(_write_files(plan, tables, columns, folder, notes))
        files = [_describe(plan, folder, each) for each in written]
        if plan.spec.has_star and FORMATS[plan.spec.format].is_partitioned:
            files += [
                _describe(plan, folder, (path, None, 0)) for path in write_descriptions(plan, tables, files, folder)
            ]
    shutil.rmtree(folder / _WORK, ignore_errors=True)
    return ExportManifest(
        spec=plan.spec,
        folder=plan.folder,
        tables=tuple(replace(each.table, partition_column=columns.get(each.table.name)) for each in plan.sources),
        files=tuple(sorted(files, key=lambda file: file.path)),
        notes=tuple(notes),
    )


def _write_files(
    plan: Plan, tables: list[ExportTable], columns: dict[str, str | None], folder: Path, notes: list[str]
) -> Iterator[_Written]:
    """Write the files; notes on values that the format cannot represent are appended to `notes`."""
    file_format = FORMATS[plan.spec.format]
    options = WriteOptions(
        csv=PLAIN_CSV if plan.spec.is_plain else SPREADSHEET_CSV,
        snapshot_id=plan.spec.snapshot_id,
        as_of_date=plan.spec.as_of_date,
        frontmart_version=plan.spec.frontmart_version,
    )
    if file_format.export is Form.TABLES:
        path = folder / f"{SINGLE_NAME}{file_format.suffix}"
        if file_format.is_for_people:
            tables = [in_order(table, folder / _WORK) for table in tables]
        notes += file_format.writer(Form.TABLES)(tables, path, options)
        yield path, None, sum(table.row_count for table in tables)
        return
    write_batches = file_format.writer(Form.BATCHES)
    for source, table in zip(plan.sources, tables, strict=True):
        if plan.spec.has_published_files and not source.is_star:
            path = folder / source.path.name
            copy_source(source.path, source.bytes, source.sha256, path)
            yield path, table.name, table.row_count
            continue
        for path, batches in _files_of(table, columns.get(table.full_name), folder, file_format.suffix):
            with path.open("xb") as file:
                row_count = write_batches(table.described_schema, batches, file, options)
            yield path, table.name, row_count


def _files_of(
    table: ExportTable, column: str | None, folder: Path, suffix: str
) -> Iterator[tuple[Path, Iterator[pa.RecordBatch]]]:
    """The paths of a table's files and the rows of each: one file, or one per month of a date or time column."""
    if column is None:
        yield folder / f"{table.name}{suffix}", table.batches()
        return
    for month, batches in by_month(table, column, folder / _WORK):
        path = folder / table.name / f"month={month}" / f"part-0{suffix}"
        path.parent.mkdir(parents=True)
        yield path, batches


def _describe(plan: Plan, folder: Path, written: _Written) -> ExportedFile:
    path, table, row_count = written
    path_within = path.relative_to(folder).as_posix()
    return ExportedFile(table, f"{plan.folder}/{path_within}", path.stat().st_size, hash_file(path), row_count)
