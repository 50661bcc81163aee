"""Run `frontmart query`: write the result of a query in the requested format to the requested place."""

import sys
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from frontmart.formats import FORMATS, Form
from frontmart.formats.data import SPREADSHEET_CSV, UNIX_CSV, QueryResult, WriteOptions
from frontmart.formats.table import MOST_TABLE_ROWS
from frontmart.query.options import TABLE, QueryOptions
from frontmart.query.output import open_output
from frontmart.query.result import open_arrow_result, query_published
from frontmart.snapshots.read import read_published
from frontmart.terminal.progress import Console
from frontmart.terminal.tables import show_rows


def run_query(out: Path, sql: str, options: QueryOptions) -> None:
    """Run a query over the published snapshot and write its result. Raises UsageError for a query that fails."""
    file_format = FORMATS[options.format]
    write_options = WriteOptions(csv=SPREADSHEET_CSV if options.is_for_spreadsheets else UNIX_CSV)
    with ExitStack() as stack:
        if file_format.query is Form.BATCHES:
            schema, batches = read_published(
                out, lambda each: stack.enter_context(open_arrow_result(each, sql, options.timeout))
            )
            write_batches = file_format.writer(Form.BATCHES)
            write_batches(schema, batches, stack.enter_context(open_output(options.output)), write_options)
            return
        result = stack.enter_context(query_published(out, sql, options.timeout))
        if options.format == TABLE and options.output is None and sys.stdout.isatty():
            _show_on_terminal(result, options)
            return
        write_rows = file_format.writer(Form.ROWS)
        notes: list[str] = []  # none if the reader of standard output closes the pipe
        with open_output(options.output) as file:
            notes = write_rows(result, file, write_options)
    for note in notes:
        Console().say(f"note: {note}")


def _show_on_terminal(result: QueryResult, options: QueryOptions) -> None:
    """Show a table on the terminal, with a note if rows are omitted."""
    limit = options.row_limit or MOST_TABLE_ROWS
    rows = [dict(zip(result.columns, row, strict=True)) for row in islice(result.rows, limit)]
    omitted = sum(1 for _ in islice(result.rows, MOST_TABLE_ROWS))
    note = ""
    if omitted:
        total = f"{limit + omitted:,}" if omitted < MOST_TABLE_ROWS else f"more than {MOST_TABLE_ROWS:,}"
        note = f"{limit:,} of {total} rows; --rows 0 shows all, --output FILE writes them"
    show_rows(rows, note=note, is_paged=options.is_paged)
