"""Tables of the page, and their cells: the displayed text, the sort key, the link, the shade."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import polars as pl

from frontmart.report.wording import clean, day, duration, moment, percent

Row = Mapping[str, Any]
_NONE: Final = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes:
        text: the displayed text.
        sort: the sort key of a number, a share or a time; None for text and for a missing value.
        url: the target of a link, http or https.
        shade: the depth of the background, 0 to 10; None for no background.
        is_number: whether the cell is right-aligned.
    """

    text: str
    sort: float | None = None
    url: str | None = None
    shade: int | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table: its caption, columns and rows, a note, where analysts find all, keys of columns, and a note on
    omitted rows, which the page hides where it can add them."""

    id: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    source: str = ""
    keys: Sequence[str] = ()
    truncation: str = ""

    @property
    def numeric(self) -> list[bool]:
        """Whether each column has numbers, according to the first row."""
        return [cell.is_number for cell in self.rows[0]] if self.rows else []


def page_table(
    id_: str,
    caption: str,
    rows: pl.DataFrame,
    columns: Sequence[tuple[str, str, Callable[[Row], Cell]]],
    note: str = "",
    source: str = "",
    truncation: str = "",
) -> PageTable:
    """A table of the rows of a query.

    Args:
        id_: the id of the table on the page.
        caption: its caption.
        rows: the rows.
        columns: for each column its name on the page, a column of the query without which it is left out, since no
            article has what it shows, and the cell of a row.
        note: a note below the table.
        source: the table of the warehouse with all rows.
        truncation: a note on omitted rows that the page can add.
    """
    shown = [column for column in columns if column[1] in rows.columns]
    cells = [[cell(row) for _, _, cell in shown] for row in rows.rows(named=True)]
    names, keys = [name for name, _, _ in shown], [key for _, key, _ in shown]
    return PageTable(id_, caption, names, cells, note, source, keys, truncation)


def text_cell(value: object, limit: int = 300) -> Cell:
    """Text from a file."""
    return Cell(clean(str(value), limit) if value not in (None, "") else _NONE)


def link_cell(title: str, url: str | None) -> Cell:
    """A title that links to its URL, if that is an http or https URL."""
    return Cell(title, url=web_url(url))


def number_cell(value: int | None) -> Cell:
    """A count."""
    return Cell(_NONE, is_number=True) if value is None else Cell(f"{value:,}", value, is_number=True)


def decimal_cell(value: float | None, digits: int = 1) -> Cell:
    """A number with decimals."""
    return Cell(_NONE, is_number=True) if value is None else Cell(f"{value:,.{digits}f}", value, is_number=True)


def rate_cell(value: float | None) -> Cell:
    """A probability or a rate with four decimals; one that they would show as zero is `under 0.0001`."""
    if value is not None and 0 < value < 0.0001:
        return Cell("under 0.0001", value, is_number=True)
    return decimal_cell(value, 4)


def share_cell(value: float | None, *, is_shaded: bool = False) -> Cell:
    """A share (0..1); `is_shaded` gives it a background, the deepest for none."""
    if value is None:
        return Cell(_NONE, is_number=True)
    shade = int(value * 10) if is_shaded else None
    return Cell(percent(value), value, shade=shade, is_number=True)


def hours_cell(value: float | None) -> Cell:
    """A duration in hours."""
    return Cell(_NONE, is_number=True) if value is None else Cell(duration(value), value, is_number=True)


def date_cell(value: dt.datetime | dt.date | None, *, with_time: bool = False) -> Cell:
    """A date, or a time in UTC."""
    if value is None:
        return Cell(_NONE, is_number=True)
    text = moment(value) if with_time and isinstance(value, dt.datetime) else day(value)
    at = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    return Cell(text, at.replace(tzinfo=dt.UTC).timestamp(), is_number=True)


def truncation_note(row_count: int, total: int, noun: str) -> str:
    """A note that a table shows only the first rows; empty if it shows all."""
    return f"The first {row_count:,} of {total:,} {noun}." if row_count < total else ""


def web_url(url: str | None) -> str | None:
    """The URL if it is one of http or https, which a page may link to; otherwise None."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
