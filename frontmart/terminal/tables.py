"""Tables of rows on standard output, sized to the terminal."""

import datetime as dt
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from frontmart.terminal.plain_table import plain_fields, plain_table
from frontmart.terminal.text import printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

Row = Mapping[str, object]

_WIDE_COLUMNS: Final = 100_000
# Lines of a table beside its rows: a blank line, the header, a rule, a blank line.
_TABLE_FRAME_LINES: Final = 4
# Variables by which people tell `rich` that standard output is a terminal, or none.
_TERMINAL_VARIABLES: Final = ("FORCE_COLOR", "TTY_COMPATIBLE")


def show_rows(rows: Sequence[Row], *, note: str = "", is_paged: bool = False) -> None:
    """Print rows as a table, and a note below it. Names and values are printed as text, never as markup.

    On a terminal that is too narrow for the table, each row becomes a block with a line per column. If the table does
    not fit on the screen and `is_paged` is set, it goes to the pager instead, as wide as its values.
    """
    if may_be_terminal():
        _show_on_terminal(rows, note=note, is_paged=is_paged)
        return
    write_lines([*_lines(rows), *filter(None, [printable(note)])])


def may_be_terminal() -> bool:
    """Whether standard output may be a terminal; if not, text goes there without `rich`, which takes long to import."""
    return sys.stdout.isatty() or any(name in os.environ for name in _TERMINAL_VARIABLES)


def show_fields(fields: Sequence[tuple[str, str]]) -> None:
    """Print pairs of a name and a text, each text on one line, as two columns."""
    if not may_be_terminal():
        write_lines(plain_fields(fields))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False)
    for name, text in fields:
        table.add_row(name, Text(text))
    open_console().print(table)


def write_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output at once; exit as `rich` does if the reader, such as `head`, closes the pipe."""
    try:
        sys.stdout.writelines(f"{line}\n" for line in lines)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes standard output once more when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


def _show_on_terminal(rows: Sequence[Row], *, note: str, is_paged: bool) -> None:
    from rich.text import Text

    console = open_console()
    lines = len(rows) + _TABLE_FRAME_LINES
    parts: list[RenderableType]
    if console.is_terminal and rows and len(_lines(rows)[0]) > console.width:
        lines = len(rows) * (len(rows[0]) + 1)
        parts = [_record(number, row) for number, row in enumerate(rows, start=1)]
    else:
        parts = [_table(rows)] if rows else [Text("no rows")]
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
    return "".join(f"{line.rstrip()}\n" for line in _lines(rows))


def _lines(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return ["no rows"]
    names = [printable(column) for column in rows[0]]
    texts = [[format_value(value) for value in row.values()] for row in rows]
    return plain_table(names, texts, [_has_numbers(rows, column) for column in rows[0]])


def _table(rows: Sequence[Row]) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in rows[0]:
        justify = "right" if _has_numbers(rows, column) else "left"
        table.add_column(Text(printable(column)), justify=justify, overflow="fold")  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*(Text(format_value(value)) for value in row.values()))
    return table


def _has_numbers(rows: Sequence[Row], column: str) -> bool:
    """Whether the values of a column are numbers, NULLs aside."""
    return all(_is_number(row[column]) for row in rows) and any(row[column] is not None for row in rows)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _record(number: int, row: Row) -> "Table":
    """A row as a block with a line per column."""
    from rich.table import Table
    from rich.text import Text

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


def open_console() -> "Console":
    """Standard output: as wide as its terminal; in a file or a pipe, as wide as tables need."""
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDE_COLUMNS)


def print_line(line: str) -> None:
    """Print one line of text, unwrapped."""
    if not may_be_terminal():
        write_lines([printable(line)])
        return
    from rich.text import Text

    open_console().print(Text(printable(line)), soft_wrap=True)
