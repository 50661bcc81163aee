"""`--repair` from the command line to the tables, and back again when it is left out."""

import json
from pathlib import Path

import pytest

from frontmart.settings import Settings
from frontmart.snapshots.store import published
from tests.forked import frontmart
from tests.sample import build_quietly

pytestmark = pytest.mark.usefixtures("few_models")

REPAIRED = {
    "path": "broken.md",
    "field": "provider.name",
    "value": "DM: The Show",
    "problem": "not valid YAML without quotes: read as if quoted",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "fine.md").write_text("---\ntitle: Fine\n---\n")
    (folder / "broken.md").write_text("---\ntitle: Broken\nprovider:\n  name: DM: The Show\n---\n")
    return folder


def test_a_broken_line_is_a_reject_unless_it_is_to_be_repaired(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert frontmart("build", source, "--out", out, "--quiet").returncode == 0
    (refused,) = json.loads(frontmart("rejects", "--out", out, "--json").stdout)["rejects"]
    assert (refused["path"], refused["line"]) == ("broken.md", 4)
    assert "put single quotes around the value of provider.name" in refused["message"]
    assert "build with --repair" in refused["message"]

    assert frontmart("build", source, "--out", out, "--quiet", "--repair").returncode == 0
    shown = json.loads(frontmart("rejects", "--out", out, "--json").stdout)
    assert shown == {"rejects": [], "field_issues": [REPAIRED]}
    sql = "select path, title, provider_name, is_repaired from tidy.documents order by path"
    rows = json.loads(frontmart("query", sql, "--out", out, "--json").stdout)["rows"]
    assert rows == [
        {"path": "broken.md", "title": "Broken", "provider_name": "DM: The Show", "is_repaired": True},
        {"path": "fine.md", "title": "Fine", "provider_name": None, "is_repaired": False},
    ]


def test_turning_repair_on_or_off_reads_every_file_again(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for repair, rejects in ((False, 1), (True, 0), (False, 1)):
        run = build_quietly(source, out, repair=repair)
        assert (run.outcome, run.changed_files["read"], run.files["reject"]) == ("published", 2, rejects)
        assert build_quietly(source, out, repair=repair).outcome == "unchanged"
    assert published(out)


def test_repair_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Settings.load().repair
    monkeypatch.setenv("FRONTMART_REPAIR", "true")
    assert Settings.load().repair
