"""The command that compares two states of the documents."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from frontmart.cli.app import DEFAULT_OUT, Json, Out, OutputFile, app, help_notes, report_errors
from frontmart.cli.completion import query_formats, snapshots_to_compare
from frontmart.cli.signals import raise_on_signals
from frontmart.errors import ComparisonFailedError, FrontmartError, UsageError
from frontmart.formats import QUERY_FORMATS


@app.command(
    epilog=help_notes(
        "frontmart diff 20260131T060000000000Z published --exit-code",
        exit_codes={
            0: "compared; with --exit-code: there is no difference",
            1: "failed; with --exit-code: there are differences",
            2: "wrong usage; with --exit-code: also failed",
        },
        json="a and b (name, snapshot_id, as_of_date), has_same_rules, is_same, counts (by change), documents "
        "(change, document_id, path, title, fields (field, item, old, new)).",
    )
)
@report_errors
@raise_on_signals()
def diff(
    first: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="Id or tag of a snapshot, published, or a commit, day or instant of its history.",
            autocompletion=snapshots_to_compare,
        ),
    ],
    second: Annotated[
        str, typer.Argument(metavar="B", help="The state to compare with A.", autocompletion=snapshots_to_compare)
    ] = "published",
    out: Out = DEFAULT_OUT,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help=f"Format: {', '.join(QUERY_FORMATS)} (default: by the suffix of --output, or lines for people).",
            autocompletion=query_formats,
        ),
    ] = None,
    output: OutputFile = None,
    has_exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 if there are differences, as `git diff` does.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare two snapshots, commits or dates: documents added, removed, changed, and their fields.

    Compares what is stored, from A to B: the values of a document, and the items of its lists by their names. A
    document that moved is one that was renamed, if nothing else has its meaning or its URL. Lines for people cut long
    values; formats and --json do not.
    """
    if as_json and (format_ or output):
        raise UsageError(
            "--json prints one object to standard output; for a file or an array use --format json instead"
        )
    from frontmart.diff import comparing, opening
    from frontmart.diff.run import as_json as object_of
    from frontmart.diff.run import as_text, write_rows
    from frontmart.query.options import QueryOptions, choose_format
    from frontmart.settings import Settings
    from frontmart.terminal.progress import Console
    from frontmart.terminal.tables import write_lines

    is_for_people = format_ is None and output is None
    chosen = QueryOptions(choose_format(format_, output), output).format
    with _failing_with_2(has_exit_code):
        memory_limit = Settings.load().memory_limit
        with opening(out, first, memory_limit) as a, opening(out, second, memory_limit) as b:
            if not a.has_rules_of(b):
                Console().say("note: other rules decided the rows of A than those of B (version, preset or mapping)")
            with comparing(a, b, memory_limit) as found:
                if as_json:
                    typer.echo(json.dumps(object_of(a, b, found)))
                elif is_for_people:
                    write_lines(as_text(found))
                else:
                    for note in write_rows(found, chosen, output):
                        Console().say(f"note: {note}")
                is_same = found.is_same
    if has_exit_code and not is_same:
        raise typer.Exit(1)


@contextmanager
def _failing_with_2(is_asked: bool) -> Iterator[None]:
    """Let an error of the block exit with 2 if 1 means that there are differences."""
    try:
        yield
    except (FrontmartError, OSError) as error:
        if not is_asked:
            raise
        message = f"{error.filename}: {error.strerror}; check it" if isinstance(error, OSError) else str(error)
        raise ComparisonFailedError(message) from None
