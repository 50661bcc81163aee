"""The Frictionless data package of a snapshot: every Parquet file, its columns, types, keys and meanings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

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
class Published:
    """A table as written to Parquet: where, how many rows, what its columns are and mean."""

    name: str
    path: str
    row_count: int
    description: str
    key: tuple[str, ...]
    types: Mapping[str, str]
    columns: Mapping[str, str]


def data_package(tables: Iterable[Published], *, version: str, as_of: str) -> dict[str, object]:
    """A Frictionless descriptor, in the order of the tables."""
    return {
        "profile": "data-package",
        "name": "frontmart",
        "title": "Frontmart snapshot",
        "description": f"Tidy tables and marts of a folder of front-matter files, as of {as_of}. Times are UTC.",
        "version": version,
        "resources": [_resource(table) for table in tables],
    }


def _resource(table: Published) -> dict[str, object]:
    fields = [
        {"name": column, "type": _TYPES[type_], "description": table.columns[column]}
        for column, type_ in table.types.items()
    ]
    return {
        "name": table.name,
        "path": table.path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": table.description,
        "rowCount": table.row_count,
        "schema": {"fields": fields, "primaryKey": list(table.key)},
    }
