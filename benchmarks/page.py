"""Measure the report against its goals: the time to write it, its size, and the time until a browser has drawn it.

python -m benchmarks.page --files 100000
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from benchmarks.corpus import write_corpus
from frontmart.pipeline import build
from frontmart.report import report
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.terminal.progress import Console

CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")
MOST_BYTES: Final = 5_000_000
MOST_SECONDS: Final = 2.0
ROUNDS: Final = 5
SEED: Final = 1


def publish(folder: Path, files: int) -> Path:
    """Generate and build a corpus of `files` files -> the output folder."""
    source, out = folder / "corpus", folder / "out"
    write_corpus(source, files, SEED, "small")
    settings = Settings.load(source=source, out=out, as_of=dt.date(2025, 1, 31))
    build(settings, LocalRunner(Console(is_quiet=True)))
    return out


def seconds_to_draw(browser: Browser, page: Path) -> float:
    """Seconds from opening a page, in a new tab, until its last chart is drawn."""
    tab = browser.new_page()
    try:
        start = time.perf_counter()
        tab.goto(page.as_uri())
        tab.wait_for_selector("html[data-drawn=yes]")
        return time.perf_counter() - start
    finally:
        tab.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line -> 0 if both goals are met, else 1."""
    command = argparse.ArgumentParser(prog="python -m benchmarks.page", description="Measure the report.")
    command.add_argument("--files", type=int, default=100_000, metavar="N", help="number of files in the corpus")
    options = command.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="frontmart-page-") as folder, sync_playwright() as playwright:
        out = publish(Path(folder), options.files)
        start = time.perf_counter()
        page = report(out)
        written = time.perf_counter() - start
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox"])
        drawn = statistics.median(seconds_to_draw(browser, page) for _ in range(ROUNDS))
        browser.close()
        size = page.stat().st_size
    is_met = size < MOST_BYTES and drawn < MOST_SECONDS
    sys.stdout.write(
        f"{options.files:,} files: report of {size:,} bytes written in {written:.1f} s, drawn in {drawn:.2f} s "
        f"(median of {ROUNDS}); goals of {MOST_BYTES:,} bytes and {MOST_SECONDS:.0f} s "
        f"{'met' if is_met else 'missed'}\n"
    )
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
