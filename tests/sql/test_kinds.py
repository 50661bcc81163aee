"""The kind of articles: staging.documents.kind, kind_sign and marts.coverage_by_kind."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.models import read_functions
from frontmart.warehouse.macros import create_functions
from tests.sql.frames import SQL, Rows, document, frame, person, warehouse_of
from transforms.vocabulary import Preset

DAY = "2026-01-05"


@pytest.fixture(scope="module")
def functions() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        create_functions(con, read_functions(SQL))
        yield con


def signs(con: duckdb.DuckDBPyConnection, names: list[str | None]) -> dict[str | None, str | None]:
    query = "select name, kind_sign(name) from (select unnest($1::varchar[]) as name)"
    return dict(con.execute(query, [names]).fetchall())


def test_a_name_stands_for_a_kind_as_a_whole_or_by_its_last_word(functions: duckdb.DuckDBPyConnection) -> None:
    expected = {
        "webinar": "event",
        " Webinars ": "event",
        "_events": "event",
        "Virtual Event": "event",
        "on-demand webinar": "event",
        "the-first-day-of-the-event": None,
        "event-horizon": None,
        "talks": "event",
        "press-releases": "news",
        "press": "news",
        "releases": None,
        "_posts": "news",
        "blog_posts": "news",
        "company-news": "news",
        "newsletter": "newsletter",
        "Weekly  Newsletter": "newsletter",
        "samples": "download",
        "White Paper": "download",
        "paper": None,
        "Learning Path": "learning",
        "path": None,
        "video-course": "learning",
        "profile": "other",
        "organizations": "other",
        "article": None,
        "post": None,
        "video": None,
        "podcast": None,
        "notes": None,
        "新闻": None,
        "": None,
        None: None,
    }
    assert signs(functions, list(expected)) == expected


# A path, a type and a category, each of a dated document with a title, and its kind.
SMARTABLE = [
    ("_news/a.md", "article", "news", "news"),
    ("_news/b.md", "article", None, "news"),
    ("_news/c.md", "video", None, "news"),
    ("_news/d.md", None, None, "news"),
    ("_events/e.md", "webinar", None, "event"),
    ("_events/f.md", "article", None, "event"),
    ("_events/g.md", None, None, "event"),
    ("_learning/videos/h.md", "video", None, "learning"),
    ("_learning/courses/i.md", "course", None, "learning"),
    ("_learning/collections/j.md", "collection", None, "learning"),
    ("_learning/k.md", "article", "news", "news"),
    ("_samples/l.md", "download", None, "download"),
    ("_downloads/m.md", None, None, "download"),
    ("_newsletters/n.md", "article", None, "newsletter"),
    ("_games/o.md", "video", None, "other"),
    ("_games/p.md", "article", None, "news"),
    ("_podcasts/q.md", "podcast", None, "other"),
    ("r.md", "Article", None, "news"),
    ("s.md", None, None, "other"),
    ("_learning/t.md", "webinar", "news", "event"),
    ("_communities/u.md", "forum", None, "other"),
    ("_misc/v.md", "article", "Events", "event"),
    ("_news/w.md", "article", "Events", "news"),
    ("_events/x.md", "article", "Training", "event"),
]

# A path and a type of a post, and its kind.
GENERIC = [
    ("_posts/2026-01-05-a.md", None, "news"),
    ("content/blog/b.md", None, "news"),
    ("c.md", None, "news"),
    ("notes/d.md", None, "news"),
    ("podcast/e.md", None, "news"),
    ("content/releases/f.md", None, "news"),
    ("content/talks/g.md", None, "event"),
    ("talks/2026/pycon/h.md", None, "event"),
    ("_events/i.md", None, "event"),
    ("content/courses/go/j.md", None, "learning"),
    ("docs/_posts/2026-01-05-k.md", None, "news"),
    ("docs/blog/posts/l.md", None, "news"),
    ("events/_posts/m.md", None, "news"),
    ("blog/tutorials/n.md", None, "news"),
    ("posts/events/o.md", None, "news"),
    ("content/news/events/p.md", None, "news"),
    ("posts/training/index.md", None, "news"),
    ("writing/training/index.md", None, "news"),
    ("talks/training/index.fr.md", None, "event"),
    ("writing/webinar/README.md", None, "news"),
    ("writing/webinar/q.md", None, "event"),
    ("newsletter/r.md", None, "newsletter"),
    ("project/s.md", None, "other"),
    ("books/t.md", None, "news"),
    ("u.md", "event", "event"),
    ("posts/v.md", "docs", "learning"),
    ("posts/w.md", "post", "news"),
    ("TALKS/x.md", None, "event"),
]


def kinds(folder: Path, documents: list[Rows], preset: Preset) -> dict[str, str]:
    with warehouse_of(folder, documents, "staging.documents", preset=preset) as con:
        return dict(con.execute("select document_id, kind from staging.documents").fetchall())


def test_type_category_and_folders_decide_the_kind_of_a_document(tmp_path: Path) -> None:
    documents = [
        document(path, path=path, published=DAY, type=type_, category=category)
        for path, type_, category, _ in SMARTABLE
    ]
    expected = {path: kind for path, _, _, kind in SMARTABLE}
    assert kinds(tmp_path, documents, Preset.SMARTABLE) == expected


def test_a_post_is_news_unless_its_type_or_a_folder_but_that_of_an_index_file_says_otherwise(tmp_path: Path) -> None:
    documents = [
        document(path, path=path, published=DAY, type=type_, category="Tutorials", document_kind="post")
        for path, type_, _ in GENERIC
    ]
    assert kinds(tmp_path, documents, Preset.GENERIC) == {path: kind for path, _, kind in GENERIC}


def test_without_a_date_only_a_sign_makes_a_document_news(tmp_path: Path) -> None:
    documents = [
        document("a", path="_news/a.md"),
        document("b", path="_misc/b.md"),
        document("c", path="_events/c.md", type=None),
    ]
    assert kinds(tmp_path, documents, Preset.SMARTABLE) == {"a": "news", "b": "other", "c": "event"}


def test_events_with_a_name_instead_of_a_title_are_coverage_and_people_at_events_are_not(tmp_path: Path) -> None:
    documents = [
        person("a", path="_events/a.md", type="webinar", name="Night routes, live", published=DAY),
        person("b", path="_events/b.md", type=None),
        person("c", path="_events/c.md", type="profile"),
        person("d", path="_events/speakers/d.md", type=None),
        person("e", path="_misc/e.md", type="webinar"),
        document("f", path="_events/f.md", name="Ignored", type="event"),
    ]
    with warehouse_of(tmp_path, documents, "core.articles") as con:
        rows = con.execute("select document_id, kind, is_news, title, event_id from core.articles order by all")
        assert rows.fetchall() == [
            ("a", "event", False, "Night routes, live", None),
            ("b", "event", False, "Name of b", None),
            ("e", "event", False, "Name of e", None),
            ("f", "event", False, "Title of f", None),
        ]


def test_every_column_of_a_kind(tmp_path: Path) -> None:
    documents = [
        document("a", path="_news/a.md", published=DAY, provider="x.com/ann", topics=["AI"], images=["u"]),
        document("b", title="B", path="_news/b.md", published="2026-01-07T08:00", type="video", is_published=True),
        document("c", path="_news/c.md", provider="x.com/ann", topics=["AI", "Law"], authors=["Eve", "Bob"]),
        document("d", path="_news/d.md", published="1980-01-01", provider="y.com/bob"),
        document("e", type="course", provider="y.com/bob", topics=["Law"]),
        person("p", path="_news/p.md", type="profile"),
    ]
    with warehouse_of(tmp_path, documents, "marts.coverage_by_kind") as con:
        rows = frame(con, "from marts.coverage_by_kind order by kind")
    expected = pl.DataFrame(
        {
            "kind": ["learning", "news"],
            "article_count": [1, 4],
            "published_article_count": [0, 1],
            "article_share": [0.2, 0.8],
            "dated_article_count": [0, 2],
            "undated_article_count": [1, 2],
            "event_count": [0, 2],
            "provider_count": [1, 2],
            "topic_count": [1, 2],
            "article_with_topic_count": [1, 2],
            "article_with_author_count": [0, 1],
            "article_with_image_count": [0, 1],
            "image_coverage_share": [0.0, 0.25],
            "video_count": [0, 1],
            "first_published_at": [None, dt.datetime(2026, 1, 5)],
            "last_published_at": [None, dt.datetime(2026, 1, 7, 8)],
        },
        schema_overrides=dict.fromkeys(("first_published_at", "last_published_at"), pl.Datetime("us")),
    )
    assert_frame_equal(rows, expected)


def test_the_page_on_kinds_has_every_name_under_its_kind(functions: duckdb.DuckDBPyConnection) -> None:
    page = (SQL.parent / "docs" / "kinds.md").read_text(encoding="utf-8")
    _, table = page.split("| kind | names |\n| --- | --- |\n")
    named = dict(re.findall(r"^\| (\w+) \| (.+) \|$", table, flags=re.MULTILINE))
    expected = {name: kind for kind, names in named.items() for name in names.split(", ")}
    assert signs(functions, list(expected)) == expected
    in_sql = re.findall(r"'([a-z ]+)'", (SQL / "functions" / "kind_sign.sql").read_text().partition("names: case")[2])
    assert set(expected) == set(in_sql) - {"other"}
