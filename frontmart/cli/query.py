"""Commands that read the published snapshot."""

import json
import webbrowser
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from frontmart.cli.app import DEFAULT_OUT, Json, Out, OutputFile, app, duration, help_notes, report_errors
from frontmart.cli.completion import query_formats, table_names
from frontmart.cli.reading import run_query, run_status
from frontmart.cli.signals import raise_on_signals
from frontmart.errors import UsageError
from frontmart.formats import QUERY_FORMATS
from frontmart.terminal.text import printable

if TYPE_CHECKING:
    from frontmart.dictionary.describe import Described


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
    run_status(max_age=max_age, out=out, as_json=as_json)


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
    output: OutputFile = None,
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
    run_query(
        sql=sql,
        file=file,
        out=out,
        format_=format_,
        output=output,
        rows=rows,
        spreadsheet=spreadsheet,
        no_pager=no_pager,
        timeout=timeout,
        as_json=as_json,
    )


@app.command(
    epilog=help_notes(
        "frontmart search 'night rout*' --any --limit 5",
        json="rows (the columns of the macro search), is_ranked (whether there is a search index).",
    )
)
@report_errors
@raise_on_signals()
def search(
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS...", help="Words to find, in any order; rout* finds routes, too.")
    ],
    any_: Annotated[
        bool, typer.Option("--any", help="Find articles with any of the words, not only with all.")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, help="Largest number of articles; 0 for all.")
    ] = 20,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Find articles by words, the best match first.

    Looks in title, excerpt and topics. Best matches need an index, which `frontmart build --search` makes; without it,
    articles with all words in the title come first, then the latest. The macro search does the same in a query.
    """
    from frontmart.query.search import NO_INDEX
    from frontmart.query.search import search as find

    found = find(out, " ".join(words), is_any=any_, limit=limit)
    if as_json:
        typer.echo(json.dumps({"rows": found.rows, "is_ranked": found.is_ranked}, default=str))
        return
    from frontmart.terminal.tables import show_rows

    show_rows(found.shown())
    if not found.is_ranked:
        typer.echo(NO_INDEX, err=True)


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
        "frontmart report --out warehouse --open",
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
def report(
    out: Out = DEFAULT_OUT,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="File to write instead of report.html in the snapshot."),
    ] = None,
    is_opened: Annotated[bool, typer.Option("--open", help="Open the report in the browser.")] = False,
    as_json: Json = False,
) -> None:
    """Write the HTML report of the published snapshot.

    Writes report.html into the snapshot: one page that needs neither network nor server. Prints its full path.
    """
    from frontmart.report import report as write

    path = write(out, output)
    typer.echo(json.dumps({"report": str(path)})) if as_json else typer.echo(str(path))
    if is_opened and not webbrowser.open(path.as_uri()):
        typer.echo(printable(f"frontmart: no browser was found; open {path} in one"), err=True)


@app.command(epilog=help_notes("frontmart describe topic_pairs"))
@report_errors
def describe(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="Table, macro or column (default: common questions).", autocompletion=table_names
        ),
    ] = None,
    is_all: Annotated[bool, typer.Option("--all", help="List all tables, views and macros.")] = False,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Describe a table and its columns.

    For a column, lists the tables that have it. Without NAME, lists common questions, each with its query. Row counts
    and examples come from the published snapshot, if there is one.
    """
    if name is not None and is_all:
        raise UsageError(f"describe: {name} and --all exclude each other; give one")
    from frontmart.dictionary.describe import Described
    from frontmart.dictionary.show import show_questions, show_tables

    described = Described(out)
    if name is not None:
        facts, show = _described(described, name)
    else:
        from frontmart.dictionary.summaries import read_summaries

        tables = read_summaries(described.features, described.added_models())
        facts, show = (described.all(tables), show_tables) if is_all else (described.common(tables), show_questions)
    typer.echo(json.dumps(facts)) if as_json else show(facts)


def _described(described: "Described", name: str) -> tuple[dict[str, object], Callable[[Mapping[str, Any]], None]]:
    """What is known of a table or a column, and the function that shows it."""
    from frontmart.catalog.sql_folder import SQL
    from frontmart.dictionary.describe import find
    from frontmart.dictionary.show import show_column, show_table
    from frontmart.dictionary.tables import CatalogTable, read_tables

    found = find(name, read_tables(SQL, described.features, described.added_models()))
    if isinstance(found, CatalogTable):
        return described.one(found), show_table
    return described.column(found), show_column
