"""The views and table macros of schema main, over small corpora written by hand."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.models import Model, read_macros, read_models
from frontmart.warehouse.macros import create_macros
from tests.sql.frames import SQL, Rows, at, corpus, document, frame, link, person, warehouse_of

MODELS = read_models(SQL)
MACROS = read_macros(SQL, MODELS)
VIEWS = [model for model in MODELS if model.layer == "main"]


READ_BY_MACROS = sorted({name for macro in MACROS for name in macro.reads})


@contextmanager
def asked(folder: Path, documents: Iterable[Rows]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of documents with the macros and all that they read."""
    with warehouse_of(folder, documents, *READ_BY_MACROS) as con:
        create_macros(con, MACROS)
        yield con


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of 200 documents with all models and macros, to read."""
    with warehouse_of(tmp_path_factory.mktemp("whole"), corpus(200)) as con:
        create_macros(con, MACROS)
        yield con


def ids(con: duckdb.DuckDBPyConnection, call: str) -> list[str]:
    return [row[0] for row in con.execute(f"select document_id from {call}").fetchall()]


def by_name(model: Model) -> str:
    return model.name


# Views


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS, ids=by_name)
def test_the_key_of_a_view_is_unique(whole: duckdb.DuckDBPyConnection, view: Model) -> None:
    """Builds check the keys of tables, and not those of views."""
    key = ", ".join(view.key)
    ((rows, keys),) = whole.execute(f"select count(*), count(distinct ({key})) from main.{view.name}").fetchall()
    assert rows == keys > 0


def test_articles_have_names_in_place_of_ids_and_exclude_people(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["Zinc", "AI"], provider="x.com/ann", published="2026-01-02T08:00", heat=3, images=["u"]),
        document("b", related=[link("https://c")]),
        document("c", url="https://c", is_published=True, quality=9, type="video"),
        person("d", topics=["AI"]),
    ]
    with warehouse_of(tmp_path, documents, "main.articles") as con:
        found = frame(con, "select * exclude (title, path) from main.articles order by document_id")
    expected = pl.DataFrame(
        {
            "document_id": ["a", "b", "c"],
            "published_date": [at("2026-01-02").date(), None, None],
            "provider_name": ["ANN", None, None],
            "topics": ["Zinc; AI", None, None],
            "type": ["article", "article", "video"],
            "kind": ["news", "other", "other"],
            "heat": [3, None, None],
            "quality": [None, None, 9],
            "is_published": [None, None, True],
            "has_image": [True, False, False],
            "event_id": ["a", None, None],
            "event_article_count": [1, None, None],
            "cluster_id": ["a", "b", "b"],
            "cluster_article_count": [1, 2, 2],
            "canonical_url": [None, None, "https://c"],
        }
    )
    assert_frame_equal(found, expected, check_dtypes=False)


def test_a_cluster_is_shown_with_who_was_first(tmp_path: Path) -> None:
    documents = [
        document("a", provider="x.com/ann", published="2026-01-02T08:00", url="https://a", heat=7, topics=["Law"]),
        document(
            "b", provider="y.com/bob", published="2026-01-01T20:00", related=[link("https://a")], topics=["AI", "Law"]
        ),
    ]
    with warehouse_of(tmp_path, documents, "main.clusters") as con:
        found = frame(con, "from main.clusters")
    expected = pl.DataFrame(
        {
            "cluster_id": ["a"],
            "title": ["Title of a"],
            "article_count": [2],
            "provider_count": [2],
            "topic_count": [2],
            "topics": ["Law; AI"],
            "first_published_at": [at("2026-01-01T20:00")],
            "last_published_at": [at("2026-01-02T08:00")],
            "span_hours": [12.0],
            "first_provider_name": ["BOB"],
            "max_heat": [7],
        }
    )
    assert_frame_equal(found, expected, check_dtypes=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("view", "mart"),
    [("topics", "coverage_by_topic"), ("providers", "provider_report"), ("authors", "author_report")],
)
def test_topics_providers_and_authors_are_columns_of_their_marts(
    whole: duckdb.DuckDBPyConnection, view: str, mart: str
) -> None:
    found, expected = frame(whole, f"from main.{view}"), frame(whole, f"from marts.{mart}")
    assert found.height > 0
    assert_frame_equal(found, expected.select(found.columns))


# Macros


def test_a_macro_has_the_name_of_no_function_keyword_or_view(tmp_path: Path) -> None:
    """A macro called like a function of DuckDB would hide it, and one called like a keyword cannot be called."""
    names = [macro.name for macro in MACROS]
    with duckdb.connect() as con:
        functions = con.execute("select distinct function_name from duckdb_functions()").fetchall()
        reserved = con.execute("from duckdb_keywords() where keyword_category <> 'unreserved'").fetchall()
    assert {name for name, *_ in [*functions, *reserved]}.isdisjoint(names)
    assert names
    assert {view.name for view in VIEWS}.isdisjoint(names)


@pytest.mark.parametrize("macro", MACROS, ids=by_name)
def test_no_parameter_is_called_like_a_column(macro: Model) -> None:
    """Within a macro the name of a parameter goes before that of a column."""
    columns = {column for model in MODELS for column in model.columns}
    assert columns.isdisjoint(macro.parameters)


@pytest.mark.slow
@pytest.mark.parametrize("macro", MACROS, ids=by_name)
def test_a_macro_says_what_it_is_for(whole: duckdb.DuckDBPyConnection, macro: Model) -> None:
    rows = whole.execute(
        "select comment from duckdb_functions() where schema_name = 'main' and function_name = $1", [macro.name]
    ).fetchall()
    ((comment,),) = rows
    assert comment.startswith(f"{macro.description} Grain: {macro.grain}")
    assert all(parameter.description in comment for parameter in macro.parameters.values())


@pytest.mark.parametrize("asked_for", ["'c#'", "' C# '", "'C#', grain := 'month'"])
def test_coverage_of_a_topic_is_its_series_with_gaps(tmp_path: Path, asked_for: str) -> None:
    documents = [
        document("a", topics=["C#"], published="2025-11-03", provider="x.com/ann"),
        document("b", topics=["c#", "C"], published="2026-01-03"),
        document("c", topics=["C"], published="2025-12-03"),
    ]
    with asked(tmp_path, documents) as con:
        found = frame(con, f"from coverage({asked_for})")
    expected = pl.DataFrame(
        {
            "period_start_date": [at(f"{month}-01").date() for month in ("2025-11", "2025-12", "2026-01")],
            "article_count": [1, 0, 1],
            "news_article_count": [1, 0, 1],
            "event_count": [1, 0, 1],
            "cluster_count": [1, 0, 1],
            "provider_count": [1, 0, 0],
            "article_share": [1.0, 0.0, 1.0],
            "tagged_news_share": [1.0, 0.0, 1.0],
            "previous_article_count": [None, 1, 0],
            "growth_share": [None, -1.0, None],
            "cumulative_article_count": [1, 1, 2],
            "is_period_complete": [False, True, False],
        }
    )
    assert_frame_equal(found, expected, check_dtypes=False)


def test_growth_compares_the_last_days_with_as_many_before(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI", "Law"], published="2026-01-31", provider="x.com/ann"),
        document("b", topics=["AI"], published="2026-01-25", provider="y.com/bob"),
        document("c", topics=["AI"], published="2026-01-24", provider="y.com/bob"),
        document("d", topics=["Art"], published="2026-01-18"),
        document("e", topics=["Old"], published="2026-01-17"),
        document("f", topics=["AI"]),
    ]
    with asked(tmp_path, documents) as con:
        found = frame(con, "from growth(days := 7)")
    expected = pl.DataFrame(
        {
            "topic": ["Law", "AI", "Art"],
            "is_emerging": [False] * 3,
            "topic_share": [0.5, 1.0, 0.0],
            "previous_topic_share": [0.0, 0.5, 0.5],
            "share_difference": [0.5, 0.5, -0.5],
            "observed_count": [1, 2, 0],
            "previous_observed_count": [0, 1, 1],
            "base_count": [2] * 3,
            "previous_base_count": [2] * 3,
            "p_value": [None] * 3,
            "q_value": [None] * 3,
            "topic_id": ["law", "ai", "art"],
        }
    ).sort("share_difference", "observed_count", descending=True)
    assert_frame_equal(found.drop("share_difference_low", "share_difference_high"), expected, check_dtypes=False)


def test_growth_over_28_days_is_the_momentum_of_the_mart(tmp_path: Path) -> None:
    days = [str(at("2026-01-31").date() - timedelta(days=number)) for number in range(30)]
    documents = [
        document(f"d{number}", topics=["New" if number < 9 else "Old", f"T{number % 3}"], published=day)
        for number, day in enumerate(days)
    ]
    # The family of the q-value is one window here, and three in the mart.
    with warehouse_of(tmp_path, documents, *READ_BY_MACROS, "marts.topic_momentum") as con:
        create_macros(con, MACROS)
        found = frame(con, "select * exclude (q_value, is_emerging) from growth() order by topic_id")
        mart = frame(con, "from marts.topic_momentum where window_days = 28 order by topic_id")
    assert found["p_value"].count() == 5
    assert_frame_equal(found, mart.select(found.columns))


def test_articles_are_found_by_topic_provider_and_day_the_latest_first(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["C", "C#"], provider="x.com/ann", published="2026-01-01T23:59"),
        document("b", topics=["c"], provider="y.com/ann", published="2026-01-02"),
        document("c", topics=["C++"], provider="x.com/bob", published="2026-01-03"),
        document("d", topics=["C"], provider="z.com/eve"),
        person("e", topics=["C"], published="2026-01-02"),
    ]
    with asked(tmp_path, documents) as con:
        assert ids(con, "articles_about('C')") == ["b", "a", "d"]
        assert ids(con, "articles_about('c++')") == ["c"]
        assert ids(con, "provider('Ann')") == ["b", "a"]
        assert ids(con, "provider('X.COM')") == ["c", "a"]
        assert ids(con, "provider('x.com/ann')") == ["a"]
        assert ids(con, "since('2026-01-02')") == ["c", "b"]
        assert ids(con, "since(date '2026-01-01', last_day := '2026-01-02')") == ["b", "a"]


def test_articles_are_found_by_author_the_latest_first(tmp_path: Path) -> None:
    documents = [
        document("a", authors=["Ann Lee"], published="2026-01-01", topics=["C"]),
        document("b", authors=["ann lee & Bob"], published="2026-01-02", type="video"),
        document("c", authors=["Bob"]),
        person("d", authors=["Ann Lee"]),
    ]
    with asked(tmp_path, documents) as con:
        found = frame(con, "from author(' ANN lee')")
        assert ids(con, "author('ann-lee')") == ["b", "a"]
        assert ids(con, "author('Bob')") == ["b", "c"]
    expected = pl.DataFrame(
        {
            "document_id": ["b", "a"],
            "published_date": [at("2026-01-02").date(), at("2026-01-01").date()],
            "author_name": ["Ann Lee"] * 2,
            "title": ["Title of b", "Title of a"],
            "topics": [None, "C"],
            "type": ["video", "article"],
            "kind": ["other", "news"],
            "author_count": [2, 1],
        }
    )
    assert_frame_equal(found, expected, check_dtypes=False)


def test_search_requires_all_words_in_any_order_and_ranks_titles_first(tmp_path: Path) -> None:
    documents = [
        document("a", title="Night Café routes", published="2026-01-01"),
        document("b", title="Cafés", excerpt="Routes at night", published="2026-01-03"),
        document("c", title="Routes", excerpt="cafe", topics=["Night life"]),
        document("d", title="Routes", excerpt="cafe"),
        document("e", title="Night routes"),
        person("f", excerpt="night cafe routes"),
    ]
    with asked(tmp_path, documents) as con:
        assert ids(con, "search('cafe  NIGHT route')") == ["a", "b", "c"]
        assert ids(con, "search('100%')") == []
        assert ids(con, "search(' ')") == []


def test_a_cluster_is_found_by_any_of_its_articles_and_listed_in_order(tmp_path: Path) -> None:
    """A date outside the calendar gave hours before the first article: minus 35 years for one of 1990."""
    documents = [
        document("q1", title="The bridge", published="2026-01-01T10:00", url="https://a", provider="x.com/ann"),
        document("q2", title="It opens", published="2026-01-01T13:30", related=[link("https://a")], heat=5),
        document("q3", title="Another bridge"),
        document("q4", title="Undated", related=[link("https://a")], type="course"),
        document("q5", title="Of the past", published="1989-12-31", related=[link("https://a")]),
        document("q6", title="Of the future", published="2099-01-01", related=[link("https://a")]),
    ]
    with asked(tmp_path, documents) as con:
        found = frame(con, "from cluster('OPENS')")
        assert ids(con, "cluster('bridge')") == ["q1", "q2", "q5", "q6", "q4", "q3"]
        for id_ in ("q1", "q2", "q2.md", "https://a"):
            assert ids(con, f"cluster('{id_}')") == ["q1", "q2", "q5", "q6", "q4"]
    expected = pl.DataFrame(
        {
            "cluster_id": ["q1"] * 5,
            "published_at": [
                at("2026-01-01T10:00"), at("2026-01-01T13:30"), at("1989-12-31"), at("2099-01-01"), None,
            ],
            "hours_after_first": [0.0, 3.5, None, None, None],
            "provider_name": ["ANN", None, None, None, None],
            "title": ["The bridge", "It opens", "Of the past", "Of the future", "Undated"],
            "kind": ["news", "news", "news", "news", "learning"],
            "heat": [None, 5, None, None, None],
            "is_head": [False, True, False, False, False],
            "canonical_url": ["https://a", None, None, None, None],
            "document_id": ["q1", "q2", "q5", "q6", "q4"],
        }
    )  # fmt: skip
    assert_frame_equal(found, expected, check_dtypes=False)


def one_event(articles: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Articles whose titles begin with the same word are one event, called like the first of them by id."""
    word = pl.col("title").str.split(" ").list.first()
    return articles.select("document_id", event_id=pl.col("document_id").min().over(word))


EVENTS = [
    document("b", title="Bridge opens", published="2026-01-01T10:00", url="https://b", provider="x.com/ann", heat=7),
    document("c", title="Bridge open", published="2026-01-01T10:00", provider="y.com/bob"),
    document("a", title="Bridge more", published="2026-01-03T13:30", provider="x.com/ann"),
    document("d", title="Flood", published="2026-01-02", provider="y.com/bob"),
    document("e", title="Bridge undated"),
    document("f", title="Bridge course", published="2026-01-01", type="course"),
]


def test_an_event_is_found_by_any_of_its_articles_and_who_was_first_at_once_shares_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.events.group.group_events", one_event)
    with asked(tmp_path, EVENTS) as con:
        found = frame(con, "from event('BRIDGE')")
        for id_ in ("a", "b", "c", "c.md", "https://b", "more"):
            assert ids(con, f"event('{id_}')") == ["b", "c", "a"]
        for what in ("e.md", "undated", " "):
            with pytest.raises(duckdb.InvalidInputException, match="event: no news article has"):
                ids(con, f"event('{what}')")
    expected = pl.DataFrame(
        {
            "event_id": ["a"] * 3,
            "published_at": [at("2026-01-01T10:00"), at("2026-01-01T10:00"), at("2026-01-03T13:30")],
            "hours_after_first": [0.0, 0.0, 51.5],
            "is_first": [True, True, False],
            "provider_name": ["ANN", "BOB", "ANN"],
            "title": ["Bridge opens", "Bridge open", "Bridge more"],
            "heat": [7, None, None],
            "canonical_url": ["https://b", None, None],
            "document_id": ["b", "c", "a"],
        }
    )
    assert_frame_equal(found, expected, check_dtypes=False)


def test_events_are_shown_the_largest_first_and_articles_with_the_size_of_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.events.group.group_events", one_event)
    with warehouse_of(tmp_path, EVENTS, "main.events", "main.articles") as con:
        found = frame(con, "from main.events")
        articles = con.execute(
            "select document_id, kind, event_id, event_article_count from main.articles order by document_id"
        ).fetchall()
    expected = pl.DataFrame(
        {
            "title": ["Bridge opens", "Flood"],
            "article_count": [3, 1],
            "provider_count": [2, 1],
            "first_published_at": [at("2026-01-01T10:00"), at("2026-01-02")],
            "last_published_at": [at("2026-01-03T13:30"), at("2026-01-02")],
            "span_hours": [51.5, 0.0],
            "event_id": ["a", "d"],
        }
    )
    assert_frame_equal(found, expected, check_dtypes=False)
    assert articles == [
        ("a", "news", "a", 3),
        ("b", "news", "a", 3),
        ("c", "news", "a", 3),
        ("d", "news", "d", 1),
        ("e", "other", None, None),
        ("f", "learning", None, None),
    ]


def test_related_topics_are_symmetric(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI", "Law"]),
        document("b", topics=["AI", "Law"]),
        document("c", topics=["AI"]),
        document("d", topics=["Art", "AI"]),
    ]
    columns = "topic, article_count, article_share, other_article_share, topic_id"
    with asked(tmp_path, documents) as con:
        from_ai = con.execute(f"select {columns} from related_topics('ai')").fetchall()
        from_law = con.execute(f"select {columns} from related_topics('Law')").fetchall()
    assert from_ai == [("Law", 2, 0.5, 1.0, "law"), ("Art", 1, 0.25, 1.0, "art")]
    assert from_law == [("AI", 2, 1.0, 0.5, "ai")]


def test_a_former_name_gives_the_same_rows_and_names_its_replacement(tmp_path: Path) -> None:
    renamed = {macro.formerly: macro.name for macro in MACROS if macro.formerly}
    assert renamed == {"about": "articles_about", "together": "related_topics"}
    with asked(tmp_path, [document("a", topics=["AI", "Law"]), document("b", topics=["AI", "C#"])]) as con:
        for former, name in renamed.items():
            rows = frame(con, f"from {name}('ai')")
            assert rows.height > 0
            assert_frame_equal(frame(con, f"from {former}('AI')"), rows)
            ((comment,),) = con.execute(
                "select comment from duckdb_functions() where schema_name = 'main' and function_name = $1", [former]
            ).fetchall()
            assert comment.startswith(f"Deprecated: call {name}(topic_name). ")


def test_the_mean_of_integers_is_exact_and_leaves_nulls_out(tmp_path: Path) -> None:
    with asked(tmp_path, []) as con:
        query = "select exact_mean(n) from (values (1, 9007199254740993), (1, 1), (1, null), (2, null)) as v(g, n)"
        assert con.execute(f"{query} group by g order by g").fetchall() == [(4503599627370497.0,), (None,)]


# Arguments that match nothing


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of a few documents with the macros, to read."""
    documents = [
        document(
            "a",
            title="Night bridge opens",
            topics=["Cycling", "C#"],
            provider="x.com/ann",
            authors=["Ann Lee"],
            published="2026-01-01",
        ),
        document("b", title="Bridge of the night", topics=["Cyclists"], provider="x.com/bob", published="2026-01-02"),
        document("c", title="Undated", type="course"),
    ]
    with asked(tmp_path_factory.mktemp("small"), documents) as con:
        yield con


TOPIC = "no topic is called"
DAY = "write it as '2021-01-31'"
TITLE = "has in its title, or as its id, path or URL,"
LOOK = "write a part of a title, or look for one with search()"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("articles_about('cyclng')", f"articles_about: {TOPIC} 'cyclng'; did you mean 'Cycling' or 'Cyclists'?"),
        ("about('cyclng')", f"articles_about: {TOPIC} 'cyclng'; did you mean 'Cycling' or 'Cyclists'?"),
        ("articles_about('Zzz')", f"articles_about: {TOPIC} 'Zzz'; `from topics` lists them"),
        ("articles_about('')", f"articles_about: {TOPIC} ''; `from topics` lists them"),
        ("articles_about(null)", f"articles_about: {TOPIC} NULL; `from topics` lists them"),
        ("coverage('ycl')", f"coverage: {TOPIC} 'ycl'; did you mean 'Cycling' or 'Cyclists'?"),
        ("related_topics('C')", f"related_topics: {TOPIC} 'C'; did you mean 'C#' or 'Cycling' or 'Cyclists'?"),
        ("together('Zzz')", f"related_topics: {TOPIC} 'Zzz'; `from topics` lists them"),
        ("coverage('c#', grain := 'fortnight')",
         "coverage: grain is 'fortnight'; write week, month, quarter or year"),
        ("coverage('c#', grain := null)", "coverage: grain is NULL; write week, month, quarter or year"),
        ("provider('anne')", "provider: no provider is called 'anne'; did you mean 'ANN'?"),
        ("provider('y.com')", "provider: no provider is called 'y.com'; did you mean 'x.com'?"),
        ("provider('Zzz')", "provider: no provider is called 'Zzz'; `from providers` lists them"),
        ("author('Ann')", "author: no author is called 'Ann'; did you mean 'Ann Lee'?"),
        ("event('bridge night')",
         f"event: no news article {TITLE} 'bridge night'; did you mean 'Bridge of the night' or 'Night bridge opens'?"),
        ("event('undated')", f"event: no news article {TITLE} 'undated'; {LOOK}"),
        ("cluster('bridge moon night')",
         f"cluster: no article {TITLE} 'bridge moon night'; "
         "did you mean 'Bridge of the night' or 'Night bridge opens'?"),
        ("event('of bridge of it')", f"event: no news article {TITLE} 'of bridge of it'; {LOOK}"),
        ("cluster(null)", f"cluster: no article {TITLE} NULL; {LOOK}"),
        ("cluster(' ')", f"cluster: no article {TITLE} ' '; {LOOK}"),
        ("since('yesterday')", f"since: first_day is 'yesterday'; {DAY}"),
        ("since('2026-01-01', last_day := '2026-13-01')", f"since: last_day is '2026-13-01'; {DAY}"),
        ("since('2026-01-02', last_day := '2026-01-01')", "since: first_day is after last_day; swap them"),
        ("growth(0)", "growth: days is '0'; write a number from 1 to 36500"),
        ("growth('a week')", "growth: days is 'a week'; write a number from 1 to 36500"),
    ],
)  # fmt: skip
def test_an_argument_that_matches_nothing_is_an_error_of_one_line(
    small: duckdb.DuckDBPyConnection, call: str, message: str
) -> None:
    for query in ("from {}", "select count(*) from {}", "select title from articles where exists (from {})"):
        with pytest.raises(duckdb.InvalidInputException) as caught:
            small.execute(query.format(call)).fetchall()
        assert str(caught.value).removeprefix("Invalid Input Error: ") == message


@pytest.mark.parametrize(
    "call",
    ["coverage('c#', grain := 'YEAR')", "since('2099-01-01')", "growth(1)", "event('bridge')", "cluster('undated')",
     "search('nothing')", "related_topics('c#')", "provider('ANN')", "author('ann lee')", "articles_about('c#')",
     "since((select date '2026-01-02'))", "articles_about((select 'C#'))"],
)  # fmt: skip
def test_an_argument_that_matches_is_no_error_however_the_query_is_planned(
    small: duckdb.DuckDBPyConnection, call: str
) -> None:
    for setting in ("pragma enable_optimizer", "pragma disable_optimizer"):
        small.execute(setting)
        try:
            small.execute(f"from {call}").fetchall()
        finally:
            small.execute("pragma enable_optimizer")


def test_the_error_comes_even_if_the_corpus_has_no_topics_providers_and_authors(tmp_path: Path) -> None:
    with asked(tmp_path, [document("a")]) as con:
        for name in ("articles_about", "coverage", "related_topics", "provider", "author"):
            with pytest.raises(duckdb.InvalidInputException, match=f"^Invalid Input Error: {name}: no "):
                con.execute(f"from {name}('x')").fetchall()
