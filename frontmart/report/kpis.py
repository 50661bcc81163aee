"""Four key figures of the last window: each with the window before, the year before and a line of the windows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

import polars as pl

from frontmart.catalog.features import Feature
from frontmart.report.base import LEAST_BASE, Row, breaks, names_events, title_noun, uncovered
from frontmart.report.queries import Tables, shown_features
from frontmart.report.sparkline import Sparkline, sparkline
from frontmart.report.wording import change, month, percent

Trend = Literal["up", "down", "none"]

_MOST_FIGURES: Final = 4
# The figures after articles and events: a column without `_count`, its label, and the feature that it needs.
_FIGURES: Final = (
    ("provider", "Providers", Feature.PROVIDER),
    ("author", "Authors", Feature.AUTHORS),
    ("topic", "Topics", Feature.TOPICS),
)
# By figure, the measures of marts.collection_health: after a break of one, the year before cannot be compared.
_BREAKING: Final = {
    "article": {"news articles", "providers", "top provider"},
    "event": {"news articles", "providers", "top provider"},
    "provider": {"news articles", "providers", "top provider"},
    "author": {"news articles"},
    "topic": {"news articles", "providers", "top provider", "tagged"},
    "with_image_article": {"news articles", "with image"},
}
# A change of a count by less than so many standard deviations of chance (the square root of both together) has no
# direction.
_NOISE: Final = 2


@dataclass(frozen=True, slots=True)
class Kpi:
    """A key figure of the last window.

    Attributes:
        label: its name, with its window.
        value: the number.
        before: the number of the window before, or why there is none to compare with.
        year: the number of the window a year before, or why there is none to compare with; empty if that is why there
            is no window before.
        trend: the direction of the change from the window before; none for one that chance alone could make.
        line: the windows up to the last one; None if the corpus covers fewer than three.
    """

    label: str
    value: str
    before: str
    year: str
    trend: Trend = "none"
    line: Sparkline | None = None


def kpis(tables: Tables) -> list[Kpi]:
    """Four figures of the last window, fewer for a corpus without providers, authors, topics or images; none without
    a date."""
    if tables["trend"].is_empty():
        return []
    scope = tables["scope"].row(0, named=True)
    return [_kpi(tables, scope, name, label) for name, label in list(_figures(tables, scope))[:_MOST_FIGURES]]


def _figures(tables: Tables, scope: Row) -> Iterator[tuple[str, str]]:
    features = shown_features(tables)
    yield "article", title_noun(scope)
    if names_events(tables):
        yield "event", "Events"
    for name, label, feature in _FIGURES:
        if feature in features:
            yield name, label
    if Feature.IMAGES in features:
        yield "with_image_article", f"{title_noun(scope)} with an image"


def _kpi(tables: Tables, scope: Row, name: str, label: str) -> Kpi:
    windows: dict[int, Row] = {row["window_number"]: row for row in tables["trend"].rows(named=True)}
    column, days, now = f"{name}_count", scope["window_days"], windows[0]
    before, trend = _before(scope, now, windows[1], column)
    line = _line(windows, column, label, days) if now["is_covered"] else None
    value = f"{now[column]:,}"
    if name == "with_image_article" and now["article_count"]:
        value = f"{value} ({percent(now[column] / now['article_count'])})"
    year = "" if uncovered(scope, windows[1]) else _year(tables, scope, now, windows[-1], name)
    return Kpi(f"{label}, last {days} days", value, before, year, trend, line)


def _before(scope: Row, now: Row, before: Row, column: str) -> tuple[str, Trend]:
    """The number of the window before, and the direction of a change that is more than chance."""
    days = scope["window_days"]
    if reason := uncovered(scope, now) or uncovered(scope, before):
        return f"nothing to compare with: {reason}", "none"
    new, old = now[column], before[column]
    trend: Trend = "none"
    if abs(new - old) > _NOISE * sqrt(new + old):
        trend = "up" if new > old else "down"
    return f"{old:,} in the {days} days before{_percentage(new, old)}", trend


def _year(tables: Tables, scope: Row, now: Row, year: Row, name: str) -> str:
    """The number a year before, with the change in percent; or why there is none."""
    if reason := uncovered(scope, now) or uncovered(scope, year):
        return f"no year-on-year: {reason}"
    new, old = now[f"{name}_count"], year[f"{name}_count"]
    if old < LEAST_BASE:
        return f"{old:,} a year before: too few for a percentage"
    if broken := _break_between(tables, year, now, name):
        return f"no year-on-year: collection broke in {broken}"
    return f"{old:,} a year before{_percentage(new, old)}"


def _break_between(tables: Tables, year: Row, now: Row, name: str) -> str | None:
    """The last month, of those from one window to the other, in which collection broke for a figure."""
    months = tables["collection_breaks"].filter(
        (pl.col("period_end_date") >= year["first_date"]) & (pl.col("period_start_date") <= now["last_date"])
    )
    found = [
        row["period_start_date"]
        for row in months.rows(named=True)
        if _BREAKING[name].intersection(breaks(row["break_reason"]))
    ]
    return month(max(found)) if found else None


def _percentage(new: int, old: int) -> str:
    return f" ({change(new, old)})" if old >= LEAST_BASE and new != old else ""


def _line(windows: Mapping[int, Row], column: str, label: str, days: int) -> Sparkline | None:
    last_first = [windows[number] for number in sorted(windows) if number >= 0]
    values = [row[column] for row in last_first if row["is_covered"]]
    return sparkline(values[::-1], label, f"{days} days")
