"""The page in a real browser: charts are drawn, filters, sorting and search work, nothing is asked of a network."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from frontmart.report.charts.events import EVENT_COUNT
from frontmart.report.queries import Tables
from tests.frontmart.report.conftest import Open, choose, numbers, page_of, until
from tests.sql.frames import document, group_by_excerpt, person

CHARTS = ("over-time", "providers", "heat", "events")
HOSTILE = "</script><script>window.taken=1</script><img src=x onerror=window.taken=1>\"'`{{7*7}}${1}\u202etxt\u2066"


def visible(page: Page, grid: str) -> list[str]:
    """The visible text of the first cells of a table, without the links to pages."""
    names = page.locator(f"#table-{grid} tbody th :is(button, a:not(.to-page), bdi)").all()
    return [str(name.text_content()).strip() for name in names if name.is_visible()]


def article_counts(page: Page) -> list[int]:
    """The second column of the table of topics."""
    cells = page.locator("#table-topics tbody td:nth-child(2)").all_text_contents()
    return [int(text.replace(",", "")) for text in cells]


def test_every_chart_is_drawn_with_a_mark_for_each_row(
    open_page: Open, sample_page: Path, sample_tables: Tables
) -> None:
    page = open_page(sample_page)
    for name in CHARTS:
        marks = page.locator(f'[data-chart="{name}"] svg .role-mark path').count()
        rows = len(numbers(page, name))
        assert marks >= (min(rows, EVENT_COUNT) if name == "events" else rows) > 0, name
    periods = sample_tables["periods"].height
    assert page.locator('[data-chart="over-time"] svg .mark-rect path').count() == periods
    cards = page.locator(".multiples li")
    assert cards.count() == sample_tables["topics"].height
    assert [card.locator("svg .mark-rect path").count() for card in cards.all()] == [periods] * cards.count()


def test_pairs_follow_the_topic_and_runs_show_which_failed(open_page: Open, tmp_path: Path) -> None:
    topics = [("A", "B")] * 9 + [("C", "D")] * 12 + [(f"E{place % 9}", f"F{place % 7}") for place in range(60)]
    documents = [
        document(f"a{place}", topics=each, published="2026-01-02", title=f"{place}")
        for place, each in enumerate(topics)
    ]
    runs = [
        {"run_id": f"r{number}", "started_at": f"2026-01-0{number}T06:00:00", "outcome": outcome, "total_seconds": 1.5}
        for number, outcome in ((1, "published"), (2, "failed"))
    ]
    page = open_page(page_of(tmp_path, documents, runs))
    assert [row[:2] for row in numbers(page, "pairs")] == [["C + D", "12"], ["A + B", "9"]]
    choose(page, "topic", "C")
    until(page, "document.querySelectorAll('[data-chart=pairs] .mark-rect path').length === 1")
    assert page.text_content('[data-chosen="pairs"]') == "C"
    fills = page.locator('[data-chart="runs"] .mark-rect path').evaluate_all(
        "(bars) => bars.map((bar) => bar.getAttribute('fill'))"
    )
    assert fills == ["var(--accent)", "var(--bad)"]
    assert numbers(page, "runs") == [["1", "published", "1.5"], ["2", "failed", "1.5"]]


def test_tables_sort_by_value_and_narrow_to_what_is_searched(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page)
    heading = page.locator("#table-topics thead th", has_text="Articles")
    heading.locator("button").click()
    page.wait_for_selector("#table-topics th[aria-sort=descending]")
    column = article_counts(page)
    assert column == sorted(column, reverse=True)
    heading.locator("button").press("Enter")
    page.wait_for_selector("#table-topics th[aria-sort=ascending]")
    assert article_counts(page) == sorted(column)
    page.fill("#search-topics", "route pla")
    until(page, "document.querySelectorAll('#table-topics tbody tr').length === 1")
    assert visible(page, "topics") == ["Route Planning"]
    assert page.text_content('#grid-topics [data-part="found"]') == f"1 of {len(column)} rows"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_serious(open_page: Open, sample_page: Path, width: int, scheme: str) -> None:
    page = open_page(sample_page, width, scheme)
    # Rows of a table are alike, and hundreds of them would take axe most of its time.
    page.evaluate("document.querySelectorAll('tbody tr:nth-child(n+8)').forEach((row) => row.remove())")
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")] == []
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((heading) => Number(heading.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_on_a_phone_nothing_but_tables_scrolls_sideways(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # A table out of sight is not laid out.
    page.evaluate("document.getElementById('grid-providers').scrollIntoView()")
    until(page, "document.querySelector('#grid-providers .scroll').scrollWidth > 360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_theme_follows_the_system_and_its_button(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page, scheme="dark")
    colours = (
        "[getComputedStyle(document.body).backgroundColor, "
        "getComputedStyle(document.querySelector('[data-chart=providers] .mark-rect path')).fill]"
    )
    dark = page.evaluate(colours)
    page.click("#theme")
    assert page.text_content("#theme") == "Theme: light"
    light = page.evaluate(colours)
    assert all(one != other for one, other in zip(dark, light, strict=True))
    page.click("#theme")
    assert page.evaluate(colours) == dark
    page.emulate_media(media="print")
    assert page.evaluate(colours) == ["rgb(255, 255, 255)", light[1]]
    assert not page.locator("#filters").is_visible()


def test_the_keyboard_reaches_the_report_past_the_navigation(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator('[data-figure="over-time"] summary').focus()
    page.keyboard.press("Enter")
    assert page.locator('[data-numbers="over-time"] table').is_visible()


def test_hostile_names_are_text_everywhere_on_the_page(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.events.group.group_events", group_by_excerpt)
    documents = [
        document(
            name,
            title=f"{HOSTILE} {name}",
            excerpt="the same",
            topics=[HOSTILE, "a.b[0]['c']", "Ünïcode 自行车 دراجات"],
            provider=f"x{number}.example/{HOSTILE}",
            published=f"2026-01-{number + 1:02}",
            url=f"https://x/{name}" if number else "javascript:window.taken=1",
            type="article" if number < 3 else HOSTILE,
        )
        for number, name in enumerate("abcd")
    ]
    page = open_page(page_of(tmp_path, documents))
    assert page.evaluate("window.taken") is None
    assert page.locator("img, iframe, object, script[src]").count() == 0
    shown = "</script><script>window.taken=1</script><img src=x onerror=window.taken=1>\"'`{{7*7}}${1} txt"
    assert any(shown in name for name in visible(page, "events"))
    page.fill("#filter-topic", "ünïcode")
    assert page.locator("#options-topic [role=option] span").first.text_content() == "Ünïcode 自行车 دراجات"
    page.keyboard.press("Escape")
    labels = page.locator('[data-chart="heat"] svg text').all_text_contents()
    assert any(label.startswith("</script>") for label in labels)
    assert "a.b[0]['c']" in labels
    page.evaluate("document.querySelector('[data-figure=heat]').scrollIntoView({block: 'center'})")
    page.locator('[data-chart="heat"] .mark-text text').first.hover()
    assert f"Topic: {shown[:70]}" in str(page.locator("#tip").text_content())
    links = page.locator("#article-list a:not([href^='#'])").evaluate_all(
        "(links) => links.map((link) => link.protocol)"
    )
    assert set(links) == {"https:"}
    page.locator("#table-events a").first.click()
    assert shown[:70] in str(page.text_content("#page h2"))
    assert page.evaluate("window.taken") is None


@pytest.mark.parametrize(
    ("documents", "text"),
    [
        ([], "This snapshot has no articles"),
        ([person("a")], "This snapshot has no articles"),
        ([document("a", type="blog")], "None of 1 article has a date"),
        ([document("a", topics=["T", "U"], provider="p/x", published="2021-04-20")], "X is the only provider."),
    ],
    ids=["nothing", "people alone", "no date, topic or provider", "one article"],
)
def test_small_corpora_have_a_page_too(open_page: Open, tmp_path: Path, documents: list[Any], text: str) -> None:
    page = open_page(page_of(tmp_path, documents))
    assert text in str(page.text_content("#short"))
    assert page.locator("#health").is_visible()
