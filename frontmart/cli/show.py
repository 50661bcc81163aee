"""What the commands print for people: tables on standard output, sized to the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from frontmart.run import Run
from frontmart.snapshots.store import PUBLISHED, Snapshot
from frontmart.terminal.tables import Row, format_value, open_console, print_line, show_rows
from frontmart.terminal.text import printable
from frontmart.warehouse.checks import CheckResult

if TYPE_CHECKING:
    from frontmart.export import Export
    from frontmart.export.manifest import ExportedTable, ExportManifest


def show_build(run: Run) -> None:
    """What was published and where: a row a table and a line for the files, checks and seconds."""
    if run.outcome == "unchanged":
        print_line(f"nothing changed: {run.out / PUBLISHED} -> {run.snapshot_id} holds, as of {run.as_of}")
        return
    rows = [
        {"table": name, "rows": count, "file": _file(run, name)}
        for name, count in (run.table_rows | run.model_rows).items()
        if _file(run, name)
    ]
    show_rows(rows)
    files = run.files
    print_line(
        f"published {run.out / PUBLISHED} -> {run.snapshot_id}, as of {run.as_of}: {files['seen']:,} files seen = "
        f"{files['document']:,} documents + {files['reject']:,} rejects + {files['skipped']:,} without front matter"
    )
    changed = run.changed_files
    print_line(f"read {changed['read']:,} files, {changed['unchanged']:,} unchanged, {changed['gone']:,} gone")
    for check in run.failed_checks:
        print_line(f"warning: {check.name}: {check.description} ({check.failed_row_count:,} rows)")
        _show_sentences(check)
    print_line("seconds: " + ", ".join(f"{step} {seconds:.2f}" for step, seconds in run.seconds.items()))


def _show_sentences(check: CheckResult) -> None:
    """What a check says in sentences: the first of them, and how many more there are."""
    for sentence in check.sentences:
        print_line(f"  {sentence}")
    more = check.failed_row_count - len(check.sentences)
    if check.sentences and more:
        print_line(f"  and {more:,} more")


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
        table.add_row(key, Text(format_value(run.get(key))))
    table.add_row("warehouse", Text(printable(snapshot.warehouse)))
    for sentence in _sentences(run):
        table.add_row("warning", Text(printable(sentence)))
    open_console().print(table)


def _sentences(run: Row) -> list[object]:
    """What the first rows of checks say to people, of a run as `run.json` has it."""
    checks: Any = run.get("checks", [])
    return [row["sentence"] for check in checks for row in check["first_rows"] if "sentence" in row]


def show_rejects(files: Sequence[Row], values: Sequence[Row]) -> None:
    """Files refused, then values refused or repaired: a line each, beginning with the place as compilers write it."""
    print_line(f"{len(files):,} files refused")
    for file in files:
        place = ":".join(str(part) for part in (file["path"], file["line"], file["column"]) if part is not None)
        print_line(f"  {place}: {file['reason']}: {file['message']}")
    print_line(f"{len(values):,} values refused or repaired")
    for value in values:
        written = "null" if value["value"] is None else repr(printable(value["value"]))
        print_line(f"  {value['path']}: {value['field']}: {written}: {value['problem']}")


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
    print_line(f"{was} {manifest.spec.format} in {done.target}, folder {manifest.folder}, {size:,} bytes")
    for note in manifest.notes:
        print_line(f"note: {note}")
    if done.pruned:
        print_line(f"removed {', '.join(done.pruned)}")


def _files_of(table: "ExportedTable", manifest: "ExportManifest") -> dict[str, object]:
    name = table.name.partition(".")[2]
    paths = [file.path_within for file in manifest.files if file.table in (name, None)]
    return {"file": paths[0] if len(paths) == 1 else f"{name}/month=*/", "files": len(paths)}
