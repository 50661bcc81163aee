"""The summary of a report: four key figures, and sentences on the whole corpus."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from frontmart.report import coverage_tables
from frontmart.report.base import span, staleness
from frontmart.report.kpis import Kpi, kpis
from frontmart.report.labels import name_places
from frontmart.report.queries import Tables
from frontmart.report.summary import dating, sentences
from frontmart.report.wording import Name
from tests.frontmart.report.newsroom import tables_of, with_scope
from tests.sql.frames import document

pytestmark = pytest.mark.slow


def texts(tables: Tables) -> list[str]:
    return ["".join(sentence) for sentence in sentences(tables)]


def without_lines(tables: Tables) -> list[Kpi]:
    return [Kpi(each.label, each.value, each.before, each.year, each.trend) for each in kpis(tables)]


def trend(tables: Tables, column: str, values: dict[int, int], *, covered: bool = True) -> Tables:
    """The tables with other numbers of a column, by window; every window is covered, or none."""
    numbers = pl.col("window_number").replace_strict(values, default=pl.col(column))
    return {**tables, "trend": tables["trend"].with_columns(numbers.alias(column), is_covered=pl.lit(covered))}


def test_four_figures_have_the_window_before_and_why_there_is_no_year_before(newsroom_tables: Tables) -> None:
    begins = "no year-on-year: the corpus begins on 16 Jan 2026"
    assert without_lines(newsroom_tables) == [
        Kpi("News articles, last 7 days", "7", "5 in the 7 days before", begins),
        Kpi("Events, last 7 days", "6", "5 in the 7 days before", begins),
        Kpi("Providers, last 7 days", "2", "1 in the 7 days before", begins),
        Kpi("Topics, last 7 days", "2", "2 in the 7 days before", begins),
    ]
    assert all(each.line is None for each in kpis(newsroom_tables))


def test_a_change_has_a_percentage_of_a_large_base_and_a_direction_beyond_chance(newsroom_tables: Tables) -> None:
    first = kpis(trend(newsroom_tables, "article_count", {0: 60, 1: 30, -1: 40}))[0]
    assert (first.before, first.trend) == ("30 in the 7 days before (+100\u00a0%)", "up")
    assert first.year == "40 a year before (+50\u00a0%)"
    first = kpis(trend(newsroom_tables, "article_count", {0: 33, 1: 30, -1: 19}))[0]
    assert (first.before, first.trend) == ("30 in the 7 days before (+10\u00a0%)", "none")
    assert first.year == "19 a year before: too few for a percentage"
    first = kpis(trend(newsroom_tables, "article_count", {0: 10, 1: 30}))[0]
    assert first.trend == "down"


def test_the_line_of_a_figure_ends_with_it_and_says_its_numbers(newsroom_tables: Tables) -> None:
    line = kpis(trend(newsroom_tables, "article_count", {0: 8, 1: 2, **dict.fromkeys(range(2, 13), 4)}))[0].line
    assert line is not None
    assert line.label == "News articles by 7 days, 13 in a row: first 4, last 8, lowest 2, highest 8"
    assert line.points.split()[-1] == f"{line.last[0]},{line.last[1]}" == "117.0,3.0"
    assert line.points.split()[0] == "3.0,16.0"


def test_a_break_of_collection_within_the_year_forbids_a_comparison_of_what_it_moved(newsroom_tables: Tables) -> None:
    tables = trend(newsroom_tables, "article_count", {0: 60, -1: 40})
    tables = trend(tables, "topic_count", {0: 60, -1: 40})
    broken = pl.DataFrame(
        {
            "period_start_date": [dt.date(2025, 6, 1), dt.date(2024, 1, 1)],
            "period_end_date": [dt.date(2025, 6, 30), dt.date(2024, 1, 31)],
            "break_reason": ["tagged from 4 to 41 percent", "news articles from 1 to 50"],
            "is_in_window": [False, False],
        }
    )
    found = {each.label: each.year for each in kpis({**tables, "collection_breaks": broken})}
    assert found["News articles, last 7 days"] == "40 a year before (+50\u00a0%)"
    assert found["Topics, last 7 days"] == "no year-on-year: collection broke in Jun 2025"


def test_days_after_the_corpus_are_compared_with_nothing(newsroom_tables: Tables) -> None:
    tables = with_scope(newsroom_tables, first_article_date=dt.date(2020, 1, 1), window_end_date=dt.date(2026, 3, 1))
    first = kpis(trend(tables, "article_count", {}, covered=False))[0]
    assert first.before == "nothing to compare with: the corpus ends on 30 Jan 2026"
    assert (first.year, first.line) == ("", None)


def test_sentences_say_what_is_counted_who_leads_and_what_is_biggest(newsroom_tables: Tables) -> None:
    assert texts(newsroom_tables) == [
        "Of 14 articles, 13 are news: this report counts them alone, not the 1 learning article.",
        "B is the most frequent topic, on 6 of 13 news articles (46\u00a0%).",
        "BIG leads with 12 of 13 news articles that have a provider (92\u00a0%).",
        "The biggest of 12 events, “The bridge” of 26 Jan 2026, has 2 articles of 2 organisations over 4 days; SMALL "
        "was first.",
        "Of 15 files seen, 1 file was rejected; of 13 news articles, 2 have no topic.",
    ]


def test_the_biggest_event_of_all_dates_has_its_copies_and_says_that_several_were_first(
    newsroom_tables: Tables,
) -> None:
    copied = newsroom_tables["events"].with_columns(copy_count=pl.lit(1))
    assert (
        "has 2 articles of 2 organisations, 1 of them a copy, over 4 days; "
        in texts({**newsroom_tables, "events": copied})[3]
    )
    tie = newsroom_tables["events"].with_columns(
        first_organisation_count=pl.lit(2), first_organisation_name=pl.lit(None, pl.String)
    )
    assert texts({**newsroom_tables, "events": tie})[3].endswith(" over 4 days; several published first at once.")


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
    assert [row[column].sort for row in table.rows] == [0.3, 0.3]


def test_equals_are_named_together_and_a_crowd_of_equals_not_at_all(newsroom_tables: Tables) -> None:
    def equal(count: int) -> list[str]:
        rows = {
            "topic": list("ABCD")[:count],
            "topic_id": list("abcd")[:count],
            "article_count": [6] * count,
            "article_share": [0.5] * count,
        }
        blank = newsroom_tables["topics"].clear().select("topic_share", "break_reason", "topic_count")
        tables = {**newsroom_tables, "topics": pl.concat([pl.DataFrame(rows), blank], how="diagonal")}
        return [text for text in texts(tables) if "most frequent" in text]

    assert equal(2) == ["A and B are the most frequent topics, each on 6 of 13 news articles (50\u00a0%)."]
    assert equal(3)[0].startswith("A, B and C are the most frequent")
    assert equal(4) == []


def test_omnipresent_topics_pairs_and_concentration_are_said_with_their_base(newsroom_tables: Tables) -> None:
    tables = {
        **newsroom_tables,
        "omnipresent_topics": pl.DataFrame({"topic_id": ["x"], "topic": ["X"], "tagged_news_share": [0.95]}),
        "pairs": pl.DataFrame(
            {
                "topic_a": ["A"],
                "topic_b": ["B"],
                "topic_id_a": ["a"],
                "topic_id_b": ["b"],
                "observed_count": [12],
                "expected_count": [3.4],
            }
        ),
        "concentration": pl.DataFrame(
            {"provided_article_count": [13], "top_5_article_count": [9], "effective_provider_count": [4.25]}
        ),
    }
    found = texts(with_scope(tables, provider_count=8))
    assert (
        "X is on 95\u00a0% of the news articles with a topic, so it tells none of them apart: topics, pairs and charts "
        "leave it out."
    ) in found
    assert ("A and B occur together most beyond chance: 12 events have both, where chance predicts 3.4.") in found
    assert (
        "BIG leads with 12 of 13 news articles that have a provider (92\u00a0%); the five largest of 8 providers "
        "publish 69\u00a0%, and all are as concentrated as 4.2 providers of equal size."
    ) in found


def test_what_files_gave_is_set_apart_in_a_sentence(newsroom_tables: Tables) -> None:
    found = sentences(newsroom_tables)
    assert [[part for part in sentence if isinstance(part, Name)] for sentence in found] == [
        [], ["B"], ["BIG"], ["The bridge", "SMALL"], ["2 have no topic"],
    ]  # fmt: skip


def test_a_report_without_news_says_that_it_counts_all(tmp_path: Path) -> None:
    tables = tables_of(tmp_path, [document("a", type="course", published="2025-06-01"), document("b", type="sample")])
    assert texts(tables)[0] == (
        "None of 2 articles is news, so this report counts all of them: 1 download and 1 learning article."
    )


def test_kinds_and_providers_most_of_which_have_no_date_are_named(newsroom_tables: Tables) -> None:
    assert dating(newsroom_tables) == []
    undated = {
        "kinds": pl.DataFrame(
            {"kind": ["learning", "news"], "article_count": [1415, 19], "dated_article_count": [0, 0]}
        ),
        "provider_completeness": pl.DataFrame(
            {"provider_name": ["BIG", "SMALL"], "article_count": [40, 40], "date_share": [0.25, 0.5]}
        ),
    }
    assert ["".join(sentence) for sentence in dating({**newsroom_tables, **undated})] == [
        "0 (0\u00a0%) have a date, of 1,415 articles of kind learning.",
        "10 (25\u00a0%) have a date, of 40 articles of BIG.",
    ]


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


def test_the_span_is_that_of_the_counted_articles(newsroom_tables: Tables) -> None:
    assert span(newsroom_tables["scope"].row(0, named=True)) == "16 Jan 2026 to 30 Jan 2026"
    one = with_scope(newsroom_tables, first_article_date=dt.date(2026, 1, 30))
    assert span(one["scope"].row(0, named=True)) == "30 Jan 2026"
    none = with_scope(newsroom_tables, first_date=None)
    assert span(none["scope"].row(0, named=True)) is None


def test_a_name_leads_to_the_page_of_its_id_whatever_else_has_the_same_name(newsroom_tables: Tables) -> None:
    events = newsroom_tables["event_list"]
    twins = events.vstack(events.with_columns(event_id=pl.lit("later")))
    topics = newsroom_tables["topic_list"].with_columns(topic=pl.lit("Same"))
    place_of = name_places({**newsroom_tables, "event_list": twins, "topic_list": topics})
    title = str(events["title"][0])
    assert place_of(Name(title, "event", "later")) == events.height
    assert place_of(Name(title, "event", events["event_id"][0])) == 0
    assert place_of(Name(title, "event", "gone")) is None
    assert [place_of(Name("Same", "topic", id_)) for id_ in topics["topic_id"]] == [0, 1]
    # Without an id a name that several have leads nowhere, and one of another kind is another name.
    assert place_of(Name("Same", "topic")) is None
    assert place_of(Name("SMALL", "topic")) is None
    assert place_of(Name("SMALL", "provider")) is not None
    assert place_of(Name("anything")) is None


def test_what_is_no_event_of_several_articles_is_called_an_article(newsroom_tables: Tables) -> None:
    site = with_scope(newsroom_tables, shared_event_count=0)
    assert "one of the two has fewer than 20 tagged news articles" in coverage_tables.topics(site).note
    pairs = pl.DataFrame(
        {"topic_a": ["A"], "topic_b": ["B"], "topic_id_a": ["a"], "topic_id_b": ["b"], "observed_count": [12],
         "expected_count": [3.4]}
    )  # fmt: skip
    assert "A and B occur together most beyond chance: 12 news articles have both, where chance predicts 3.4." in texts(
        {**site, "pairs": pairs}
    )
