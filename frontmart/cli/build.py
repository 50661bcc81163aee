"""Commands that build: `build` once, `backfill` for each day of a range, `serve` on a schedule."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Final

import typer

from frontmart.cli.app import (
    AllowLoss,
    AsOf,
    BuildOut,
    Config,
    Json,
    Mapping,
    Organisations,
    Preset,
    Quiet,
    Source,
    Workers,
    app,
    help_notes,
    report_errors,
)
from frontmart.cli.signals import raise_on_signals
from frontmart.errors import ChecksFailedError, UsageError
from frontmart.terminal.progress import print_warning as warn

if TYPE_CHECKING:  # slow to import
    from frontmart.run import Run

EXIT_CODES: Final = {
    0: "published, or nothing to do",
    1: "failed",
    2: "wrong usage or setting, or a source that is missing or has no files",
    3: "an error check failed, such as more rejects than --max-rejects, a loss of documents, or no document",
    4: "another build is running in the output folder",
}


@app.command(epilog=help_notes("frontmart build articles --out warehouse --as-of 2026-01-31", exit_codes=EXIT_CODES))
@report_errors
@raise_on_signals()
def build(
    source: Source = None,
    out: BuildOut = None,
    config: Config = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="Name of the corpus in its report (default: from its folder)."),
    ] = None,
    as_of: AsOf = None,
    preset: Preset = None,
    mapping: Mapping = None,
    organisations: Organisations = None,
    full: Annotated[bool, typer.Option("--full", help="Read every file again, changed or not.")] = False,
    checksum: Annotated[
        bool, typer.Option("--checksum", help="Detect changed files by content, not by size, times and inode.")
    ] = False,
    ignore_inode: Annotated[
        bool,
        typer.Option(
            "--ignore-inode", help="Detect changed files without inode and ctime, where a file system keeps neither."
        ),
    ] = False,
    verify: Annotated[bool, typer.Option("--verify", hidden=True)] = False,
    workers: Workers = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="Parse values that lack the quotes of YAML as if quoted, and mark their documents."
        ),
    ] = False,
    max_rejects: Annotated[
        str | None,
        typer.Option(
            "--max-rejects",
            metavar="N|P%",
            help="Maximum number or percentage of rejected files to publish with (default: no limit).",
        ),
    ] = None,
    max_loss: Annotated[
        str | None,
        typer.Option(
            "--max-loss",
            metavar="N|P%|none",
            help="Largest fall of the number of documents to publish, as a number, a percentage or none.  "
            "[default: 50%]",
            show_default=False,
        ),
    ] = None,
    search: Annotated[
        bool,
        typer.Option("--search", help="Index the articles, so that the macro search ranks what it finds."),
    ] = False,
    history: Annotated[
        bool | None,
        typer.Option(
            "--history/--no-history",
            help="Keep what changed since the build before, and the versions that are over.  [default: history]",
            show_default=False,
        ),
    ] = None,
    allow_loss: AllowLoss = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Publish a source without documents, unless some are published.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Build a snapshot of a folder and publish it.

    Reads only the files that changed since the published snapshot; if none did, writes no snapshot. If a build fails,
    the last published snapshot is unchanged. Every option but --allow-loss and --allow-empty is also a setting, such
    as FRONTMART_MAX_REJECTS in the environment or max_rejects in the --config file.
    """
    from frontmart.pipeline import build as run_build
    from frontmart.runners import LocalRunner
    from frontmart.settings import Settings, renaming
    from frontmart.terminal.progress import Console

    if verify:
        warn(renaming("`--verify`", "`--checksum`"))
    settings = Settings.load(
        config,
        warn=warn,
        source=source,
        out=out,
        name=name,
        as_of=as_of and as_of.date(),
        preset=preset,
        mapping=mapping,
        organisations=organisations,
        full=full or None,
        checksum=checksum or verify or None,
        ignore_inode=ignore_inode or None,
        workers=workers,
        repair=repair or None,
        max_rejects=max_rejects,
        max_loss=max_loss,
        search=search or None,
        history=history,
    )
    runner = LocalRunner(Console(is_quiet=quiet), settings.workers)
    with shown_if_checks_fail(as_json=as_json):
        run = run_build(settings, runner, allow_loss=allow_loss, allow_empty=allow_empty)
    show_run(run, as_json=as_json, quiet=quiet)


@contextmanager
def shown_if_checks_fail(*, as_json: bool) -> Iterator[None]:
    """Print the run of a build whose error checks find rows, if it is to be JSON; the error goes on."""
    try:
        yield
    except ChecksFailedError as error:
        if as_json:
            typer.echo(json.dumps(error.run.as_json(), default=str))
        raise


def show_run(run: "Run", *, as_json: bool, quiet: bool) -> None:
    """Print the run of a build as a JSON object or, unless it is to be quiet, for people."""
    if as_json:
        typer.echo(json.dumps(run.as_json(), default=str))
    elif not quiet:
        from frontmart.cli.show import show_build

        show_build(run)


@app.command(
    epilog=help_notes(
        "frontmart backfill 2026-01-01 2026-01-31 data/raw --every-days 7",
        exit_codes=EXIT_CODES | {0: "kept, and published unless a later day is", 4: "another build ran for --wait"},
        json="runs (of each day, as `build --json`), published (the id of the last day, or null).",
    )
)
@report_errors
@raise_on_signals()
def backfill(
    first: Annotated[datetime, typer.Argument(metavar="FIRST", formats=["%Y-%m-%d"], help="First day, in UTC.")],
    last: Annotated[datetime, typer.Argument(metavar="LAST", formats=["%Y-%m-%d"], help="Last day, in UTC.")],
    source: Source = None,
    out: BuildOut = None,
    config: Config = None,
    every_days: Annotated[int, typer.Option("--every-days", metavar="N", min=1, help="Days between snapshots.")] = 1,
    wait: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", min=0, help="Longest wait for another build, before each day.")
    ] = 3_600,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Build a snapshot as of each day of a range.

    Every snapshot describes the current files: only the day differs. Each is kept under the tag backfill-YYYY-MM-DD,
    which spares it from pruning, and is not published. At the end the last one is published, unless the published
    snapshot is of a later day.
    """
    from frontmart.backfill import Waiting, build_days, days_between, publish_last
    from frontmart.cli.show import show_build, show_publication
    from frontmart.runners import LocalRunner
    from frontmart.settings import Settings
    from frontmart.terminal.progress import Console

    days = days_between(first.date(), last.date(), every_days)
    settings = Settings.load(config, warn=warn, source=source, out=out)
    console = Console(is_quiet=quiet)
    waiting = Waiting(wait, console.say)
    runs = []
    for run in build_days(settings, days, lambda: nullcontext(LocalRunner(console, settings.workers)), waiting):
        runs.append(run)
        if not as_json and not quiet:
            show_build(run)
    is_published = publish_last(runs[-1], waiting)
    if as_json:
        published = runs[-1].snapshot_id if is_published else None
        typer.echo(json.dumps({"runs": [run.as_json() for run in runs], "published": published}, default=str))
    elif not quiet:
        show_publication(runs[-1], is_published=is_published)


@app.command(epilog=help_notes("frontmart serve data/raw --cron '*/15 * * * *' --on-failure https://hooks.example/T0"))
@report_errors
def serve(
    source: Source = None,
    cron: Annotated[
        str, typer.Option("--cron", metavar="CRON", help="Schedule: minute, hour, day, month, weekday.")
    ] = "0 * * * *",
    timezone: Annotated[str, typer.Option("--timezone", metavar="ZONE", help="Time zone of --cron.")] = "UTC",
    out: BuildOut = None,
    config: Config = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="Name of the deployments (default: from the folders)."),
    ] = None,
    on_failure: Annotated[
        str | None,
        typer.Option("--on-failure", metavar="URL", help="URL to POST to when a build fails, or none succeeds."),
    ] = None,
    stale_after: Annotated[
        int,
        typer.Option(
            "--stale-after",
            metavar="N",
            min=1,
            help="Builds that may come due without a success until --on-failure is called.",
        ),
    ] = 3,
    wait: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", min=0, help="Seconds to wait for the Prefect server.")
    ] = 60,
) -> None:
    """Build on a schedule, as a Prefect service.

    Runs until stopped. Needs a Prefect server: set PREFECT_API_URL to its address.
    """
    if find_spec("prefect") is None:
        raise UsageError(
            "serve: Prefect is not installed; install Frontmart with its extra: pip install 'frontmart[prefect]'"
        )
    from flows.serve import Service, run_service
    from frontmart.settings import Settings
    from frontmart.snapshots.overlap import reject_overlap

    settings = Settings.load(config, warn=warn, source=source, out=out)
    reject_overlap(settings.source, settings.out)
    folder, target = settings.source.resolve(), settings.out.resolve()
    run_service(
        Service(
            name=name,
            source=folder,
            out=target,
            config=config.resolve() if config else None,
            cron=cron,
            timezone=timezone,
            on_failure=on_failure,
            stale_after=stale_after,
            server_timeout_seconds=wait,
        )
    )
