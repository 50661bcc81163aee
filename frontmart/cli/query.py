"""Commands that read the published snapshot."""

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from frontmart.cli.app import DEFAULT_OUT, Json, Out, app, duration, help_notes, report_errors
from frontmart.cli.completion import query_formats, table_names
from frontmart.cli.signals import raise_on_signals
from frontmart.errors import UsageError
from frontmart.formats import QUERY_FORMATS


@app.command(
    epilog=help_notes(
        "frontmart status --out warehouse --max-age 26h",
        exit_codes={
            0: "published, and not older than --max-age",
            1: "nothing is published, or the last successful run is older",
            2: "wrong usage",
        },
        json="run.json of the published snapshot, with window_end_date, last_article_date and "
        "days_since_last_article (from then to as_of_date); last_success (run_id, outcome, snapshot_id, "
        "finished_at), age_seconds.",
    )
)
@report_errors
@raise_on_signals()
def status(
    max_age: Annotated[
        timedelta | None,
        typer.Option(
            "--max-age",
            metavar="DURATION",
            parser=duration,
            help="Fail if the last successful run is older, such as 90m, 26h or 2d (default: any age).",
        ),
    ] = None,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Show the published snapshot and its age.

    Shows when and from which folder it was built, its numbers of files, failed checks and warnings. The age is
    that of the last successful run, also of one that found nothing to do; that of the news is beside it: the day
    of the last article, and the last day of windows.
    """
    from frontmart.cli.show import show_status
    from frontmart.snapshots.last_success import ensure_fresh, read_last_success
    from frontmart.snapshots.read import read_published, read_run

    snapshot, run = read_published(out, lambda snapshot: (snapshot, read_run(snapshot)))
    success = read_last_success(out)
    run |= {
        "last_success": asdict(success) if success else None,
        "age_seconds": round(success.age().total_seconds()) if success else None,
    }
    typer.echo(json.dumps(run, default=str)) if as_json else show_status(snapshot, run)
    if max_age:
        ensure_fresh(out, success, max_age)


@app.command(
    epilog=help_notes(
        "frontmart rejects --json | jq '.rejects[].path'",
        json="rejects (path, reason, line, column, message), field_issues (path, field, value, problem).",
    )
)
@report_errors
@raise_on_signals()
def rejects(out: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """List the files and values that were rejected.

    Prints one line for each: file, line and column, reason, what to do. Lists values that --repair fixed, too.
    """
    from frontmart.cli.show import show_rejects
    from frontmart.snapshots.read import read_published
    from frontmart.warehouse.read_only import read_rows

    files_sql = 'select path, reason, line, "column", message from tidy.rejects order by path'
    values_sql = "select path, field, value, problem from tidy.field_issues order by path, position"
    files, values = read_published(out, lambda each: (read_rows(each, files_sql), read_rows(each, values_sql)))
    if as_json:
        typer.echo(json.dumps({"rejects": files, "field_issues": values}, default=str))
    else:
        show_rejects(files, values)


@app.command(
    epilog=help_notes(
        "frontmart query 'select topic, article_count from topics' --output topics.csv",
        json="rows (one object per row, by column).",
    )
)
@report_errors
@raise_on_signals()
def query(
    sql: Annotated[
        str | None, typer.Argument(metavar="SQL", help="Query to run; - reads it from standard input.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", metavar="FILE", help="File with the query.")] = None,
    out: Out = DEFAULT_OUT,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help=f"Format: {', '.join(QUERY_FORMATS)} (default: by the suffix of --output, or table).",
            autocompletion=query_formats,
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="File to write, replaced when complete.")
    ] = None,
    rows: Annotated[
        int, typer.Option("--rows", metavar="N", min=0, help="Rows to show on a terminal; 0 for all.")
    ] = 1_000,
    spreadsheet: Annotated[
        bool, typer.Option("--spreadsheet", help="CSV that Excel opens as text, without running formulas.")
    ] = False,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Print directly, without $PAGER.")] = False,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", metavar="SECONDS", min=0.001, help="End a query that runs longer (default: never)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Run a SQL query on the published warehouse.

    The query is one SELECT. It can use no file and no network, and takes up to 1 GB of memory. A table larger than the
    terminal is shown in $PAGER; files and pipes get all rows.
    """
    from frontmart.query.limits import end_after, limit_memory
    from frontmart.query.options import QueryOptions, choose_format, read_sql
    from frontmart.snapshots.read import read_published
    from frontmart.warehouse.query_errors import TOO_SLOW
    from frontmart.warehouse.read_only import read_rows

    if as_json and (format_ or output):
        raise UsageError(
            "--json prints one object to standard output; for a file or an array use --format json instead"
        )
    request = QueryOptions(
        format=choose_format(format_, output),
        output=output,
        row_limit=rows,
        is_paged=not no_pager,
        is_for_spreadsheets=spreadsheet,
        timeout=timeout,
    )
    text = read_sql(sql, file)
    with limit_memory(), end_after(timeout, f"frontmart: {TOO_SLOW}"):
        if as_json:
            found = read_published(out, lambda snapshot: read_rows(snapshot, text, timeout))
            typer.echo(json.dumps({"rows": found}, default=str))
            return
        from frontmart.query.run import run_query

        run_query(out, text, request)


@app.command(epilog="Example: frontmart shell --out warehouse")
@report_errors
def shell(
    out: Out = DEFAULT_OUT,
) -> None:
    """Open the published warehouse in harlequin, a SQL editor.

    The session is read-only and has no access to other files, as with `query`; a snapshot that is published meanwhile
    does not change it. Harlequin comes with the extra `shell`: pip install 'frontmart[shell]'.
    """
    from frontmart.query.shell import run_shell

    run_shell(out)


@app.command(
    epilog=help_notes(
        "frontmart report --out warehouse",
        exit_codes={
            0: "written",
            1: "failed, or nothing is published",
            2: "wrong usage",
            4: "a build is running in the output folder",
        },
        json="report (the path).",
    )
)
@report_errors
def report(out: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """Write the HTML report of the published snapshot.

    Writes report.html into the snapshot: one page that needs neither network nor server. Prints its path.
    """
    from frontmart.report import report as write

    path = write(out)
    typer.echo(json.dumps({"report": str(path)})) if as_json else typer.echo(str(path))


@app.command(epilog=help_notes("frontmart describe topic_pairs"))
@report_errors
def describe(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Table, macro or column (default: all).", autocompletion=table_names),
    ] = None,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Describe a table and its columns.

    For a column, lists the tables that have it; without NAME, lists all tables. Row counts and examples come from the
    published snapshot, if there is one.
    """
    from frontmart.catalog.sql_folder import SQL
    from frontmart.dictionary.describe import Described, find
    from frontmart.dictionary.show import show_column, show_table, show_tables
    from frontmart.dictionary.tables import CatalogTable, read_tables

    described = Described(out)
    tables = read_tables(SQL, described.features, described.added_models())
    found = find(name, tables) if name is not None else None
    if isinstance(found, CatalogTable):
        facts, show = described.one(found), show_table
    elif found:
        facts, show = described.column(found), show_column
    else:
        facts, show = described.all(tables), show_tables
    typer.echo(json.dumps(facts)) if as_json else show(facts)
