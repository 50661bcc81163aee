"""Tables about data quality: completeness, rejects, field issues, drift, checks, runs."""

from collections.abc import Sequence
from typing import Final

from frontmart.report.cells import (
    Cell,
    PageTable,
    date_cell,
    decimal_cell,
    number_cell,
    share_cell,
    text_cell,
    truncation_note,
)
from frontmart.report.queries import Tables
from frontmart.warehouse.checks import CheckResult

_WITHOUT_TYPE: Final = "(none)"
_PROVIDER_FIELDS: Final = {
    "title_share": "Title",
    "date_share": "Date",
    "url_share": "URL",
    "topic_share": "Topics",
    "image_share": "Image",
    "quality_share": "Quality",
    "heat_share": "Heat",
}


def fields(tables: Tables) -> PageTable:
    """One row per field, one column per type of document; fields that no document has are in the note."""
    cells: dict[str, dict[str, Cell]] = {}
    types: dict[str, int] = {}
    for row in tables["field_completeness"].sort("field_number", "type_rank").rows(named=True):
        name = str(text_cell(row["type"], 40).text)
        types[name] = row["document_count"]
        cells.setdefault(row["source_field"], {})[name] = share_cell(row["present_share"], is_shaded=True)
    filled = {field: shares for field, shares in cells.items() if any(cell.sort for cell in shares.values())}
    if list(types)[1:] == [_WITHOUT_TYPE]:  # no document has a type, so its column would be that of all documents
        filled = {field: dict(list(shares.items())[:1]) for field, shares in filled.items()}
        del types[_WITHOUT_TYPE]
    rows = [[text_cell(field), *shares.values()] for field, shares in filled.items()]
    unused = [field for field in cells if field not in filled]
    notes = [f"No document has {', '.join(unused)}."] if unused else []
    caption = "Documents that fill in each field"
    columns = ["Field", *(f"{name} ({number:,})" for name, number in types.items())]
    return PageTable("fields", caption, columns, rows, " ".join(notes), "marts.field_completeness")


def provider_fields(tables: Tables) -> PageTable:
    """One row per provider in the charts, one column per field of its articles that an article has."""
    known = {column: name for column, name in _PROVIDER_FIELDS.items() if column in tables["provider_completeness"]}
    rows = [
        [
            text_cell(row["provider_name"], 80),
            number_cell(row["article_count"]),
            *(share_cell(row[column], is_shaded=True) for column in known),
        ]
        for row in tables["provider_completeness"].rows(named=True)
    ]
    columns = ["Provider", "Articles", *known.values()]
    total = tables["scope"]["provider_count"][0]
    note = truncation_note(len(rows), total, "providers")
    return PageTable("provider-fields", "Articles that have each field", columns, rows, note, "core.articles")


def rejects(tables: Tables) -> PageTable:
    """One row per rejected file."""
    rows = [
        [
            text_cell(row["path"] if row["line"] is None else f"{row['path']}:{row['line']}", 200),
            text_cell(row["reason"]),
            text_cell(row["message"]),
        ]
        for row in tables["rejects"]
        .sort("reason_count", "reason", "path", descending=[True, False, False])
        .rows(named=True)
    ]
    total = tables["files"]["reject_count"][0]
    note = truncation_note(len(rows), total, "files")
    return PageTable("rejects", "Rejected files", ("File", "Reason", "Problem"), rows, note, "tidy.rejects")


def field_issues(tables: Tables) -> PageTable:
    """One row per field and problem."""
    issues = tables["field_issues"].sort("issue_count", "source_field", "problem", descending=[True, False, False])
    rows = [
        [
            text_cell(row["source_field"], 80),
            text_cell(row["problem"], 160),
            number_cell(row["issue_count"]),
            number_cell(row["document_count"]),
            text_cell(row["first_value"], 60),
            text_cell(row["first_path"], 200),
        ]
        for row in issues.rows(named=True)
    ]
    value_count, total = sum(issues["issue_count"]), tables["files"]["field_issue_count"][0]
    note = truncation_note(value_count, total, "values")
    columns = ("Field", "Problem", "Values", "Documents", "First value", "First file")
    return PageTable("field-issues", "Rejected values", columns, rows, note, "tidy.field_issues")


def drift(tables: Tables) -> PageTable:
    """One row per change since the previous snapshot, warnings first."""
    changes = tables["drift"]
    rows = [
        [
            text_cell(row["message"]),
            text_cell(row["kind"].replace("_", " ")),
            number_cell(row["change_count"]),
            text_cell("warning" if row["is_warning"] else "note"),
        ]
        for row in changes.rows(named=True)
    ]
    total = changes["total_count"][0] if rows else 0
    columns = ("Change", "Kind", "More documents", "Severity")
    return PageTable(
        "drift",
        "Changes since the previous snapshot",
        columns,
        rows,
        truncation_note(len(rows), total, "changes"),
        "marts.drift",
    )


def checks(results: Sequence[CheckResult]) -> PageTable:
    """One row per check that found rows."""
    rows = [
        [
            text_cell(check.name),
            text_cell(check.severity),
            number_cell(check.failed_row_count),
            text_cell(check.description),
        ]
        for check in results
        if check.is_failed
    ]
    note = f"{len(results)} checks ran on this snapshot." if results else ""
    return PageTable("checks", "Checks that found rows", ("Check", "Severity", "Rows", "Description"), rows, note)


def runs(tables: Tables) -> PageTable:
    """One row per run, the latest first."""
    rows = [
        [
            number_cell(row["run_number"]),
            date_cell(row["started_at"], with_time=True),
            text_cell(row["outcome"].replace("_", " ")),
            date_cell(row["as_of_date"]),
            number_cell(row["file_count"]),
            number_cell(row["document_count"]),
            number_cell(row["document_count_change"]),
            number_cell(row["reject_count"]),
            number_cell(row["failed_check_count"]),
            decimal_cell(row["total_seconds"]),
        ]
        for row in tables["runs"].sort("run_number", descending=True).rows(named=True)
    ]
    columns = (
        "Run",
        "Started (UTC)",
        "Outcome",
        "As of",
        "Files",
        "Documents",
        "More documents",
        "Rejects",
        "Failed checks",
        "Seconds",
    )
    total = max((int(run) for run in tables["runs"]["run_number"]), default=0)
    note = truncation_note(len(rows), total, "runs").replace("The first", "The last")
    return PageTable("runs", "Runs before the build of this snapshot", columns, rows, note, "marts.run_history")
