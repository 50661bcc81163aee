"""One SQLite file: every table with types, primary and foreign keys and indexes, and a data dictionary as a view."""

import datetime as dt
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from frontmart.formats.data import ExportTable, WriteOptions
from frontmart.warehouse.statements import quote_identifier, quote_names

# Declared types that SQLite, and drivers such as SQLAlchemy, JDBC and ODBC, map to the right type.
_TYPES: Final = {
    "string": "TEXT",
    "int32": "INTEGER",
    "int64": "INTEGER",
    "double": "REAL",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "timestamp[us]": "TIMESTAMP",
}
_DICTIONARY: Final = """
create table frontmart_export (snapshot_id text not null, as_of_date date not null, frontmart_version text not null);
create table frontmart_tables (table_name text primary key, description text, grain text, row_count integer);
create table frontmart_columns (
    table_name text, position integer, column_name text, type text, is_key boolean, description text, refers_to text,
    primary key (table_name, position)
);
create view dictionary as
select table_name, position, column_name, type, is_key, columns.description, tables.description as table_description,
    grain, row_count, refers_to
from frontmart_tables as tables inner join frontmart_columns as columns using (table_name);
"""


def write_tables(tables: Sequence[ExportTable], path: Path, options: WriteOptions) -> list[str]:
    """Write all tables to a SQLite file -> notes on values that changed: NaN becomes NULL.

    The file has no write-ahead log, so that no second file is needed to read it.
    """
    notes = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("pragma journal_mode = off; pragma synchronous = off;" + _DICTIONARY)
        connection.execute("begin")
        export = (options.snapshot_id, options.as_of_date, options.frontmart_version)
        connection.execute("insert into frontmart_export values (?, ?, ?)", export)
        keys = {table.full_name: table.key for table in tables}
        for table in tables:
            notes += _write_table(connection, table, keys)
        connection.execute("commit")
        connection.execute("analyze")
    return notes


def _write_table(connection: sqlite3.Connection, table: ExportTable, keys: Mapping[str, tuple[str, ...]]) -> list[str]:
    types = {field.name: _TYPES[str(field.type)] for field in table.schema}
    declared = [f"{quote_identifier(name)} {type_}" for name, type_ in types.items()]
    declared.append(f"primary key ({quote_names(table.key)})")
    # SQLite compares them only in connections that ask for it, so the order of the tables does not matter.
    declared += [
        f"foreign key ({quote_names(each.columns)}) references {quote_identifier(_bare(each.table))} "
        f"({quote_names(keys[each.table])})"
        for each in table.references
    ]
    connection.execute(f"create table {quote_identifier(table.name)} ({', '.join(declared)})")
    placeholders = ", ".join("?" for _ in types)
    nan_count = 0
    for batch in table.batches():
        connection.executemany(f"insert into {quote_identifier(table.name)} values ({placeholders})", _rows(batch))
        nan_count += sum(_nan_count(column) for column in batch.columns)
    for column in _indexed_columns(table):
        index = quote_identifier(f"{table.name}_{column}")
        connection.execute(f"create index {index} on {quote_identifier(table.name)} ({quote_identifier(column)})")
    _describe(connection, table, types)
    return [f"{table.full_name}: {nan_count:,} NaN values became NULL, since SQLite has no NaN"] if nan_count else []


def _bare(full_name: str) -> str:
    return full_name.rpartition(".")[2]


def _indexed_columns(table: ExportTable) -> Iterator[str]:
    """Columns to join and filter by: ids and dates, except the first of the primary key, which has an index already."""
    for name in table.schema.names:
        if name.endswith(("_id", "_date")) and name != table.key[0]:
            yield name


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[object, ...]]:
    return zip(*(_sqlite_values(column) for column in batch.columns), strict=True)


def _sqlite_values(column: pa.Array) -> list[object]:
    """The values of a column as SQLite stores them: dates and times as ISO 8601 text with a space in between."""
    values: list[object] = column.to_pylist()
    if pa.types.is_date(column.type):
        return [value.isoformat() if isinstance(value, dt.date) else None for value in values]
    if pa.types.is_timestamp(column.type):
        return [value.isoformat(" ") if isinstance(value, dt.datetime) else None for value in values]
    return values


def _nan_count(column: pa.Array) -> int:
    return pc.sum(pc.is_nan(column)).as_py() or 0 if pa.types.is_floating(column.type) else 0


def _describe(connection: sqlite3.Connection, table: ExportTable, types: dict[str, str]) -> None:
    row = (table.name, table.description, table.grain, table.row_count)
    connection.execute("insert into frontmart_tables values (?, ?, ?, ?)", row)
    refers_to = {each.columns: _bare(each.table) for each in table.references}
    columns = [
        (table.name, position, name, type_, name in table.key, table.columns[name], refers_to.get((name,)))
        for position, (name, type_) in enumerate(types.items())
    ]
    connection.executemany("insert into frontmart_columns values (?, ?, ?, ?, ?, ?, ?)", columns)
