"""Filters, articles, pages of one name and downloads in a real browser, compared with the warehouse."""

import base64
import csv
import io
from pathlib import Path
from urllib.parse import parse_qs

import duckdb
import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from frontmart.formats.spreadsheet_text import neutralise_text
from frontmart.report.article_data import article_columns
from frontmart.report.queries import Tables
from frontmart.report.render import render
from frontmart.run import Run
from tests.frontmart.report.conftest import Open, choose, numbers, page_of, until
from tests.sql.frames import document

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# Rows of a table that the page counts itself, as texts by column.
MEASURED = """
([id, isGiven]) => {
  const grid = grids.find((each) => each.id === id);
  const rows = isGiven ? grid.givenRows : measured[id]();
  return rows.map((row) => Object.fromEntries(
    Object.entries(row.cells).map(([name, cell]) => [name, cell.text.replace(/→$/, "")])));
}
"""


@pytest.fixture(scope="module")
def warehouse(sample: Run) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(sample.out / "published" / "warehouse.duckdb", read_only=True)


def news_count(warehouse: duckdb.DuckDBPyConnection, condition: str) -> int:
    """The number of news articles of the sample that meet a condition, with their provider's name and topics."""
    row = warehouse.execute(
        f"""
        with topics as (
            select document_id, list(topic) as topics
            from core.article_topics inner join core.dim_topics using (topic_id)
            group by document_id
        )
        select count(*)
        from core.articles as articles
        left join core.dim_providers as providers on providers.provider_id = articles.provider_id
        left join topics on topics.document_id = articles.document_id
        left join (select document_id, excerpt from staging.documents) as documents
            on documents.document_id = articles.document_id
        where articles.is_news and {condition}
        """
    ).fetchone()
    assert row
    return int(row[0])


def found(page: Page) -> int:
    """The number of articles in the list."""
    return int(str(page.text_content("#articles-found")).split()[0].replace(",", ""))


def chips(page: Page) -> list[str]:
    return [text.removesuffix("×") for text in page.locator("#chips li").all_text_contents()]


def parameters(page: Page) -> dict[str, list[str]]:
    """The parameters of the fragment."""
    return parse_qs(page.evaluate("location.hash").partition("?")[2])


def wait_for_chips(page: Page, count: int) -> None:
    """Wait until the selection has this many parts, and all that follows it is drawn."""
    until(page, f"document.querySelectorAll('#chips li').length === {count}")
    page.evaluate("updates")


def test_a_click_on_any_mark_or_name_filters_charts_tables_and_articles(
    open_page: Open, sample_page: Path, sample_tables: Tables, warehouse: duckdb.DuckDBPyConnection
) -> None:
    page = open_page(sample_page)
    cells = pl.DataFrame(numbers(page, "heat"), schema=["topic", "provider", "articles"], orient="row")
    topic, provider, count = cells.row(0)
    page.locator('[data-chart="heat"] .mark-rect path').first.click(force=True)
    wait_for_chips(page, 2)
    assert chips(page) == [topic, provider]
    assert (
        found(page)
        == int(count)
        == news_count(warehouse, f"provider_name = '{provider}' and list_contains(topics, '{topic}')")
    )
    assert numbers(page, "providers") == [[provider, count, "100 %"]]
    assert page.locator("#table-topics tbody tr").first.locator("td").first.text_content() == count
    assert page.locator("#table-topics th[data-column=topic_share]").is_hidden()
    assert page.locator("#article-list .articles > li").count() == int(count)
    page.locator('#chips button[aria-label="Remove ' + provider + '"]').click()
    wait_for_chips(page, 1)
    of_topic = news_count(warehouse, f"list_contains(topics, '{topic}')")
    assert found(page) == of_topic == sum(int(row[1]) for row in numbers(page, "over-time"))
    page.click("#filters button[type=reset]")
    wait_for_chips(page, 0)
    first = sample_tables["providers"].row(0, named=True)
    page.locator(f'[data-chart="providers"] .mark-rect path[aria-label*="{first["provider_name"]}"]').click(force=True)
    wait_for_chips(page, 1)
    assert chips(page)[0].startswith(first["provider_name"])
    assert found(page) == first["article_count"]
    page.locator('[data-chart="providers"] .role-axis-label text', has_text=first["provider_name"]).click()
    wait_for_chips(page, 0)
    busiest = sample_tables["coverage"].group_by("period_number").agg(pl.col("article_count").sum())
    period, in_period = busiest.filter(pl.col("period_number") >= 0).sort("article_count", "period_number").row(-1)
    page.locator('[data-chart="over-time"] .mark-rect path').nth(period).click(force=True)
    wait_for_chips(page, 1)
    assert found(page) == in_period
    dates = sample_tables["periods"].row(period, named=True)
    assert parameters(page) == {"from": [str(dates["period_start_date"])], "to": [str(dates["period_end_date"])]}
    page.click("#filters button[type=reset]")
    wait_for_chips(page, 0)
    page.locator("#table-topics tbody th button").nth(1).click()
    wait_for_chips(page, 1)
    assert found(page) == sample_tables["topics"]["article_count"][1]
    page.click("#filters button[type=reset]")
    wait_for_chips(page, 0)
    page.locator('[data-chart="events"] .mark-symbol path').first.click(force=True)
    wait_for_chips(page, 1)
    assert found(page) in sample_tables["event_list"]["article_count"].to_list()


@pytest.mark.parametrize("table", ["topics", "providers", "events"])
def test_tables_counted_by_the_page_are_those_of_the_warehouse(open_page: Open, sample_page: Path, table: str) -> None:
    page = open_page(sample_page)
    given, counted = (page.evaluate(MEASURED, [table, is_given]) for is_given in (True, False))
    assert len(given) >= 9
    # The page does not know the id of a provider, by which the query decides ties.
    columns = (set(given[0]) & set(counted[0])) - {"top_provider_name"}
    assert len(columns) >= 7
    key = next(iter(given[0]))
    by_name = {row[key]: {name: row[name] for name in columns} for row in counted}
    assert [by_name[row[key]] for row in given] == [{name: row[name] for name in columns} for row in given]


def test_the_url_has_the_whole_selection_and_history_goes_through_it(
    open_page: Open, sample_page: Path, sample_tables: Tables, warehouse: duckdb.DuckDBPyConnection
) -> None:
    page = open_page(sample_page)
    topic, other = sample_tables["topics"]["topic"][:2]
    choose(page, "topic", topic)
    page.fill("#filter-from", "2020-01-01")
    page.fill("#filter-words", "the")
    until(page, "location.hash.includes('words')")
    page.select_option("#sort-articles", "title")
    page.locator("#table-providers thead button").first.click()
    page.wait_for_selector("#table-providers th[aria-sort]")
    expected = {"topic": [topic], "from": ["2020-01-01"], "words": ["the"]}
    sorted_by = {"sort": ["title"], "providers.sort": ["label"]}
    assert parameters(page) == expected | sorted_by
    state = (chips(page), found(page), page.locator("#article-list h3").all_text_contents())
    assert state[1] == news_count(
        warehouse,
        f"list_contains(topics, '{topic}') and calendar_date >= '2020-01-01' and contains(lower(concat_ws(' ', "
        "title, excerpt, provider_name, array_to_string(topics, ' '))), 'the')",
    )
    firsts = [title[0].casefold() for title in state[2] if title[0].isalpha()]
    assert firsts == sorted(firsts)
    page.reload()
    page.wait_for_selector("html[data-drawn=yes]")
    assert (chips(page), found(page), page.locator("#article-list h3").all_text_contents()) == state
    assert page.input_value("#filter-words") == "the"
    page.click("nav a[href='#providers']")
    until(page, "location.hash.startsWith('#/providers?')")
    assert parameters(page) == expected | sorted_by
    page.go_back()
    page.go_back()
    page.go_back()
    until(page, "!location.hash.includes('sort=')")
    assert parameters(page) == expected
    page.go_forward()
    until(page, "location.hash.includes('sort=')")
    page.evaluate(
        f"location.hash = '#/?topic=Nope&topic={other}&from=yesterday&%E0%A4%A=x&__proto__=1&kind=constructor'"
    )
    wait_for_chips(page, 1)
    said = str(page.text_content("#notice"))
    assert chips(page) == [other]
    assert "Not in this report, so ignored: topic “Nope”, from “yesterday”" in said
    # It is said at the top, and also where the selection stays the same.
    page.evaluate(f"window.scrollTo(0, 5_000); location.hash = '#/event/gone?topic={other}'")
    until(page, "document.getElementById('notice').textContent.endsWith('ignored: event “gone”.')")
    assert page.evaluate("window.scrollY") == 0
    page.evaluate(f"location.hash = '#/nowhere?topic={other}'")
    until(page, "document.getElementById('notice').textContent.endsWith('ignored: section “nowhere”.')")
    page.evaluate(f"location.hash = '#/?topic={other}'")
    until(page, "document.getElementById('notice').textContent === ''")
    assert page.locator("#notice").is_hidden()


def test_pages_open_by_a_link_get_the_focus_and_lead_back(
    open_page: Open, sample_page: Path, sample_tables: Tables, warehouse: duckdb.DuckDBPyConnection
) -> None:
    page = open_page(sample_page)
    title = page.title()
    choose(page, "topic", sample_tables["topics"]["topic"][0])
    event = sample_tables["event_list"].row(0, named=True)
    page.evaluate(f"location.hash = '#/event/{event['event_id']}'")
    until(page, "document.activeElement.tagName === 'H2'")
    assert page.text_content("#page h2") == event["title"]
    assert page.title() == f"{event['title']} – {title}"
    rows = warehouse.execute(
        "select title, date_diff('second', min(published_at) over (), published_at) / 3600 as lag from core.articles "
        "where event_id = $1 order by published_at, path",
        [event["event_id"]],
    ).fetchall()
    assert page.locator("#page .articles h3").all_text_contents() == [title for title, _ in rows]
    lags = page.locator("#page .lag").all_text_contents()
    assert lags[0].endswith("· first")
    assert all(lag.endswith("later") == (hours >= 1) for lag, (_, hours) in zip(lags, rows, strict=True))
    assert not page.locator("#coverage").is_visible()
    page.locator("#page .page-names a").first.click()
    until(page, "location.hash.startsWith('#/provider/')")
    provider = str(page.text_content("#page h2"))
    listed = page.locator("#page .page-facts dd").first.text_content()
    assert listed == str(news_count(warehouse, f"provider_name = '{provider}'"))
    page.reload()
    page.wait_for_selector("#page h2")
    page.click("#page .actions a")
    page.wait_for_selector("#coverage", state="visible")
    assert (page.title(), chips(page)) == (title, [sample_tables["topics"]["topic"][0]])
    page.goto("about:blank")
    page.goto(f"{sample_page.as_uri()}#/topic/{sample_tables['topics']['topic'][1]}")
    page.wait_for_selector("#page h2")
    assert page.text_content("#page h2") == sample_tables["topics"]["topic"][1]
    # Only periods that the corpus does not cover whole are dashed.
    dashed = page.locator('#page .chart .mark-rect path[stroke-dasharray="4,3"]')
    dashed.first.wait_for(state="attached")
    assert dashed.count() == sample_tables["periods"]["is_period_complete"].to_list().count(False)
    page.locator("#page .actions button").first.click()
    page.wait_for_selector('[data-chart="providers"] svg', state="visible")
    assert chips(page) == [sample_tables["topics"]["topic"][1]]
    found_by_axe = Axe().run(page).response["violations"]
    assert [each["id"] for each in found_by_axe if each["impact"] in ("serious", "critical")] == []


def test_any_name_is_found_by_typing_and_the_keyboard_chooses_it(open_page: Open, tmp_path: Path) -> None:
    documents = [
        document(
            f"a{place}", topics=[f"Topic {place}"], provider=f"p{place}.example/name{place}", published="2026-01-02"
        )
        for place in range(150)
    ]
    page = open_page(page_of(tmp_path, documents), width=390)
    page.fill("#filter-topic", "14")
    assert page.get_attribute("#filter-topic", "aria-expanded") == "true"
    assert page.text_content("#filter-topic ~ [role=status]") == "12 found"
    page.press("#filter-topic", "ArrowDown")
    page.press("#filter-topic", "ArrowUp")
    page.press("#filter-topic", "ArrowUp")
    active = page.get_attribute("#filter-topic", "aria-activedescendant")
    name = page.text_content(f"#{active} span")
    found_by_axe = Axe().run(page, "#filters").response["violations"]
    assert [each["id"] for each in found_by_axe if each["impact"] in ("serious", "critical")] == []
    page.press("#filter-topic", "Escape")
    assert page.locator("#options-topic").is_hidden()
    choose(page, "topic", str(name))
    assert (chips(page), found(page)) == ([name], 1)
    page.click("#filters button[type=reset]")
    wait_for_chips(page, 0)
    choose(page, "provider", "NAME149")
    assert (chips(page), found(page)) == (["NAME149"], 1)
    page.click("#filters button[type=reset]")
    wait_for_chips(page, 0)
    # The table has the hundred largest; others are counted from the articles.
    assert page.text_content("#grid-providers [data-part=more]") == "Show 100 more of 150"
    assert page.locator("#grid-providers [data-part=truncation]").is_hidden()
    page.fill("#search-providers", "name14")
    until(page, "document.querySelectorAll('#table-providers tbody tr').length === 11")
    page.click("#article-list > button")
    assert page.locator("#article-list li").count() == 100
    assert page.evaluate("document.activeElement.closest('li') === document.querySelectorAll('#article-list li')[50]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_articles_without_something_are_found_by_a_filter_and_by_their_number_in_the_summary(
    open_page: Open, tmp_path: Path
) -> None:
    documents = [
        document("both", topics=["A"], provider="p/x", published="2026-01-03"),
        document("tagless", title="Tagless", provider="p/x", published="2026-01-02"),
        document("alone", title="Alone", topics=[], provider=None, published="2026-01-01"),
        document("undated", title="Undated", topics=["A"], provider="p/x", published=None),
    ]
    page = open_page(page_of(tmp_path, documents))
    assert page.locator("#filter-missing option").all_text_contents() == [
        "Either way",
        "No topic",
        "No provider",
        "No date",
    ]
    for name, titles in {"topic": ["Tagless", "Alone"], "provider": ["Alone"]}.items():
        page.select_option("#filter-missing", label=f"No {name}")
        until(page, f"document.getElementById('chips').textContent.includes('No {name}')")
        assert parameters(page) == {"missing": [name]}
        assert page.locator("#article-list h3").all_text_contents() == titles
    # A chart without rows has no picture to save.
    page.evaluate("location.hash = '#/?missing=date&kind=all'")
    wait_for_chips(page, 2)
    assert page.locator("#article-list h3").all_text_contents() == ["Undated"]
    assert page.locator('[data-save="png"][data-of="over-time"]').is_hidden()
    assert page.locator('[data-save="png"][data-of="providers"]').is_visible()
    page.click("#short .sentences a:has-text('2 have no topic')")
    wait_for_chips(page, 1)
    assert (chips(page), found(page)) == (["No topic"], 2)
    assert page.evaluate("document.activeElement.id") == "articles-list"


def saved(page: Page, selector: str) -> bytes:
    """The bytes that a click saves."""
    with page.expect_download() as download:
        page.click(selector)
    return Path(download.value.path()).read_bytes()


def test_tables_and_articles_are_saved_as_filtered_without_formulas_and_charts_with_their_colours(
    open_page: Open, tmp_path: Path
) -> None:
    formula = '=HYPERLINK("http://b.example";"-x")'
    documents = [
        document("a", title=formula, topics=["+T", "B"], provider="p/x", published="2026-01-03"),
        document("b", title="Two, with a comma", topics=["B"], provider="p/x", published="2026-01-02"),
        document("c", title="Other", topics=["C"], provider="q/y", published="2026-01-01"),
    ]
    page = open_page(page_of(tmp_path, documents), scheme="dark")
    choose(page, "topic", "B")
    text = saved(page, "#csv-articles").decode()
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [row["Title"] for row in rows] == [neutralise_text(formula), "Two, with a comma"]
    assert [(row["Published"], row["Topics"], row["Provider"]) for row in rows] == [
        ("2026-01-03 00:00:00", "'+T, B", "X"),
        ("2026-01-02 00:00:00", "B", "X"),
    ]
    table = saved(page, "#grid-topics [data-part=csv]").decode().removeprefix("\ufeff").splitlines()
    assert table[0].startswith("Topic,Articles,Share,")
    assert [line.split(",")[:3] for line in table[1:]] == [["B", "2", "1"], ["'+T", "1", "0.5"]]
    svg = saved(page, '[data-save="svg"][data-of="providers"]').decode()
    assert svg.startswith("<svg")
    assert "var(" not in svg
    assert 'fill="#14171b"' in svg
    # Away from the page a picture says what it is of.
    assert ">Articles by provider</text>" in svg
    assert ">B · Hand-written · 1 Jan 2026 to 3 Jan 2026 · 3 articles</text>" in svg
    assert saved(page, '[data-save="png"][data-of="providers"]').startswith(b"\x89PNG")


def test_pictures_are_asked_for_only_after_a_click_over_https_and_without_a_referrer(
    browser: Browser, tmp_path: Path
) -> None:
    urls = ["https://pictures.example/a.png", "http://pictures.example/b.png"]
    documents = [
        document(f"a{place}", published=f"2026-01-0{place + 1}", images=[url]) for place, url in enumerate(urls)
    ]
    path = page_of(tmp_path, documents)
    asked: list[tuple[str, str | None]] = []

    def answer(route: Route) -> None:
        asked.append((route.request.url, route.request.headers.get("referer")))
        route.fulfill(body=PIXEL, content_type="image/png")

    page = browser.new_page()
    page.route(lambda url: url.startswith("http"), answer)
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-drawn=yes]")
    assert page.locator("img").count() == 0
    assert asked == []
    page.click("#load-pictures")
    until(page, "document.querySelector('img')?.naturalWidth === 1")
    assert asked == [(urls[0], None)]
    assert page.evaluate("location.hash") == ""
    page.close()


def test_beyond_the_listed_articles_numbers_are_of_all_or_say_that_they_are_not(
    open_page: Open, sample_page: Path, sample: Run, sample_tables: Tables, tmp_path: Path
) -> None:
    shorter = {**sample_tables, "article_list": sample_tables["article_list"].head(20)}
    path = tmp_path / "report.html"
    path.write_text(render(shorter, sample.checks, "20260131T060000000000Z", "Shorter"), encoding="utf-8")
    page, whole = open_page(path), open_page(sample_page)
    all_count = sample_tables["scope"]["all_article_count"][0]
    assert f"The 20 most recent of {all_count} articles." in str(page.text_content("#articles-list"))
    for figure in ("over-time", "providers", "heat"):
        assert numbers(page, figure) == numbers(whole, figure)
    topic = sample_tables["topics"]["topic"][0]
    for each in (page, whole):
        choose(each, "topic", topic)
        each.evaluate("updates")
    assert numbers(page, "over-time") == numbers(whole, "over-time")
    assert numbers(page, "providers")[0] == numbers(whole, "providers")[0]
    assert "Of the 40 providers with most articles." in str(page.text_content('[data-figure="providers"] .remainder'))
    assert page.text_content("#filter-result") == whole.text_content("#filter-result")
    page.fill("#filter-words", "e")
    until(page, "document.getElementById('filter-result').textContent.includes('of the 20 most recent')")
    assert found(page) <= 20


def test_the_columns_of_articles_name_what_the_lists_of_the_page_name(sample_tables: Tables) -> None:
    columns = article_columns(sample_tables)
    frame = sample_tables["article_list"]
    assert {len(column) for column in columns.values()} == {frame.height}
    topics, providers = (sample_tables[f"{name}_list"][f"{name}_id"].to_list() for name in ("topic", "provider"))
    assert [[topics[place] for place in each] for each in columns["topics"]] == [
        each or [] for each in frame["topic_ids"].to_list()
    ]
    assert [None if place < 0 else providers[place] for place in columns["provider"]] == frame["provider_id"].to_list()
    assert all(url.startswith(("https://", "http://")) for url in columns["url"] if url)
