"""Artifacts show text of files as text in a cell, never as markup, a link or another row. No server is needed."""

import json
import re
from pathlib import Path

import pytest

from flows import artifacts
from frontmart.run import Run
from frontmart.settings import Settings
from frontmart.snapshots.store import published
from frontmart.warehouse.checks import CheckResult
from tests.frontmart.test_hostile_text import NAMES
from tests.sample import build_quietly

# Markdown that must not appear: markup without a backslash before it, and bare URLs.
ACTIVE = re.compile(r"(?<!\\)[<>`|\[\]*_]|https?://|(?i:www\.)|[\n\r\x1b\u202e]")


def test_rejects_are_shown_as_text(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    for name in NAMES:
        (tmp_path / "source" / f"{name}.md").write_text("---\nname: a: b\n---\n")
    build_quietly(tmp_path / "source", tmp_path / "out", allow_empty=True)
    rows = artifacts.rejects(published(tmp_path / "out"))
    assert len(rows) == len(NAMES)
    for row in rows:
        assert not ACTIVE.search(str(row["path"])), row
    assert json.loads(json.dumps(rows)) == rows


def test_what_checks_found_is_shown_as_text() -> None:
    run = Run.start(Settings.load(source=Path("a"), out=Path("b")), {})
    run.checks = [CheckResult("a_check", "error", "x", len(NAMES), [{"title": name} for name in NAMES])]
    for row in artifacts.failed_checks(run):
        assert not ACTIVE.search(str(row["row"])), row


@pytest.mark.parametrize("name", ["a`b", "``a", "a\n# b", "<script>", "](javascript:alert(1))", "\x1b[31m\u202e"])
def test_folders_are_code_in_the_summary_and_encoded_in_the_link(tmp_path: Path, name: str) -> None:
    run = Run.start(Settings.load(source=tmp_path / name, out=tmp_path / name), {})
    first, second, *_ = artifacts.summary(run).split("\n\n")
    for line in (first, second):
        assert "\n" not in line
        # The text outside of code spans, whose fences have the same length on both sides.
        assert not ACTIVE.search(re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", line))
    assert re.fullmatch(r"file:///[A-Za-z0-9/._~%-]+", artifacts.published_link(tmp_path / name))
