"""Prefect artifacts of a run: a summary, the rejects, the findings of checks, and a link to the published snapshot."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from frontmart.formats.markdown import escape_markdown, markdown_table
from frontmart.run import Run
from frontmart.snapshots.publication import published_path
from frontmart.snapshots.store import Snapshot
from frontmart.terminal.text import printable
from frontmart.verify import Verification
from frontmart.warehouse.read_only import read_rows

# Rows of an artifact: enough to read, and few enough for the database of Prefect.
_MAX_ROWS: Final = 200


def create_artifacts(run: Run, snapshot: Snapshot | None) -> None:
    """Create the artifacts of a run; the rejects and the link only if it published a snapshot.

    Keys are the same in every run, so that Prefect shows their history.
    """
    create_markdown_artifact(summary(run), key="frontmart-summary", description="Files, rows, checks, seconds")
    findings = failed_checks(run)
    if findings:
        create_table_artifact(findings, key="frontmart-failed-checks", description="First rows that the checks found")
    if snapshot is not None:
        rejected = rejects(snapshot)
        if rejected:
            create_table_artifact(rejected, key="frontmart-rejects", description="Rejected files, with the reasons")
        link = published_link(run.out)
        create_link_artifact(link, link_text=link.rpartition("/")[2], key="frontmart-published")


def findings_message(found: Verification) -> str:
    """The findings of a verification, one line each: file, problem, what to do."""
    lines = [printable(f"{each.path}: {each.problem}; {each.advice}") for each in found.findings]
    return "\n".join(lines[:_MAX_ROWS])


def create_verification_artifact(found: Verification) -> None:
    """Create a table of damaged files and of checks that found rows, if there are any."""
    rows = [_cells({"path": each.path, "what is wrong": each.problem}) for each in found.differences]
    rows += [_cells({"path": each.name, "what is wrong": each.description}) for each in found.checks if each.is_failed]
    if rows:
        create_table_artifact(rows[:_MAX_ROWS], key="frontmart-differences", description="Damaged files, failed checks")


def summary(run: Run) -> str:
    """The run as Markdown: outcome, files, rows, checks and seconds."""
    seen = run.files.get("seen")
    parts = [
        f"# {run.outcome}: {_code(run.source)} as of {run.day}",
        f"Snapshot `{run.snapshot_id}` in {_code(run.out)}."
        if run.snapshot_id
        else f"Nothing was published in {_code(run.out)}.",
    ]
    if seen is not None:
        parts.append(
            _table("files", "count", {**run.files, **{f"of these {k}": v for k, v in run.changed_files.items()}})
        )
    if run.model_rows:
        parts.append(_table("table", "rows", run.table_rows | run.model_rows))
    if run.checks:
        failed = run.failed_checks
        parts.append(f"{len(run.checks)} checks ran, {len(failed)} found rows.")
        if failed:
            rows = {f"{check.name} ({check.severity})": check.failed_row_count for check in failed}
            parts.append(_table("check", "rows found", rows))
        sentences = [sentence for check in failed for sentence in check.sentences]
        if sentences:
            parts.append("\n".join(f"- {_cell(sentence)}" for sentence in sentences))
    parts.append(_table("step", "seconds", {step: f"{seconds:.2f}" for step, seconds in run.seconds.items()}))
    return "\n\n".join(parts) + "\n"


def failed_checks(run: Run) -> list[dict[str, object]]:
    """One row for each of the first rows that the checks found."""
    return [
        {"check": check.name, "severity": check.severity, "rows found": check.failed_row_count, "row": _cell(row)}
        for check in run.failed_checks
        for row in check.first_rows
    ][:_MAX_ROWS]


def rejects(snapshot: Snapshot) -> list[dict[str, object]]:
    """One row per rejected file of a published snapshot, by path."""
    sql = f'select path, reason, line, "column", message from tidy.rejects order by path limit {_MAX_ROWS}'
    return [_cells(row) for row in read_rows(snapshot, sql)]


def published_link(out: Path) -> str:
    """The file URL of the published report, or of the published folder if it has no report."""
    folder = published_path(out.resolve())
    published = Snapshot(folder.name, folder)
    return (published.report if published.report.is_file() else published.folder).as_uri()


def _table(name: str, value: str, rows: Mapping[str, object]) -> str:
    cells = ([_cell(key), _cell(each)] for key, each in rows.items())
    return "\n".join(markdown_table([name, value], cells, right_aligned=[1]))


def _code(value: object) -> str:
    """A value as inline code in Markdown, with a fence longer than any run of backticks in it."""
    text = printable(value)
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _cell(value: object) -> str:
    """A value as Markdown that renders as plain text: Prefect renders the cells of tables."""
    return escape_markdown(f"{value:,}" if isinstance(value, int) else printable(value))


def _cells(row: Mapping[str, object]) -> dict[str, object]:
    """A row of a table artifact, its texts escaped."""
    return {name: _cell(value) if isinstance(value, str) else value for name, value in row.items()}
