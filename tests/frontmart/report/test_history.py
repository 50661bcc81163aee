"""The section 'What changed' of the report."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from frontmart.report.history import history_section
from frontmart.report.queries import run_report_queries
from frontmart.report.write import report
from frontmart.snapshots.store import published
from tests.frontmart.history.folder import Folder

HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Three builds, with the report of the last one."""
    found = Folder(tmp_path_factory.mktemp("history"))
    found.write("news/a.md", "One", "x")
    found.write("news/b.md", "Two", "x")
    found.build(preset="smartable")
    found.write("news/a.md", f'"{HOSTILE}"', "x, y")
    found.write("news/c.md", "Three")
    found.build(preset="smartable")
    (found.source / "news" / "b.md").unlink()
    found.build(preset="smartable", max_loss="none")
    report(found.out)
    return found


def test_the_section_has_versions_with_their_fields(folder: Folder) -> None:
    section = history_section(run_report_queries(published(folder.out).warehouse, "512MB"))
    assert section is not None
    assert section.calendar is not None
    assert section.sentence.startswith("3 builds from ")
    assert section.sentence.endswith("with 3 changes. What the first build brought may be older, so it is no change.")
    found = [
        (each.title, each.path, [(version.text.split(": ")[1], version.fields) for version in each.versions])
        for each in section.documents
    ]
    assert found == [
        ("Two", "news/b.md", [("removed", [])]),
        (HOSTILE, "news/a.md", [("changed", [("title", f"One → {HOSTILE}"), ("topics", "+ y")])]),
        ("Three", "news/c.md", [("added", [])]),
    ]
    assert sum(day.level > 0 for day in section.calendar.days) == 1


def test_a_first_build_says_when_its_history_begins(tmp_path: Path) -> None:
    found = Folder(tmp_path)
    found.write("a.md")
    snapshot = found.build(preset="smartable")
    assert history_section(run_report_queries(snapshot.warehouse, "512MB")) is None
    page = report(found.out).read_text()
    assert "There is no history yet: it begins with the next build." in page


@pytest.mark.parametrize("width", [390, 1280])
def test_hostile_titles_are_text_and_nothing_is_wider_than_the_page(
    browser: Browser, folder: Folder, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((published(folder.out).folder / "report.html").as_uri())
    page.wait_for_selector("html[data-drawn=yes]")
    page.locator("#history .versions details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    assert HOSTILE in (page.locator("#history .versions").text_content() or "")
    assert page.locator("img[src=x]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert errors == []
    page.close()
