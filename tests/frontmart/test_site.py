"""A site of another generator: its marts and its report leave out what its files do not say, and say so."""

import json
import re
from pathlib import Path

import duckdb
import polars as pl
import pytest

from frontmart.catalog.models import read_models
from frontmart.catalog.sql_folder import SQL
from frontmart.cli.show import show_build, show_status
from frontmart.dictionary.describe import Described
from frontmart.dictionary.tables import CatalogTable, read_tables
from frontmart.report.article_data import article_columns
from frontmart.report.chart_data import page_data
from frontmart.report.headline import headline
from frontmart.report.kpis import kpis
from frontmart.report.queries import Tables, run_report_queries, shown_features
from frontmart.report.render import render
from frontmart.report.summary import sentences
from frontmart.run import Run
from frontmart.snapshots.store import Snapshot
from frontmart.verify import verify
from tests.sample import build_quietly

POSTS = {
    "2026-01-05-winter-tyres": ("Winter tyres, tested", "[cycling, winter]", "[Ida Holm]", "image: /img/tyres.jpg"),
    "2026-01-12-night-route": ("The night route", "[cycling, safety]", "[Ida Holm, Jon Berg]", ""),
    "2026-01-19-bridge": ("A bridge reopens", "[city]", "[Jon Berg]", ""),
    "2025-12-20-lights": ("Lights that last", "[cycling, safety]", "[Ida Holm]", ""),
    "2025-12-01-market": ("The market moves", "[city]", "[]", ""),
    "2025-11-11-ferry": ("A ferry for bikes", "[cycling, city]", "[Jon Berg]", ""),
}
PAGES = {"about.md": "---\ntitle: About us\n---\nWe ride.\n", "contact.md": "---\ntitle: Contact\n---\nWrite to us.\n"}
LACKS = [
    "No provider: no key of these files says who published them; set `provider` in the mapping file "
    "(docs/mapping.md), until then blindspots, organisation_report, provider_bursts, provider_followers, "
    "provider_over_time, provider_overlap, provider_report, provider_topics and share_of_voice are empty.",
    "No related items: no post lists other articles with their title and URL, so there are no clusters and "
    "related_coverage is empty.",
    "No post has heat or quality, image hosts, image sizes, cached images or videos: no mart has columns for that, and "
    "lead_changes and score_profile are empty.",
]
# Words about what the site does not have, which its report must not use.
FOREIGN = ("Heat", "clusters", "Organisation", "Biggest events", "Provider", "NULL", "None")


def write_site(folder: Path) -> Path:
    """A small site in the manner of Jekyll."""
    (folder / "_posts").mkdir(parents=True)
    for name, (title, tags, authors, more) in POSTS.items():
        text = f"---\nlayout: post\ntitle: {title}\ntags: {tags}\nauthors: {authors}\n{more}\n---\nA few words.\n"
        (folder / "_posts" / f"{name}.md").write_text(text)
    (folder / "_posts" / "2026-01-20-soon.md").write_text("---\ntitle: Soon\ndraft: true\n---\nNot yet.\n")
    for name, text in PAGES.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A build of the site: read it only."""
    folder = tmp_path_factory.mktemp("site")
    return build_quietly(write_site(folder / "source"), folder / "out")


@pytest.fixture(scope="module")
def described(site: Run) -> dict[str, CatalogTable]:
    """The dictionary of the site, as `frontmart describe` reads it."""
    return {table.full_name: table for table in read_tables(SQL, Described(site.out).features)}


@pytest.fixture(scope="module")
def tables(site: Run) -> Tables:
    """The content of the site's report."""
    return run_report_queries(site.out / "published" / "warehouse.duckdb", "512MB")


@pytest.fixture(scope="module")
def page(tables: Tables, site: Run) -> str:
    """The site's report."""
    return render(tables, site.checks, str(site.snapshot_id), "A site")


def published(site: Run) -> Path:
    return site.out / "published"


def test_the_build_records_what_posts_have_and_says_what_they_lack(site: Run) -> None:
    run = json.loads((published(site) / "run.json").read_text())
    assert run["features"] == ["authors", "topics", "images"]
    assert run["notes"] == LACKS


def test_the_summary_and_the_status_show_what_posts_lack(site: Run, capsys: pytest.CaptureFixture[str]) -> None:
    show_build(site)
    built = capsys.readouterr().out
    snapshot = Snapshot(str(site.snapshot_id), published(site))
    show_status(snapshot, json.loads(snapshot.run_file.read_text()))
    status = " ".join(capsys.readouterr().out.split())
    for note in LACKS:
        assert f"note: {note}\n" in built
        assert f"note {note}" in status


def test_a_build_that_changes_nothing_does_not_say_what_posts_have(site: Run) -> None:
    again = build_quietly(site.source, site.out)
    assert (again.outcome, again.as_json()["features"], again.as_json()["notes"]) == ("unchanged", None, [])


@pytest.mark.parametrize("mart", [model.name for model in read_models(SQL) if model.layer == "marts"])
def test_file_table_data_package_and_dictionary_have_the_same_columns(
    site: Run, described: dict[str, CatalogTable], mart: str
) -> None:
    file = pl.read_parquet_schema(published(site) / "marts" / f"{mart}.parquet").names()
    package = json.loads((published(site) / "datapackage.json").read_text())
    (resource,) = (each for each in package["resources"] if each["path"] == f"marts/{mart}.parquet")
    assert [field["name"] for field in resource["schema"]["fields"]] == file
    assert [column.name for column in described[f"marts.{mart}"].columns] == file
    with duckdb.connect(published(site) / "warehouse.duckdb", read_only=True) as con:
        table = con.execute(
            "select column_name, comment from duckdb_columns() where schema_name = 'marts' and table_name = $1 "
            "order by column_index",
            [mart],
        ).fetchall()
    assert [name for name, _ in table] == file
    assert [name for name, comment in table if not comment] == []


def test_no_mart_has_a_column_about_what_the_site_lacks(site: Run) -> None:
    columns = pl.read_parquet_schema(published(site) / "marts" / "coverage_by_topic.parquet").names()
    assert columns[:6] == [
        "topic_id", "topic", "is_omnipresent", "article_count", "news_article_count", "event_count",
    ]  # fmt: skip
    assert [name for name in columns if "image" in name] == ["image_coverage_share"]
    assert not [name for name in columns if any(word in name for word in ("heat", "quality", "cluster", "provider"))]


@pytest.mark.parametrize("mart", ["provider_report", "provider_over_time", "provider_topics", "related_coverage"])
def test_a_mart_that_the_site_cannot_fill_is_there_and_empty(
    site: Run, described: dict[str, CatalogTable], mart: str
) -> None:
    assert pl.read_parquet(published(site) / "marts" / f"{mart}.parquet").height == 0
    assert described[f"marts.{mart}"].description.endswith("Empty here: no post has what it needs.")


@pytest.mark.parametrize(
    ("query", "rows"),
    [("from articles", 6), ("from topics", 4), ("from authors", 2), ("from clusters", 0), ("from providers", 0),
     ("from coverage('cycling')", 3), ("from search('night route')", 1), ("from related_topics('cycling')", 3),
     ("from growth(30)", 4), ("from author('ida holm')", 3), ("from articles_about('city')", 3),
     ("from since('2026-01-01')", 3)],
)  # fmt: skip
def test_views_and_macros_answer_without_the_columns(site: Run, query: str, rows: int) -> None:
    with duckdb.connect(published(site) / "warehouse.duckdb", read_only=True) as con:
        found = con.sql(query)
        names = found.columns
        assert len(found.fetchall()) == rows
    lacks = ("heat", "quality", "cluster_article_count", "provider_name", "top_provider_name")
    assert rows == 0 or [name for name in names if name in lacks] == []


def test_verifying_recomputes_the_same_tables(site: Run) -> None:
    found = verify(site.out, deep=True)
    assert (found.findings, found.recomputation and found.recomputation.skipped) == ([], None)
    assert found.recomputation is not None
    assert found.recomputation.table_count > 40


def test_an_absent_draft_is_published(site: Run) -> None:
    topics = pl.read_parquet(published(site) / "marts" / "coverage_by_topic.parquet")
    assert topics["published_article_count"].to_list() == topics["article_count"].to_list()


def test_the_first_screen_is_about_posts_and_authors(tables: Tables) -> None:
    ends = "nothing to compare with: the corpus ends on 19 Jan 2026"
    assert [(kpi.label, kpi.value, kpi.before, kpi.year) for kpi in kpis(tables)] == [
        ("Articles, last 7 days", "0", ends, ""),
        ("Authors, last 7 days", "0", ends, ""),
        ("Topics, last 7 days", "0", ends, ""),
        ("Articles with an image, last 7 days", "0", ends, ""),
    ]
    assert ["".join(sentence) for sentence in headline(tables).sentences] == [
        "0 articles in the 7 days to 31 Jan 2026: nothing can be compared, since the corpus ends on 19 Jan 2026."
    ]
    assert ["".join(sentence) for sentence in sentences(tables)] == [
        "The site has 9 documents: 6 posts, 2 pages and 1 draft; posts count as articles.",
        "cycling is the most frequent topic, on 4 of 6 articles (67\u00a0%).",
        "Ida Holm and Jon Berg wrote most, each 3 of 5 articles that have an author (60\u00a0%); there are 2 authors.",
        "1 of 6 articles (17\u00a0%) has an image.",
        "Of 9 files seen, nothing was rejected; of 6 articles, 1 has no author.",
    ]


def test_the_report_has_no_word_about_what_the_site_lacks(page: str) -> None:
    visible = page.partition("<script")[0].partition("</style>")[2]
    health = visible.index('id="health"')
    assert [word for word in FOREIGN if word in visible[:health]] == []
    for note in LACKS:
        assert note in visible[health:]
    sections = re.findall('<section id="([a-z]+)"', visible)
    assert sections == ["short", "coverage", "authors", "pairs", "history", "health", "runs"]


def test_the_charts_have_authors_in_place_of_events(tables: Tables) -> None:
    data = page_data(tables)
    assert (data["authors"], data["events"], data["providers"]) == (["Ida Holm", "Jon Berg"], [], [])
    assert (data["authorArticles"], "counts" in data) == ([3, 3], False)
    columns = article_columns(tables)
    assert columns["title"][:2] == ["A bridge reopens", "The night route"]
    assert (columns["authors"][1], columns["provider"], columns["event"]) == ([0, 1], [-1] * 6, [-1] * 6)


def test_the_sample_has_all_features_and_its_report_no_authors(sample: Run) -> None:
    whole = {model.name: list(model.columns) for model in read_models(SQL) if model.layer == "marts"}
    for name, columns in whole.items():
        path = sample.out / "published" / "marts" / f"{name}.parquet"
        assert pl.read_parquet_schema(path).names() == columns, name
    assert sample.notes == []
    tables = run_report_queries(sample.out / "published" / "warehouse.duckdb", "512MB")
    assert {str(feature) for feature in shown_features(tables)} == {
        "scores", "related", "provider", "topics", "images", "image_hosts", "image_sizes", "image_cache", "videos",
    }  # fmt: skip
    assert "authors" not in page_data(tables)
