"""The tables of a published snapshot as data sets: their files, columns, rows, checks, and what they are made of."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from frontmart.catalog.column_lineage import column_lineage, table_lineage
from frontmart.catalog.inputs import INPUTS, column_descriptions
from frontmart.catalog.models import Model, read_checks, read_models
from frontmart.run import Run
from frontmart.snapshots.run_log import RUN_LOG
from frontmart.snapshots.store import PUBLISHED
from frontmart.version import VERSION
from frontmart.warehouse.checks import CheckResult, key_checks

if TYPE_CHECKING:
    from openlineage.client import facet_v2
    from openlineage.client.event_v2 import InputDataset, OutputDataset

PRODUCER: Final = f"pkg:generic/frontmart@{VERSION}"
FILES: Final = "file"
# The folders of a snapshot that hold Parquet files, and the schemas of the tables in them.
_SCHEMAS: Final = {"tables": "tidy", "marts": "marts"}


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a published snapshot, by their full names.

    Attributes:
        described: what the data package says of each Parquet file.
        files: the file of each table that has one; that of tidy.runs is the ledger.
        models: the models.
        tidy: the tidy tables that each table is made of.
    """

    described: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, Path]
    models: Sequence[Model]
    tidy: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, run: Run) -> "Tables":
        """The tables of the snapshot that a run has published."""
        from frontmart.catalog.sql_folder import SQL

        folder = run.out.resolve() / PUBLISHED
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        described = {f"{_SCHEMAS[Path(each['path']).parts[0]]}.{each['name']}": each for each in package["resources"]}
        files = {table: folder / each["path"] for table, each in described.items()}
        models = read_models(SQL)
        return cls(described, {**files, "tidy.runs": run.out.resolve() / RUN_LOG}, models, table_lineage(models))


def tables_read(tables: Tables) -> list["InputDataset"]:
    """The tables that marts are made of, as far as they are in files."""
    from openlineage.client.event_v2 import InputDataset

    read = {name for model in tables.models if model.layer == "marts" for name in tables.tidy[model.full_name]}
    return [
        InputDataset(FILES, str(tables.files[name]), facets={"schema": _schema(name, tables)})
        for name in sorted(read & tables.files.keys())
    ]


def tables_written(run: Run, tables: Tables) -> list["OutputDataset"]:
    """The Parquet files, in the order of the data package."""
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
                **_column_lineage(columns.get(name, {}), tables),
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
    """The columns of a table; those of the ledger, which no data package describes, without their types."""
    from openlineage.client.facet_v2 import schema_dataset as facet

    if name in tables.described:
        described = tables.described[name]["schema"]["fields"]
        columns = [(column["name"], column["type"], column["description"]) for column in described]
    else:
        descriptions = column_descriptions(INPUTS[name.removeprefix("tidy.")])
        columns = [(column, None, description) for column, description in descriptions.items()]
    fields = [facet.SchemaDatasetFacetFields(*column) for column in columns]
    return facet.SchemaDatasetFacet(fields, producer=PRODUCER)


def _column_lineage(columns: Mapping[str, frozenset[str]], tables: Tables) -> dict[str, Any]:
    """A facet that tells what columns are made from, as far as that is in files; none where nothing is."""
    from openlineage.client.facet_v2 import column_lineage_dataset as facet

    fields = {}
    for column, origins in columns.items():
        pairs = [origin.rpartition(".")[::2] for origin in sorted(origins)]
        found = [facet.InputField(FILES, str(tables.files[name]), part) for name, part in pairs if name in tables.files]
        if found:
            fields[column] = facet.Fields(found)
    return {"columnLineage": facet.ColumnLineageDatasetFacet(fields, producer=PRODUCER)} if fields else {}


def _checks_by_table(results: Iterable[CheckResult], tables: Tables) -> dict[str, list[CheckResult]]:
    """What was found by the checks that are about each table.

    A check is about the tables in files that it reads; where there are none, about the tidy ones beneath what it reads.
    """
    from frontmart.catalog.sql_folder import SQL

    reads = {check.name: check.reads for check in [*read_checks(SQL), *key_checks(tables.models)]}
    found: dict[str, list[CheckResult]] = {}
    for result in results:
        read = reads.get(result.name, frozenset())
        for name in read & tables.files.keys() or {below for table in read for below in tables.tidy[table]}:
            found.setdefault(name, []).append(result)
    return found


def _assertions(checks: Iterable[CheckResult]) -> dict[str, Any]:
    """A facet that tells what checks found; none without checks."""
    from openlineage.client.facet_v2 import data_quality_assertions_dataset as facet

    found = [facet.Assertion(assertion=check.name, success=not check.is_failed, **found_by(check)) for check in checks]
    # The specification has it with inputs; yet it is what was written that the checks read.
    return {"dataQualityAssertions": facet.DataQualityAssertionsDatasetFacet(found, producer=PRODUCER)} if found else {}


def found_by(check: CheckResult) -> dict[str, Any]:
    """What a check found, without the rows: those hold values of the files."""
    return {
        "name": check.name,
        "severity": check.severity,
        "description": check.description,
        "expected": "0",
        "actual": str(check.failed_row_count),
    }
