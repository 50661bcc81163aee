"""The section 'What changed': a calendar of changes, the documents that changed last, and what was taken down."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from frontmart.report.cells import PageTable, date_cell, hours_cell, number_cell, page_table, text_cell, truncation_note
from frontmart.report.queries import Tables
from frontmart.report.wording import clean, count, day, moment

# Pixels of a day in the calendar, its gap included, and the width of the names of days.
_CELL: Final = 12
_LEFT: Final = 30
_TOP: Final = 16
# From how many changes on a day has the next colour.
_LEVELS: Final = (1, 3, 10, 30)
_CHARACTERS: Final = 140


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar: its place in pixels, its colour (0 to 4) and what it says."""

    x: int
    y: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of up to 53 weeks, a week in a column; the names of months stand above."""

    width: int
    height: int
    days: list[Day]
    months: list[tuple[int, str]]
    label: str


@dataclass(frozen=True, slots=True)
class Version:
    """A change of a document: a line that says what and when, and a line for each field."""

    text: str
    fields: list[tuple[str, str]]
    more: str


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """A document with its last changes."""

    title: str
    path: str
    text: str
    versions: list[Version]
    more: str


@dataclass(frozen=True, slots=True)
class HistorySection:
    """All that the section shows."""

    sentence: str
    calendar: Calendar | None
    documents: list[ChangedDocument]
    note: str


def history_section(tables: Tables) -> HistorySection | None:
    """The section; None without a history."""
    span = tables["history_span"]
    if span.is_empty():
        return None
    listed = tables["history_changes"]
    total = int(listed["document_count"][0]) if listed.height else 0
    shown = listed["document_id"].n_unique() if listed.height else 0
    note = f"The {shown:,} that changed last, of {total:,}." if shown < total else ""
    return HistorySection(
        _sentence(span.row(0, named=True)), _calendar(tables["history_days"]), _documents(tables), note
    )


def _sentence(span: dict[str, Any]) -> str:
    noun = "commit" if span["step_kind"] == "commit" else "build"
    sentence = (
        f"{count(span['step_count'], noun)} from {moment(span['first_at'])} to {moment(span['last_at'])}, with "
        f"{count(span['change_count'], 'change')}. What the first {noun} brought may be older, so it is no change"
    )
    return f"{sentence}: {count(span['bulk_count'], 'file')}." if span["bulk_count"] else f"{sentence}."


def _calendar(days: pl.DataFrame) -> Calendar | None:
    if days.is_empty():
        return None
    rows = {row["activity_date"]: row for row in days.rows(named=True)}
    last = max(rows)
    first = min(rows)
    start = first - dt.timedelta(days=first.weekday())
    weeks = (last - start).days // 7 + 1
    dates = [start + dt.timedelta(days=number) for number in range((last - start).days + 1)]
    cells = [_day(date, (date - start).days, rows.get(date)) for date in dates if date >= first]
    months = [
        (_LEFT + (date - start).days // 7 * _CELL, f"{date:%b}")
        for date in dates
        if date.day == 1 and (date - start).days // 7 < weeks - 2
    ]
    total = int(days["change_count"].sum())
    label = f"Changes by day, from {day(first)} to {day(last)}: {total:,} on {count(len(rows), 'day')}"
    return Calendar(_LEFT + weeks * _CELL, _TOP + 7 * _CELL, cells, months, label)


def _day(date: dt.date, number: int, row: dict[str, Any] | None) -> Day:
    changes = row["change_count"] if row else 0
    parts = [f"{row[f'{name}_count']:,} {name}" for name in ("added", "changed", "removed")] if row else ["no change"]
    level = sum(changes >= least for least in _LEVELS)
    return Day(_LEFT + number // 7 * _CELL, _TOP + number % 7 * _CELL, level, f"{day(date)}: {', '.join(parts)}")


def _documents(tables: Tables) -> list[ChangedDocument]:
    fields: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in tables["history_fields"].rows(named=True):
        fields.setdefault((row["document_id"], row["step"]), []).append(row)
    documents: dict[str, list[dict[str, Any]]] = {}
    for row in tables["history_changes"].rows(named=True):
        documents.setdefault(row["document_id"], []).append(row)
    return [_document(rows, fields) for rows in documents.values()]


def _document(rows: list[dict[str, Any]], fields: dict[tuple[str, int], list[dict[str, Any]]]) -> ChangedDocument:
    last = rows[0]
    more = last["version_count"] - len(rows)
    return ChangedDocument(
        clean(last["title"] or "(without a title)", _CHARACTERS),
        clean(last["path"]),
        f"{last['change']} {moment(last['changed_at'])} · {count(last['version_count'], 'change')}",
        [_version(row, fields.get((row["document_id"], row["step"]), [])) for row in rows],
        f"and {count(more, 'earlier change')}" if more else "",
    )


def _version(row: dict[str, Any], fields: list[dict[str, Any]]) -> Version:
    origin = f" from {clean(row['from_path'])}" if row["from_path"] else ""
    more = fields[0]["field_count"] - len(fields) if fields else 0
    return Version(
        f"{moment(row['changed_at'])}: {row['change']}{origin}",
        [(field["field"], _difference(field)) for field in fields],
        f"and {count(more, 'more field')}" if more else "",
    )


def _difference(field: dict[str, Any]) -> str:
    """What came or went, or a value before and since."""
    old, new = (None if field[name] is None else clean(field[name], _CHARACTERS) for name in ("old", "new"))
    if field["item"]:
        return f"+ {new}" if old is None else f"− {old}"
    return f"{'(none)' if old is None else old or '(empty)'} → {'(none)' if new is None else new or '(empty)'}"


def history_days(tables: Tables) -> PageTable:
    """The numbers of the calendar: a row per day with a change, the last one first."""
    return page_table(
        "changes",
        "Changes by day",
        tables["history_days"].sort("activity_date", descending=True),
        (
            ("Day", "activity_date", lambda row: date_cell(row["activity_date"])),
            ("Added", "added_count", lambda row: number_cell(row["added_count"])),
            ("Changed", "changed_count", lambda row: number_cell(row["changed_count"])),
            ("Removed", "removed_count", lambda row: number_cell(row["removed_count"])),
        ),
        source="marts.activity",
    )


def take_downs(tables: Tables) -> PageTable:
    """A row per document that was taken down, the last one first."""
    rows = tables["history_take_downs"].sort("taken_down_at", "path", "kind", descending=[True, False, False])
    total = int(rows["total_count"][0]) if rows.height else 0
    return page_table(
        "take-downs",
        "Taken down",
        rows,
        (
            ("Article", "path", lambda row: text_cell(row["title"] or row["path"], _CHARACTERS)),
            ("How", "kind", lambda row: text_cell(row["kind"])),
            ("When (UTC)", "taken_down_at", lambda row: date_cell(row["taken_down_at"], with_time=True)),
            ("Up for", "hours_up", lambda row: hours_cell(row["hours_up"])),
            ("There again", "is_restored", lambda row: text_cell("yes" if row["is_restored"] else "no")),
        ),
        truncation_note(rows.height, total, "taken down")
        or "Without an age where the first step has it: it may be older.",
        "marts.take_downs",
    )
