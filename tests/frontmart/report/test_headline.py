"""The first sentences of a report: enough support, nothing by chance, all of one window, four at most."""

import datetime as dt

import polars as pl
import pytest

from frontmart.report.headline import headline
from frontmart.report.queries import Tables
from frontmart.report.wording import Name
from tests.frontmart.report.newsroom import with_scope

pytestmark = pytest.mark.slow

WINDOW = "7 days to 30 Jan 2026"
EVENT = {
    "event_rank": [1, 2], "event_id": ["e", "f"], "title": ["The bridge", "The ferry"], "article_count": [5, 3],
    "organisation_count": [5, 3], "copy_count": [2, 0], "first_published_at": [dt.datetime(2026, 1, 26, 6)] * 2,
    "span_hours": [49.0, 0.2], "new_event_count": [6, 6],
}  # fmt: skip
MEMBERS = {
    "event_rank": [1, 1, 1, 1, 1, 2], "organisation_rank": [1, 2, 3, 4, 5, 1],
    "organisation_name": ["ONE", "TWO", "THREE", "FOUR", "FIVE", "OTHER"], "lag_hours": [0.0, 3.0, 4.0, 5.0, 49.0, 0.0],
    "is_first": [True, False, False, False, False, True],
}  # fmt: skip
MOVED = {
    "topic_id": ["a", "b"], "topic": ["A", "B"], "observed_count": [30, 2], "base_count": [60, 60],
    "previous_base_count": [50, 50], "topic_share": [0.5, 0.03], "previous_topic_share": [0.2, 0.2],
    "share_difference": [0.3, -0.17], "share_difference_low": [0.15, -0.25], "share_difference_high": [0.42, -0.05],
    "is_emerging": [True, False],
}  # fmt: skip
BURST = {
    "burst_rank": [1, 2], "subject_kind": ["topic", "provider"], "subject_id": ["a", "p.com/big"],
    "subject": ["A", "BIG"],
    "first_week_start_date": [dt.date(2026, 1, 26)] * 2, "week_count": [1, 1], "observed_count": [12, 9],
    "base_count": [40, 40], "expected_count": [3.25, 2.0], "q_value": [0.01, 0.02],
}  # fmt: skip
BREAK = {
    "period_start_date": [dt.date(2026, 1, 1), dt.date(2025, 8, 1)],
    "period_end_date": [dt.date(2026, 1, 31), dt.date(2025, 8, 31)],
    "break_reason": ["news articles from 4.5 to 105; tagged from 4 to 41 percent", "providers from 9 to 2"],
    "is_in_window": [True, False],
}


def texts(tables: Tables) -> list[str]:
    return ["".join(sentence) for sentence in headline(tables).sentences]


def frames(tables: Tables, **found: dict[str, list[object]]) -> Tables:
    """The tables with other rows, of windows that can be compared."""
    comparable = tables["topics"].with_columns(break_reason=pl.lit(None, pl.String))
    return {**tables, "topics": comparable, **{name: pl.DataFrame(rows) for name, rows in found.items()}}


def test_without_enough_support_it_says_plainly_that_nothing_stood_out(newsroom_tables: Tables) -> None:
    found = headline(newsroom_tables)
    assert ["".join(sentence) for sentence in found.sentences] == [
        f"Nothing stood out among 7 news articles in the {WINDOW}."
    ]
    assert found.note == (
        "No new event has 3 organisations, the number of events is not far from that before and collection did not "
        "break. Topics are not compared with the 7 days before: one of the two has fewer than 20 tagged events."
    )
    comparable = headline(frames(newsroom_tables)).note
    assert comparable.endswith("no topic rose or fell beyond chance and collection did not break.")


def test_the_largest_new_event_has_its_organisations_and_who_was_first(newsroom_tables: Tables) -> None:
    tables = frames(newsroom_tables, new_events=EVENT, new_event_organisations=MEMBERS)
    assert texts(tables) == [
        f"“The bridge” is the largest of 6 new events in the {WINDOW}: 5 news articles from 5 organisations (ONE, TWO, "
        "THREE and 2 more), 2 of them copies, over 2 days; ONE was first, 3 hours before the next."
    ]
    names = [part for part in headline(tables).sentences[0] if isinstance(part, Name)]
    assert names == ["The bridge", "ONE", "TWO", "THREE", "ONE"]
    assert [(name.kind, name.key) for name in names] == [("event", "e"), *[("provider", "")] * 4]
    tie = MEMBERS | {"is_first": [True, True, False, False, False, True], "lag_hours": [0.0, 0.0, 0.5, 5.0, 9.0, 0.0]}
    tables = frames(newsroom_tables, new_events=EVENT, new_event_organisations=tie)
    assert texts(tables)[0].endswith("; 2 organisations were first at once, less than an hour before the next.")
    few = EVENT | {"organisation_count": [2, 2]}
    tables = frames(newsroom_tables, new_events=few, new_event_organisations=MEMBERS)
    assert texts(tables)[0].startswith("Nothing stood out")


def test_topics_that_moved_beyond_chance_have_both_shares_and_their_bases(newsroom_tables: Tables) -> None:
    assert texts(frames(newsroom_tables, momentum=MOVED)) == [
        f"A rose to 50\u00a0% of 60 tagged events in the {WINDOW}, from 20\u00a0% of 50 in the 7 days before (+15.0 to "
        "+42.0 points at 95\u00a0% confidence).",
        f"B fell to 3\u00a0% of 60 tagged events in the {WINDOW}, from 20\u00a0% of 50 in the 7 days before (−25.0 to "
        "−5.0 points at 95\u00a0% confidence).",
    ]


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (90, 30, f"Events rose to 90 in the {WINDOW}, from 30 in the 7 days before (×3)."),
        (30, 90, f"Events fell to 30 in the {WINDOW}, from 90 in the 7 days before (−67\u00a0%)."),
        (45, 10, f"Events rose to 45 in the {WINDOW}, from 10 in the 7 days before."),
        (33, 30, None),  # by chance
        (2_000, 1_700, None),  # no chance, but not far
        (15, 1, None),  # of too few
    ],
)
def test_the_volume_is_said_if_it_is_far_from_that_before(
    newsroom_tables: Tables, now: int, before: int, text: str | None
) -> None:
    windows = newsroom_tables["windows"].with_columns(event_count=pl.Series([now, before]))
    found = texts({**newsroom_tables, "windows": windows})
    assert found == [text] if text else found[0].startswith("Nothing stood out")
    uncovered = windows.with_columns(is_covered=pl.Series([True, False]))
    assert texts({**newsroom_tables, "windows": uncovered})[0].startswith("Nothing stood out")


def test_a_burst_is_said_unless_its_topic_is_already(newsroom_tables: Tables) -> None:
    week = f"in the week of 26 Jan 2026, where the weeks around predict {{}} (within the {WINDOW})."
    topic, provider = (
        f"{name} had {count} events of 40 {week.format(expected)}"
        for name, count, expected in (("A", 12, "3.2"), ("BIG", 9, "2.0"))
    )
    assert texts(frames(newsroom_tables, window_bursts=BURST)) == [topic, provider]
    found = texts(frames(newsroom_tables, window_bursts=BURST, momentum=MOVED))
    assert (len(found), found[2]) == (3, provider)


def test_a_break_of_collection_in_the_window_is_said_in_plain_words(newsroom_tables: Tables) -> None:
    assert texts(frames(newsroom_tables, collection_breaks=BREAK)) == [
        f"In Jan 2026, which the {WINDOW} reach into, collection or the news itself broke with the months before: the "
        "number of news articles went from 4.5 to 105 and the share of news with a topic went from 4 to 41 percent."
    ]


def test_files_that_were_refused_and_articles_without_a_date_are_said_from_a_share_on(newsroom_tables: Tables) -> None:
    files = newsroom_tables["files"].with_columns(file_count=pl.lit(100), reject_count=pl.lit(27))
    tables = with_scope(
        {**newsroom_tables, "files": files}, article_count=200, all_article_count=201, undated_article_count=50
    )
    missing = f"no number of the {WINDOW} counts them."
    assert texts(tables) == [
        f"27 of 100 files (27\u00a0%) could not be read: {missing}",
        f"50 of 200 news articles (25\u00a0%) have no date: {missing}",
    ]
    few = {**newsroom_tables, "files": files.with_columns(reject_count=pl.lit(4))}
    assert texts(few)[0].startswith("Nothing stood out")


def test_there_are_four_sentences_at_most_and_what_broke_is_one_of_them(newsroom_tables: Tables) -> None:
    windows = newsroom_tables["windows"].with_columns(event_count=pl.Series([90, 30]))
    tables = frames(
        {**newsroom_tables, "windows": windows}, new_events=EVENT, new_event_organisations=MEMBERS, momentum=MOVED,
        window_bursts=BURST, collection_breaks=BREAK,
    )  # fmt: skip
    beginnings = [text[:11] for text in texts(tables)]
    assert beginnings == ["“The bridge", "Events rose", "A rose to 5", "In Jan 2026"]
    assert all(WINDOW in text for text in texts(tables))
    unbroken = {**tables, "collection_breaks": tables["collection_breaks"].clear()}
    assert [text[:11] for text in texts(unbroken)][3] == "B fell to 3"


def test_a_corpus_shorter_than_its_window_or_without_dates_or_articles_says_so(newsroom_tables: Tables) -> None:
    windows = newsroom_tables["windows"].with_columns(is_covered=pl.lit(False))
    late = with_scope({**newsroom_tables, "windows": windows}, first_article_date=dt.date(2026, 1, 29))
    assert texts(late) == [
        f"7 news articles in the {WINDOW}: nothing can be compared, since the corpus begins on 29 Jan 2026."
    ]
    undated = with_scope(newsroom_tables, first_date=None)
    assert texts(undated) == ["None of 13 news articles has a date, so there are no charts over time."]
    empty = with_scope(newsroom_tables, article_count=0)
    assert texts(empty) == ["This snapshot has no articles; build from a folder with articles."]
