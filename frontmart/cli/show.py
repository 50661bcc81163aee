"""Output for people: tables and lines on standard output, sized to the terminal."""

import datetime as dt
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontmart.cli.quick import DEFAULT_OUT
from frontmart.duration import format_duration
from frontmart.snapshots.lock import SNAPSHOTS
from frontmart.snapshots.publication import published_path
from frontmart.terminal.tables import (
    Row,
    format_value,
    may_be_terminal,
    open_console,
    print_line,
    show_fields,
    show_rows,
)
from frontmart.terminal.text import printable

# For annotations: most of these take longer to import than a command that only reads takes to run.
if TYPE_CHECKING:
    from frontmart.export import Export
    from frontmart.export.manifest import ExportedTable, ExportManifest
    from frontmart.repair import Repair
    from frontmart.run import Run
    from frontmart.snapshots.retention import Retention
    from frontmart.snapshots.store import Snapshot
    from frontmart.snapshots.tags import Tag
    from frontmart.verify import Verification
    from frontmart.warehouse.checks import CheckResult


def show_build(run: "Run") -> None:
    """Show what a build published or kept: one row per table, then lines for the files, checks and seconds.

    On a terminal, what was published is followed by the next commands.
    """
    place = _place(run)
    shown = place if place.name == run.snapshot_id else f"{place} -> {run.snapshot_id}"
    if run.outcome == "unchanged":
        print_line(f"nothing changed: {shown} is up to date, as of {run.day}")
        _show_next(run)
        return
    rows = [
        {"table": name, "rows": count, "file": _file(place, name)}
        for name, count in (run.table_rows | run.model_rows).items()
        if _file(place, name)
    ]
    show_rows(rows)
    files = run.files
    print_line(
        f"{run.outcome} {shown}, as of {run.day}: {files['seen']:,} files seen = "
        f"{files['document']:,} documents + {files['reject']:,} rejects + {files['skipped']:,} without front matter"
    )
    if run.preset:
        print_line(run.preset.sentence)
    changed = run.changed_files
    print_line(f"read {changed['read']:,} files, {changed['unchanged']:,} unchanged, {changed['gone']:,} gone")
    if run.unused_keys:
        names = ", ".join(f"{each.key} ({each.documents:,} documents)" for each in run.unused_keys)
        print_line(f"unused keys: {names}; see `frontmart inspect {run.source}`")
    for note in run.notes:
        print_line(f"note: {note}")
    for check in run.failed_checks:
        print_line(f"warning: {check.name}: {check.description} ({check.failed_row_count:,} rows)")
        _show_sentences(check)
    print_line("seconds: " + ", ".join(f"{step} {seconds:.2f}" for step, seconds in run.seconds.items()))
    _show_next(run)


def _show_next(run: "Run") -> None:
    """Name the commands that use what is published; not in a file or a pipe, where nobody types."""
    if run.outcome == "kept" or not may_be_terminal() or not open_console().is_terminal:
        return
    place = "" if run.out == DEFAULT_OUT else f" --out {shlex.quote(str(run.out))}"
    commands = f"frontmart report --open{place}, frontmart describe{place}, or frontmart query 'from articles'{place}"
    print_line(f"next: {commands}")


def _show_sentences(check: "CheckResult") -> None:
    """Show the first sentences of a check, and how many more there are."""
    for sentence in check.sentences:
        print_line(f"  {sentence}")
    more = check.failed_row_count - len(check.sentences)
    if check.sentences and more:
        print_line(f"  and {more:,} more")


def show_publication(run: "Run", *, is_published: bool) -> None:
    """Show whether the last day of a backfill was published."""
    if is_published:
        print_line(f"published {run.snapshot_id}, as of {run.day}")
    else:
        print_line(f"the published snapshot is unchanged: it is of a later day than {run.as_of}, or damaged")


def _place(run: "Run") -> Path:
    """The path at which the snapshot of a run is opened."""
    return run.out / SNAPSHOTS / str(run.snapshot_id) if run.outcome == "kept" else published_path(run.out)


def _file(place: Path, name: str) -> str | None:
    schema, table = name.split(".")
    folders = {"tidy": "tables", "marts": "marts"}
    return str(place / folders[schema] / f"{table}.parquet") if schema in folders else None


def show_status(snapshot: "Snapshot", run: Row) -> None:
    """Show the run of the published snapshot and the last success: one line per item and per warning."""
    keys = ("snapshot_id", "started_at", "as_of_date", "frontmart_version", "source")
    counts = ("file_count", "document_count", "reject_count", "skipped_count", "failed_check_count")
    values = {**{key: run.get(key) for key in (*keys, *counts)}, **_corpus_dates(run)}
    fields = [(key, format_value(value)) for key, value in values.items()]
    success: Any = run.get("last_success")
    if success:
        age = format_duration(dt.timedelta(seconds=float(str(run["age_seconds"]))))
        fields.append(("last_success", printable(f"{success['outcome']} {age} ago")))
    fields.append(("warehouse", printable(snapshot.warehouse)))
    notes: Any = run.get("notes") or []
    fields += [("note", printable(note)) for note in notes]
    fields += [("warning", printable(sentence)) for sentence in _sentences(run)]
    show_fields(fields)


def _corpus_dates(run: Row) -> dict[str, object]:
    """The dates of the corpus: the last day of windows, and of news with its age; none in an earlier version's run."""
    if run.get("window_end_date") is None:
        return {}
    age: Any = run.get("days_since_last_article")
    days = "" if age is None else f" ({age:,} {'day' if age == 1 else 'days'} before as_of_date)"
    last = run.get("last_article_date")
    return {"window_end_date": run["window_end_date"], "last_article_date": f"{last}{days}" if last else None}


def _sentences(run: Row) -> list[object]:
    """The warnings of the run, and the sentences in the first rows of its checks, from `run.json`."""
    checks: Any = run.get("checks") or []
    warnings: Any = run.get("warnings") or []
    return [*warnings, *(row["sentence"] for check in checks for row in check["first_rows"] if "sentence" in row)]


def show_rejects(files: Sequence[Row], values: Sequence[Row]) -> None:
    """Show rejected files, then rejected and repaired values: one line each, starting with the place."""
    print_line(f"{len(files):,} files rejected")
    for file in files:
        place = ":".join(str(part) for part in (file["path"], file["line"], file["column"]) if part is not None)
        print_line(f"  {place}: {file['reason']}: {file['message']}")
    print_line(f"{len(values):,} values rejected or repaired")
    for value in values:
        written = "null" if value["value"] is None else repr(printable(value["value"]))
        print_line(f"  {value['path']}: {value['field']}: {written}: {value['problem']}")


def show_snapshots(runs: Sequence[Mapping[str, Any]]) -> None:
    """Show one row per snapshot; whether its run.json is damaged only if one is."""
    columns = ["snapshot_id", "is_published", "as_of_date", "file_count", "document_count", "reject_count"]
    columns += ["is_damaged"] * any(run["is_damaged"] for run in runs)
    show_rows([{**{column: run.get(column) for column in columns}, "tags": ", ".join(run["tags"])} for run in runs])


def show_tags(rows: Sequence[Row]) -> None:
    """Show one row per tag."""
    show_rows(rows) if rows else print_line("no tags")


def show_tagged(tag: "Tag", before: str | None) -> None:
    """Show the tag that was given to a snapshot, and the snapshot that had it."""
    moved = f" (before: {before})" if before not in (None, tag.snapshot_id) else ""
    print_line(f"tagged {tag.snapshot_id} {tag.name}{moved}")


def show_pruned(done: "Retention") -> None:
    """Show how many snapshots were removed, how many are left, how many of these for a tag, and the space freed."""
    for snapshot_id in done.removed:
        print_line(f"removed {snapshot_id}")
    tagged = f" ({len(done.tagged):,} for a tag)" if done.tagged else ""
    print_line(f"{len(done.removed):,} removed, {len(done.kept):,} kept{tagged}, {done.freed_bytes:,} bytes freed")


def show_verification(found: "Verification") -> None:
    """Show one line per finding, or that there is none."""
    for finding in found.findings:
        print_line(f"{finding.path}: {finding.problem}; {finding.advice}")
    if found.is_good:
        size = f"{found.file_count:,} files, {found.byte_count:,} bytes"
        done = found.recomputation
        tables = f", {done.table_count:,} tables compared" if done else ""
        print_line(f"{found.snapshot_id} is good: {size}, {len(found.checks):,} checks{tables}")
        if done and done.skipped:
            print_line(f"note: {done.skipped}")


def show_repair(done: "Repair") -> None:
    """Show one line per damaged file, one for what became of its snapshot, and one for the published snapshot."""
    for snapshot in done.damaged:
        for file in snapshot.files:
            print_line(f"{snapshot.snapshot_id}: {file.path} {file.problem}")
        day = f" as of {snapshot.as_of_date}" if snapshot.as_of_date else ""
        outcome = "cannot be had back" if snapshot.is_lost else f"is replaced by {done.published}"
        place = f"; its files are now in {snapshot.moved_to}" if snapshot.moved_to else ""
        print_line(f"{snapshot.snapshot_id}{day} {outcome}{place}")
    for problem in done.run_log:
        print_line(problem)
    print_line(f"published {done.published} is good" + ("" if done.damaged else ": nothing to repair"))


def show_export(done: "Export") -> None:
    """Show an export: one row per table, then lines for the export and its notes."""
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
    files = [file for file in manifest.files if file.table == name]
    # A file without a table has all of them, unless there are files of the table: then it describes these.
    paths = [file.path_within for file in files or manifest.files]
    return {"file": paths[0] if len(paths) == 1 else f"{name}/month=*/", "files": len(paths)}
