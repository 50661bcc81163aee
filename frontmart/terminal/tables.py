"""Rows as a table on standard output, sized to the terminal."""

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


_AS_WIDE_AS_NEEDED: Final = 100_000


# What a table has besides its rows: a blank line, the header, a line under it, a blank line.
_TABLE_FRAME_LINES: Final = 4


def show_rows(rows: Sequence[Row], *, note: str = "", is_paged: bool = False) -> None:
    """Rows as a table, and a note under it. Names and values are text, never markup or terminal codes.

    On a terminal, a table that is too wide is shown a row below the other, a line a column. One that does not fit on
    the screen goes through the pager instead, where `is_paged` says so and there is one, as wide as it needs to be.
    """
    console = open_console()
    table = _table(rows)
    lines = len(rows) + _TABLE_FRAME_LINES
    shown_rows: list[RenderableType]
    if console.is_terminal and rows and _wide_console().measure(table).maximum > console.width:
        lines = len(rows) * (len(rows[0]) + 1)
        shown_rows = [_record(number, row) for number, row in enumerate(rows, start=1)]
    else:
        shown_rows = [table] if rows else [Text("no rows")]
    if is_paged and console.is_terminal and lines > console.height:
        from frontmart.terminal.pager import show_in_pager

        if show_in_pager("\n".join(filter(None, [text_of_rows(rows), note]))):
            return
    for part in shown_rows:
        console.print(part, soft_wrap=not console.is_terminal)
    if note:
        print_line(note)


def text_of_rows(rows: Sequence[Row]) -> str:
    """Rows as a table in text, as wide as it needs to be."""
    text = StringIO()
    _wide_console(text).print(_table(rows) if rows else Text("no rows"), soft_wrap=True)
    return "".join(line.rstrip() + "\n" for line in text.getvalue().splitlines())


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in rows[0] if rows else ():
        is_number = all(_is_number(row[column]) for row in rows) and any(row[column] is not None for row in rows)
        table.add_column(Text(printable(column)), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(value)) for value in row.values()))
    return table


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _record(number: int, row: Row) -> Table:
    """A row too wide for the terminal: a line a column."""
    table = Table(box=None, show_header=False, title=f"row {number:,}", title_justify="left", pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for column, value in row.items():
        table.add_row(Text(printable(column)), Text(shown(value)))
    return table


def shown(value: object) -> str:
    """A value as people read it: numbers to four digits, times to the second."""
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
    """Standard output: as wide as its terminal, or as wide as tables need where it is a file or a pipe."""
    console = Console(highlight=False)
    # Where no terminal sets the width, a table is for a file or a pipe: it may be as wide as it needs.
    return console if console.is_terminal else _wide_console()


def _wide_console(file: TextIO | None = None) -> Console:
    return Console(highlight=False, width=_AS_WIDE_AS_NEEDED, file=file)


def print_line(line: str) -> None:
    """Print one line of text, unwrapped."""
    open_console().print(Text(printable(line)), soft_wrap=True)
