"""The command line. Every import that takes time stands in the command that needs it: `--help` answers at once."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from signal import SIGINT
from typing import Annotated, Final, ParamSpec

import typer

from flows.asking.request import Format
from flows.completion import mart_names, snapshot_ids
from flows.errors import ChecksFailedError, FrontmartError, UsageError
from flows.plain import plain
from flows.signals import ToldToEndError, ending_on_signals

P = ParamSpec("P")

app = typer.Typer(
    name="frontmart",
    help="Turn a folder of front-matter files into tidy tables, a DuckDB warehouse and Parquet marts.",
    epilog="Example: frontmart build data/raw && frontmart query 'from marts.coverage_by_topic'",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Source = Annotated[
    Path | None, typer.Argument(help="The folder of front-matter files.  [default: data/raw]", show_default=False)
]
Out = Annotated[
    Path, typer.Option("--out", envvar="FRONTMART_OUT", help="The folder that holds snapshots/ and the published link.")
]
BuildOut = Annotated[
    Path | None,
    typer.Option("--out", help="Where snapshots/ and the published link go.  [default: data]", show_default=False),
]
Config = Annotated[Path | None, typer.Option("--config", help="A TOML file of settings.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
DEFAULT_OUT: Final = Path("data")


def main() -> None:
    """Run the command line; an error is one message on standard error, and its class the exit code."""
    app()


def _reporting_errors(command: Callable[P, None]) -> Callable[P, None]:
    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except FrontmartError as error:
            # Only what checks found takes several lines, and shows values in quotes, their line ends escaped.
            lines = str(error).splitlines() if isinstance(error, ChecksFailedError) else [str(error)]
            typer.echo("\n".join(map(plain, ["frontmart: " + lines[0], *lines[1:]])), err=True)
            raise typer.Exit(error.exit_code) from None
        except OSError as error:
            place = error.filename or "a file"
            advice = "see that there is room on the disk and that its permissions allow it"
            typer.echo(plain(f"frontmart: {place}: {error.strerror or error}; {advice}, and run again"), err=True)
            raise typer.Exit(1) from None
        except MemoryError:
            advice = "lower memory_limit or --workers, or use a machine that has more, and run again"
            typer.echo(f"frontmart: there is not enough memory; {advice}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt as told:
            number = told.number if isinstance(told, ToldToEndError) else SIGINT
            word = "interrupted" if number == SIGINT else "terminated"
            typer.echo(f"frontmart: {word}; what was published last stays published", err=True)
            raise typer.Exit(128 + number) from None

    return run


@app.command(epilog="Example: frontmart build articles --out warehouse --as-of 2026-01-31")
@_reporting_errors
@ending_on_signals()
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
    from flows.build import build as run_build
    from flows.console import Console
    from flows.output import show_build
    from flows.runners import LocalRunner
    from flows.settings import Settings

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


@app.command(epilog="Example: frontmart status --out warehouse --json")
@_reporting_errors
@ending_on_signals()
def status(out: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """Say what is published, and from what.

    When it was built, the files seen, and how many checks found rows.
    """
    from flows.output import show_status
    from flows.reading import read_published, read_run

    snapshot, run = read_published(out, lambda snapshot: (snapshot, read_run(snapshot)))
    typer.echo(json.dumps(run)) if as_json else show_status(snapshot, run)


@app.command(epilog="Example: frontmart rejects --json | jq '.rejects[].path'")
@_reporting_errors
@ending_on_signals()
def rejects(out: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """List the files and values that were refused.

    Each with its place, the reason and what to do.
    """
    from flows.output import show_rejects
    from flows.reading import read_published, read_rows

    files_sql = 'select path, reason, line, "column", message from tidy.rejects order by path'
    values_sql = "select path, field, value, problem from tidy.field_issues order by path, position"
    files, values = read_published(out, lambda each: (read_rows(each, files_sql), read_rows(each, values_sql)))
    if as_json:
        typer.echo(json.dumps({"rejects": files, "field_issues": values}, default=str))
    else:
        show_rejects(files, values)


@app.command(
    epilog="Example: frontmart query 'select topic, article_count from topics' --format csv --output topics.csv"
)
@_reporting_errors
@ending_on_signals()
def query(
    sql: Annotated[
        str | None, typer.Argument(metavar="[SQL]", help="A query over the views, macros and tables; - to read it.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Read the query from a file.")] = None,
    out: Out = DEFAULT_OUT,
    format_: Annotated[
        Format | None, typer.Option("--format", help="As the name of --output says, or else a table.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file, which appears whole.")] = None,
    rows: Annotated[int, typer.Option("--rows", min=0, help="Most rows shown on a terminal; 0 for all.")] = 1_000,
    spreadsheet: Annotated[
        bool, typer.Option("--spreadsheet", help="CSV for Excel: no text is taken for a formula.")
    ] = False,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Never show the answer in a pager.")] = False,
    as_json: Json = False,
) -> None:
    """Ask the published warehouse.

    It is opened read-only and without access to other files. A table on a terminal that is larger than the screen goes
    to $PAGER; all that is written to a file or a pipe is whole.
    """
    from flows.asking.request import Request, chosen_format, read_sql
    from flows.reading import read_published, read_rows

    if as_json and (format_ or output):
        raise UsageError("--json prints one object on standard output; for a file or an array give --format json alone")
    request = Request(
        format=chosen_format(format_, output),
        output=output,
        row_limit=rows,
        is_paged=not no_pager,
        is_for_spreadsheets=spreadsheet,
    )
    text = read_sql(sql, file)
    if as_json:
        found = read_published(out, lambda snapshot: read_rows(snapshot, text))
        typer.echo(json.dumps({"rows": found}, default=str))
        return
    from flows.asking.command import run_query

    run_query(out, text, request)


@app.command(epilog="Example: frontmart shell --out warehouse")
@_reporting_errors
def shell(
    out: Out = DEFAULT_OUT,
    plain_prompt: Annotated[bool, typer.Option("--plain", help="A plain prompt, though harlequin is there.")] = False,
) -> None:
    """Open a prompt on the published warehouse.

    It is read-only and without access to other files, as `query` is: harlequin where it is installed (pip install
    'frontmart[shell]'), else a plain prompt with history, names by Tab, and .help.
    """
    from flows.asking.shell import run_shell

    run_shell(out, is_plain=plain_prompt)


@app.command(epilog="Example: frontmart report --out warehouse")
@_reporting_errors
def report(out: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """Write the report of what is published.

    One page for people, report.html in the published snapshot, which needs neither a network nor a server.

    Exit: 0 written, 1 failed or nothing is published, 4 a build holds the output folder.
    """
    from flows.report import report as write

    path = write(out)
    typer.echo(json.dumps({"report": str(path)})) if as_json else typer.echo(str(path))


@app.command(epilog="Example: frontmart snapshots --json")
@_reporting_errors
@ending_on_signals()
def snapshots(out: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """List the snapshots, the latest first.

    And say which of them is published.
    """
    from flows.output import show_snapshots
    from flows.reading import read_all_runs
    from flows.snapshots import published_id

    current = published_id(out)
    rows = [{"is_published": run["snapshot_id"] == current, **run} for run in read_all_runs(out)]
    typer.echo(json.dumps({"published": current, "snapshots": rows})) if as_json else show_snapshots(rows)


@app.command(epilog="Example: frontmart rollback 20260131T060000000000Z")
@_reporting_errors
@ending_on_signals()
def rollback(
    snapshot_id: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="A snapshot; the one before if none.", autocompletion=snapshot_ids),
    ] = None,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Publish an earlier snapshot again.

    Nothing is built and nothing removed.
    """
    from flows.snapshots import roll_back

    snapshot = roll_back(out, snapshot_id)
    typer.echo(json.dumps({"published": snapshot.id})) if as_json else typer.echo(f"published {snapshot.id}", err=True)


@app.command(epilog="Example: frontmart export --format xlsx --marts coverage_by_topic,topic_pairs /srv/share")
@_reporting_errors
def export(
    target: Annotated[str, typer.Argument(metavar="DIR", help="A folder, or a URL such as s3://bucket/folder.")],
    file_format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="One of parquet, csv, xlsx, arrow and sqlite.")
    ] = "parquet",
    marts: Annotated[
        str, typer.Option("--marts", metavar="A,B", help="Which marts; or all, or none.", autocompletion=mart_names)
    ] = "all",
    tables: Annotated[str, typer.Option("--tables", metavar="A,B", help="Tidy tables besides; or all.")] = "none",
    partition_by: Annotated[
        str | None,
        typer.Option("--partition-by", metavar="month", help="A folder a month, as Hive has it; not xlsx, sqlite."),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="CSV for programs, not made safe for Excel.")] = False,
    keep: Annotated[int, typer.Option("--keep", help="How many exports stay there.")] = 3,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Export the published marts to a folder or an object store.

    Readers there see the export before or this one, never half of one; DIR/latest is the current one, DIR/manifest.json
    lists its files with their SHA-256. Where nothing was published since, nothing is written.

    Exit: 0 exported or nothing to do, 1 failed and what was there stays, 2 usage, 4 another export holds the folder.
    """
    from flows.exporting import Request
    from flows.exporting import export as run_export
    from flows.output import show_export

    request = Request(
        marts=_listed(marts),
        tables=_listed(tables),
        format=file_format,
        partition_by=partition_by,
        is_plain=plain,
        keep=keep,
    )
    done = run_export(out, target, request)
    typer.echo(json.dumps(done.as_json())) if as_json else show_export(done)


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


@app.command(epilog="Example: frontmart serve data/raw --cron '*/15 * * * *' --on-failure https://hooks.example/T0")
@_reporting_errors
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
    from flows.service.serving import Service, run_service
    from flows.settings import Settings

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


@app.command(epilog="Example: frontmart backfill 2026-01-01 2026-01-31 data/raw --every-days 7")
@_reporting_errors
@ending_on_signals()
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
    from flows.backfill import build_days, days_of
    from flows.console import Console
    from flows.output import show_build
    from flows.settings import Settings

    days = days_of(first.date(), last.date(), every_days)
    settings = Settings.load(config, source=source, out=out)
    runs = []
    for run in build_days(settings, days, Console(is_quiet=quiet)):
        runs.append(run)
        if not as_json and not quiet:
            show_build(run)
    if as_json:
        typer.echo(json.dumps({"runs": [run.as_json() for run in runs]}, default=str))


if __name__ == "__main__":
    main()
