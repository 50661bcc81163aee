"""The Prefect flows: the same pipeline as `frontmart build`, and what operators need around it, each a deployment.

A flow that fails says why in the first line of its state. What lies in the input or in a model fails at once; what may
be over the next time (a share that is away for a moment) is tried again, see `service.runner.POLICIES`.
"""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed, Failed
from pydantic import Field, PositiveInt

from flows.artifacts import create_artifacts, create_verification_artifact, explanation
from flows.catch_up import superseding_run
from flows.prefect_runner import Policy, as_task
from flows.task_runners import open_runner
from frontmart.backfill import days_of
from frontmart.errors import ChecksFailedError, FrontmartError, LockedError
from frontmart.export import ExportRequest
from frontmart.export import export as export_tables
from frontmart.pipeline import build as build_snapshot
from frontmart.settings import Settings
from frontmart.snapshots.retention import prune as retain_snapshots
from frontmart.snapshots.store import published
from frontmart.verify import verify as verify_snapshot

Result = dict[str, object] | State[Any]

SOURCE: Final = Path("data/raw")
OUT: Final = Path("data")
_ALONE: Final = Policy()


def _build_name() -> str:
    parameters = flow_run.parameters
    return f"build {parameters['source']} into {parameters['out']} as of {parameters['as_of'] or 'today'}"


@flow(name="frontmart-build", flow_run_name=_build_name, persist_result=False)
def build(
    source: Path = SOURCE,
    out: Path = OUT,
    as_of: dt.date | None = None,
    full: bool = False,
    verify: bool = False,
    config: Path | None = None,
    workers: Annotated[int, Field(ge=1, le=256)] | None = None,
    keep_snapshots: PositiveInt | None = None,
    repair: bool = False,
    max_rejects: str | None = None,
    task_runner: str = "processes",
) -> Result:
    """Build a snapshot of `source` and publish it in `out`, as `frontmart build` does.

    Args:
        source: the folder of front-matter files.
        out: the folder that holds the snapshots and the published link.
        as_of: the day that recent periods end on; today (UTC) where not given.
        full: whether to read every file again.
        verify: whether to compare every file by its content.
        config: a TOML file of further settings, such as memory_limit.
        workers: how many workers parse; one a core where not given.
        keep_snapshots: how many snapshots stay.
        repair: whether to read values that lack the quotes that YAML wants, and mark the documents.
        max_rejects: how many rejects are published at most: files (10), or percent of those seen (0.5%).
        task_runner: processes, threads, dask (a cluster of this machine), or the address of a Dask scheduler, whose
            workers must see `source` and `out` under the same paths.
    """
    covering = superseding_run()
    if covering:
        return Completed(name="Skipped", message=f"this tick was missed, and {covering} has built since it was due")
    try:
        settings = Settings.load(
            config,
            source=source,
            out=out,
            as_of=as_of,
            full=full or None,
            verify=verify or None,
            workers=workers,
            keep_snapshots=keep_snapshots,
            repair=repair or None,
            max_rejects=max_rejects,
        )
        with open_runner(task_runner, settings.workers) as runner:
            run = build_snapshot(settings, runner)
    except LockedError as error:
        return Cancelled(message=str(error))
    except ChecksFailedError as error:
        create_artifacts(error.run, None)
        return Failed(message=str(error))
    except FrontmartError as error:
        return Failed(message=str(error))
    create_artifacts(run, published(run.out) if run.outcome == "published" else None)
    return run.as_json()


@flow(name="frontmart-backfill", flow_run_name="backfill {out} from {first} to {last}", persist_result=False)
def backfill(
    first: dt.date,
    last: dt.date,
    source: Path = SOURCE,
    out: Path = OUT,
    every_days: PositiveInt = 1,
    config: Path | None = None,
) -> Result:
    """Build and publish a snapshot as of each day of a range, the earliest first; stops at the first that fails.

    As many snapshots are kept as there are days. What the days share is read once.
    """
    try:
        days = days_of(first, last, every_days)
    except FrontmartError as error:
        return Failed(message=str(error))
    for day in days:
        state = build(source=source, out=out, as_of=day, config=config, keep_snapshots=len(days), return_state=True)
        if not state.is_completed():
            return Failed(message=f"as of {day}: {state.message}")
    return {"days": [day.isoformat() for day in days]}


@flow(name="frontmart-retain", flow_run_name="retain {keep} snapshots of {out}", persist_result=False)
def retain(out: Path = OUT, keep: PositiveInt = 5, max_age_days: float | None = None) -> Result:
    """Remove old snapshots, by count and by age, never the published one."""
    try:
        done = as_task("retain", retain_snapshots, _ALONE)(out, keep, max_age_days)
    except LockedError as error:
        return Cancelled(message=str(error))
    except FrontmartError as error:
        return Failed(message=str(error))
    get_run_logger().info("removed=%d kept=%d freed_bytes=%d", len(done.removed), len(done.kept), done.freed_bytes)
    return {"removed": list(done.removed), "kept": list(done.kept), "freed_bytes": done.freed_bytes}


@flow(name="frontmart-export", flow_run_name="export {out} to another place", persist_result=False)
def export(
    target: str,
    out: Path = OUT,
    marts: list[str] | None = None,
    keep: PositiveInt = 3,
    tables: list[str] | None = None,
    file_format: Literal["parquet", "csv", "xlsx", "arrow", "sqlite"] = "parquet",
    partition_by: Literal["month"] | None = None,
    plain: bool = False,
) -> Result:
    """Export the published marts to a folder or an object store, as `frontmart export` does.

    Args:
        target: a folder, or a URL such as s3://bucket/folder.
        out: the folder that holds the snapshots and the published link.
        marts: which marts; all where not given.
        keep: how many exports stay at the target.
        tables: which tidy tables besides; none where not given.
        file_format: parquet, csv, xlsx, arrow or sqlite.
        partition_by: `month` for a folder a month.
        plain: whether CSV is for programs, not made safe for Excel.
    """
    request = ExportRequest(
        marts=marts or (),
        tables=tables or (),
        format=file_format,
        partition_by=partition_by,
        is_plain=plain,
        keep=keep,
    )
    try:
        done = as_task("export", export_tables, Policy(retries=3))(out, target, request)
    except FrontmartError as error:
        return Failed(message=str(error))
    get_run_logger().info("snapshot=%s files=%d is_new=%s", done.snapshot_id, len(done.files), done.is_new)
    return {"snapshot_id": done.snapshot_id, "files": len(done.files), "is_new": done.is_new}


@flow(name="frontmart-verify", flow_run_name="verify {out}", persist_result=False)
def verify(out: Path = OUT) -> Result:
    """Compare every file of the published snapshot with its manifest, and run its checks again."""
    try:
        found = as_task("verify", verify_snapshot, _ALONE)(out)
    except FrontmartError as error:
        return Failed(message=str(error))
    create_verification_artifact(found)
    if not found.is_good:
        return Failed(message=explanation(found))
    return {"snapshot_id": found.snapshot_id, "files": found.file_count, "checks": len(found.checks)}
