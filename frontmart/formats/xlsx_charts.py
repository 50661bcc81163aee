"""The first sheet of a workbook: the tables that answer what people ask first, each as a short list and a chart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from frontmart.formats.data import ExportTable, WriteOptions
from frontmart.formats.xlsx_cells import write_cell

_Row = Mapping[str, Any]

# Rows of the sheet that a chart takes at least, and the size of a chart in pixels.
_BLOCK_ROWS: Final = 17
_CHART: Final = {"width": 720, "height": 320}
_CHART_COLUMN: Final = 4
_BAR_COLOUR: Final = "#2a6f97"


@dataclass(frozen=True, slots=True)
class _Question:
    """A chart of the first rows of a mart, which are in the order of its sheet.

    Attributes:
        title: the title of the list and the chart.
        mart: the mart.
        label: the column that names a row.
        measure: the column that is drawn.
        rows: the most rows to draw.
        needs: whether a row counts.
        is_time: whether the rows are periods, the latest first, which are drawn from left to right.
    """

    title: str
    mart: str
    label: str
    measure: str
    rows: int = 12
    needs: Callable[[_Row], bool] = lambda _: True
    is_time: bool = False

    @property
    def columns(self) -> list[str]:
        """The columns of the list."""
        return [self.label, self.measure]


_QUESTIONS: Final = (
    _Question(
        "News articles by month, complete months",
        "collection_health",
        "period_start_date",
        "news_article_count",
        rows=24,
        needs=lambda row: row["is_period_complete"],
        is_time=True,
    ),
    _Question(
        "Topics with the most events",
        "coverage_by_topic",
        "topic",
        "event_count",
        needs=lambda row: not row["is_omnipresent"] and row["event_count"] > 0,
    ),
    _Question(
        "Topics whose share of the tagged news changed beyond chance in 28 days",
        "topic_momentum",
        "topic",
        "share_difference",
        needs=lambda row: row["window_days"] == 28 and row["is_comparable"] and (row["q_value"] or 1) <= 0.05,
    ),
    _Question(
        "Organisations with the most events",
        "organisation_report",
        "organisation_name",
        "event_count",
        needs=lambda row: row["event_count"] > 0,
    ),
    _Question("Authors with the most articles", "author_report", "author_name", "article_count"),
    _Question("Articles by kind", "coverage_by_kind", "kind", "article_count"),
)


@dataclass(frozen=True, slots=True)
class Chart:
    """A question and its rows, in the order in which they are drawn: the label, and the number as the mart has it."""

    question: _Question
    rows: list[tuple[str, float]]


def find_charts(tables: Sequence[ExportTable]) -> list[Chart]:
    """The charts of an export: those whose mart is in it, has all their columns, and has rows that count."""
    by_name = {table.full_name: table for table in tables}
    found = []
    for question in _QUESTIONS:
        table = by_name.get(f"marts.{question.mart}")
        if table and set(question.columns) <= set(table.columns):
            rows = _rows(table, question)
            found += [Chart(question, rows)] if rows else []
    return found


def _rows(table: ExportTable, question: _Question) -> list[tuple[str, float]]:
    all_rows = (row for batch in table.batches() for row in batch.to_pylist())
    found = [
        (_label(row[question.label]), row[question.measure])
        for row in islice(filter(question.needs, all_rows), question.rows)
    ]
    return found[::-1] if question.is_time else found


def _label(value: object) -> str:
    """A name, or the month of a day."""
    return value if isinstance(value, str) else str(value)[:7]


def write_charts(workbook: Workbook, sheet: Worksheet, charts: Sequence[Chart], options: WriteOptions) -> None:
    """Write the sheet: the snapshot, then a list and a chart for each question."""
    bold, title = workbook.add_format({"bold": True}), workbook.add_format({"bold": True, "font_size": 13})
    number, share = (
        workbook.add_format({"num_format": "#,##0"}),
        workbook.add_format({"num_format": "+0.0%;-0.0%;0.0%"}),
    )
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 64)
    sheet.set_column(1, 1, 20)
    write_cell(sheet, 0, 0, f"Frontmart snapshot {options.snapshot_id}, as of {options.as_of_date}", title)
    write_cell(sheet, 1, 0, "Each chart has the first rows of a sheet; the sheet `about` lists all sheets.", None)
    top = 3
    for chart in charts:
        question = chart.question
        write_cell(sheet, top, 0, question.title, title)
        sheet.write_url(top, 1, f"internal:'{question.mart}'!A1", string=f"sheet {question.mart}"[:255])
        for column, name in enumerate(question.columns):
            write_cell(sheet, top + 1, column, name, bold)
        for row, (label, value) in enumerate(chart.rows, start=top + 2):
            write_cell(sheet, row, 0, label, None)
            write_cell(sheet, row, 1, value, share if question.measure == "share_difference" else number)
        sheet.insert_chart(top, _CHART_COLUMN, _draw(workbook, sheet, chart, top + 2), {"object_position": 3})
        top += max(_BLOCK_ROWS, len(chart.rows) + 3)


def _draw(workbook: Workbook, sheet: Worksheet, chart: Chart, first: int) -> Any:
    """A column chart of periods, or else a bar chart whose first row is at the top."""
    question = chart.question
    last = first + len(chart.rows) - 1
    drawing = workbook.add_chart({"type": "column" if question.is_time else "bar"})
    drawing.add_series(
        {
            "name": question.measure,
            "categories": [sheet.name, first, 0, last, 0],
            "values": [sheet.name, first, 1, last, 1],
            "fill": {"color": _BAR_COLOUR},
            "gap": 40,
        }
    )
    drawing.set_title({"name": question.title, "name_font": {"size": 12}, "overlay": False})
    drawing.set_legend({"none": True})
    drawing.set_size(_CHART)
    labels: dict[str, Any] = {"label_position": "low", "num_font": {"size": 9}, "major_gridlines": {"visible": False}}
    values: dict[str, Any] = {"major_gridlines": {"visible": True, "line": {"color": "#dddddd"}}}
    if question.is_time:
        drawing.set_x_axis(labels)
        drawing.set_y_axis(values)
    else:
        # Excel draws the first row of a bar chart at the bottom, and the numbers beside the first row.
        drawing.set_y_axis({**labels, "reverse": True})
        drawing.set_x_axis({**values, "label_position": "high"})
    drawing.set_chartarea({"border": {"none": True}})
    return drawing
