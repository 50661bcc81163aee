"""The base of the numbers on the page: which articles they count, and which days."""

from collections.abc import Mapping
from typing import Any, Final

from frontmart.catalog.features import Feature
from frontmart.report.queries import Tables, shown_features
from frontmart.report.wording import count, day, join

Row = Mapping[str, Any]

# Of fewer, a change is stated as numbers, not as a percentage.
LEAST_BASE: Final = 20
# The false discovery rate up to which a finding is more than chance.
SIGNIFICANT: Final = 0.05
# The values of break_reason in marts.topic_momentum, as the page says them: of events, or of the counted articles.
_REASONS: Final = {
    "before the corpus": "the days before begin before the first article",
    "too few": "one of the two has fewer than 20 tagged {units}",
    "tagging": "the share of {nouns} with a topic changed in between",
    "providers": "most {nouns} of one of the two are from providers without any in the other",
}
# Kinds of articles in the plural and the singular, as the page calls them.
_KINDS: Final = {
    "news": ("news", "news"),
    "learning": ("learning articles", "learning article"),
    "event": ("announced dates", "announced date"),
    "download": ("downloads", "download"),
    "newsletter": ("newsletters", "newsletter"),
    "other": ("others", "other"),
}


def noun(scope: Row) -> str:
    """The singular of the counted articles: `news article` in a corpus that has other kinds too."""
    return "news article" if scope["has_news"] and scope["article_count"] < scope["all_article_count"] else "article"


def unit(scope: Row) -> str:
    """The singular of what shares and pairs of topics count: an event, or the article that each event is."""
    return "event" if scope["shared_event_count"] else noun(scope)


def title_noun(scope: Row) -> str:
    """The plural of the counted articles at the beginning of a heading or a label."""
    return f"{noun(scope)}s".capitalize()


def counted(scope: Row, number: int) -> str:
    """A number of counted articles: `1 news article`, `2,000 articles`."""
    return count(number, noun(scope))


def window(scope: Row) -> str:
    """The last window: `28 days to 2 Jun 2021`."""
    return f"{scope['window_days']} days to {day(scope['window_end_date'])}"


def kinds(counts: Mapping[str, int]) -> str:
    """Numbers of articles by kind, the largest first: `448 learning, 192 news and 107 downloads`."""
    largest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return join([f"{number:,} {_KINDS[kind][number == 1]}" for kind, number in largest])


def span(scope: Row) -> str | None:
    """The first and the last day with counted articles: `5 Jan 2019 to 2 Jun 2021`; None if none has a date."""
    first, last = scope["first_article_date"], scope["last_article_date"]
    if scope["first_date"] is None or first is None or last is None:
        return None
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def kind_label(kind: str) -> str:
    """The name of a kind of articles as a choice: `Learning articles`."""
    return _KINDS[kind][0].capitalize()


def staleness(scope: Row) -> str | None:
    """A sentence on the last day of the corpus and the end of its windows; None if no counted article has a date."""
    if scope["first_date"] is None or scope["last_article_date"] is None:
        return None
    days = scope["days_since_last_article"]
    age = f"{count(days, 'day')} before this report" if days else "the day of this report"
    ends = "that day" if scope["window_end_date"] == scope["last_article_date"] else day(scope["window_end_date"])
    return (
        f"The last {noun(scope)} is of {day(scope['last_article_date'])}, {age}; "
        f"windows of {scope['window_days']} days end on {ends}. This report counts "
        f"{counted(scope, scope['article_count'])}{_of_all(scope)}."
    )


def _of_all(scope: Row) -> str:
    total = scope["all_article_count"]
    return f" of {count(total, 'article')}" if scope["article_count"] < total else ""


def first_to_publish(event: Row) -> str | None:
    """The organisation that published an event first; `several at once` if several did at the same instant."""
    if event["first_organisation_count"] > 1:
        return "several at once"
    name: str | None = event["first_organisation_name"]
    return name


def names_events(tables: Tables) -> bool:
    """Whether figures and sentences are about events: several organisations can report one, and some do."""
    return Feature.PROVIDER in shown_features(tables) and tables["scope"]["shared_event_count"][0] > 0


def break_reason(tables: Tables) -> str | None:
    """Why the shares of topics in the two windows cannot be compared; None if they can, or if there are none."""
    scope, reasons = tables["scope"].row(0, named=True), tables["topics"]["break_reason"].drop_nulls()
    if reasons.is_empty():
        return None
    return _REASONS[reasons[0]].format(units=f"{unit(scope)}s", nouns=f"{noun(scope)}s")


def breaks(reason: str) -> Mapping[str, str]:
    """The measures of a break_reason of marts.collection_health, and what became of them.

    `providers from 4 to 12; tagged from 4 to 41 percent` is {providers: from 4 to 12, tagged: from 4 to 41 percent}.
    """
    parts = (part.partition(" from ") for part in reason.split("; "))
    return {measure: f"from {change}" for measure, _, change in parts}


def uncovered(scope: Row, window: Row) -> str | None:
    """Why the corpus does not cover a window; None if it does."""
    if window["is_covered"]:
        return None
    if window["first_date"] < scope["first_article_date"]:
        return f"the corpus begins on {day(scope['first_article_date'])}"
    return f"the corpus ends on {day(scope['last_article_date'])}"
