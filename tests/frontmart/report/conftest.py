import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from frontmart.report.queries import Tables, run_report_queries
from frontmart.report.render import render
from frontmart.run import Run
from tests.frontmart.report.newsroom import newsroom, tables_of
from tests.processes import PATIENCE_SECONDS
from tests.sql.frames import Rows, group_by_excerpt, warehouse_of

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def sample_tables(sample: Run) -> Tables:
    """The content of a report of the sample."""
    return run_report_queries(sample.out / "published" / "warehouse.duckdb", "512MB")


@pytest.fixture(scope="session")
def sample_page(sample: Run, sample_tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the sample."""
    page = tmp_path_factory.mktemp("report") / "report.html"
    page.write_text(render(sample_tables, sample.checks, str(sample.snapshot_id), "City cycling"), encoding="utf-8")
    return page


def page_of(folder: Path, documents: Sequence[Rows], runs: Sequence[Mapping[str, object]] = ()) -> Path:
    """The report of documents written by hand."""
    with warehouse_of(folder, documents, runs=runs, is_as_of_given=False):
        pass
    page = folder / "report.html"
    page.write_text(
        render(run_report_queries(folder / "warehouse.duckdb", "512MB"), [], "20260131T060000000000Z", "Hand-written")
    )
    return page


def numbers(page: Page, figure: str) -> list[list[str]]:
    """The table of numbers of a figure, row by row, without the links to pages."""
    rows = page.locator(f'[data-numbers="{figure}"] tbody tr')
    return [[text.removesuffix("→") for text in row.locator("th, td").all_text_contents()] for row in rows.all()]


def until(page: Page, condition: str) -> None:
    """Wait for a condition in JavaScript; `wait_for_function` evaluates text, which the policy of the page forbids."""
    page.evaluate(
        f"""async () => {{
          const end = Date.now() + {PATIENCE_SECONDS * 1_000};
          while (!({condition})) {{
            if (Date.now() > end) throw new Error("waited in vain");
            await new Promise(requestAnimationFrame);
          }}
        }}"""
    )


def choose(page: Page, kind: str, name: str) -> None:
    """Choose a topic, a provider or an author by typing its name."""
    page.fill(f"#filter-{kind}", name)
    page.press(f"#filter-{kind}", "Enter")
    until(page, f"document.getElementById('chips').textContent.includes({json.dumps(name)})")
    page.evaluate("updates")


@pytest.fixture(scope="session")
def newsroom_tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("transforms.events.group.group_events", group_by_excerpt)
        return tables_of(tmp_path_factory.mktemp("newsroom"), newsroom())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS, timeout=PATIENCE_SECONDS * 1_000)
        yield chromium
        chromium.close()


def asks(url: str, path: Path) -> bool:
    """Whether a page at a path asks for something outside of it."""
    return url.partition("#")[0] != path.as_uri() and not url.startswith(("data:", "blob:"))


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens a page and waits until it is drawn; in the end no page may have erred or asked for anything."""
    opened: list[Page] = []
    faults: list[str] = []

    def open_(path: Path, width: int = 1280, scheme: str = "light") -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.set_default_timeout(PATIENCE_SECONDS * 1_000)
        page.on("console", lambda message: faults.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: faults.append(request.url) if asks(request.url, path) else None)
        opened.append(page)
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-drawn=yes]")
        return page

    yield open_
    for page in opened:
        page.close()
    assert faults == []
