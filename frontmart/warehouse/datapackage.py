"""The Frictionless data package of a snapshot: its Parquet files with columns, types, keys and descriptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from frontmart.catalog.constraints import Constraints
from frontmart.catalog.headers import Reference
from frontmart.catalog.units import unit_of

_TYPES: Final = {
    "VARCHAR": "string",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table written to Parquet.

    Attributes:
        name: table name, without its schema.
        path: the file, relative to the snapshot.
        byte_count: size of the file.
        sha256: hash of the file, in hex digits.
        row_count: number of rows.
        description: purpose of the table.
        key: columns of its unique key.
        references: its foreign keys.
        types: DuckDB type by column.
        columns: description by column.
        constraints: Frictionless constraints by column.
    """

    name: str
    path: str
    byte_count: int
    sha256: str
    row_count: int
    description: str
    key: tuple[str, ...]
    references: tuple[Reference, ...]
    types: Mapping[str, str]
    columns: Mapping[str, str]
    constraints: Mapping[str, Constraints]


def data_package(tables: Sequence[PublishedTable], *, version: str, as_of: str) -> dict[str, object]:
    """A Frictionless descriptor, in the order of the tables. Foreign keys of tables that are not included are left out.

    Licences and sources are not known here: the publisher of the files adds them.
    """
    keys = {table.name: table.key for table in tables}
    return {
        "profile": "data-package",
        "name": "frontmart",
        "title": "Frontmart snapshot",
        "description": f"Tidy tables and marts of a folder of front-matter files, as of {as_of}. Times are UTC.",
        "version": version,
        "resources": [_resource(table, keys) for table in tables],
    }


def _resource(table: PublishedTable, keys: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    return {
        "name": table.name,
        "path": table.path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": table.byte_count,
        "hash": f"sha256:{table.sha256}",
        "description": table.description,
        "rowCount": table.row_count,
        "schema": {
            "fields": [_field(table, column) for column in table.types],
            # Parquet has NULL; an empty string is a value of its own.
            "missingValues": [],
            "primaryKey": list(table.key),
            **_foreign_keys(table, keys),
        },
    }


def _field(table: PublishedTable, column: str) -> dict[str, object]:
    unit, constraints = unit_of(column), table.constraints[column]
    return {
        "name": column,
        "type": _TYPES[table.types[column]],
        "description": table.columns[column],
        **({"unit": unit} if unit else {}),
        **({"constraints": dict(constraints)} if constraints else {}),
    }


def _foreign_keys(table: PublishedTable, keys: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    found = [
        {"fields": list(reference.columns), "reference": {"resource": name, "fields": list(keys[name])}}
        for reference in table.references
        if (name := reference.table.rpartition(".")[2]) in keys
    ]
    return {"foreignKeys": found} if found else {}
