"""The pipeline on one screen: a folder of front-matter files becomes a published snapshot.

Each line of `build` is a step. A step reads what earlier steps left in the staged snapshot and leaves its result there,
so a runner (see `runners`) passes only paths, counts and the open warehouse from one to the next. Without a server, and
without Prefect: `flows` runs the same function.
"""

from frontmart import steps
from frontmart.extract.listing import check_source
from frontmart.extract.worker import EXTRACT
from frontmart.incremental import find_base_snapshot, find_changes, is_unchanged
from frontmart.openlineage import emit_lineage
from frontmart.run import Run, record_run
from frontmart.runners import Runner
from frontmart.settings import Settings
from frontmart.snapshots.baseline import find_baseline
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.retention import remove_old_snapshots
from frontmart.snapshots.store import clear_leftovers, publish, staged


def build(settings: Settings, runner: Runner) -> Run:
    """Build a snapshot of `settings.source` and publish it in `settings.out`.

    Reads only the files that changed since the published snapshot. If none did, writes nothing: the run then has the
    outcome `unchanged`. If the published snapshot is damaged, warns, reads every file and replaces it.

    Raises:
        ChecksFailedError: if an error check finds rows.
        LockedError: if another build is running in the output folder.
        FrontmartError: for every other failure. After any error the last published snapshot is unchanged.
    """
    check_source(settings.source)
    run = Run.start(settings, runner.seconds, runner.warn)
    with lock_output(run.out), emit_lineage(run, settings.lineage):
        clear_leftovers(run.out)
        baseline = find_baseline(run.out, run.warn)
        base = find_base_snapshot(settings, run.fingerprint, baseline, run.warn)
        changes = runner.run("list", find_changes, settings, base)
        current = steps.still_valid(base, run, settings)
        if current and changes.is_empty:
            return run.mark_unchanged(steps.ensure_report(current.snapshot, settings))
        with record_run(run), staged(run.out) as stage:
            run.changed_files = steps.write_changes(stage, changes)
            del changes  # the listing of a million files takes as much memory as a worker
            shards = steps.plan_extract(stage, settings, runner.workers)
            runner.map_shards("extract", EXTRACT, shards)
            if current and is_unchanged(current, stage, run.changed_files["gone"]):
                return run.mark_unchanged(steps.ensure_report(current.snapshot, settings))
            with steps.create_warehouse(stage, settings) as warehouse:
                run.table_rows = runner.run("load", steps.load_tables, warehouse, stage, run, base, baseline, settings)
                run.model_rows = runner.run("model", steps.build_models, warehouse)
                run.files = steps.count_files(warehouse)
                run.checks = runner.run("check", steps.run_all_checks, warehouse, run, settings)
                run.raise_for_checks()
                runner.run("write", steps.write_parquet, warehouse, stage, run)
            if settings.report:
                runner.run("report", steps.write_report, stage, run.checks, settings)
            steps.write_run(stage, run.mark_published(stage))
            runner.run("publish", publish, run.out, stage)
        remove_old_snapshots(run.out, settings.keep_snapshots)
    return run
