"""The tables of the page: what stands in each cell, and what it sorts by."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from frontmart.report.wording import change, clean, day, duration, moment, percent

Row = Mapping[str, Any]
_NONE: Final = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes:
        text: what it shows.
        sort: what a number, a share or a time sorts by; None for text, and for a value that is not there.
        url: where it leads, http or https.
        shade: 0 to 10, how deep the cell is shaded; None for not at all.
        is_number: whether it stands to the right, under its like.
    """

    text: str
    sort: float | None = None
    url: str | None = None
    shade: int | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its caption, its columns, its rows, and what is not in it and where to find that."""

    id: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    @property
    def numeric(self) -> list[bool]:
        """Which of its columns hold numbers, by the first row."""
        return [cell.is_number for cell in self.rows[0]] if self.rows else []


def text_cell(value: object, limit: int = 300) -> Cell:
    """Text of a file."""
    return Cell(clean(str(value), limit) if value not in (None, "") else _NONE)


def link_cell(title: str, url: str | None) -> Cell:
    """A title that leads to its page, if its URL is one of the web."""
    return Cell(title, url=url if url and _is_of_the_web(url) else None)


def number_cell(value: int | None) -> Cell:
    """A count."""
    return Cell(_NONE, is_number=True) if value is None else Cell(f"{value:,}", value, is_number=True)


def decimal_cell(value: float | None, digits: int = 1) -> Cell:
    """A number that is not whole."""
    return Cell(_NONE, is_number=True) if value is None else Cell(f"{value:,.{digits}f}", value, is_number=True)


def share_cell(value: float | None, *, is_shaded: bool = False) -> Cell:
    """A share (0..1), shaded by its size where it is one of a field of shares."""
    if value is None:
        return Cell(_NONE, is_number=True)
    # A field that none has is none of theirs rather than a gap.
    shade = int(value * 10) if is_shaded and value > 0 else None
    return Cell(percent(value), value, shade=shade, is_number=True)


def hours_cell(value: float | None) -> Cell:
    """A length of time."""
    return Cell(_NONE, is_number=True) if value is None else Cell(duration(value), value, is_number=True)


def change_cell(now: int, before: int) -> Cell:
    """How a count moved; sorts by the difference."""
    return Cell(change(now, before) if now or before else _NONE, now - before, is_number=True)


def date_cell(value: dt.datetime | dt.date | None, *, with_time: bool = False) -> Cell:
    """A day or an instant (UTC)."""
    if value is None:
        return Cell(_NONE, is_number=True)
    shown = moment(value) if with_time and isinstance(value, dt.datetime) else day(value)
    at = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    return Cell(shown, at.replace(tzinfo=dt.UTC).timestamp(), is_number=True)


def truncation_note(shown: int, total: int, what: str, place: str) -> str:
    """What a table leaves out, and where all of it is; nothing where it shows all."""
    return f"The first {shown:,} of {total:,} {what}; all of them are in {place}." if shown < total else ""


def _is_of_the_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
