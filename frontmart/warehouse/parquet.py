"""Write the tidy tables and the marts as Parquet: plain types, sorted by key, compressed, with descriptions."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import duckdb

from frontmart.catalog import inputs
from frontmart.catalog.constraints import Constraints, constraints_of_input, constraints_of_model
from frontmart.catalog.headers import Reference
from frontmart.catalog.models import Model
from frontmart.errors import FrontmartError
from frontmart.snapshots.manifest import hash_file
from frontmart.warehouse.datapackage import PublishedTable
from frontmart.warehouse.statements import (
    explain_error,
    quote_literal,
    quote_names,
    quote_table,
    run_with_less_memory,
)
from transforms.tables import TABLES, stored_columns
from transforms.vocabulary import Preset

_ROW_GROUP_SIZE: Final = 122_880


def export_tidy(con: duckdb.DuckDBPyConnection, folder: Path, preset: Preset) -> list[PublishedTable]:
    """Write each tidy table that is stored for a preset to `<folder>/<table>.parquet`; creates the folder."""
    stored = stored_columns(preset)
    return [
        export_parquet(
            con,
            f"tidy.{name}",
            folder / f"{name}.parquet",
            key=inputs.key(schema),
            description=inputs.description(schema),
            grain=inputs.description(schema),
            columns=_described(inputs.column_descriptions(schema), stored[name]),
            constraints=constraints_of_input(schema),
            references=inputs.references(name),
        )
        for name, schema in TABLES.items()
        if name in stored
    ]


def _described(descriptions: Mapping[str, str], columns: Iterable[str]) -> dict[str, str]:
    return {column: descriptions[column] for column in columns}


def export_marts(con: duckdb.DuckDBPyConnection, models: Iterable[Model], folder: Path) -> list[PublishedTable]:
    """Write each mart among the models to `<folder>/<mart>.parquet`, in the order of the names."""
    return [
        export_parquet(
            con,
            model.full_name,
            folder / f"{model.name}.parquet",
            key=model.key,
            description=model.description,
            grain=model.grain,
            columns=model.columns,
            constraints=constraints_of_model(model),
            references=model.references,
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
    constraints: Mapping[str, Constraints],
    references: tuple[Reference, ...] = (),
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
        constraints: Frictionless constraints by column.
        references: foreign keys of the table.

    Raises:
        FrontmartError: for a file that cannot be written.
    """
    metadata = {
        "description": description,
        "grain": grain,
        "key": json.dumps(key),
        "columns": json.dumps(columns, ensure_ascii=False),
    }
    pairs = ", ".join(f"{name}: {quote_literal(text)}" for name, text in metadata.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    query = f"select {quote_names(columns)} from {quote_table(table)} order by {quote_names(key)}"
    options = f"format parquet, compression zstd, row_group_size {_ROW_GROUP_SIZE}, kv_metadata {{{pairs}}}"
    try:
        row_count = run_with_less_memory(con, f"copy ({query}) to {quote_literal(str(path))} ({options})")
    except duckdb.Error as error:
        raise FrontmartError(f"{path} cannot be written: {explain_error(error, 'Build again with --full.')}") from error
    described = con.execute(f"select {quote_names(columns)} from {quote_table(table)} limit 0").description
    return PublishedTable(
        name=path.stem,
        path=f"{path.parent.name}/{path.name}",
        byte_count=path.stat().st_size,
        sha256=hash_file(path),
        row_count=row_count,
        description=description,
        key=key,
        references=references,
        types={name: str(type_) for name, type_, *_ in described},
        columns=columns,
        constraints=constraints,
    )
