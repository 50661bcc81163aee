"""The queries of a report: what they count, the windows of the marts, the length of periods, the rows left out."""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.models import Model, read_report
from frontmart.report.queries import Tables, run_report_queries
from frontmart.warehouse.previous import PreviousSnapshot
from tests.sql.frames import (
    SQL,
    Rows,
    corpus,
    document,
    group_by_excerpt,
    issue,
    previous_of,
    reject,
    skipped,
    warehouse_of,
)

pytestmark = pytest.mark.slow

# The figures of the report about a topic, a provider and an author, and the marts that have them too.
SHARED = [
    ("topics", "coverage_by_topic", "topic_id"),
    ("providers", "provider_report", "provider_id"),
    ("authors", "author_report", "author_id"),
]


@cache
def queries() -> dict[str, Model]:
    """The queries of the report in order, by full name."""
    return {query.full_name: query for query in read_report(SQL)}


def tables_of(
    folder: Path,
    documents: Sequence[Rows],
    *names: str,
    as_of: dt.date = dt.date(2026, 1, 31),
    is_as_of_given: bool = False,
    previous: PreviousSnapshot | None = None,
) -> Tables:
    """The results of the queries named, and of those that they read, over the models that they need."""
    wanted = {f"report.{name}" for name in names}
    for query in reversed(queries().values()):
        if query.full_name in wanted:
            wanted |= query.reads
    chosen = [query for name, query in queries().items() if name in wanted]
    models = wanted - set(queries())
    given = {"as_of": as_of, "is_as_of_given": is_as_of_given, "previous": previous}
    with warehouse_of(folder, documents, *models, **given) as con:
        con.execute("create schema report")
        for query in chosen:
            con.execute(f"create table {query.full_name} as {query.sql}")
        return {query.name: con.sql(f"from {query.full_name} order by {', '.join(query.key)}").pl() for query in chosen}


def mart(folder: Path, query: str) -> pl.DataFrame:
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as con:
        return con.sql(query).pl()


def mixed(count: int) -> list[Rows]:
    """The corpus of `frames`, each fourth article of which is a course, over 200 days to 20 January 2026."""
    documents = corpus(count)
    for number, rows in enumerate(documents):
        for row in rows.get("documents", []):
            row["type"] = "course" if number % 4 == 1 else row["type"]
            row["excerpt"] = f"Event {number // 3}"
            if row["published_at"]:
                row["published_at"] = dt.datetime(2026, 1, 20) - dt.timedelta(days=number % 200)
    return documents


@pytest.fixture(scope="module")
def mixed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of `mixed`: read it only."""
    folder = tmp_path_factory.mktemp("mixed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("transforms.events.group.group_events", group_by_excerpt)
        with warehouse_of(folder, mixed(400), is_as_of_given=False):
            pass
    return folder


@pytest.fixture(scope="module")
def mixed_tables(mixed_folder: Path) -> Tables:
    return run_report_queries(mixed_folder / "warehouse.duckdb", "512MB")


def test_headers_name_the_columns_and_keys_that_queries_return(mixed_tables: Tables) -> None:
    for query in read_report(SQL):
        frame = mixed_tables[query.name]
        assert frame.columns == list(query.columns), query.name
        assert frame.select(query.key).is_unique().all(), query.name
        assert_frame_equal(frame, frame.sort(query.key))


def test_an_empty_warehouse_has_a_scope_and_nothing_to_draw(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, []):
        pass
    tables = run_report_queries(tmp_path / "warehouse.duckdb", "512MB")
    scope = tables["scope"].row(0, named=True)
    assert (scope["has_news"], scope["first_date"], scope["period_grain"]) == (False, None, "month")
    one_row = {"scope", "files", "concentration"}
    assert {name for name, frame in tables.items() if frame.height} == one_row


@pytest.mark.parametrize(("name", "of", "key"), SHARED)
def test_tables_of_the_report_and_the_marts_have_the_same_numbers(
    mixed_folder: Path, mixed_tables: Tables, name: str, of: str, key: str
) -> None:
    days = mixed_tables["scope"]["window_days"][0]
    measured = mart(
        mixed_folder,
        f"""
        select
            {key}, news_article_count as article_count, event_count,
            last_{days}_days_article_count as window_article_count,
            previous_{days}_days_article_count as previous_window_article_count
        from marts.{of}
        """,
    )
    shown = mixed_tables[name]
    common = [column for column in measured.columns if column in shown.columns]
    assert shown.height == min(100, measured.filter(pl.col("article_count") > 0).height) > 3
    assert shown["window_article_count"].sum() > 0
    assert_frame_equal(
        shown.select(common).sort(key),
        shown.select(key).join(measured.select(common), on=key).sort(key),
        check_dtypes=False,
    )


def test_the_key_figures_are_those_of_the_marts(mixed_folder: Path, mixed_tables: Tables) -> None:
    scope = mixed_tables["scope"].row(0, named=True)
    days, (now, before) = scope["window_days"], mixed_tables["windows"].rows(named=True)
    by_provider = mart(
        mixed_folder,
        f"""
        select
            sum(last_{days}_days_article_count) as last_count,
            sum(previous_{days}_days_article_count) as previous_count,
            count(*) filter (where last_{days}_days_article_count > 0) as provider_count,
            sum(news_article_count) as news_count
        from marts.provider_report
        """,
    ).row(0, named=True)
    assert (now["article_count"], before["article_count"]) == (by_provider["last_count"], by_provider["previous_count"])
    assert now["provider_count"] == by_provider["provider_count"]
    assert scope["article_count"] == by_provider["news_count"]
    kinds = mart(mixed_folder, "select kind, article_count, dated_article_count from marts.coverage_by_kind order by 1")
    assert_frame_equal(mixed_tables["kinds"], kinds)
    dates = mart(mixed_folder, "select * from core.corpus_dates").row(0, named=True)
    assert {name: scope[name] for name in dates} == dates
    assert now["last_date"] == dates["window_end_date"] == dates["last_article_date"]


def test_speed_and_momentum_are_those_of_the_marts(mixed_folder: Path, mixed_tables: Tables) -> None:
    columns = ["shared_event_count", "firsts", "expected_firsts", "first_ratio", "median_lag_hours"]
    speed = mart(mixed_folder, f"select provider_id, {', '.join(columns)} from marts.provider_report")
    shown = mixed_tables["providers"].select("provider_id", *columns).sort("provider_id")
    assert shown["shared_event_count"].sum() > 0
    assert_frame_equal(shown, shown.select("provider_id").join(speed, on="provider_id").sort("provider_id"))
    columns = ["topic_share", "previous_topic_share", "share_difference", "q_value", "is_comparable", "break_reason"]
    days = mixed_tables["scope"]["window_days"][0]
    moved = mart(
        mixed_folder, f"select topic_id, {', '.join(columns)} from marts.topic_momentum where window_days = {days}"
    )
    shown = mixed_tables["topics"].select("topic_id", *columns).sort("topic_id")
    assert shown["topic_share"].count() > 3
    assert_frame_equal(shown, moved.sort("topic_id"))


def test_new_events_breaks_and_bursts_are_those_of_core_and_the_marts(mixed_folder: Path, mixed_tables: Tables) -> None:
    scope = mixed_tables["scope"].row(0, named=True)
    first = scope["window_end_date"] - dt.timedelta(days=scope["window_days"] - 1)
    begun = f"""
        select event_id, title, article_count, organisation_count, first_published_at, span_hours,
            count(*) over () as new_event_count
        from core.events
        where cast(first_published_at as date) between '{first}' and '{scope["window_end_date"]}'
        order by organisation_count desc, article_count desc, last_published_at desc, event_id
        limit 5
    """
    new = mixed_tables["new_events"]
    assert new.height == 5
    assert_frame_equal(new.drop("event_rank", "copy_count"), mart(mixed_folder, begun))
    members = mixed_tables["new_event_organisations"].group_by("event_rank").len().sort("event_rank")
    assert members["len"].to_list() == new["organisation_count"].to_list()
    breaks = "select period_start_date, break_reason from marts.collection_health where is_break order by 1"
    found = mixed_tables["collection_breaks"].select("period_start_date", "break_reason")
    assert_frame_equal(found, mart(mixed_folder, breaks))
    bursts = f"""
        select topic as subject, observed_count from marts.topic_bursts
        where first_week_start_date >= '{first}' and last_week_start_date <= '{scope["window_end_date"]}'
        order by 1
    """
    found = mixed_tables["window_bursts"].filter(subject_kind="topic").select("subject", "observed_count")
    assert_frame_equal(found.sort("subject"), mart(mixed_folder, bursts))


def test_the_lines_of_figures_are_windows_in_a_row_and_one_of_the_same_weekdays_a_year_before(tmp_path: Path) -> None:
    days = ("2024-12-31", "2025-01-01", "2025-12-02", "2025-12-29", "2025-12-30", "2025-12-31")
    articles = [document(f"a{day}", topics=[day], provider=f"p/{day}", published=day) for day in days]
    trend = tables_of(tmp_path, articles, "trend", as_of=dt.date(2025, 12, 31))["trend"]
    assert trend["window_number"].to_list() == [*range(-1, 13)]
    assert set(trend["last_date"].dt.weekday()) == {3}
    year, now, before = trend.filter(pl.col("window_number") < 2).rows(named=True)
    assert (year["last_date"], now["last_date"]) == (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert (now["article_count"], now["provider_count"], now["topic_count"], now["event_count"]) == (3, 3, 3, 3)
    assert (before["last_date"], before["article_count"]) == (dt.date(2025, 12, 3), 1)
    assert (year["article_count"], year["is_covered"], now["is_covered"]) == (2, False, True)


def test_what_scores_are_is_that_of_news(mixed_folder: Path, mixed_tables: Tables) -> None:
    found = mart(
        mixed_folder,
        "select score, finding, score_article_count, article_count from marts.score_profile where kind = 'news' "
        "order by score",
    )
    assert found["score"].to_list() == ["heat", "quality"]
    assert_frame_equal(mixed_tables["scores"], found)


def test_news_alone_is_counted_and_all_articles_if_there_is_none(tmp_path: Path) -> None:
    courses = [document(f"c{place}", type="course", topics=["T"], published="2026-01-10") for place in range(3)]
    news = document("n", topics=["T"], published="2026-01-05", provider="p/x")
    tables = tables_of(tmp_path / "news", [*courses, news], "topics", "article_list")
    scope = tables["scope"].row(0, named=True)
    assert (scope["has_news"], scope["article_count"], scope["all_article_count"]) == (True, 1, 4)
    assert scope["last_article_date"] == scope["window_end_date"] == dt.date(2026, 1, 5)
    assert tables["topics"]["article_count"].to_list() == [1]
    assert tables["article_list"]["path"].to_list() == ["c0.md", "c1.md", "c2.md", "n.md"]
    tables = tables_of(tmp_path / "none", courses, "topics", "windows")
    scope = tables["scope"].row(0, named=True)
    assert (scope["has_news"], scope["article_count"], scope["event_count"]) == (False, 3, 0)
    assert tables["topics"].select("article_count", "window_article_count").rows() == [(3, 3)]
    assert tables["windows"]["article_count"].to_list() == [3, 0]


@pytest.mark.parametrize(
    ("first", "grain", "days", "periods"),
    [("2026-01-01", "week", 7, 5), ("2024-06-15", "month", 28, 20), ("2018-03-01", "quarter", 90, 33),
     ("1998-12-31", "year", 90, 29)],
)  # fmt: skip
def test_the_longer_the_span_the_longer_its_periods(
    tmp_path: Path, first: str, grain: str, days: int, periods: int
) -> None:
    tables = tables_of(tmp_path, [document("a", published=first), document("b", published="2026-01-30")], "periods")
    scope = tables["scope"].row(0, named=True)
    assert (scope["period_grain"], scope["window_days"]) == (grain, days)
    numbers = tables["periods"]["period_number"].to_list()
    assert numbers == list(range(periods))
    complete = tables["periods"]["is_period_complete"].to_list()
    assert (complete[0], complete[-1]) == (first == "2018-01-01", False)
    assert all(complete[1:-1])


def test_no_period_is_after_the_last_article(tmp_path: Path) -> None:
    articles = [document(f"a{day}", published=f"2025-03-{day:02}") for day in (1, 20, 21, 22, 28)]
    tables = tables_of(tmp_path, articles, "windows", "periods")
    assert_frame_equal(
        tables["windows"].select("window_number", "first_date", "last_date", "is_covered", "article_count"),
        pl.DataFrame(
            {
                "window_number": [0, 1],
                "first_date": [dt.date(2025, 3, 22), dt.date(2025, 3, 15)],
                "last_date": [dt.date(2025, 3, 28), dt.date(2025, 3, 21)],
                "is_covered": [True, True],
                "article_count": [2, 2],
            }
        ),
        check_dtypes=False,
    )
    ends = tables["periods"].select("period_end_date", "is_period_complete")
    assert ends.rows()[-2:] == [(dt.date(2025, 3, 23), True), (dt.date(2025, 3, 30), False)]


def test_a_day_that_was_given_ends_the_windows_and_no_later_article_is_in_them(tmp_path: Path) -> None:
    names = ("topics", "providers", "authors")
    days = ("2026-01-03", "2026-01-08", "2026-01-20", "2026-01-21")
    articles = [document(f"a{day}", topics=["T", day], provider="p/x", authors=["A"], published=day) for day in days]
    tables = tables_of(tmp_path, articles, "windows", *names, as_of=dt.date(2026, 1, 10), is_as_of_given=True)
    assert tables["scope"]["window_end_date"][0] == dt.date(2026, 1, 10)
    assert tables["windows"].select("article_count", "is_covered").rows() == [(1, False), (1, False)]
    for name in names:
        row = tables[name].row(0, named=True)
        assert (row["window_article_count"], row["previous_window_article_count"]) == (1, 1), name


def test_one_old_article_does_not_extend_the_charts(tmp_path: Path) -> None:
    recent = [document(f"a{number}", published=f"2026-01-{number % 28 + 1:02}") for number in range(200)]
    documents = [document("old", published="1995-05-05"), *recent, document("undated", type="blog")]
    tables = tables_of(tmp_path, documents, "coverage")
    scope = tables["scope"].row(0, named=True)
    assert (scope["period_grain"], scope["first_date"]) == ("week", dt.date(2026, 1, 1))
    assert scope["undated_article_count"] == 1
    outside = tables["coverage"].filter(period_number=-1)
    assert outside["article_count"].to_list() == [2]
    assert tables["coverage"]["article_count"].sum() == scope["article_count"] == 202


def test_counts_add_up_including_parts_that_are_not_drawn(mixed_tables: Tables) -> None:
    tables = mixed_tables
    drawn = tables["topics"].filter(pl.col("topic_rank") <= 12)
    by_topic = tables["topic_coverage"].group_by("topic_rank").agg(pl.col("article_count").sum()).sort("topic_rank")
    assert_frame_equal(by_topic, drawn.select("topic_rank", "article_count"))
    ranks = tables["coverage"]["provider_rank"].unique().to_list()
    assert (min(ranks), max(ranks)) == (0, 40)
    by_provider = tables["coverage"].filter(pl.col("provider_rank") > 0).group_by("provider_rank")
    assert_frame_equal(
        by_provider.agg(pl.col("article_count").sum()).sort("provider_rank"),
        tables["providers"].filter(pl.col("provider_rank") <= 40).select("provider_rank", "article_count"),
    )


def test_omnipresent_topics_are_in_no_table_of_topics_and_pairs_are_more_than_chance(tmp_path: Path) -> None:
    articles = [
        document(f"a{number}", published="2026-01-02", authors=["A"],
                 topics=["All", *(("X", "Y") if number < 12 else (f"T{number % 9}", f"U{number % 7}"))])
        for number in range(75)
    ]  # fmt: skip
    tables = tables_of(tmp_path, articles, "topics", "authors", "windows", "pairs")
    assert tables["omnipresent_topics"].rows() == [("all", "All", 75, 1.0)]
    assert "All" not in tables["topics"]["topic"].to_list()
    assert tables["authors"]["top_topic"].to_list() == ["X"]
    assert tables["windows"]["topic_count"][0] == 18
    assert tables["pairs"].select("topic_a", "topic_b", "observed_count", "pair_count").rows() == [("X", "Y", 12, 1)]
    assert tables["pairs"]["q_value"][0] <= 0.05


def test_events_are_sorted_by_organisations_then_articles_and_ties_of_first_are_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.events.group.group_events", group_by_excerpt)

    def article(name: str, event: str, provider: str, published: str) -> Rows:
        url = f"https://x/{name}"
        title = f"What {event} brings to readers everywhere"
        columns = {"url": url, "excerpt": event, "title": title, "provider": provider, "published": published}
        return document(name, topics=["T"], **columns)

    tables = tables_of(
        tmp_path,
        [
            article("a", "old", "a.com/one", "2025-12-02"),
            article("b", "old", "b.com/two", "2025-12-01"),
            article("c", "tie", "a.com/one", "2026-01-04"),
            article("d", "tie", "b.com/two", "2026-01-04"),
            article("e", "own", "a.com/one", "2026-01-05"),
            article("f", "own", "a.com/one", "2026-01-06"),
            article("g", "own", "a.com/one", "2026-01-07"),
            article("h", "alone", "a.com/one", "2026-01-07"),
        ],
        "event_list",
        "topic_list",
    )
    columns = ("event_rank", "window_rank", "event_id", "article_count", "organisation_count", "copy_count", "url",
               "first_organisation_count", "first_organisation_name")  # fmt: skip
    assert tables["events"].select(columns).rows() == [
        (1, 1, "tie", 2, 2, 1, "https://x/c", 2, None),
        (2, None, "old", 2, 2, 1, "https://x/b", 1, "TWO"),
        (3, 2, "own", 3, 1, 0, "https://x/e", 1, "ONE"),
    ]
    assert tables["scope"].select("event_count", "shared_event_count").rows() == [(4, 3)]
    shared = ("event_id", "article_count", "organisation_count", "copy_count", "topic_count", "first_organisation_name")
    assert_frame_equal(tables["event_list"].select(shared), tables["events"].select(shared))
    assert tables["topic_list"].rows() == [(1, "t", "T", False, 8)]


def test_the_effective_number_of_providers_is_that_of_providers_of_equal_size(tmp_path: Path) -> None:
    providers = ["p/a"] * 4 + ["p/b"] * 4 + [f"q/{name}" for name in "cd"]
    articles = [document(f"a{place}", provider=name, published="2026-01-02") for place, name in enumerate(providers)]
    row = tables_of(tmp_path, articles, "concentration")["concentration"].row(0, named=True)
    assert (row["provided_article_count"], row["top_5_article_count"]) == (10, 10)
    assert row["effective_provider_count"] == pytest.approx(100 / 34)


def test_rejects_and_issues_are_counted_by_reason(tmp_path: Path) -> None:
    documents = [document("a"), issue("a", "images[0].width", "wide"), reject("b"), reject("c"), skipped("d")]
    tables = tables_of(tmp_path, documents, "files", "rejects", "field_issues")
    assert tables["files"].rows() == [(4, 1, 2, 1, 1)]
    assert tables["rejects"].select("path", "reason_count").rows() == [("b.md", 2), ("c.md", 2)]
    assert tables["field_issues"].rows() == [("images.width", "no such thing", 1, 1, "a.md", "wide")]


def test_fields_of_most_documents_come_first_with_the_least_complete_on_top(tmp_path: Path) -> None:
    documents = [document("a", excerpt="E", locale="en"), document("b", excerpt="E"), document("c")]
    shares = tables_of(tmp_path, documents, "field_completeness")["field_completeness"].filter(type_rank=0)
    fields = shares.sort("field_number")["source_field"].to_list()
    assert fields.index("excerpt") < fields.index("title") < fields.index("locale")


def test_warnings_of_drift_come_first_then_the_largest_changes(tmp_path: Path) -> None:
    before = [document(f"a{number}", topics=["Old"], excerpt="E") for number in range(20)]
    now = [document(f"a{number}", topics=["New"]) for number in range(20)]
    previous = previous_of(tmp_path / "before", before)
    documents = [*now, document("b", topics=["Other"])]
    drift = tables_of(tmp_path / "now", documents, "drift", previous=previous, is_as_of_given=True)["drift"]
    weights = drift["is_warning"].to_list()
    assert weights == sorted(weights, reverse=True)
    assert drift["change_rank"].to_list() == list(range(1, drift.height + 1))
    assert set(drift["total_count"]) == {drift.height}
    assert set(drift["warning_count"]) == {sum(weights)}
    assert drift["kind"][-1] == "new_topic"
    assert "vanished_topic" in drift.filter(pl.col("is_warning"))["kind"]
