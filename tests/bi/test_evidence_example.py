"""The Evidence example builds offline; its numbers are those of the report and of the marts, for the same words."""

import datetime as dt
import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import md5
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import polars as pl
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from docs.answers import EVIDENCE_EXAMPLE
from frontmart.report.base import noun, title_noun
from frontmart.report.queries import Tables, run_report_queries
from frontmart.report.wording import day
from frontmart.run import Run
from tests.processes import PATIENCE_SECONDS
from tests.sample import SAMPLE, build_quietly

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LIBRARIES = Path(__file__).parent / "evidence" / "node_modules"
PAGES = {"index": "", "coverage": "coverage", "providers": "providers", "quality": "quality"}
# A loaded machine takes ten times as long as an idle one.
SOURCES_SECONDS, BUILD_SECONDS = 300, 1500
DAY, MINUTE = "%Y-%m-%d", "%Y-%m-%d %H:%M"

Ask = Callable[[str, str], pl.DataFrame]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The sample as of a day whose last window has news, an event of several organisations among them."""
    return build_quietly(SAMPLE, tmp_path_factory.mktemp("sample"), as_of=dt.date(2024, 5, 20))


def run(folder: Path, script: str, seconds: int) -> str:
    """A script of package.json -> its output; a script that does not end in time is stopped with its children."""
    with subprocess.Popen(
        ["npm", "run", script],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail(f"npm run {script} did not end in {seconds} s: {process.communicate()[0][-2000:]}")
    assert process.returncode == 0, output[-3000:]
    return output


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, sample: Run) -> Path:
    """The example as it is in git, with a link to the sample's warehouse, its sources read and its pages built."""
    if not LIBRARIES.is_dir():
        pytest.fail("Evidence is not set up: run `make test-bi`")
    folder = tmp_path_factory.mktemp("evidence") / "example"
    shutil.copytree(EVIDENCE_EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", ".evidence", "build"))
    (folder / "node_modules").symlink_to(LIBRARIES)
    link = folder / "sources" / "frontmart" / "warehouse.duckdb"
    link.unlink(missing_ok=True)
    link.symlink_to(sample.out / "published" / "warehouse.duckdb")
    (folder / "sources.log").write_text(run(folder, "sources", SOURCES_SECONDS), encoding="utf-8")
    (folder / "build.log").write_text(run(folder, "build", BUILD_SECONDS), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ask(project: Path) -> Ask:
    """The rows of a query of a page, which the build stored for the browser."""
    api = project / "build" / "api"

    def answer(page: str, query: str) -> pl.DataFrame:
        # As Evidence names the folder of a page: by the MD5 of its route.
        route = md5(f"/{PAGES[page]}".encode(), usedforsecurity=False).hexdigest()
        [names] = (api / route).glob("*/all-queries.json")
        stored = json.loads(names.read_text(encoding="utf-8"))[f"{query}_data"]
        return pl.read_ipc_stream(api / "prerendered_queries" / f"{stored}.arrow")

    return answer


@pytest.fixture(scope="module")
def report(sample: Run) -> Tables:
    """The queries of the report on the same warehouse."""
    return run_report_queries(sample.out / "published" / "warehouse.duckdb", "1GB")


@pytest.fixture(scope="module")
def page(project: Path) -> Iterator[Page]:
    """The page of coverage in a browser of another time zone; no request goes elsewhere."""
    handler = partial(SimpleHTTPRequestHandler, directory=project / "build")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{server.server_port}/"
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], timeout=PATIENCE_SECONDS * 1_000
        )
        opened = chromium.new_page(viewport={"width": 1440, "height": 900}, timezone_id="America/New_York")
        opened.set_default_timeout(PATIENCE_SECONDS * 1_000)
        asked: list[str] = []
        opened.on("request", lambda request: asked.append(request.url))
        opened.goto(f"{site}coverage/")
        expect.set_options(timeout=PATIENCE_SECONDS * 1_000)
        # A chart is drawn once the page answers to clicks.
        expect(opened.locator("[_echarts_instance_]").first).to_be_visible()
        yield opened
        chromium.close()
        server.shutdown()
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


def choose(page: Page, title: str, option: str) -> None:
    """Choose an option of a dropdown by typing it."""
    page.get_by_role("combobox", name=title).click()
    page.get_by_placeholder(title).fill(option)
    page.get_by_role("option", name=option, exact=True).click()


def mart(sample: Run, sql: str) -> pl.DataFrame:
    with duckdb.connect(str(sample.out / "published" / "warehouse.duckdb"), read_only=True) as con:
        frame: pl.DataFrame = con.sql(sql).pl()
        return frame


def assert_same(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    """The same rows in the same order; Evidence has numbers as doubles and days as times."""
    assert expected.height > 0
    both = [
        frame.with_columns(
            pl.col(name).cast(pl.Float64) if frame[name].dtype.is_numeric() else pl.col(name).cast(pl.Datetime("us"))
            for name in frame.columns
            if frame[name].dtype.is_numeric() or frame[name].dtype.is_temporal()
        )
        for frame in (found.select(expected.columns), expected)
    ]
    assert both[0].to_dicts() == both[1].to_dicts()


def test_every_source_has_the_rows_of_its_query(project: Path, sample: Run) -> None:
    queries = sorted((EVIDENCE_EXAMPLE / "sources" / "frontmart").glob("*.sql"))
    assert len(queries) > 10
    data = project / ".evidence" / "template" / "static" / "data" / "frontmart"
    rows = {query.stem: mart(sample, query.read_text(encoding="utf-8")).height for query in queries}
    found = {query.stem: pl.read_parquet(data / query.stem / f"{query.stem}.parquet").height for query in queries}
    assert found == rows
    assert min(rows.values()) > 0


@pytest.mark.parametrize("page", PAGES)
def test_pages_render_without_an_error(project: Path, page: str) -> None:
    text = (project / "build" / PAGES[page] / "index.html").read_text(encoding="utf-8")
    seen = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)))
    assert re.findall(r"(?i)[^.]{0,80}(?:\berror\b|dataset is empty|undefined|\bNaN\b)[^.]{0,80}", seen) == []
    assert re.search(r"126\s+news articles" if page in ("coverage", "providers") else r"Files|The last window", seen)


def test_the_build_logs_no_error(project: Path) -> None:
    log = (project / "build.log").read_text(encoding="utf-8")
    assert "Build complete" in log
    assert [line for line in log.splitlines() if "error" in line.lower() and "_error.svelte" not in line] == []


def test_the_pages_count_what_the_report_counts_in_the_same_window(ask: Ask, report: Tables) -> None:
    columns = ["window_days", "article_count", "all_article_count", "undated_article_count"]
    scope = report["scope"].row(0, named=True)
    days = {name: day(scope[f"{name}_date"]) for name in ("first_article", "last_article", "window_end")}
    words = {"noun": f"{noun(scope)}s", "title_noun": title_noun(scope)}
    assert_same(
        ask("index", "scope"),
        report["scope"].select(columns).with_columns(pl.lit(text).alias(name) for name, text in (days | words).items()),
    )
    now, before = report["windows"].rows(named=True)
    names = [f"{name}_count" for name in ("article", "event", "provider", "with_image_article")]
    expected = {name: now[name] for name in names} | {f"previous_{name}": before[name] for name in names}
    assert_same(ask("index", "window_totals"), pl.DataFrame([expected]))


def test_events_and_who_was_first_are_those_of_the_report(ask: Ask, report: Tables, sample: Run) -> None:
    columns = ["title", "url", "organisation_count", "article_count", "copy_count", "first_published_at", "span_hours"]
    events = report["events"].sort("event_rank").with_columns(pl.col("first_published_at").dt.strftime(MINUTE))
    shown = ask("index", "shared_events").sort("event_rank")
    assert_same(shown.head(events.height), events.select(columns))
    firsts = events.select(
        pl.when(pl.col("first_organisation_count") > 1)
        .then(pl.lit("several at once"))
        .otherwise(pl.col("first_organisation_name"))
        .alias("first_to_publish")
    )
    assert_same(shown.head(events.height), firsts)
    new = report["new_events"].sort("event_rank").with_columns(pl.col("first_published_at").dt.strftime(MINUTE))
    assert_same(
        ask("index", "new_events").head(new.height), new.select(pl.exclude("event_rank", "event_id", "new_event_count"))
    )
    largest = mart(
        sample,
        "select organisation_name, members.article_count, strftime(members.first_published_at, '%Y-%m-%d %H:%M') as "
        "first_published_at, lag_hours, if(is_first, 'first', '') as first from core.event_organisations as members "
        f"join core.dim_organisations using (organisation_id) where event_id = '{events['event_id'][0]}' "
        "order by lag_hours, organisation_name",
    )
    assert_same(ask("index", "reporters"), largest)


def test_topics_are_those_of_the_report_and_the_mart(ask: Ask, report: Tables, sample: Run) -> None:
    found = ask("coverage", "by_topic")
    columns = ["topic", "article_count", "article_share", "event_count", "provider_count", "window_article_count",
               "previous_window_article_count", "last_published_at"]  # fmt: skip
    topics = report["topics"].sort("topic_rank").with_columns(pl.col("last_published_at").dt.strftime(DAY))
    assert_same(found, topics.select(columns))
    expected = mart(
        sample,
        "select topic, news_article_count as article_count, event_count, last_28_days_article_count as "
        "window_article_count, previous_28_days_article_count as previous_window_article_count "
        "from marts.coverage_by_topic where not is_omnipresent and news_article_count > 0 "
        "order by news_article_count desc, topic_id",
    )
    assert_same(found, expected)


def test_figures_and_the_series_are_those_of_the_report_and_the_mart(ask: Ask, report: Tables, sample: Run) -> None:
    months = mart(
        sample,
        "select period_start_date, news_article_count as article_count, event_count from marts.collection_health "
        "where news_article_count > 0 order by period_start_date",
    )
    assert_same(ask("coverage", "by_period"), months)
    totals = ["article_count", "event_count", "provider_count"]
    assert_same(ask("coverage", "totals"), report["scope"].select(totals))


def test_providers_are_those_of_the_report_and_the_mart(ask: Ask, report: Tables, sample: Run) -> None:
    columns = ["provider_id", "article_count", "article_share", "window_article_count", "previous_window_article_count",
               "event_count", "last_published_at"]  # fmt: skip
    providers = report["providers"].sort("provider_rank").with_columns(pl.col("last_published_at").dt.strftime(DAY))
    assert_same(ask("providers", "by_provider").head(providers.height), providers.select(columns))
    firsts = mart(
        sample,
        "select shared_event_count, firsts, expected_firsts, first_ratio, median_lag_hours from marts.provider_report "
        "where shared_event_count > 0 order by shared_event_count desc, provider_id",
    )
    assert_same(ask("providers", "firsts"), firsts)


def test_data_quality_is_that_of_the_report_and_the_marts(ask: Ask, report: Tables, sample: Run) -> None:
    fields = (
        report["field_completeness"]
        .filter(type_rank=0)
        .sort("present_share", "source_field", descending=[True, False])
        .select("source_field", "document_count", "present_count", "refused_count", "present_share")
    )
    assert_same(ask("quality", "fields"), fields)
    months = mart(
        sample,
        "select period_start_date, news_article_count, tagged_share as with_a_topic, "
        "image_coverage_share as with_an_image from marts.collection_health order by period_start_date",
    )
    assert_same(ask("quality", "months"), months)
    assert ask("quality", "files")["file_count"].sum() == report["files"]["file_count"][0]


def test_articles_are_listed_with_links_of_the_web_alone(ask: Ask) -> None:
    listed = ask("coverage", "listed")
    assert listed.height == 126
    assert listed["url"].drop_nulls().str.contains("^https?://").all()
    assert listed["topics"].null_count() < listed.height


def test_a_topic_and_a_provider_filter_figures_and_tables(page: Page, sample: Run) -> None:
    [chosen] = mart(
        sample,
        "select topic, topic_id, news_article_count, event_count from marts.coverage_by_topic "
        "where topic = 'Route Planning'",
    ).to_dicts()
    choose(page, "Topic", chosen["topic"])
    figures = page.get_by_role("article")
    expect(figures).to_contain_text(re.compile(rf"News articles\s+{chosen['news_article_count']}\s"))
    expect(figures).to_contain_text(re.compile(rf"Events\s+{chosen['event_count']}\s"))
    listed = mart(
        sample,
        "select title, provider_name from core.articles join core.article_topics using (document_id) "
        f"join core.dim_providers using (provider_id) where is_news and topic_id = '{chosen['topic_id']}' "
        "order by published_at desc",
    )
    articles = page.get_by_role("table").last
    expect(articles.get_by_role("link", name="Open")).to_have_count(listed.height)
    for title in listed["title"]:
        expect(articles).to_contain_text(title)
    provider = listed["provider_name"][0]
    choose(page, "Provider", provider)
    expect(articles.get_by_role("link", name="Open")).to_have_count(listed.filter(provider_name=provider).height)
