"""The summary of a report: key figures with their changes, and sentences on the main findings."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from frontmart.report import coverage_tables
from frontmart.report.base import staleness
from frontmart.report.kpis import Kpi, kpis
from frontmart.report.queries import Tables, run_report_queries
from frontmart.report.summary import sentences
from frontmart.report.wording import Name
from tests.sql.frames import Rows, document, group_by_excerpt, reject, warehouse_of

pytestmark = pytest.mark.slow


def tables_of(folder: Path, documents: Sequence[Rows]) -> Tables:
    with warehouse_of(folder, documents, is_as_of_given=False):
        pass
    return run_report_queries(folder / "warehouse.duckdb", "512MB")


def newsroom() -> list[Rows]:
    """Two topics in two weeks to 30 January; two providers report one event; a course, and a file that is rejected."""
    days = {"A": (20, 27, 28, 29, 30), "B": (16, 19, 20, 21, 22, 28)}
    articles = [
        document(
            f"{topic}{day}", topics=[topic], provider="p.com/big", published=f"2026-01-{day}", images=["https://i"]
        )
        for topic, found in days.items()
        for day in found
    ]
    one = document("one", excerpt="Bridge", title="The bridge", provider="q.com/small", published="2026-01-26T06:00")
    return [
        *articles,
        one,
        document("two", excerpt="Bridge", provider="p.com/big", published="2026-01-29T18:00"),
        document("course", type="course", topics=["A"], published="2026-01-29", provider="p.com/big"),
        reject("bad"),
    ]


@pytest.fixture(scope="module")
def newsroom_tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("frontmart.warehouse.events.group_events", group_by_excerpt)
        return tables_of(tmp_path_factory.mktemp("newsroom"), newsroom())


def with_scope(tables: Tables, **columns: object) -> Tables:
    """The tables with other values in their scope."""
    return {**tables, "scope": tables["scope"].with_columns(**{name: pl.lit(value) for name, value in columns.items()})}


def texts(tables: Tables) -> list[str]:
    return ["".join(sentence) for sentence in sentences(tables)]


def test_the_strip_has_the_window_before_and_no_percentage_of_few(newsroom_tables: Tables) -> None:
    assert kpis(newsroom_tables) == [
        Kpi("News articles, last 7 days", "7", "5 in the 7 days before", "up"),
        Kpi("Events, last 7 days", "6", "5 in the 7 days before", "up"),
        Kpi("Topics, last 7 days", "2", "2 in the 7 days before"),
        Kpi("Providers, last 7 days", "2", "1 in the 7 days before", "up"),
        Kpi("News articles with an image, last 7 days", "71\u00a0%", "5 of 7"),
        Kpi("News articles in total", "13", "of 14 articles, 2 providers"),
        Kpi("Last news article", "30 Jan 2026", "1 day before 31 Jan 2026"),
        Kpi("Rejected files", "1", "7\u00a0% of 15 files"),
    ]


def test_a_large_base_has_a_percentage_and_a_window_that_is_not_covered_no_comparison(newsroom_tables: Tables) -> None:
    windows = newsroom_tables["windows"].with_columns(article_count=pl.Series([30, 20]))
    assert kpis({**newsroom_tables, "windows": windows})[0].note == "20 in the 7 days before (+50\u00a0%)"
    windows = windows.with_columns(is_covered=pl.Series([True, False]))
    uncovered = {**newsroom_tables, "windows": windows}
    assert (kpis(uncovered)[0].note, kpis(uncovered)[0].trend) == ("the 7 days before are not comparable", "none")
    assert texts(uncovered)[1] == (
        "30 news articles were published in the 7 days to 30 Jan 2026; the corpus begins on 16 Jan 2026, after the "
        "7 days before."
    )


def test_sentences_say_what_is_counted_who_leads_and_what_is_biggest(newsroom_tables: Tables) -> None:
    assert texts(newsroom_tables) == [
        "Of 14 articles, 13 are news: this report counts them alone, not the 1 learning article.",
        "7 news articles were published in the 7 days to 30 Jan 2026, after 5 in the 7 before.",
        "Biggest event of the 7 days to 30 Jan 2026: “The bridge” (2 articles of 2 organisations over 4 days).",
        "Topics of the 7 days to 30 Jan 2026 are not compared with the 7 days before: one of the two has fewer than 20 "
        "tagged events.",
        "B is the most frequent topic, on 6 of 13 news articles (46\u00a0%), of all dates.",
        "BIG leads with 12 of 13 news articles that have a provider (92\u00a0%).",
        "Of 15 files seen, 1 file was rejected; of 13 news articles, 2 have no topic.",
    ]


def test_the_biggest_event_of_all_dates_names_who_was_first_or_that_several_were(newsroom_tables: Tables) -> None:
    events = newsroom_tables["events"].with_columns(window_rank=pl.lit(None, pl.Int64))
    tables = {**newsroom_tables, "events": events}
    assert texts(tables)[2] == "No event was reported by several articles in the 7 days to 30 Jan 2026."
    biggest = "The biggest of 12 events, “The bridge” of 26 Jan 2026, has 2 articles of 2 organisations over 4 days; "
    assert f"{biggest}SMALL was first." in texts(tables)
    copied = events.with_columns(copy_count=pl.lit(1))
    assert (
        "has 2 articles of 2 organisations, 1 of them a copy, over 4 days; " in texts({**tables, "events": copied})[-2]
    )
    tie = events.with_columns(first_organisation_count=pl.lit(2), first_organisation_name=pl.lit(None, pl.String))
    assert f"{biggest}several published first at once." in texts({**tables, "events": tie})


MOVED = {
    "topic_id": ["a", "b"], "topic": ["A", "B"], "observed_count": [30, 2], "base_count": [60, 60],
    "topic_share": [0.5, 0.03], "previous_topic_share": [0.2, 0.2], "share_difference": [0.3, -0.17],
    "share_difference_low": [0.15, -0.25], "share_difference_high": [0.42, -0.05], "is_emerging": [True, False],
}  # fmt: skip


def test_topics_gain_and_lose_only_what_is_beyond_chance(newsroom_tables: Tables) -> None:
    topics = newsroom_tables["topics"].with_columns(break_reason=pl.lit(None, pl.String))
    tables = {**newsroom_tables, "topics": topics}
    assert texts(tables)[3] == (
        "No topic gained or lost share beyond chance from the 7 days before to the 7 days to 30 Jan 2026."
    )
    found = texts({**tables, "momentum": pl.DataFrame(MOVED)})
    assert found[3:5] == [
        "A gained most: 50\u00a0% of 60 tagged events in the 7 days to 30 Jan 2026, after 20\u00a0% in the 7 before "
        "(+15.0 to +42.0 points at 95\u00a0% confidence).",
        "B lost most: 3\u00a0% of 60 tagged events in the 7 days to 30 Jan 2026, after 20\u00a0% in the 7 before "
        "(−25.0 to −5.0 points at 95\u00a0% confidence).",
    ]


def test_the_table_of_topics_has_shares_only_of_windows_that_can_be_compared(newsroom_tables: Tables) -> None:
    bare = coverage_tables.topics(newsroom_tables)
    assert [name for name in bare.columns if "share" in name.lower()] == ["Share"]
    assert bare.note == (
        "Of 13 news articles; last 7 days to 30 Jan 2026. Shares of the 7 days to 30 Jan 2026 and of the 7 before are "
        "not compared: one of the two has fewer than 20 tagged events."
    )
    topics = newsroom_tables["topics"].with_columns(
        break_reason=pl.lit(None, pl.String), topic_share=0.5, previous_topic_share=0.2, share_difference=0.3,
        share_difference_low=0.15, share_difference_high=0.42, q_value=pl.Series([0.05, 0.06]),
    )  # fmt: skip
    table = coverage_tables.topics({**newsroom_tables, "topics": topics})
    column = list(table.columns).index("Difference")
    assert [row[column].text for row in table.rows] == ["+30.0 (+15.0 to +42.0) *", "+30.0 (+15.0 to +42.0)"]


def test_equals_are_named_together_and_a_crowd_of_equals_not_at_all(newsroom_tables: Tables) -> None:
    def equal(count: int) -> list[str]:
        rows = {"topic": list("ABCD")[:count], "article_count": [6] * count, "article_share": [0.5] * count}
        blank = newsroom_tables["topics"].clear().select("topic_share", "break_reason", "topic_count")
        tables = {**newsroom_tables, "topics": pl.concat([pl.DataFrame(rows), blank], how="diagonal")}
        return [text for text in texts(tables) if "most frequent" in text]

    assert equal(2) == [
        "A and B are the most frequent topics, each on 6 of 13 news articles (50\u00a0%), of all dates."
    ]
    assert equal(3)[0].startswith("A, B and C are the most frequent")
    assert equal(4) == []


def test_omnipresent_topics_pairs_and_concentration_are_said_with_their_base(newsroom_tables: Tables) -> None:
    tables = {
        **newsroom_tables,
        "omnipresent_topics": pl.DataFrame({"topic_id": ["x"], "topic": ["X"], "tagged_news_share": [0.95]}),
        "pairs": pl.DataFrame({"topic_a": ["A"], "topic_b": ["B"], "observed_count": [12], "expected_count": [3.4]}),
        "concentration": pl.DataFrame(
            {"provided_article_count": [13], "top_5_article_count": [9], "effective_provider_count": [4.25]}
        ),
    }
    found = texts(with_scope(tables, provider_count=8))
    assert (
        "X is on 95\u00a0% of the news articles with a topic, so it tells none of them apart: topics, pairs and charts "
        "leave it out."
    ) in found
    assert (
        "A and B occur together most beyond chance: 12 events of all dates have both, where chance predicts 3.4."
    ) in found
    assert (
        "BIG leads with 12 of 13 news articles that have a provider (92\u00a0%); the five largest of 8 providers "
        "publish 69\u00a0%, and all are as concentrated as 4.2 providers of equal size."
    ) in found


def test_what_files_gave_is_set_apart_in_a_sentence(newsroom_tables: Tables) -> None:
    found = sentences(newsroom_tables)
    assert [[part for part in sentence if isinstance(part, Name)] for sentence in found] == [
        [], [], ["The bridge"], [], ["B"], ["BIG"], [],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "first"),
    [
        ([], "This snapshot has no articles; build from a folder with articles."),
        ([document("a", type="blog")], "None of 1 article has a date, so there are no charts over time."),
        (
            [document("a", type="course", published="2025-06-01"), document("b", type="sample")],
            "None of 2 articles is news, so this report counts all of them: 1 download and 1 learning article.",
        ),
    ],
    ids=["nothing", "no date", "no news"],
)
def test_missing_dates_news_or_articles_are_stated_first(tmp_path: Path, documents: list[Rows], first: str) -> None:
    assert texts(tables_of(tmp_path, documents))[0] == first


def test_how_old_the_corpus_is_stands_with_the_end_of_windows_and_the_base(newsroom_tables: Tables) -> None:
    assert staleness(newsroom_tables["scope"].row(0, named=True)) == (
        "The last news article is of 30 Jan 2026, 1 day before this report; windows of 7 days end on that day. This "
        "report counts 13 news articles of 14 articles."
    )
    given = with_scope(newsroom_tables, window_end_date=dt.date(2026, 2, 2), all_article_count=13)
    assert staleness(given["scope"].row(0, named=True)) == (
        "The last article is of 30 Jan 2026, 1 day before this report; windows of 7 days end on 2 Feb 2026. This "
        "report counts 13 articles."
    )
