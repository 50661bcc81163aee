import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from frontmart.report.queries import Tables, run_report_queries
from frontmart.report.render import render
from frontmart.run import Run
from tests.processes import PATIENCE_SECONDS
from tests.sql.frames import Rows, warehouse_of

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
    page.write_text(render(sample_tables, sample.checks, str(sample.snapshot_id)), encoding="utf-8")
    return page


def page_of(folder: Path, documents: Sequence[Rows], runs: Sequence[Mapping[str, object]] = ()) -> Path:
    """The report of documents written by hand."""
    with warehouse_of(folder, documents, runs=runs, is_as_of_given=False):
        pass
    page = folder / "report.html"
    page.write_text(render(run_report_queries(folder / "warehouse.duckdb", "512MB"), [], "20260131T060000000000Z"))
    return page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS, timeout=PATIENCE_SECONDS * 1_000)
        yield chromium
        chromium.close()


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
        page.on("request", lambda request: faults.append(request.url) if request.url != path.as_uri() else None)
        opened.append(page)
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-drawn=yes]")
        return page

    yield open_
    for page in opened:
        page.close()
    assert [fault for fault in faults if fault != "data:,"] == []
