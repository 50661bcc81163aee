"""Tables of a published snapshot as OpenLineage datasets: files, columns, row counts, checks and column lineage."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from frontmart.catalog.column_lineage import column_lineage, table_lineage
from frontmart.catalog.inputs import INPUTS, column_descriptions
from frontmart.catalog.models import Model
from frontmart.run import Run
from frontmart.shipped_sql import shipped_sql
from frontmart.snapshots.publication import published_path
from frontmart.snapshots.run_log import RUN_LOG
from frontmart.version import VERSION
from frontmart.warehouse.checks import CheckResult, key_checks

if TYPE_CHECKING:
    from openlineage.client import facet_v2
    from openlineage.client.event_v2 import InputDataset, OutputDataset

PRODUCER: Final = f"pkg:generic/frontmart@{VERSION}"
FILES: Final = "file"
# The folders of Parquet files in a snapshot, and the schemas of their tables.
_SCHEMAS: Final = {"tables": "tidy", "marts": "marts"}


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a published snapshot, by their full names.

    Attributes:
        described: the entry of each Parquet file in the data package.
        files: the file of each table that has one; the file of tidy.runs is the run log.
        models: the SQL models.
        tidy: the tidy tables that each table is derived from.
    """

    described: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, Path]
    models: Sequence[Model]
    tidy: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, run: Run) -> "Tables":
        """The tables of the snapshot that a run published."""
        folder = published_path(run.out.resolve())
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        described = {f"{_SCHEMAS[Path(each['path']).parts[0]]}.{each['name']}": each for each in package["resources"]}
        files = {table: folder / each["path"] for table, each in described.items()}
        models = shipped_sql().models
        return cls(described, {**files, "tidy.runs": run.out.resolve() / RUN_LOG}, models, table_lineage(models))


def tables_read(tables: Tables) -> list["InputDataset"]:
    """The tidy tables that marts are derived from, if they are files."""
    from openlineage.client.event_v2 import InputDataset

    read = {name for model in tables.models if model.layer == "marts" for name in tables.tidy[model.full_name]}
    return [
        InputDataset(FILES, str(tables.files[name]), facets={"schema": _schema(name, tables)})
        for name in sorted(read & tables.files.keys())
    ]


def tables_written(run: Run, tables: Tables) -> list["OutputDataset"]:
    """The Parquet files of the snapshot, in the order of the data package."""
    from openlineage.client import facet_v2
    from openlineage.client.event_v2 import OutputDataset

    columns = column_lineage(tables.models)
    checks = _checks_by_table(run.checks, tables)
    version = facet_v2.dataset_version_dataset.DatasetVersionDatasetFacet(str(run.snapshot_id), producer=PRODUCER)
    return [
        OutputDataset(
            FILES,
            str(tables.files[name]),
            outputFacets={"outputStatistics": _statistics(name, tables)},
            facets={
                "version": version,
                "documentation": _documentation(name, tables),
                "schema": _schema(name, tables),
                **_column_lineage(_written(columns.get(name, {}), name, tables), tables),
                **_assertions(checks.get(name, [])),
            },
        )
        for name in tables.described
    ]


def _statistics(name: str, tables: Tables) -> "facet_v2.OutputDatasetFacet":
    from openlineage.client.facet_v2 import output_statistics_output_dataset as facet

    rows, size = tables.described[name]["rowCount"], tables.files[name].stat().st_size
    return facet.OutputStatisticsOutputDatasetFacet(rowCount=rows, size=size, producer=PRODUCER)


def _documentation(name: str, tables: Tables) -> "facet_v2.DatasetFacet":
    from openlineage.client.facet_v2 import documentation_dataset as facet

    return facet.DocumentationDatasetFacet(tables.described[name]["description"], producer=PRODUCER)


def _schema(name: str, tables: Tables) -> "facet_v2.DatasetFacet":
    """The columns of a table; without types for the run log, which is not in the data package."""
    from openlineage.client.facet_v2 import schema_dataset as facet

    if name in tables.described:
        described = tables.described[name]["schema"]["fields"]
        columns = [(column["name"], column["type"], column["description"]) for column in described]
    else:
        descriptions = column_descriptions(INPUTS[name.removeprefix("tidy.")])
        columns = [(column, None, description) for column, description in descriptions.items()]
    fields = [facet.SchemaDatasetFacetFields(*column) for column in columns]
    return facet.SchemaDatasetFacet(fields, producer=PRODUCER)


def _written(columns: Mapping[str, frozenset[str]], name: str, tables: Tables) -> Mapping[str, frozenset[str]]:
    """The columns that the file of a table has: it lacks those that need a feature which no post has."""
    return {column: origins for column, origins in columns.items() if _is_written(name, column, tables)}


def _is_written(name: str, column: str, tables: Tables) -> bool:
    """Whether the file of a table has a column; the run log, which is not in the data package, has all of them."""
    if name not in tables.described:
        return True
    return any(field["name"] == column for field in tables.described[name]["schema"]["fields"])


def _column_lineage(columns: Mapping[str, frozenset[str]], tables: Tables) -> dict[str, Any]:
    """The column lineage facet, limited to columns and origins that are in files; empty if there are none."""
    from openlineage.client.facet_v2 import column_lineage_dataset as facet

    fields = {}
    for column, origins in columns.items():
        pairs = [origin.rpartition(".")[::2] for origin in sorted(origins)]
        fields_read = [
            facet.InputField(FILES, str(tables.files[name]), part)
            for name, part in pairs
            if name in tables.files and _is_written(name, part, tables)
        ]
        if fields_read:
            fields[column] = facet.Fields(fields_read)
    return {"columnLineage": facet.ColumnLineageDatasetFacet(fields, producer=PRODUCER)} if fields else {}


def _checks_by_table(results: Iterable[CheckResult], tables: Tables) -> dict[str, list[CheckResult]]:
    """The results of checks, by table.

    A check belongs to the tables that it reads and that are files; if it reads none, to the tidy tables that those are
    derived from.
    """
    reads = {check.name: check.reads for check in [*shipped_sql().checks, *key_checks(tables.models)]}
    results_by_table: dict[str, list[CheckResult]] = {}
    for result in results:
        read = reads.get(result.name, frozenset())
        for name in read & tables.files.keys() or {below for table in read for below in tables.tidy[table]}:
            results_by_table.setdefault(name, []).append(result)
    return results_by_table


def _assertions(checks: Iterable[CheckResult]) -> dict[str, Any]:
    """The assertions facet with the results of checks; empty without checks."""
    from openlineage.client.facet_v2 import data_quality_assertions_dataset as facet

    assertions = [
        facet.Assertion(assertion=check.name, success=not check.is_failed, **facet_fields(check)) for check in checks
    ]
    # The specification puts this facet on inputs, but the checks read the tables that were written.
    return (
        {"dataQualityAssertions": facet.DataQualityAssertionsDatasetFacet(assertions, producer=PRODUCER)}
        if assertions
        else {}
    )


def facet_fields(check: CheckResult) -> dict[str, Any]:
    """The result of a check as fields of a facet, without its rows: those have values from the files."""
    return {
        "name": check.name,
        "severity": check.severity,
        "description": check.description,
        "expected": "0",
        "actual": str(check.failed_row_count),
    }
