"""The files that describe the others of an export: a data package with relations, and a semantic layer.

datapackage.json   Frictionless: each table with its file, columns, types, primary key and foreign keys
frontmart.malloy   Malloy: the star schema with its joins and measures, over the Parquet files beside it
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from frontmart.catalog.constraints import Constraints, constraints_of_input, constraints_of_model
from frontmart.export.malloy import malloy_model
from frontmart.export.manifest import ExportedFile
from frontmart.export.plan import DATA_PACKAGE, MALLOY, Plan
from frontmart.formats.data import ExportTable
from frontmart.shipped_sql import shipped_sql
from frontmart.warehouse.datapackage import PublishedTable, data_package
from transforms.tables import TABLES

_MEDIA_TYPES: Final = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "arrow": "application/vnd.apache.arrow.file",
}
_TYPES: Final = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "timestamp[us]": "TIMESTAMP",
}


def write_descriptions(
    plan: Plan, tables: Sequence[ExportTable], files: Sequence[ExportedFile], folder: Path
) -> Iterator[Path]:
    """Write the files that describe those of an export -> their paths."""
    path = folder / DATA_PACKAGE
    package = _data_package(plan, tables, files)
    path.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    yield path
    if plan.spec.has_published_files:
        models = {model.full_name: model for model in shipped_sql().models}
        path = folder / MALLOY
        path.write_text(
            malloy_model([(table, models[table.full_name]) for table in tables if table.full_name in models])
        )
        yield path


def _data_package(plan: Plan, tables: Sequence[ExportTable], files: Sequence[ExportedFile]) -> dict[str, object]:
    package = data_package(
        [_published(table, [file for file in files if file.table == table.name]) for table in tables],
        version=plan.spec.frontmart_version,
        as_of=plan.spec.as_of_date,
    )
    resources: Any = package["resources"]
    for resource in resources:
        _adapt(resource, plan, [file.path_within for file in files if file.table == resource["name"]])
    return package


def _adapt(resource: dict[str, Any], plan: Plan, paths: Sequence[str]) -> None:
    """Describe files of the format of an export, and tables of several files."""
    resource |= {"format": plan.spec.format, "mediatype": _MEDIA_TYPES[plan.spec.format]}
    if len(paths) != 1:
        resource["path"] = list(paths)
        del resource["bytes"], resource["hash"]
    if plan.spec.format != "csv":
        return
    # CSV has no NULL: nothing between two commas is a missing value, and so is an empty text to most readers.
    resource["encoding"] = "utf-8" if plan.spec.is_plain else "utf-8-sig"
    resource["schema"]["missingValues"] = [""]
    for field in resource["schema"]["fields"]:
        field.get("constraints", {}).pop("required", None)
        if field["type"] == "datetime":
            field["format"] = "any"  # a space instead of the T of ISO 8601, and digits of a second where there are any


def _published(table: ExportTable, files: Sequence[ExportedFile]) -> PublishedTable:
    return PublishedTable(
        name=table.name,
        path=files[0].path_within,
        byte_count=files[0].bytes,
        sha256=files[0].sha256,
        row_count=table.row_count,
        description=table.description,
        key=table.key,
        references=table.references,
        types={field.name: _TYPES[str(field.type)] for field in table.schema},
        columns=table.columns,
        constraints=_constraints(table),
    )


def _constraints(table: ExportTable) -> dict[str, Constraints]:
    """The constraints of each column; none for a column that this version of Frontmart does not know."""
    models = {model.full_name: model for model in shipped_sql().models}
    known: dict[str, Constraints] = {}
    if table.full_name in models:
        known = constraints_of_model(models[table.full_name])
    elif table.full_name.startswith("tidy.") and table.name in TABLES:
        known = constraints_of_input(TABLES[table.name])
    return {name: known.get(name, {}) for name in table.columns}
