"""Write the tidy tables and the marts as Parquet: plain types, sorted by key, compressed, with descriptions."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import duckdb

from frontmart.catalog import inputs
from frontmart.catalog.constraints import Constraints, constraints_of_input, constraints_of_model
from frontmart.catalog.headers import Reference
from frontmart.catalog.models import Model
from frontmart.errors import FrontmartError
from frontmart.snapshots.clone import share_file
from frontmart.snapshots.manifest import hash_file
from frontmart.warehouse.datapackage import PublishedTable
from frontmart.warehouse.statements import (
    column_types,
    count_rows,
    explain_error,
    quote_literal,
    quote_names,
    quote_table,
    run_with_less_memory,
)
from transforms.tables import TABLES, stored_columns
from transforms.vocabulary import Preset

_ROW_GROUP_SIZE: Final = 122_880


# The Parquet file of the base snapshot with the same rows as a table, given its full name and its path; or None.
FindSame = Callable[[str, str], Path | None]


def no_file(_table: str, _path: str) -> None:
    """No file: the table is written."""


def export_tidy(
    con: duckdb.DuckDBPyConnection, folder: Path, preset: Preset, find_same: FindSame = no_file
) -> list[PublishedTable]:
    """Write each tidy table that is stored for a preset to `<folder>/<table>.parquet`; creates the folder.

    Shares the files with the base snapshot that are as they were there.
    """
    stored, types = stored_columns(preset), column_types(con)
    return [
        export_parquet(
            con,
            f"tidy.{name}",
            folder / f"{name}.parquet",
            key=inputs.key(schema),
            description=inputs.description(schema),
            grain=inputs.description(schema),
            columns=_described(inputs.column_descriptions(schema), stored[name]),
            types=types[f"tidy.{name}"],
            constraints=constraints_of_input(schema),
            references=inputs.references(name),
            find_same=find_same,
        )
        for name, schema in TABLES.items()
        if name in stored
    ]


def _described(descriptions: Mapping[str, str], columns: Iterable[str]) -> dict[str, str]:
    return {column: descriptions[column] for column in columns}


def export_marts(
    con: duckdb.DuckDBPyConnection, models: Iterable[Model], folder: Path, find_same: FindSame = no_file
) -> list[PublishedTable]:
    """Write each mart among the models to `<folder>/<mart>.parquet`, in the order of the names; else as above."""
    types = column_types(con)
    return [
        export_parquet(
            con,
            model.full_name,
            folder / f"{model.name}.parquet",
            key=model.key,
            description=model.description,
            grain=model.grain,
            columns=model.columns,
            types=types[model.full_name],
            constraints=constraints_of_model(model),
            references=model.references,
            find_same=find_same,
        )
        for model in sorted(models, key=lambda model: model.name)
        if model.layer == "marts"
    ]


def export_parquet(
    con: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    *,
    key: tuple[str, ...],
    description: str,
    grain: str,
    columns: Mapping[str, str],
    types: Mapping[str, str],
    constraints: Mapping[str, Constraints],
    references: tuple[Reference, ...] = (),
    find_same: FindSame = no_file,
) -> PublishedTable:
    """Write a table to one Parquet file, sorted by key; the same rows give the same bytes.

    Args:
        con: the warehouse.
        table: its full name, such as marts.topic_pairs.
        path: the file to write.
        key: columns to sort by.
        description: purpose of the table; stored in the key-value metadata of the file, like grain, key and columns.
        grain: meaning of a row.
        columns: the columns to write, in order, with their descriptions.
        types: the DuckDB type of each column of the table.
        constraints: Frictionless constraints by column.
        references: foreign keys of the table.
        find_same: finds a file with the same content.

    Raises:
        FrontmartError: for a file that cannot be written.
    """
    metadata = {
        "description": description,
        "grain": grain,
        "key": json.dumps(key),
        "columns": json.dumps(columns, ensure_ascii=False),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    query = f"select {quote_names(columns)} from {quote_table(table)} order by {quote_names(key)}"
    same = find_same(table, f"{path.parent.name}/{path.name}")
    if same:
        share_file(same, path)
        row_count = count_rows(con, table)
    else:
        row_count = _write(con, query, path, metadata)
    return PublishedTable(
        name=path.stem,
        path=f"{path.parent.name}/{path.name}",
        byte_count=path.stat().st_size,
        sha256=hash_file(path),
        row_count=row_count,
        description=description,
        key=key,
        references=references,
        types={name: types[name] for name in columns},
        columns=columns,
        constraints=constraints,
    )


def _write(con: duckdb.DuckDBPyConnection, query: str, path: Path, metadata: Mapping[str, str]) -> int:
    """Write the rows of a query to a Parquet file -> number of rows."""
    pairs = ", ".join(f"{name}: {quote_literal(text)}" for name, text in metadata.items())
    options = f"format parquet, compression zstd, row_group_size {_ROW_GROUP_SIZE}, kv_metadata {{{pairs}}}"
    try:
        return run_with_less_memory(con, f"copy ({query}) to {quote_literal(str(path))} ({options})")
    except duckdb.Error as error:
        raise FrontmartError(f"{path} cannot be written: {explain_error(error, 'Build again with --full.')}") from error
