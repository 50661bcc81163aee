"""Commands that build: once, for each day of a range, on a schedule."""

import json
from datetime import datetime
from importlib.util import find_spec
from typing import Annotated

import typer

from frontmart.cli.app import BuildOut, Config, Json, Quiet, Source, app, report_errors
from frontmart.cli.signals import raise_on_signals
from frontmart.errors import ChecksFailedError, UsageError


@app.command(epilog="Example: frontmart build articles --out warehouse --as-of 2026-01-31")
@report_errors
@raise_on_signals()
def build(
    source: Source = None,
    out: BuildOut = None,
    config: Config = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day that recent periods end on.  [default: today]"),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Read every file again.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Compare files by their content.")] = False,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes that parse; one a core.")] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Read values that lack the quotes that YAML wants, and mark the documents.")
    ] = False,
    max_rejects: Annotated[
        str | None,
        typer.Option("--max-rejects", metavar="N|P%", help="Publish nothing where more files are refused."),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Build a snapshot of a folder and publish it.

    Only files that changed since the published snapshot are read; where nothing did, nothing is written.

    Exit: 0 published or nothing to do, 1 failed, 2 usage, 3 an error check failed, or more files were refused than
    --max-rejects allows, and the last snapshot stays published, 4 another build holds the output folder.
    """
    from frontmart.cli.show import show_build
    from frontmart.pipeline import build as run_build
    from frontmart.runners import LocalRunner
    from frontmart.settings import Settings
    from frontmart.terminal.progress import Console

    settings = Settings.load(
        config,
        source=source,
        out=out,
        as_of=as_of and as_of.date(),
        full=full or None,
        verify=verify or None,
        workers=workers,
        repair=repair or None,
        max_rejects=max_rejects,
    )
    try:
        run = run_build(settings, LocalRunner(Console(is_quiet=quiet), settings.workers))
    except ChecksFailedError as error:
        if as_json:
            typer.echo(json.dumps(error.run.as_json(), default=str))
        raise
    if as_json:
        typer.echo(json.dumps(run.as_json(), default=str))
    elif not quiet:
        show_build(run)


@app.command(epilog="Example: frontmart backfill 2026-01-01 2026-01-31 data/raw --every-days 7")
@report_errors
@raise_on_signals()
def backfill(
    first: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The first day (UTC).")],
    last: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The last day (UTC).")],
    source: Source = None,
    out: BuildOut = None,
    config: Config = None,
    every_days: Annotated[int, typer.Option("--every-days", min=1, help="How many days apart.")] = 1,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Build a snapshot as of each day of a range.

    The earliest first; the last one stays published, and all of them are kept.
    """
    from frontmart.backfill import build_days, days_of
    from frontmart.cli.show import show_build
    from frontmart.settings import Settings
    from frontmart.terminal.progress import Console

    days = days_of(first.date(), last.date(), every_days)
    settings = Settings.load(config, source=source, out=out)
    runs = []
    for run in build_days(settings, days, Console(is_quiet=quiet)):
        runs.append(run)
        if not as_json and not quiet:
            show_build(run)
    if as_json:
        typer.echo(json.dumps({"runs": [run.as_json() for run in runs]}, default=str))


@app.command(epilog="Example: frontmart serve data/raw --cron '*/15 * * * *' --on-failure https://hooks.example/T0")
@report_errors
def serve(
    source: Source = None,
    cron: Annotated[
        str, typer.Option("--cron", help="When to build: minute, hour, day, month, weekday.")
    ] = "0 * * * *",
    timezone: Annotated[str, typer.Option("--timezone", help="Where the clock of --cron stands.")] = "UTC",
    out: BuildOut = None,
    config: Config = None,
    name: Annotated[str | None, typer.Option("--name", help="Of the deployments; that of the folders if none.")] = None,
    on_failure: Annotated[str | None, typer.Option("--on-failure", help="A URL to POST to on a failure.")] = None,
    wait: Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for the server to answer.")] = 60,
) -> None:
    """Build on a schedule, as a Prefect service.

    Runs until it is ended; needs a Prefect server, named by PREFECT_API_URL.
    """
    if find_spec("prefect") is None:
        raise UsageError(
            "serve: Prefect is not installed; install Frontmart with its extra: pip install 'frontmart[prefect]'"
        )
    from flows.serve import Service, run_service
    from frontmart.settings import Settings

    settings = Settings.load(config, source=source, out=out)
    folder, target = settings.source.resolve(), settings.out.resolve()
    run_service(
        Service(
            name=name or f"{target.parent.name}-{target.name}",
            source=folder,
            out=target,
            config=config.resolve() if config else None,
            cron=cron,
            timezone=timezone,
            on_failure=on_failure,
            patience_seconds=wait,
        )
    )
