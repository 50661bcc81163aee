"""Take the picture of the report with Chromium: `python -m docs.pictures data/raw docs`, or `make pictures`."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import sync_playwright

from docs.sample import sample_folder
from frontmart.report.queries import run_report_queries
from frontmart.report.render import render

# The day after the last article of the sample, and the ID of a snapshot of that day: the same picture on any day.
_AS_OF: Final = "2024-11-10"
_SNAPSHOT_ID: Final = "20241110T060000000000Z"
_CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_FLAGS: Final = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
_WIDTH: Final = 1280
_HEIGHT: Final = 1156


def take_picture(sample: Path, picture: Path) -> None:
    """Write the first screen of the report of the sample as a PNG: desktop width, light theme."""
    with sample_folder(sample, _AS_OF):
        page = render(
            run_report_queries(Path("data/published/warehouse.duckdb"), "512MB"), [], _SNAPSHOT_ID, "City cycling"
        )
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "report.html"
        path.write_text(page, encoding="utf-8")
        chromium = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        tab = chromium.new_page(viewport={"width": _WIDTH, "height": _HEIGHT}, color_scheme="light")
        tab.goto(path.as_uri())
        tab.wait_for_selector("html[data-drawn=yes]")
        tab.screenshot(path=picture)
        chromium.close()


if __name__ == "__main__":
    source, docs = map(Path, sys.argv[1:])
    take_picture(source, docs.resolve() / "images" / "report.png")
