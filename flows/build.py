"""The pipeline, in reading order: a folder of front-matter files becomes a published snapshot.

Each line of `build` is a step, and each step leaves its result in the staged snapshot, so that whatever runs them
(see `runners`) passes nothing between them but paths and counts. It knows no orchestrator.
"""

from flows import steps
from flows.extract import extract_shard, plan_shards
from flows.ledger import read_runs
from flows.runners import Runner
from flows.runs import Run, recorded
from flows.settings import Settings
from flows.snapshots import hold_output, prune, publish, staged


def build(settings: Settings, runner: Runner) -> Run:
    """Build a snapshot of `settings.source` and publish it in `settings.out`; what was seen, done and published.

    Raises ChecksFailedError where an error check finds rows, LockedError where another build holds the folder, and
    other FrontmartErrors: then the last snapshot stays published.
    """
    run = Run.start(settings)
    run.seconds = runner.seconds
    with hold_output(run.out), recorded(run), staged(run.out) as stage:
        runner.run("list", steps.list_files, run.source, stage)
        runner.map_shards("extract", extract_shard, plan_shards(stage.listing, run.source, stage.fragments))
        run.table_rows = runner.run("load", steps.load_tables, stage, settings, run.as_of, read_runs(run.out))
        run.model_rows = runner.run("model", steps.build_models, stage, settings)
        run.checks = runner.run("check", steps.check, stage, settings)
        run.files = steps.count_files(stage, settings)
        run.raise_for_checks()
        runner.run("write", steps.write_parquet, stage, settings, run.as_of)
        run.mark_published(stage)
        steps.write_run(stage, run)
        runner.run("publish", publish, run.out, stage)
        prune(run.out, settings.keep_snapshots)
    return run
