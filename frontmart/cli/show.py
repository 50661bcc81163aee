"""What the commands print for people: tables on standard output, sized to the terminal."""

import datetime as dt
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, Final, TextIO

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from frontmart.run import Run
from frontmart.snapshots.store import PUBLISHED, Snapshot
from frontmart.terminal.text import plain
from frontmart.warehouse.checks import CheckResult

if TYPE_CHECKING:
    from frontmart.export import Export
    from frontmart.export.manifest import ExportedTable, Manifest

Row = Mapping[str, object]

_AS_WIDE_AS_NEEDED: Final = 100_000
# What a table has besides its rows: a blank line, the header, a line under it, a blank line.
_TABLE_FRAME_LINES: Final = 4


def show_build(run: Run) -> None:
    """What was published and where: a row a table and a line for the files, checks and seconds."""
    if run.outcome == "unchanged":
        _print(f"nothing changed: {run.out / PUBLISHED} -> {run.snapshot_id} holds, as of {run.as_of}")
        return
    rows = [
        {"table": name, "rows": count, "file": _file(run, name)}
        for name, count in (run.table_rows | run.model_rows).items()
        if _file(run, name)
    ]
    show_rows(rows)
    files = run.files
    _print(
        f"published {run.out / PUBLISHED} -> {run.snapshot_id}, as of {run.as_of}: {files['seen']:,} files seen = "
        f"{files['document']:,} documents + {files['reject']:,} rejects + {files['skipped']:,} without front matter"
    )
    changed = run.changed_files
    _print(f"read {changed['read']:,} files, {changed['unchanged']:,} unchanged, {changed['gone']:,} gone")
    for check in run.failed_checks:
        _print(f"warning: {check.name}: {check.description} ({check.failed_row_count:,} rows)")
        _show_sentences(check)
    _print("seconds: " + ", ".join(f"{step} {seconds:.2f}" for step, seconds in run.seconds.items()))


def _show_sentences(check: CheckResult) -> None:
    """What a check says in sentences: the first of them, and how many more there are."""
    for sentence in check.sentences:
        _print(f"  {sentence}")
    more = check.failed_row_count - len(check.sentences)
    if check.sentences and more:
        _print(f"  and {more:,} more")


def _file(run: Run, name: str) -> str | None:
    schema, table = name.split(".")
    folders = {"tidy": "tables", "marts": "marts"}
    return str(run.out / PUBLISHED / folders[schema] / f"{table}.parquet") if schema in folders else None


def show_status(snapshot: Snapshot, run: Row) -> None:
    """The published run: a line an item, and one for each sentence that a check says."""
    keys = ("snapshot_id", "started_at", "as_of_date", "frontmart_version", "source")
    counts = ("file_count", "document_count", "reject_count", "skipped_count", "failed_check_count")
    table = Table(box=None, show_header=False)
    for key in (*keys, *counts):
        table.add_row(key, Text(shown(run.get(key))))
    table.add_row("warehouse", Text(plain(snapshot.warehouse)))
    for sentence in _sentences(run):
        table.add_row("warning", Text(plain(sentence)))
    _console().print(table)


def _sentences(run: Row) -> list[object]:
    """What the first rows of checks say to people, of a run as `run.json` has it."""
    checks: Any = run.get("checks", [])
    return [row["sentence"] for check in checks for row in check["first_rows"] if "sentence" in row]


def show_rejects(files: Sequence[Row], values: Sequence[Row]) -> None:
    """Files refused, then values refused or repaired: a line each, beginning with the place as compilers write it."""
    _print(f"{len(files):,} files refused")
    for file in files:
        place = ":".join(str(part) for part in (file["path"], file["line"], file["column"]) if part is not None)
        _print(f"  {place}: {file['reason']}: {file['message']}")
    _print(f"{len(values):,} values refused or repaired")
    for value in values:
        written = "null" if value["value"] is None else repr(plain(value["value"]))
        _print(f"  {value['path']}: {value['field']}: {written}: {value['problem']}")


def show_snapshots(runs: Sequence[Row]) -> None:
    """A row a snapshot."""
    columns = ("snapshot_id", "is_published", "as_of_date", "file_count", "document_count", "reject_count")
    show_rows([{column: run.get(column) for column in columns} for run in runs])


def show_export(done: "Export") -> None:
    """What is at the target: a row a table, then a line for the export and one for each thing to know of it."""
    manifest = done.manifest
    show_rows(
        [{"table": table.name, "rows": table.row_count, **_files_of(table, manifest)} for table in manifest.tables]
    )
    size = sum(file.bytes for file in manifest.files)
    was = "exported" if done.is_new else "nothing changed:"
    _print(f"{was} {manifest.recipe.format} in {done.target}, folder {manifest.folder}, {size:,} bytes")
    for note in manifest.notes:
        _print(f"note: {note}")
    if done.pruned:
        _print(f"removed {', '.join(done.pruned)}")


def _files_of(table: "ExportedTable", manifest: "Manifest") -> dict[str, object]:
    name = table.name.partition(".")[2]
    paths = [file.path_within for file in manifest.files if file.table in (name, None)]
    return {"file": paths[0] if len(paths) == 1 else f"{name}/month=*/", "files": len(paths)}


def show_rows(rows: Sequence[Row], *, note: str = "", is_paged: bool = False) -> None:
    """Rows as a table, and a note under it. Names and values are text, never markup or terminal codes.

    On a terminal, a table that is too wide is shown a row below the other, a line a column. One that does not fit on
    the screen goes through the pager instead, where `is_paged` says so and there is one, as wide as it needs to be.
    """
    console = _console()
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
        _print(note)


def text_of_rows(rows: Sequence[Row]) -> str:
    """Rows as a table in text, as wide as it needs to be."""
    text = StringIO()
    _wide_console(text).print(_table(rows) if rows else Text("no rows"), soft_wrap=True)
    return "".join(line.rstrip() + "\n" for line in text.getvalue().splitlines())


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in rows[0] if rows else ():
        is_number = all(_is_number(row[column]) for row in rows) and any(row[column] is not None for row in rows)
        table.add_column(Text(plain(column)), justify="right" if is_number else "left", overflow="fold")
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
        table.add_row(Text(plain(column)), Text(shown(value)))
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
    return plain(value)


def _console() -> Console:
    console = Console(highlight=False)
    # Where no terminal sets the width, a table is for a file or a pipe: it may be as wide as it needs.
    return console if console.is_terminal else _wide_console()


def _wide_console(file: TextIO | None = None) -> Console:
    return Console(highlight=False, width=_AS_WIDE_AS_NEEDED, file=file)


def _print(line: str) -> None:
    _console().print(Text(plain(line)), soft_wrap=True)
