"""Key figures at the top of the page, each with its base and its window."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from frontmart.catalog.features import Feature
from frontmart.report.base import LEAST_BASE, Row, names_events, noun, title_noun
from frontmart.report.queries import Tables, shown_features
from frontmart.report.wording import change, count, day, percent
from transforms.vocabulary import Preset

Trend = Literal["up", "down", "none"]

# The figures of the last window after the number of articles: a column without `_count`, its label, and the feature
# that it needs.
_WINDOW_FIGURES: Final = (
    ("topic", "Topics", Feature.TOPICS),
    ("provider", "Providers", Feature.PROVIDER),
    ("author", "Authors", Feature.AUTHORS),
)


@dataclass(frozen=True, slots=True)
class Kpi:
    """A key figure at the top of the page.

    Attributes:
        label: its name, with its window.
        value: the number.
        note: the number of the window before, or the base.
        trend: the direction of the change; none if there is nothing to compare with.
    """

    label: str
    value: str
    note: str
    trend: Trend = "none"


def kpis(tables: Tables) -> list[Kpi]:
    """The key figures at the top: first those of the last window of days, then those of the whole corpus."""
    scope, files = (tables[name].row(0, named=True) for name in ("scope", "files"))
    figures = list(_window_kpis(tables, scope))
    figures.append(Kpi(f"{title_noun(scope)} in total", f"{scope['article_count']:,}", _totals(tables, scope)))
    if scope["preset"] == Preset.GENERIC and scope["with_image_article_count"]:
        # Of all articles: a site has too few in a window to compare.
        with_image, total = scope["with_image_article_count"], scope["article_count"]
        figures.append(Kpi(f"{title_noun(scope)} with an image", percent(with_image / total), _of(with_image, total)))
    if scope["first_date"]:
        days = scope["days_since_last_article"]
        note = f"{count(days, 'day')} before {day(scope['as_of_date'])}" if days else "the day of this report"
        figures.append(Kpi(f"Last {noun(scope)}", day(scope["last_article_date"]), note))
    refused = files["reject_count"] / files["file_count"] if files["file_count"] else 0
    note = f"{percent(refused)} of {count(files['file_count'], 'file')}"
    figures.append(Kpi("Rejected files", f"{files['reject_count']:,}", note))
    return figures


def _window_kpis(tables: Tables, scope: Row) -> Iterator[Kpi]:
    rows = tables["windows"].rows(named=True)
    if not rows:
        return
    now, before = rows
    days, features = scope["window_days"], shown_features(tables)
    is_comparable = now["is_covered"] and before["is_covered"]
    figures = [("article", title_noun(scope))]
    if names_events(tables):
        figures.append(("event", "Events"))
    figures += [(name, label) for name, label, feature in _WINDOW_FIGURES if feature in features]
    for name, label in figures:
        new, old = now[f"{name}_count"], before[f"{name}_count"]
        note, trend = _compare(new, old, days, is_comparable=is_comparable)
        yield Kpi(f"{label}, last {days} days", f"{new:,}", note, trend)
    if now["article_count"] and scope["preset"] != Preset.GENERIC and Feature.IMAGES in features:
        with_image, total = now["with_image_article_count"], now["article_count"]
        label = f"{title_noun(scope)} with an image, last {days} days"
        yield Kpi(label, percent(with_image / total), _of(with_image, total))


def _compare(new: int, old: int, days: int, *, is_comparable: bool) -> tuple[str, Trend]:
    """The number of the window before, and the direction of the change; a percentage only of a large enough base."""
    if not is_comparable:
        return f"the {days} days before are not comparable", "none"
    note = f"{old:,} in the {days} days before"
    if old >= LEAST_BASE and new != old:
        note = f"{note} ({change(new, old)})"
    return note, "up" if new > old else "down" if new < old else "none"


def _totals(tables: Tables, scope: Row) -> str:
    """The base, and what the articles are about or who they are from, as far as they say so."""
    features, is_site = shown_features(tables), scope["preset"] == Preset.GENERIC
    is_part = scope["article_count"] < scope["all_article_count"]
    parts = [f"of {count(scope['all_article_count'], 'article')}"] if is_part else []
    if Feature.PROVIDER in features:
        parts.append(count(scope["provider_count"], "provider"))
    if Feature.AUTHORS in features:
        parts.append(count(scope["author_count"], "author"))
    if is_site and Feature.TOPICS in features:
        topics = tables["topics"]
        parts.append(count(topics["topic_count"][0] if topics.height else 0, "topic"))
    return ", ".join(parts) or f"of {count(tables['files']['document_count'][0], 'document')}"


def _of(part: int, total: int) -> str:
    return f"{part:,} of {total:,}"
