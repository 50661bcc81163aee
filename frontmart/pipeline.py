"""The pipeline, in reading order: a folder of front-matter files becomes a published snapshot.

Each line of `build` is a step, and each step leaves its result in the staged snapshot, so that whatever runs them
(see `runners`) passes nothing between them but paths, counts and the open warehouse. It knows no orchestrator.
"""

from frontmart import steps
from frontmart.extract.listing import require_source
from frontmart.extract.worker import EXTRACT
from frontmart.incremental import find_base, find_changes, is_unchanged
from frontmart.openlineage import emit_lineage
from frontmart.run import Run, record_run
from frontmart.runners import Runner
from frontmart.settings import Settings
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.store import clear_leftovers, publish, remove_old_snapshots, staged


def build(settings: Settings, runner: Runner) -> Run:
    """Build a snapshot of `settings.source` and publish it in `settings.out`; what was seen, done and published.

    Only files that changed since the published snapshot are read; where nothing did, nothing is written. Raises
    ChecksFailedError where an error check finds rows, LockedError where another build holds the folder, and other
    FrontmartErrors: then the last snapshot stays published.
    """
    require_source(settings.source)
    run = Run.start(settings, runner.seconds)
    with lock_output(run.out), emit_lineage(run, settings.lineage):
        clear_leftovers(run.out)
        base = find_base(settings, run.fingerprint)
        changes = runner.run("list", find_changes, settings, base)
        current = base if base and base.is_current(run.as_of) and steps.is_tolerable(base.snapshot, settings) else None
        if current and changes.is_empty:
            return run.mark_unchanged(steps.ensure_report(current.snapshot, settings))
        with record_run(run), staged(run.out) as stage:
            run.changed_files = steps.keep_changes(stage, changes)
            del changes  # of a million files they take as much memory as a worker
            shards = steps.plan(stage, settings, runner.workers)
            runner.map_shards("extract", EXTRACT, shards)
            if current and is_unchanged(current, stage, run.changed_files["gone"]):
                return run.mark_unchanged(steps.ensure_report(current.snapshot, settings))
            with steps.open_warehouse_of(stage, settings) as warehouse:
                run.table_rows = runner.run("load", steps.load_tables, warehouse, stage, run, base, settings)
                run.model_rows = runner.run("model", steps.build_models, warehouse)
                run.files = steps.count_files(warehouse)
                run.checks = runner.run("check", steps.check, warehouse, run, settings)
                run.raise_for_checks()
                runner.run("write", steps.write_parquet, warehouse, stage, run)
            if settings.report:
                runner.run("report", steps.write_report, stage, run.checks, settings)
            steps.write_run(stage, run.mark_published(stage))
            runner.run("publish", publish, run.out, stage)
        remove_old_snapshots(run.out, settings.keep_snapshots)
    return run
