"""OpenLineage events of a build: start, completion, failure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from frontmart.errors import FrontmartError
from frontmart.openlineage.datasets import FILES, PRODUCER, Tables, facet_fields, tables_read, tables_written
from frontmart.run import Run
from frontmart.warehouse.checks import CheckResult

if TYPE_CHECKING:
    from openlineage.client import facet_v2
    from openlineage.client.event_v2 import InputDataset, OutputDataset, RunEvent

_NAMESPACE: Final = "frontmart"
_DESCRIPTION: Final = "Builds tidy tables, a DuckDB warehouse and Parquet marts from a folder of front-matter files."


def started(run: Run) -> "RunEvent":
    """The START event of a run."""
    return _event(run, "START", run.started_at, inputs=[_source(run)])


def failed(run: Run, error: BaseException) -> "RunEvent":
    """The FAIL event of a run, with its error."""
    from openlineage.client import facet_v2

    # Messages of other errors, and a FrontmartError from its second line on, may contain values from files.
    lines = str(error).splitlines() if isinstance(error, FrontmartError) else []
    facet = facet_v2.error_message_run.ErrorMessageRunFacet(
        message=lines[0] if lines else type(error).__name__, programmingLanguage="PYTHON", producer=PRODUCER
    )
    return _event(run, "FAIL", dt.datetime.now(dt.UTC), facets={"errorMessage": facet}, inputs=[_source(run)])


def completed(run: Run) -> "RunEvent":
    """The COMPLETE event of a run: the tables it read and, if it published, the tables it wrote."""
    now = dt.datetime.now(dt.UTC)
    if run.outcome != "published":
        return _event(run, "COMPLETE", now, inputs=[_source(run)])
    tables = Tables.of(run)
    return _event(
        run, "COMPLETE", now, inputs=[_source(run), *tables_read(tables)], outputs=tables_written(run, tables)
    )


def _event(
    run: Run,
    state: str,
    at: dt.datetime,
    *,
    inputs: list["InputDataset"],
    outputs: list["OutputDataset"] | None = None,
    facets: Mapping[str, "facet_v2.RunFacet"] | None = None,
) -> "RunEvent":
    from openlineage.client import event_v2, facet_v2
    from openlineage.client.uuid import generate_static_uuid

    name = f"build {run.out.resolve()}"
    documentation = facet_v2.documentation_job.DocumentationJobFacet(description=_DESCRIPTION, producer=PRODUCER)
    tests = {"test": _tests(run.checks)} if run.checks else {}
    return event_v2.RunEvent(
        eventType=event_v2.RunState[state],
        eventTime=at.isoformat(),
        # Derived from the record of the run, so that all its events have the same id.
        run=event_v2.Run(str(generate_static_uuid(run.started_at, name.encode())), {**tests, **(facets or {})}),
        job=event_v2.Job(_NAMESPACE, name, {"documentation": documentation}),
        inputs=inputs,
        outputs=outputs or [],
        producer=PRODUCER,
    )


def _tests(checks: Iterable[CheckResult]) -> "facet_v2.RunFacet":
    from openlineage.client.facet_v2 import test_run as facet

    tests = [
        facet.TestExecution(status="fail" if check.is_failed else "pass", **facet_fields(check)) for check in checks
    ]
    return facet.TestRunFacet(tests, producer=PRODUCER)


def _source(run: Run) -> "InputDataset":
    """The source folder, with the number of files if known; a file counts as a row."""
    from openlineage.client.event_v2 import InputDataset
    from openlineage.client.facet_v2 import input_statistics_input_dataset as facet

    seen = run.files.get("seen")
    statistics = facet.InputStatisticsInputDatasetFacet(rowCount=seen, fileCount=seen, producer=PRODUCER)
    known: dict[str, Any] = {} if seen is None else {"inputStatistics": statistics}
    return InputDataset(FILES, str(run.source.resolve()), inputFacets=known)
