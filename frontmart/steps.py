"""The steps of a build, in the order in which `pipeline` runs them. Each leaves its result in the staged snapshot."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import orjson
from duckdb import DuckDBPyConnection

from frontmart.catalog.features import features_as_text
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.models import Model, read_functions, read_query
from frontmart.catalog.sql_folder import SQL
from frontmart.catalog.trim import trim, trim_notes
from frontmart.empty_source import ALLOW_EMPTY, EmptySourceError, require_files
from frontmart.errors import FrontmartError, SnapshotError
from frontmart.extract.changes import Changes
from frontmart.extract.listing import check_source
from frontmart.extract.shards import Shard, plan_shards
from frontmart.extract.source import Source
from frontmart.extract.worker import write_frame
from frontmart.incremental import BaseSnapshot, find_changes
from frontmart.key_counts import EXTRA_VALUES, column_values, extra_keys, likely_fields, used_keys
from frontmart.mapping.check import find_idle_entries, find_unreadable_columns, raise_first
from frontmart.run import Run
from frontmart.runners import Runner
from frontmart.settings import Settings
from frontmart.shipped_sql import shipped_sql
from frontmart.snapshots.baseline import Baseline
from frontmart.snapshots.clone import clone_file
from frontmart.snapshots.corpus_dates import CorpusDates
from frontmart.snapshots.fingerprint import fingerprinted_files, hash_of
from frontmart.snapshots.lock import SNAPSHOTS
from frontmart.snapshots.loss_baseline import LossBaseline
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.overlap import reject_git_overlap, reject_overlap
from frontmart.snapshots.run_log import read_runs
from frontmart.snapshots.store import Snapshot
from frontmart.snapshots.tags import set_tag
from frontmart.survey import explain_no_documents, survey
from frontmart.version import VERSION
from frontmart.warehouse.added_columns import added_models, load_added_columns
from frontmart.warehouse.aliases import check_aliases, load_aliases
from frontmart.warehouse.base_copy import Update, is_compact, is_worth_updating
from frontmart.warehouse.checks import (
    CheckResult,
    count_other_files,
    document_check,
    loss_check,
    reject_check,
    run_checks,
)
from frontmart.warehouse.database import checkpoint_in_background, open_warehouse, reopen, start_over
from frontmart.warehouse.datapackage import data_package
from frontmart.warehouse.events import run_all_models
from frontmart.warehouse.features import find_features, load_features
from frontmart.warehouse.load import (
    Reused,
    create_inputs,
    load_author_names,
    load_build,
    load_comparison,
    load_fields,
    load_runs,
    load_tidy,
)
from frontmart.warehouse.macros import create_functions, create_macros
from frontmart.warehouse.parquet import FindSame, export_marts, export_tidy, no_file
from frontmart.warehouse.previous import read_previous
from frontmart.warehouse.statements import explain_error
from frontmart.warehouse.table_changes import TableChanges
from frontmart.warehouse.template import copy_template, keep_template, template_key
from frontmart.warehouse.update_tidy import COMPARISON, update_inputs, update_tidy
from transforms.generic.rules import DEFAULT_RULES, FieldRules
from transforms.tables import stored_columns
from transforms.vocabulary import Preset

if TYPE_CHECKING:  # imported where it is used: a first build has no past
    from frontmart.history.base import HistoryBase
    from frontmart.history.commits import CommitHistory

_DECLARED: Final = (
    "frontmart/catalog/history_inputs.py",
    "transforms/fields.py",
    "transforms/schema.py",
    "transforms/tables.py",
    "transforms/vocabulary.py",
)


def check_place(settings: Settings, source: Source) -> None:
    """Check that the output folder is not where the source is read. Raises UsageError."""
    if source.is_folder:
        reject_overlap(settings.source, settings.out)
    else:
        reject_git_overlap(source.folder, settings.out)


def check_first_source(settings: Settings, source: Source, runner: Runner, *, allow_empty: bool) -> None:
    """Check that the folder of a first build exists and has files, before anything is created for it."""
    if source.is_folder and not (settings.out / SNAPSHOTS).is_dir():
        runner.run("list", check_source if allow_empty else require_files, settings.source)


def find_past(run: Run, baseline: Baseline | None, commits: "CommitHistory | None") -> "HistoryBase | None":
    """The snapshot whose history the build goes on with; None for a first build, and one without a history.

    Raises UsageError if the history is of the other kind: of a Git repository, or of builds.
    """
    if baseline is None and not (run.out / SNAPSHOTS).is_dir():
        return None
    from frontmart.history.base import find_history_base, require_kind

    past = find_history_base(run.out, baseline, run.warn)
    require_kind(past, "commits" if commits else "builds", run.out)
    if commits:
        return past
    if past and past.record and not run.history:
        steps = f"{past.record.steps:,} steps of snapshot {past.snapshot.id}"
        run.warn(f"{run.out}: built without a history; the {steps} go when that snapshot does")
    return past if run.history else None


def list_changes(
    settings: Settings,
    source: Source,
    runner: Runner,
    base: BaseSnapshot | None,
    before: LossBaseline | None,
    *,
    allow_loss: bool,
    allow_empty: bool,
) -> Changes:
    """List the source and compare it with the base snapshot; a schedule repeats that if the source is missing or empty.

    If documents of a source are published and it stays empty, the check `max_loss` decides, and its result is recorded.
    """
    may_be_empty = allow_loss if has_documents(before) else allow_empty or before is not None
    try:
        return runner.run("list", find_changes, settings, source, base, before, may_be_empty)
    except EmptySourceError:
        return runner.run("list", find_changes, settings, source, base)


def has_documents(before: LossBaseline | None) -> bool:
    """Whether documents of the source are published; a source that was published empty may stay so."""
    return before is not None and before.document_count > 0


def read_commits(
    stage: Snapshot, run: Run, settings: Settings, runner: Runner, commits: "CommitHistory", past: "HistoryBase | None"
) -> bool:
    """Write the history of a repository to the stage -> whether it was read anew, from its first commit on."""
    from frontmart.history.commits import read_commits, rules_of
    from frontmart.history.versions_of_paths import Reading

    preset, given = _preset(run), run.mapping.rules if run.mapping else None
    rules = run.preset.rules(given) if run.preset else None
    reading = Reading(settings.limits, settings.repair, rules)
    return not read_commits(stage, commits, past, reading, rules_of(settings, given, preset), runner, run.warn)


def still_valid(
    base: BaseSnapshot | None,
    run: Run,
    settings: Settings,
    commits: "CommitHistory | None" = None,
    past: "HistoryBase | None" = None,
) -> BaseSnapshot | None:
    """The base snapshot if it is what this build would publish, as long as no file changed; else None.

    A commit that changed no file is a step as well.
    """
    if commits and not commits.is_read(past):
        return None
    if base and base.is_current(run.as_of) and _is_within_reject_limit(base, settings):
        return base
    return None


def _is_within_reject_limit(base: BaseSnapshot, settings: Settings) -> bool:
    limit = settings.max_rejects
    return limit is None or base.files["reject"] <= limit.allowed(base.files["seen"])


def keep_current(snapshot: Snapshot, settings: Settings, tag: str | None) -> Snapshot:
    """Give a snapshot that is up to date the tag, if there is one, and a report, if the settings ask for one."""
    if tag is not None:
        set_tag(settings.out, tag, snapshot.id)
    if settings.report and not snapshot.report.exists():
        from frontmart import report  # slow to import, and most builds write none

        report.add_report(snapshot, settings.memory_limit)
    return snapshot


def write_changes(stage: Snapshot, changes: Changes) -> dict[str, int]:
    """Write the files to read, and the unchanged ones, to the stage -> how many are read, unchanged and gone."""
    write_frame(changes.to_read, stage.listing)
    write_frame(changes.unchanged, stage.unchanged)
    return {"read": changes.to_read.height, "unchanged": changes.unchanged.height, "gone": changes.gone_count}


def plan_extract(
    stage: Snapshot, settings: Settings, source: Source, workers: int, rules: FieldRules | None
) -> list[Shard]:
    """Split the files to read into shards."""
    return plan_shards(
        stage.listing,
        source,
        stage.fragments,
        workers,
        limits=settings.limits,
        repair=settings.repair,
        rules=rules,
    )


@contextmanager
def create_warehouse(stage: Snapshot, settings: Settings) -> Iterator[DuckDBPyConnection]:
    """Create the warehouse of a staged snapshot; its file is complete when the block ends.

    Raises FrontmartError for every DuckDB error in the block: a full disk can show at any statement.
    """
    work = stage.work / "duckdb"
    try:
        with open_warehouse(stage.warehouse, memory_limit=settings.memory_limit, temp_directory=work) as warehouse:
            yield warehouse
    except duckdb.Error as error:
        raise FrontmartError(f"{stage.warehouse} cannot be built: {explain_error(error, 'Build again.')}") from error
    except OSError as error:
        raise _cannot_be_built(stage, error) from error


def _cannot_be_built(stage: Snapshot, error: OSError) -> FrontmartError:
    return FrontmartError(f"{stage.warehouse} cannot be built: {error.strerror}. Check disk space and permissions.")


def copy_base(stage: Snapshot, run: Run, base: BaseSnapshot | None) -> Update | None:
    """Copy the warehouse of the base snapshot to the stage, if the models are the same and few of many files changed.

    Raises FrontmartError if the disk is full.
    """
    if base is None or not base.has_current_models or not is_worth_updating(base.files["seen"], run.changed_files):
        return None
    try:
        clone_file(base.snapshot.warehouse, stage.warehouse)
    except OSError as error:
        raise _cannot_be_built(stage, error) from error
    changes = TableChanges(shipped_sql().queries)
    return Update(base.snapshot, base.passed_checks, base.features, changes)


def load_tables(
    warehouse: DuckDBPyConnection,
    stage: Snapshot,
    run: Run,
    base: BaseSnapshot | None,
    baseline: Baseline | None,
    settings: Settings,
    past: "HistoryBase | None" = None,
    *,
    is_anew: bool | None = None,
) -> dict[str, int]:
    """Load the inputs of the models, schema `tidy` -> rows per tidy table.

    Loads the fragments and, of unchanged files, the rows of the base snapshot, and the ids of their authors; then the
    day, the run log, and the profiles of the published snapshot, which drift is measured against even if the build is
    not based on it. Writes the history of the snapshot, which goes on from `past`, and loads it; that of a repository
    is written already, from its first commit on if it `is_anew`.
    """
    rows = _load_tables(warehouse, stage, run, base, baseline, settings)
    if past or run.update or is_anew is not None:
        from frontmart.history.append import Build
        from frontmart.history.carry import Stage, carry_history, load_past

        staged = Stage(stage, Build(stage.id, run.started_at), run.update)
        if is_anew is None:
            carry_history(warehouse, staged, past)
        else:
            load_past(warehouse, staged, past, is_anew=is_anew)
    return rows


def _load_tables(
    warehouse: DuckDBPyConnection,
    stage: Snapshot,
    run: Run,
    base: BaseSnapshot | None,
    baseline: Baseline | None,
    settings: Settings,
) -> dict[str, int]:
    reused = Reused(base.snapshot.tables, stage.unchanged) if base else None
    if run.update and reused:
        rows = _update_tables(warehouse, stage, run, run.update, reused, baseline, settings)
        if rows:
            return rows
        run.update = None
        start_over(warehouse, stage.warehouse)
    _create_inputs(warehouse, run)
    load_fields(warehouse)
    preset = _preset(run)
    load_build(
        warehouse,
        run.as_of,
        VERSION,
        preset,
        is_as_of_given=settings.as_of is not None,
        is_searchable=settings.search,
    )
    load_added_columns(warehouse, run.mapping.rules.columns if run.mapping else ())
    load_aliases(warehouse, run.aliases.aliases if run.aliases else ())
    load_runs(warehouse, read_runs(run.out, run.warn))
    rows = load_tidy(warehouse, stage.fragments, reused, preset)
    load_author_names(warehouse)
    run.features = load_features(warehouse, preset)
    run.notes = trim_notes(shipped_sql().models, run.features)
    load_comparison(warehouse, read_previous(baseline), settings.drift_share, settings.drift_count)
    return {f"tidy.{name}": rows[name] for name in stored_columns(preset)}


def _create_inputs(warehouse: DuckDBPyConnection, run: Run) -> None:
    template = _template_key(run, "inputs")
    if not copy_template(warehouse, template):
        create_inputs(warehouse, INPUTS)
        keep_template(warehouse, template)


def _update_tables(
    warehouse: DuckDBPyConnection,
    stage: Snapshot,
    run: Run,
    update: Update,
    reused: Reused,
    baseline: Baseline | None,
    settings: Settings,
) -> dict[str, int]:
    """Change the inputs in the copy of the base warehouse to what `load_tables` loads -> rows per tidy table.

    Nothing, if another warehouse is to be filled: the copy has too many holes, or its marts lack columns or have too
    many.
    """
    if not is_compact(warehouse):
        return {}
    preset = _preset(run)
    rows = update_tidy(warehouse, stage.fragments, reused, update.changes)
    run.features = features = find_features(warehouse, preset)
    if features != update.features:
        return {}
    run.notes = trim_notes(shipped_sql().models, run.features)
    update_inputs(
        warehouse,
        update.changes,
        {
            ("build",): lambda: load_build(
                warehouse,
                run.as_of,
                VERSION,
                preset,
                features,
                is_as_of_given=settings.as_of is not None,
                is_searchable=settings.search,
            ),
            ("runs",): lambda: load_runs(warehouse, read_runs(run.out, run.warn)),
            COMPARISON: lambda: load_comparison(
                warehouse, read_previous(baseline), settings.drift_share, settings.drift_count
            ),
        },
    )
    return {f"tidy.{name}": rows[name] for name in stored_columns(preset)}


def check_keys(warehouse: DuckDBPyConnection, run: Run) -> None:
    """Record the unused keys that look like a field; raise UsageError for entries of the mapping file without effect.

    Only for the preset `generic`: the keys of `smartable` are declared.
    """
    if _preset(run) is not Preset.GENERIC:
        return
    keys, used = extra_keys(warehouse, read_query(SQL, EXTRA_VALUES)), used_keys(warehouse)
    mapping = run.mapping
    if mapping:
        paths = [path for (path,) in warehouse.execute("select path from tidy.documents order by path").fetchall()]
        idle = find_idle_entries(mapping, used | {each.key for each in keys}, paths)
        raise_first(mapping, [*idle, *find_unreadable_columns(column_values(warehouse))])
    rules = mapping.rules if mapping else DEFAULT_RULES
    used |= {column.key for column in rules.columns}
    used |= {source.key for sources in rules.sources.values() for source in sources}
    run.unused_keys = likely_fields(keys, used, run.table_rows["tidy.documents"])


def build_models(warehouse: DuckDBPyConnection, run: Run) -> dict[str, int]:
    """Run the models of sql/, each after those that it reads, then create the macros -> rows per table.

    Leaves out the columns that need a feature which no post has, and records the dates of the corpus. In a copy of the
    base warehouse only those models run that read what changed. Raises UsageError for an alias without effect.
    """
    changes = run.update.changes if run.update else None
    features = "all" if run.features is None else features_as_text(run.features)
    template = _template_key(run, "models", features, repr(run.mapping and run.mapping.rules.columns))
    are_created = run.update is not None or copy_template(warehouse, template)
    if not are_created:
        create_functions(warehouse, read_functions(SQL))
    models = _models(warehouse, run, are_created=are_created)
    rows = run_all_models(warehouse, models, are_created=are_created, changes=changes)
    run.dates = _read_dates(warehouse)
    if run.aliases:
        check_aliases(warehouse, run.aliases)
    if not are_created:
        create_macros(warehouse, trim(table_macros(warehouse), run.features))
        keep_template(warehouse, template, without="tidy")
    return rows


def table_macros(warehouse: DuckDBPyConnection) -> list[Model]:
    """The table macros; with a search index, some are others, which read it."""
    shipped = shipped_sql()
    is_searchable = warehouse.execute("select is_searchable from staging.build").fetchall() == [(True,)]
    indexed = {macro.name: macro for macro in shipped.indexed_macros if is_searchable}
    return [indexed.get(macro.name, macro) for macro in shipped.macros]


def _template_key(run: Run, *words: str) -> str:
    """The key of a template: that of the models and of the declarations of their inputs, and some words more."""
    return template_key(run.fingerprint["models"], hash_of((), fingerprinted_files(_DECLARED)), *words)


def _read_dates(warehouse: DuckDBPyConnection) -> CorpusDates:
    columns = ", ".join(each.name for each in fields(CorpusDates))
    ((end, first, last, days),) = warehouse.execute(f"select {columns} from core.corpus_dates").fetchall()
    return CorpusDates(end, first, last, days)


def count_files(warehouse: DuckDBPyConnection) -> dict[str, int]:
    """Count the files seen, and how many are documents, rejects and skipped."""
    rows = warehouse.execute("select outcome, count(*) from tidy.files group by outcome").fetchall()
    counts = dict.fromkeys(("document", "reject", "skipped"), 0) | dict(rows)
    return {"seen": sum(counts.values()), **counts}


def limit_checks(
    warehouse: DuckDBPyConnection,
    run: Run,
    settings: Settings,
    before: LossBaseline | None,
    *,
    allow_loss: bool,
    allow_empty: bool,
    is_folder: bool = True,
) -> list[Model]:
    """The checks of the settings: too many rejects, too many lost documents, or no document in a source without any."""
    checks = []
    if settings.max_rejects:
        checks.append(reject_check(settings.max_rejects, run.files["seen"]))
    if before and has_documents(before):
        checks.append(loss_check(settings.max_loss, before, run.files, is_allowed=allow_loss))
    elif not run.files["document"]:
        explanation, is_allowed = _explain_no_documents(warehouse, run, is_folder), allow_empty or before is not None
        if is_allowed:
            run.warn(f"{run.source}: {explanation}")
        advice = "" if is_allowed else f"; name the folder of front-matter files, or, {ALLOW_EMPTY}"
        checks.append(document_check(f"{explanation}{advice}.", is_allowed=is_allowed))
    return checks


def _explain_no_documents(warehouse: DuckDBPyConnection, run: Run, is_folder: bool) -> str:
    """Why a source gave no document: its first reject, or else what its files are."""
    if run.files["reject"]:
        query = "select path, message from tidy.rejects order by path limit 1"
        ((path, message),) = warehouse.execute(query).fetchall()
        return f"{count_other_files(run.files)}, but no document; the first reject is {path}: {message}"
    problem = explain_no_documents(survey(run.source)) if is_folder else None
    return problem or "the source has no files" + ("" if is_folder else " with front matter")


def run_all_checks(warehouse: DuckDBPyConnection, run: Run, limits: Sequence[Model]) -> list[CheckResult]:
    """Run the checks of sql/checks, those of the settings, and the unique keys of all tables.

    Those that found nothing in the base snapshot, and read nothing that changed since, would find nothing.
    """
    shipped, update = shipped_sql(), run.update
    checks, models = [*shipped.checks, *limits], [*shipped.models, *added_models(warehouse)]

    def has_passed(check: Model) -> bool:
        return update is not None and check not in limits and update.has_passed(check)

    return run_checks(warehouse, checks, models, at_once=True, has_passed=has_passed)


def write_parquet(warehouse: DuckDBPyConnection, stage: Snapshot, run: Run) -> None:
    """Write the tidy tables and the marts as Parquet, and datapackage.json, which describes them.

    The files of tables that are as in the base snapshot are shared with it.
    """
    find_same = run.update.parquet if run.update else no_file
    if run.update:
        reopen(warehouse, stage.warehouse)
    write_tables(warehouse, stage, _preset(run), _models(warehouse, run), run.as_of.isoformat(), find_same)


def write_tables(
    warehouse: DuckDBPyConnection,
    stage: Snapshot,
    preset: Preset,
    models: Sequence[Model],
    as_of: str,
    find_same: FindSame = no_file,
) -> None:
    """Write the tidy tables that a preset stores and the marts of the models as Parquet, and datapackage.json."""
    with checkpoint_in_background(warehouse):
        tables = export_tidy(warehouse, stage.tables, preset, find_same)
        published = [*tables, *export_marts(warehouse, models, stage.marts, find_same)]
    write_json(_package(stage), data_package(published, version=VERSION, as_of=as_of))


def write_report(stage: Snapshot, checks: list[CheckResult], settings: Settings) -> None:
    """Write report.html into a staged snapshot whose warehouse is complete."""
    from frontmart import report  # slow to import, and most builds write none

    report.write_report(stage, checks, settings.corpus_name(), settings.memory_limit)


def write_run(stage: Snapshot, run: Run) -> None:
    """Write run.json, and the manifest of all files of the snapshot.

    Raises SnapshotError if a file that was written is missing: only a complete snapshot is published.
    """
    package = json.loads(_package(stage).read_text(encoding="utf-8"))
    for path in (stage.warehouse, *(stage.folder / resource["path"] for resource in package["resources"])):
        if not path.is_file():
            message = f"{path}: was removed while the build ran; make sure that nothing else writes to {run.out}"
            raise SnapshotError(f"{message}, and build again")
    write_json(stage.run_file, run.as_json())
    write_manifest(stage.folder)


def _preset(run: Run) -> Preset:
    return run.preset.preset if run.preset else Preset.SMARTABLE


def _models(warehouse: DuckDBPyConnection, run: Run, *, are_created: bool = True) -> list[Model]:
    """The models under sql/ as the corpus fills them, and that of the columns that the mapping file adds.

    The views keep all columns if they are created already: their queries run no more, and to trim them takes longer
    than all else.
    """
    shipped = shipped_sql().models
    trimmed = trim([model for model in shipped if not (are_created and model.is_view)], run.features)
    by_name = {model.full_name: model for model in trimmed}
    return [*(by_name.get(model.full_name, model) for model in shipped), *added_models(warehouse)]


def _package(stage: Snapshot) -> Path:
    return stage.folder / "datapackage.json"


def write_json(path: Path, value: object) -> None:
    """Write a value as JSON, for people and programs."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATETIME
    path.write_bytes(orjson.dumps(value, default=str, option=options))
