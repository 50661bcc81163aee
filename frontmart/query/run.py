"""`frontmart query`: an result in the format and the place that were asked for."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from frontmart.errors import UsageError
from frontmart.query.formats import TEXTS, as_spreadsheet_csv, is_formula
from frontmart.query.options import Format, QueryOptions
from frontmart.query.output import open_output
from frontmart.query.parquet import write_parquet
from frontmart.query.result import QueryResult, Values, open_arrow_result, query_published
from frontmart.snapshots.read import read_published
from frontmart.terminal.progress import Console
from frontmart.terminal.tables import show_rows, text_of_rows

# More than a person reads or than should be held in memory to find the width of each column.
MOST_TABLE_ROWS: Final = 1_000_000


def run_query(out: Path, sql: str, request: QueryOptions) -> None:
    """Answer a query over what an output folder publishes; raises UsageError for what makes no sense."""
    if request.format is Format.PARQUET:
        with ExitStack() as stack:
            schema, batches = read_published(out, lambda each: stack.enter_context(open_arrow_result(each, sql)))
            write_parquet(schema, batches, stack.enter_context(open_output(request.output)))
        return
    with query_published(out, sql) as result:
        if request.format is Format.TABLE and request.output is None and sys.stdout.isatty():
            show_on_terminal(result, request)
        elif request.format is Format.CSV and not request.is_for_spreadsheets:
            _write_csv(result, request)
        else:
            _write(_pieces(result, request), request)


def show_on_terminal(result: QueryResult, request: QueryOptions) -> None:
    """Show a table on the terminal, and say what of it is left out."""
    most = request.row_limit or MOST_TABLE_ROWS
    rows = [dict(zip(result.columns, row, strict=True)) for row in islice(result.rows, most)]
    left_out = sum(1 for _ in islice(result.rows, MOST_TABLE_ROWS))
    note = ""
    if left_out:
        total = f"{most + left_out:,}" if left_out < MOST_TABLE_ROWS else f"more than {MOST_TABLE_ROWS:,}"
        note = f"{most:,} of {total} rows; --rows 0 shows all, --output FILE writes them"
    show_rows(rows, note=note, is_paged=request.is_paged)


def _pieces(result: QueryResult, request: QueryOptions) -> Iterator[str]:
    if request.format is Format.TABLE:
        return iter([text_of_rows(_held(result))])
    return as_spreadsheet_csv(result) if request.is_for_spreadsheets else TEXTS[request.format](result)


def _held(result: QueryResult) -> list[dict[str, object]]:
    rows = [dict(zip(result.columns, row, strict=True)) for row in islice(result.rows, MOST_TABLE_ROWS + 1)]
    if len(rows) > MOST_TABLE_ROWS:
        advice = "add a LIMIT, or --format csv, jsonl or parquet, which have no end"
        raise UsageError(f"the query returns more than {MOST_TABLE_ROWS:,} rows, too many for a table; {advice}")
    return rows


def _write(pieces: Iterable[str], request: QueryOptions) -> None:
    with open_output(request.output) as file:
        for piece in pieces:
            # A name on disk that is no UTF-8 comes with surrogates.
            file.write(piece.encode("utf-8", "replace"))


def _write_csv(result: QueryResult, request: QueryOptions) -> None:
    """CSV as it is, and a word about what a spreadsheet would do with it."""
    formula_count = 0

    def watched() -> Iterator[Values]:
        nonlocal formula_count
        for row in result.rows:
            formula_count += sum(map(is_formula, row))
            yield row

    _write(TEXTS[Format.CSV](replace(result, rows=watched())), request)
    if formula_count:
        values = "1 text begins" if formula_count == 1 else f"{formula_count:,} texts begin"
        Console().say(f"note: {values} like a formula; --spreadsheet keeps a spreadsheet from computing it")
