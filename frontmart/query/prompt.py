"""A plain prompt: queries that end in a semicolon or an empty line, a few commands, history, and names by Tab."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Final

from frontmart.errors import UsageError
from frontmart.query.options import Format, QueryOptions
from frontmart.query.result import query_published
from frontmart.query.run import show_on_terminal
from frontmart.snapshots.store import PUBLISHED, published
from frontmart.terminal.tables import show_rows
from frontmart.terminal.text import printable
from frontmart.warehouse.statements import quote_literal

_FIRST: Final = "frontmart> "
_NEXT: Final = "      ...> "
_HISTORY_LINES: Final = 1_000
_ROWS: Final = 1_000

_HELP: Final = """\
A query ends with ; or an empty line, such as: from topics limit 5;
.tables        views, macros and tables, with what they are for
.describe X    the columns of a table or view, with what they mean
.quit          leave, as Ctrl-D does
Tab completes names and keywords, Ctrl-C stops a query."""
_KEYWORDS: Final = (
    *("select", "from", "where", "group by", "order by", "having", "qualify", "limit", "distinct", "with", "as"),
    *("inner join", "left join", "on", "using", "union all", "over", "partition by", "desc", "nulls last"),
    *("and", "or", "not", "in", "is null", "between", "like", "ilike", "case", "when", "then", "else", "end"),
    *("count", "sum", "min", "max", "avg", "median", "filter", "string_agg", "coalesce", "cast", "date"),
)
_TABLES: Final = """
select if(schema_name = 'main', name, schema_name || '.' || name) as name, kind, what_for
from (
    select schema_name, view_name as name, 'view' as kind, comment as what_for from duckdb_views() where not internal
    union all
    select schema_name, table_name, 'table', comment from duckdb_tables() where not internal
    union all
    select schema_name, function_name || '(' || array_to_string(parameters, ', ') || ')', 'macro', comment
    from duckdb_functions() where not internal and function_type = 'table_macro'
)
order by schema_name <> 'main', kind = 'table', schema_name <> 'marts', schema_name, kind, name
"""
_COLUMNS: Final = """
select column_name as column, data_type as type, comment as meaning
from duckdb_columns()
where not internal and {name} in (schema_name || '.' || table_name, if(schema_name = 'main', table_name, null))
order by column_index
"""
_NAMES: Final = """
select distinct if(schema_name = 'main', table_name, schema_name || '.' || table_name) as name
from duckdb_columns() where not internal
union
select column_name from duckdb_columns() where not internal
union
select function_name || '(' from duckdb_functions() where not internal and function_type = 'table_macro'
order by name
"""


def run_prompt(out: Path) -> None:
    """Take queries and commands until the user leaves. What is refused is told, and the prompt comes again.

    Each query is asked of what is published by then.
    """
    _say(f"{out / PUBLISHED}, now {published(out).id}, read-only; .help for help")
    with _line_editing(out):
        for text in _statements():
            if text == ".quit":
                return
            try:
                _act(out, text)
            except UsageError as error:
                _say(f"frontmart: {error}")
            except KeyboardInterrupt:
                _say("stopped")


def _act(out: Path, text: str) -> None:
    command, _, name = text.partition(" ")
    if not text.startswith("."):
        with query_published(out, text) as answer:
            show_on_terminal(answer, QueryOptions(Format.TABLE, row_limit=_ROWS, is_paged=True))
    elif command == ".tables":
        _show(out, _TABLES)
    elif command == ".describe" and name.strip():
        columns = _COLUMNS.format(name=quote_literal(name.strip(" ;")))
        if not _show(out, columns):
            _say(f"frontmart: there is no table {name.strip()}; .tables lists them")
    else:
        _say(_HELP)


def _show(out: Path, sql: str) -> int:
    with query_published(out, sql) as answer:
        rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    if rows:
        show_rows(rows, is_paged=True)
    return len(rows)


def _statements() -> Iterator[str]:
    """What the user types: commands a line each, queries to the semicolon or the empty line."""
    lines: list[str] = []
    while True:
        try:
            line = input(_NEXT if lines else _FIRST)
        except EOFError:
            _say("")
            return
        except KeyboardInterrupt:
            lines = []
            _say("")
            continue
        if not lines and line.lstrip().startswith("."):
            yield line.strip()
            continue
        if line.strip():
            lines.append(line)
        if lines and (not line.strip() or line.rstrip().endswith(";")):
            yield "\n".join(lines)
            lines = []


@contextmanager
def _line_editing(out: Path) -> Iterator[None]:
    """History and Tab, where Python has readline."""
    try:
        import readline
    except ImportError:
        yield
        return
    history = _history_file()
    with suppress(OSError):
        history.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        history.touch(mode=0o600)
        readline.read_history_file(history)
    readline.set_history_length(_HISTORY_LINES)
    readline.set_completer(_completer(out, readline))
    # What macOS builds Python with calls it otherwise.
    readline.parse_and_bind("bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete")
    try:
        yield
    finally:
        with suppress(OSError):
            readline.write_history_file(history)


def _history_file() -> Path:
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "frontmart" / "history"


def _completer(out: Path, readline: ModuleType) -> Callable[[str, int], str | None]:
    with query_published(out, _NAMES) as answer:
        names = [str(row[0]) for row in answer.rows]
    words = [*names, *_KEYWORDS, ".tables", ".describe ", ".help", ".quit"]

    def complete(text: str, state: int) -> str | None:
        start = text.lower()
        found = (word for word in words if word.startswith(start) and (start or readline.get_line_buffer()))
        return next(islice(found, state, None), None)

    return complete


def _say(text: str) -> None:
    """Write lines, of which none acts on the terminal."""
    sys.stdout.write("".join(printable(line) + "\n" for line in text.split("\n")))
    sys.stdout.flush()
