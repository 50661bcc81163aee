"""Commands that look at what is published."""

import json
from pathlib import Path
from typing import Annotated

import typer

from frontmart.cli.app import DEFAULT_OUT, Json, Out, app, report_errors
from frontmart.cli.completion import query_formats, table_names
from frontmart.cli.signals import raise_on_signals
from frontmart.errors import UsageError
from frontmart.formats import QUERY_FORMATS


@app.command(epilog="Example: frontmart status --out warehouse --json")
@report_errors
@raise_on_signals()
def status(out: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """Say what is published, and from what.

    When it was built, the files seen, and how many checks found rows.
    """
    from frontmart.cli.show import show_status
    from frontmart.snapshots.read import read_published, read_run

    snapshot, run = read_published(out, lambda snapshot: (snapshot, read_run(snapshot)))
    typer.echo(json.dumps(run)) if as_json else show_status(snapshot, run)


@app.command(epilog="Example: frontmart rejects --json | jq '.rejects[].path'")
@report_errors
@raise_on_signals()
def rejects(out: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """List the files and values that were refused.

    Each with its place, the reason and what to do.
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
    epilog="Example: frontmart query 'select topic, article_count from topics' --format csv --output topics.csv"
)
@report_errors
@raise_on_signals()
def query(
    sql: Annotated[
        str | None, typer.Argument(metavar="[SQL]", help="A query over the views, macros and tables; - to read it.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Read the query from a file.")] = None,
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
    from frontmart.query.options import QueryOptions, choose_format, read_sql
    from frontmart.snapshots.read import read_published
    from frontmart.warehouse.read_only import read_rows

    if as_json and (format_ or output):
        raise UsageError("--json prints one object on standard output; for a file or an array give --format json alone")
    request = QueryOptions(
        format=choose_format(format_, output),
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
    from frontmart.query.run import run_query

    run_query(out, text, request)


@app.command(epilog="Example: frontmart shell --out warehouse")
@report_errors
def shell(
    out: Out = DEFAULT_OUT,
) -> None:
    """Open the published warehouse in harlequin, an SQL editor for the terminal.

    The session is read-only and has no access to other files, as with `query`; a snapshot that is published meanwhile
    does not change it. Harlequin comes with the extra `shell`: pip install 'frontmart[shell]'.
    """
    from frontmart.query.shell import run_shell

    run_shell(out)


@app.command(epilog="Example: frontmart report --out warehouse")
@report_errors
def report(out: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """Write the report of what is published.

    One page for people, report.html in the published snapshot, which needs neither a network nor a server.

    Exit: 0 written, 1 failed or nothing is published, 4 a build holds the output folder.
    """
    from frontmart.report import report as write

    path = write(out)
    typer.echo(json.dumps({"report": str(path)})) if as_json else typer.echo(str(path))


@app.command(epilog="Example: frontmart describe topic_pairs")
@report_errors
def describe(
    name: Annotated[
        str | None,
        typer.Argument(metavar="TABLE", help="A table, or a column to find the tables of.", autocompletion=table_names),
    ] = None,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Say what a table and its columns mean.

    Without TABLE it lists the tables. Where a snapshot is published, with its rows and examples.
    """
    from frontmart.catalog.sql_folder import SQL
    from frontmart.dictionary.describe import Described, find
    from frontmart.dictionary.show import show_column, show_table, show_tables
    from frontmart.dictionary.tables import CatalogTable, read_tables

    tables = read_tables(SQL)
    found = find(name, tables) if name is not None else None
    described = Described(out)
    if isinstance(found, CatalogTable):
        facts, show = described.one(found), show_table
    elif found:
        facts, show = described.column(found), show_column
    else:
        facts, show = described.all(tables), show_tables
    typer.echo(json.dumps(facts)) if as_json else show(facts)
