"""Tables of rows on standard output, sized to the terminal."""

import datetime as dt
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Final, TextIO

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from frontmart.terminal.text import printable

Row = Mapping[str, object]

_WIDE_COLUMNS: Final = 100_000
# Lines of a table beside its rows: a blank line, the header, a rule, a blank line.
_TABLE_FRAME_LINES: Final = 4


def show_rows(rows: Sequence[Row], *, note: str = "", is_paged: bool = False) -> None:
    """Print rows as a table, and a note below it. Names and values are printed as text, never as markup.

    On a terminal that is too narrow for the table, each row becomes a block with a line per column. If the table does
    not fit on the screen and `is_paged` is set, it goes to the pager instead, as wide as its values.
    """
    console = open_console()
    table = _table(rows)
    lines = len(rows) + _TABLE_FRAME_LINES
    parts: list[RenderableType]
    if console.is_terminal and rows and _wide_console().measure(table).maximum > console.width:
        lines = len(rows) * (len(rows[0]) + 1)
        parts = [_record(number, row) for number, row in enumerate(rows, start=1)]
    else:
        parts = [table] if rows else [Text("no rows")]
    if is_paged and console.is_terminal and lines > console.height:
        from frontmart.terminal.pager import show_in_pager

        if show_in_pager("\n".join(filter(None, [format_rows(rows), note]))):
            return
    for part in parts:
        console.print(part, soft_wrap=not console.is_terminal)
    if note:
        print_line(note)


def format_rows(rows: Sequence[Row]) -> str:
    """Rows as a table of text, as wide as its values."""
    text = StringIO()
    _wide_console(text).print(_table(rows) if rows else Text("no rows"), soft_wrap=True)
    return "".join(line.rstrip() + "\n" for line in text.getvalue().splitlines())


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in rows[0] if rows else ():
        is_number = all(_is_number(row[column]) for row in rows) and any(row[column] is not None for row in rows)
        table.add_column(Text(printable(column)), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(format_value(value)) for value in row.values()))
    return table


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _record(number: int, row: Row) -> Table:
    """A row as a block with a line per column."""
    table = Table(box=None, show_header=False, title=f"row {number:,}", title_justify="left", pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for column, value in row.items():
        table.add_row(Text(printable(column)), Text(format_value(value)))
    return table


def format_value(value: object) -> str:
    """A value as text for people: numbers with four digits, times without fractions of a second."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1_000 else f"{value:.1f}"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    return printable(value)


def open_console() -> Console:
    """Standard output: as wide as its terminal; in a file or a pipe, as wide as tables need."""
    console = Console(highlight=False)
    return console if console.is_terminal else _wide_console()


def _wide_console(file: TextIO | None = None) -> Console:
    return Console(highlight=False, width=_WIDE_COLUMNS, file=file)


def print_line(line: str) -> None:
    """Print one line of text, unwrapped."""
    open_console().print(Text(printable(line)), soft_wrap=True)
