"""The Prefect flows: build, backfill, prune, export, verify. Each does what the command of its name does.

Prefect servers store the entrypoints of these flows, such as `flows.scheduled.build`: keep the module and the names.

A flow that fails says why in the first line of its state message. Errors of the input or of a model fail at once; those
that may pass, such as a network share that is briefly unavailable, are retried: see `flows.prefect_runner.POLICIES`.
"""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed, Failed
from pydantic import Field, NonNegativeFloat, PositiveInt

from flows.artifacts import create_artifacts, create_verification_artifact, findings_message
from flows.catch_up import superseding_run
from flows.prefect_runner import Policy, as_task
from flows.process_records import record_run
from flows.task_runners import open_runner
from frontmart.backfill import Waiting, build_days, days_between, publish_last
from frontmart.errors import ChecksFailedError, FrontmartError, LockedError
from frontmart.export import ExportRequest
from frontmart.export import export as export_tables
from frontmart.pipeline import build as build_snapshot
from frontmart.run import Run
from frontmart.settings import Settings, renaming
from frontmart.snapshots.retention import prune as prune_snapshots
from frontmart.snapshots.store import published
from frontmart.verify import verify as verify_snapshot

Result = dict[str, object] | State[Any]

SOURCE: Final = Path("data/raw")
OUT: Final = Path("data")
_NO_RETRIES: Final = Policy()
_OPTIONS: Final[dict[str, Any]] = {"persist_result": False, "on_running": [record_run]}


def _build_name() -> str:
    parameters = flow_run.parameters
    return f"build {parameters['source']} into {parameters['out']} as of {parameters['as_of'] or 'today'}"


@flow(name="frontmart-build", flow_run_name=_build_name, **_OPTIONS)
def build(
    source: Path = SOURCE,
    out: Path = OUT,
    as_of: dt.date | None = None,
    full: bool = False,
    checksum: bool = False,
    config: Path | None = None,
    workers: Annotated[int, Field(ge=1, le=256)] | None = None,
    keep_snapshots: PositiveInt | None = None,
    repair: bool = False,
    max_rejects: str | None = None,
    max_loss: str | None = None,
    allow_loss: bool = False,
    allow_empty: bool = False,
    task_runner: str = "processes",
    verify: bool = False,
) -> Result:
    """Build a snapshot of `source` and publish it in `out`, as `frontmart build` does.

    Args:
        source: Folder of front-matter files.
        out: Output folder, with snapshots/ and the published link.
        as_of: Day that the marts describe and windows end on, in UTC (default: today, and the last day with news).
        full: Read every file again, changed or not.
        checksum: Detect changed files by content, not by size, times and inode.
        config: TOML file of settings.
        workers: Parser processes (default: one per core).
        keep_snapshots: Number of snapshots to keep for a rollback.
        repair: Parse values that lack the quotes of YAML as if quoted, and mark their documents.
        max_rejects: Maximum number or percentage of rejected files to publish with (default: no limit).
        max_loss: Largest fall of the number of documents to publish, as a number, a percentage or none.
        allow_loss: Publish this build however many documents were lost.
        allow_empty: Publish a source without documents, unless some are published.
        task_runner: Where shards are parsed: processes, threads, dask (a cluster on this machine), or the address of a
            Dask scheduler whose workers see `source` and `out` under the same paths.
        verify: Old name of checksum, to be removed in 0.3.
    """
    later = superseding_run()
    if later:
        return Completed(name="Skipped", message=f"a missed run of the schedule, superseded by {later}")
    warn = get_run_logger().warning
    if verify:
        warn(renaming("the parameter `verify`", "`checksum`"))
    try:
        settings = Settings.load(
            config,
            warn=warn,
            source=source,
            out=out,
            as_of=as_of,
            full=full or None,
            checksum=checksum or verify or None,
            workers=workers,
            keep_snapshots=keep_snapshots,
            repair=repair or None,
            max_rejects=max_rejects,
            max_loss=max_loss,
        )
        with open_runner(task_runner, settings.workers) as runner:
            run = build_snapshot(settings, runner, allow_loss=allow_loss, allow_empty=allow_empty)
    except LockedError as error:
        return Cancelled(message=str(error))
    except ChecksFailedError as error:
        create_artifacts(error.run, None)
        return Failed(message=str(error))
    except FrontmartError as error:
        return Failed(message=str(error))
    create_artifacts(run, published(run.out) if run.outcome == "published" else None)
    return run.as_json()


@flow(name="frontmart-backfill", flow_run_name="backfill {out} from {first} to {last}", **_OPTIONS)
def backfill(
    first: dt.date,
    last: dt.date,
    source: Path = SOURCE,
    out: Path = OUT,
    every_days: PositiveInt = 1,
    config: Path | None = None,
    wait_seconds: NonNegativeFloat = 3_600,
) -> Result:
    """Build a snapshot as of each day of a range, earliest first, as `frontmart backfill` does; stop at a failure.

    Each is kept under the tag backfill-YYYY-MM-DD; the last one is published, unless a later day is.

    Args:
        first: First day, in UTC.
        last: Last day, in UTC.
        source: Folder of front-matter files.
        out: Output folder, with snapshots/ and the published link.
        every_days: Days between snapshots.
        config: TOML file of settings.
        wait_seconds: Longest wait for another build, before each day, in seconds.
    """
    log = get_run_logger()
    waiting = Waiting(wait_seconds, log.info)
    days: list[dt.date] = []
    runs: list[Run] = []
    try:
        days = days_between(first, last, every_days)
        settings = Settings.load(config, warn=log.warning, source=source, out=out)
        for run in build_days(settings, days, lambda: open_runner("processes", settings.workers), waiting):
            create_artifacts(run, None)
            runs.append(run)
        is_published = publish_last(runs[-1], waiting)
    except FrontmartError as error:
        if isinstance(error, ChecksFailedError):
            create_artifacts(error.run, None)
        missing = days[len(runs) :]
        return Failed(message=f"as of {missing[0]}: {error}" if missing else str(error))
    return {"days": [day.isoformat() for day in days], "published": runs[-1].snapshot_id if is_published else None}


@flow(name="frontmart-prune", flow_run_name="prune {out} to {keep} snapshots", **_OPTIONS)
def prune(out: Path = OUT, keep: PositiveInt = 5, max_age_days: float | None = None) -> Result:
    """Remove old snapshots, by number and by age, never the published one.

    Args:
        out: Output folder, with snapshots/ and the published link.
        keep: Number of snapshots to keep for a rollback.
        max_age_days: Maximum age of a snapshot, in days (default: any age).
    """
    try:
        done = as_task("prune", prune_snapshots, _NO_RETRIES)(out, keep, max_age_days)
    except LockedError as error:
        return Cancelled(message=str(error))
    except FrontmartError as error:
        return Failed(message=str(error))
    get_run_logger().info("removed=%d kept=%d freed_bytes=%d", len(done.removed), len(done.kept), done.freed_bytes)
    return {"removed": list(done.removed), "kept": list(done.kept), "freed_bytes": done.freed_bytes}


@flow(name="frontmart-retain", flow_run_name="prune {out} to {keep} snapshots", **_OPTIONS)
def retain(out: Path = OUT, keep: PositiveInt = 5, max_age_days: float | None = None) -> Result:
    """Remove old snapshots: the old name of `prune`, kept for stored deployments. To be removed in 0.3."""
    get_run_logger().warning(renaming("the flow `frontmart-retain`", "`frontmart-prune`"))
    return prune.fn(out, keep, max_age_days)


@flow(name="frontmart-export", flow_run_name="export {out} to another place", **_OPTIONS)
def export(
    target: str,
    out: Path = OUT,
    marts: list[str] | None = None,
    keep: PositiveInt = 3,
    tables: list[str] | None = None,
    file_format: Literal["parquet", "csv", "xlsx", "arrow", "sqlite"] = "parquet",
    partition_by: Literal["month"] | None = None,
    plain: bool = False,
    checksum: bool = False,
    star: list[str] | None = None,
) -> Result:
    """Export the published marts and the star schema to a folder or an object store, as `frontmart export` does.

    Args:
        target: Folder, or URL such as s3://bucket/folder.
        out: Output folder, with snapshots/ and the published link.
        marts: Marts to export (default: all).
        keep: Number of exports to keep at the target.
        tables: Tidy tables to export (default: none).
        file_format: Format: parquet, csv, xlsx, arrow or sqlite.
        partition_by: month, for one Hive folder per month (not for xlsx, sqlite).
        plain: CSV for programs: formulas are not escaped.
        checksum: Compare files at the target by content, not by size (object stores: downloads them).
        star: Tables of the star schema to export, or none (default: all, with all marts).
    """
    request = ExportRequest(
        marts=marts or (),
        tables=tables or (),
        format=file_format,
        partition_by=partition_by,
        is_plain=plain,
        keep=keep,
        checksum=checksum,
        star=star or (),
    )
    try:
        done = as_task("export", export_tables, _NO_RETRIES)(out, target, request)
    except LockedError as error:
        return Cancelled(message=str(error))
    except FrontmartError as error:
        return Failed(message=str(error))
    get_run_logger().info("snapshot=%s files=%d is_new=%s", done.snapshot_id, len(done.files), done.is_new)
    return {"snapshot_id": done.snapshot_id, "files": len(done.files), "is_new": done.is_new}


@flow(name="frontmart-verify", flow_run_name="verify {out}", **_OPTIONS)
def verify(out: Path = OUT) -> Result:
    """Check the published snapshot for damage: compare its files with the manifest, and run its checks again.

    Args:
        out: Output folder, with snapshots/ and the published link.
    """
    try:
        found = as_task("verify", verify_snapshot, _NO_RETRIES)(out)
    except FrontmartError as error:
        return Failed(message=str(error))
    create_verification_artifact(found)
    if not found.is_good:
        return Failed(message=findings_message(found))
    return {"snapshot_id": found.snapshot_id, "files": found.file_count, "checks": len(found.checks)}
