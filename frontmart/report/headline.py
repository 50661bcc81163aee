"""The first sentences of the report: what happened in the last window, each with enough support, none by chance."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import sqrt
from typing import Final

import polars as pl

from frontmart.report.base import (
    LEAST_BASE,
    Row,
    break_reason,
    breaks,
    counted,
    names_events,
    title_noun,
    uncovered,
    unit,
    window,
)
from frontmart.report.queries import Tables
from frontmart.report.wording import (
    Name,
    Sentence,
    change,
    clean,
    count,
    day,
    duration,
    join,
    month,
    name_list,
    percent,
    points,
)

# A new event is news if so many organisations report it.
LEAST_ORGANISATIONS: Final = 3
# A share of files or articles that lack something is a finding from these on.
_LEAST_LOST_SHARE: Final = 0.05
_LEAST_LOST_COUNT: Final = 10
_LEAST_UNDATED_SHARE: Final = 0.1
# A volume is far from that before at this ratio, and at so many standard deviations (the square root of both together).
_FAR: Final = 1.5
_DEVIATIONS: Final = 4
_MOST_SENTENCES: Final = 4
_NAMED_ORGANISATIONS: Final = 4
# The measures of marts.collection_health by month, as the page says them.
_MEASURES: Final = {
    "news articles": "the number of news articles",
    "providers": "the number of providers",
    "tagged": "the share of news with a topic",
    "with image": "the share of news with an image",
    "top provider": "the share of the largest provider",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """The first sentences.

    Attributes:
        sentences: the headline, and at most three more; they are about the same window.
        note: what could not be compared, and why; empty if all could.
    """

    sentences: list[Sentence]
    note: str = ""


def headline(tables: Tables) -> Headline:
    """The largest new event, what rose or fell beyond chance, and what broke in collection; or that nothing did."""
    scope = tables["scope"].row(0, named=True)
    if not scope["article_count"]:
        return Headline([("This snapshot has no articles; build from a folder with articles.",)])
    if scope["first_date"] is None:
        return Headline(
            [(f"None of {counted(scope, scope['article_count'])} has a date, so there are no charts over time.",)]
        )
    found, broken = [*_event(tables, scope), *_moves(tables, scope)], list(_breaks(tables, scope))
    # One place is kept for what broke, since it qualifies the others.
    found = found[: _MOST_SENTENCES - min(1, len(broken))]
    found += islice(broken, _MOST_SENTENCES - len(found))
    return Headline(found, _not_compared(tables, scope)) if found else _nothing(tables, scope)


def _event(tables: Tables, scope: Row) -> Iterator[Sentence]:
    """The largest event that began in the window, with its organisations, the first of them first."""
    if not names_events(tables):
        return
    found = tables["new_events"].filter(
        (pl.col("event_rank") == 1) & (pl.col("organisation_count") >= LEAST_ORGANISATIONS)
    )
    for event in found.rows(named=True):
        members = tables["new_event_organisations"].filter(event_rank=1).sort("organisation_rank")
        names = [_organisation(name) for name in members["organisation_name"]]
        yield (
            "“",
            Name(clean(event["title"] or "(without a title)", 140), "event", event["event_id"]),
            f"” is the largest of {count(event['new_event_count'], 'new event')} in the {window(scope)}: "
            f"{counted(scope, event['article_count'])} from {count(event['organisation_count'], 'organisation')} (",
            *name_list(names, _NAMED_ORGANISATIONS),
            f"){_copies(event)}; ",
            *_first(members),
            ".",
        )


def _copies(event: Row) -> str:
    copies = event["copy_count"]
    copied = f", {copies:,} of them {'a copy' if copies == 1 else 'copies'}" if copies else ""
    hours = event["span_hours"]
    return f"{copied}, {duration(hours) if hours < 1 else f'over {duration(hours)}'}"


def _first(members: pl.DataFrame) -> Iterator[str]:
    """Who published first, and how long before the next."""
    firsts = members.filter(pl.col("is_first"))["organisation_name"].to_list()
    later = members.filter(~pl.col("is_first"))["lag_hours"].min()
    lead = f", {_lead(float(later))} before the next" if isinstance(later, int | float) else ""
    if len(firsts) == 1:
        yield _organisation(firsts[0])
        yield f" was first{lead}"
    else:
        yield f"{count(len(firsts), 'organisation')} were first at once{lead}"


def _organisation(name: str) -> Name:
    """An organisation, whose page is that of the one provider of its name."""
    return Name(clean(name, 60), "provider")


def _lead(hours: float) -> str:
    return "less than an hour" if hours < 1 else duration(hours)


def _moves(tables: Tables, scope: Row) -> Iterator[Sentence]:
    """The volume, the topics whose share rose and fell most, and bursts of topics and providers: beyond chance."""
    yield from _volume(tables, scope)
    found = tables["momentum"].sort("share_difference", "topic_id", descending=[True, False]).rows(named=True)
    named = set()
    if found and found[0]["share_difference"] > 0:
        named.add(found[0]["topic"])
        yield _moved(scope, found[0], "rose to")
    if found and found[-1]["share_difference"] < 0:
        named.add(found[-1]["topic"])
        yield _moved(scope, found[-1], "fell to")
    for burst in tables["window_bursts"].rows(named=True):
        if burst["subject"] not in named:
            yield _burst(scope, burst)


def _volume(tables: Tables, scope: Row) -> Iterator[Sentence]:
    """The events, or the articles, of both windows, if they differ by far more than by chance."""
    now, before = tables["windows"].rows(named=True)
    column, what = ("event_count", "Events") if names_events(tables) else ("article_count", title_noun(scope))
    new, old = now[column], before[column]
    is_far = max(new, old) >= _FAR * min(new, old) and abs(new - old) >= _DEVIATIONS * sqrt(new + old)
    if now["is_covered"] and before["is_covered"] and max(new, old) >= LEAST_BASE and is_far:
        yield (
            f"{what} {'rose' if new > old else 'fell'} to {new:,} in the {window(scope)}, from {old:,} in the "
            f"{scope['window_days']} days before{f' ({change(new, old)})' if old >= LEAST_BASE else ''}.",
        )


def _moved(scope: Row, row: Row, verb: str) -> Sentence:
    low, high = points(row["share_difference_low"]), points(row["share_difference_high"])
    base = count(row["base_count"], f"tagged {unit(scope)}")
    return (
        Name(clean(row["topic"]), "topic", row["topic_id"]),
        f" {verb} {percent(row['topic_share'])} of {base} in the {window(scope)}, "
        f"from {percent(row['previous_topic_share'])} of {row['previous_base_count']:,} in the {scope['window_days']} "
        f"days before ({low} to {high} points at 95\u00a0% confidence).",
    )


def _burst(scope: Row, row: Row) -> Sentence:
    weeks = "" if row["week_count"] == 1 else f"{row['week_count']:,} weeks from the "
    return (
        Name(clean(row["subject"]), row["subject_kind"], row["subject_id"]),
        f" had {count(row['observed_count'], unit(scope))} of {row['base_count']:,} in the {weeks}week of "
        f"{day(row['first_week_start_date'])}, where the weeks around predict {row['expected_count']:,.1f} "
        f"(within the {window(scope)}).",
    )


def _breaks(tables: Tables, scope: Row) -> Iterator[Sentence]:
    """Months of the window in which collection broke, files that were refused, articles without a date, drift."""
    found = tables["collection_breaks"].filter(pl.col("is_in_window")).sort("period_start_date", descending=True)
    for row in found.rows(named=True):
        parts = [f"{_MEASURES.get(name, name)} went {moved}" for name, moved in breaks(row["break_reason"]).items()]
        yield (
            f"In {month(row['period_start_date'])}, which the {window(scope)} {_reach(scope, row)}, collection or the "
            f"news itself broke with the months before: {join(parts)}.",
        )
    yield from _lost(tables, scope)
    yield from _drift(tables, scope)


def _reach(scope: Row, month_of_break: Row) -> str:
    first = scope["window_end_date"] - dt.timedelta(days=scope["window_days"] - 1)
    is_whole = (
        first <= month_of_break["period_start_date"] and month_of_break["period_end_date"] <= scope["window_end_date"]
    )
    return "cover" if is_whole else "reach into"


def _lost(tables: Tables, scope: Row) -> Iterator[Sentence]:
    files = tables["files"].row(0, named=True)
    refused, total = files["reject_count"], files["file_count"]
    missing = f"no number of the {window(scope)} counts them"
    if refused >= _LEAST_LOST_COUNT and refused / total >= _LEAST_LOST_SHARE:
        yield (f"{refused:,} of {count(total, 'file')} ({percent(refused / total)}) could not be read: {missing}.",)
    undated, articles = scope["undated_article_count"], scope["article_count"]
    if undated >= _LEAST_LOST_COUNT and undated / articles >= _LEAST_UNDATED_SHARE:
        yield (f"{undated:,} of {counted(scope, articles)} ({percent(undated / articles)}) have no date: {missing}.",)


def _drift(tables: Tables, scope: Row) -> Iterator[Sentence]:
    warnings = tables["drift"].filter(pl.col("is_warning"))
    if warnings.is_empty():
        return
    first = warnings.row(0, named=True)
    yield (
        f"The files changed since the previous snapshot, which the {window(scope)} may show "
        f"({count(first['warning_count'], 'warning')}): ",
        Name(clean(first["message"])),
        ".",
    )


def _nothing(tables: Tables, scope: Row) -> Headline:
    """That nothing qualified, of which base; what was looked for is in the note."""
    now = tables["windows"].row(0, named=True)
    articles = counted(scope, now["article_count"])
    if reason := uncovered(scope, now):
        return Headline([(f"{articles} in the {window(scope)}: nothing can be compared, since {reason}.",)])
    looked = [f"no new event has {LEAST_ORGANISATIONS} organisations"] if names_events(tables) else []
    looked.append(f"the number of {'events' if names_events(tables) else 'articles'} is not far from that before")
    not_compared = _not_compared(tables, scope)
    if tables["topics"]["topic_share"].count() and not not_compared:
        looked.append("no topic rose or fell beyond chance")
    looked.append("collection did not break")
    note = f"{join(looked)}.".capitalize()
    return Headline(
        [(f"Nothing stood out among {articles} in the {window(scope)}.",)], f"{note} {not_compared}".strip()
    )


def _not_compared(tables: Tables, scope: Row) -> str:
    """Why topics are not compared; empty if they are, or if there are none."""
    reason = break_reason(tables) if tables["topics"]["topic_share"].count() else None
    return f"Topics are not compared with the {scope['window_days']} days before: {reason}." if reason else ""
