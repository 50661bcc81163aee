"""The pipeline on one screen: a folder of front-matter files becomes a published snapshot.

Each line of `build` is a step. A step reads what earlier steps left in the staged snapshot and leaves its result there,
so a runner (see `runners`) passes only paths, counts and the open warehouse from one to the next. Without a server, and
without Prefect: `flows` runs the same function.
"""

from typing import TYPE_CHECKING

from frontmart import steps
from frontmart.aliases.read import read_alias_file
from frontmart.extract.source import FolderSource, Source
from frontmart.extract.worker import EXTRACT
from frontmart.incremental import find_base_snapshot, is_unchanged
from frontmart.mapping.read import read_mapping
from frontmart.openlineage import emit_lineage
from frontmart.presets import choose_preset, settled_preset
from frontmart.run import Run, record_run, record_success
from frontmart.runners import Runner
from frontmart.settings import Settings
from frontmart.snapshots.baseline import find_baseline
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.loss_baseline import find_loss_baseline
from frontmart.snapshots.publication import require_place
from frontmart.snapshots.retention import remove_old_snapshots
from frontmart.snapshots.store import Snapshot, clear_leftovers, publish, staged

if TYPE_CHECKING:  # most builds read no repository
    from frontmart.history.commits import CommitHistory


def build(
    settings: Settings,
    runner: Runner,
    *,
    allow_loss: bool = False,
    allow_empty: bool = False,
    tag: str | None = None,
    base: Snapshot | None = None,
    source: Source | None = None,
    commits: "CommitHistory | None" = None,
) -> Run:
    """Build a snapshot of `settings.source` and publish it in `settings.out`.

    Reads only the files that changed since the published snapshot. If none did, writes no snapshot: the run then has
    the outcome `unchanged`. If the published snapshot is damaged, warns, reads every file and replaces it.

    Args:
        settings: what to build from which files, and where.
        runner: runs the steps.
        allow_loss: publish however many documents were lost, this once: see the setting `max_loss`.
        allow_empty: publish a source without documents, this once, unless documents of it are published.
        tag: keep the snapshot under this tag instead of publishing it.
        base: reuse the rows of this snapshot instead of those of the published one.
        source: read the files of this instead of those of the folder `settings.source`, which then is its name.
        commits: read these into the history, and publish the files of the last one; instead of `source`.

    Raises:
        ChecksFailedError: if an error check finds rows, the source lost too many documents, or has none.
        LockedError: if another build is running in the output folder.
        SourceUnavailableError: if the source is missing, unreadable or without files.
        UsageError: if the source and the output folder overlap.
        FrontmartError: for every other failure. After any error the last published snapshot is unchanged.
    """
    source = commits.source if commits else source or FolderSource(settings.source)
    steps.check_place(settings, source)
    steps.check_first_source(settings, source, runner, allow_empty=allow_empty)
    mapping = read_mapping(settings)
    rules = mapping.rules if mapping else None
    run = Run.start(settings, runner.seconds, runner.warn, mapping, read_alias_file(settings))
    with lock_output(run.out), record_success(run, tag), emit_lineage(run, settings.lineage):
        require_place(run.out)
        clear_leftovers(run.out)
        baseline = find_baseline(run.out, run.warn)
        run.preset = settled = settled_preset(settings, rules, baseline, run.warn, base)
        reused = find_base_snapshot(settings, run.fingerprint, baseline, settled, run.warn, base)
        before = find_loss_baseline(run.out, settings.source)
        past = steps.find_past(run, baseline, commits)
        with record_run(run):
            changes = steps.list_changes(
                settings, source, runner, reused, before, allow_loss=allow_loss, allow_empty=allow_empty
            )
            current = steps.still_valid(reused, run, settings, commits, past)
            if current and changes.is_empty:
                return run.mark_unchanged(steps.keep_current(current.snapshot, settings, tag), current.dates)
            run.preset = choose_preset(settings, source, settled, changes.sample, run.warn)
            if run.preset.replaces(settled):
                reused = current = None
                changes = steps.list_changes(
                    settings, source, runner, None, before, allow_loss=allow_loss, allow_empty=allow_empty
                )
            with staged(run.out) as stage:
                run.changed_files = steps.write_changes(stage, changes)
                del changes  # the listing of a million files takes as much memory as a worker
                shards = steps.plan_extract(stage, settings, source, runner.workers, run.preset.rules(rules))
                runner.map_shards("extract", EXTRACT, shards)
                if current and is_unchanged(current, stage, run.changed_files["gone"]):
                    return run.mark_unchanged(steps.keep_current(current.snapshot, settings, tag), current.dates)
                is_anew = steps.read_commits(stage, run, settings, runner, commits, past) if commits else None
                run.update = steps.copy_base(stage, run, reused)
                with steps.create_warehouse(stage, settings) as warehouse:
                    run.table_rows = runner.run(
                        "load",
                        steps.load_tables,
                        warehouse,
                        stage,
                        run,
                        reused,
                        baseline,
                        settings,
                        past,
                        is_anew=is_anew,
                    )
                    steps.check_keys(warehouse, run)
                    run.model_rows = runner.run("model", steps.build_models, warehouse, run)
                    run.files = steps.count_files(warehouse)
                    limits = steps.limit_checks(
                        warehouse,
                        run,
                        settings,
                        before,
                        allow_loss=allow_loss,
                        allow_empty=allow_empty,
                        is_folder=source.is_folder,
                    )
                    run.checks = runner.run("check", steps.run_all_checks, warehouse, run, limits)
                    run.raise_for_checks()
                    runner.run("write", steps.write_parquet, warehouse, stage, run)
                if settings.report:
                    runner.run("report", steps.write_report, stage, run.checks, settings)
                steps.write_run(stage, run.mark_complete(stage, is_kept=tag is not None))
                runner.run("publish", publish, run.out, stage, tag)
        remove_old_snapshots(run.out, settings.keep_snapshots)
    return run
