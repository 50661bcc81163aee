"""The report in its snapshot: written whole or not at all, listed in the manifest, the same bytes each time."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.artifacts import published_link
from frontmart import report
from frontmart.cli.__main__ import app
from frontmart.errors import LockedError, SnapshotError
from frontmart.report import render
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.manifest import differences, read_manifest
from frontmart.snapshots.store import published
from frontmart.verify import verify
from tests.sample import SAMPLE, build_quietly


def listed(out: Path) -> list[str]:
    return [file.path for file in read_manifest(published(out).folder)]


@pytest.mark.slow
def test_it_is_written_into_the_published_snapshot_and_listed(out: Path) -> None:
    assert "report.html" not in listed(out)
    done = CliRunner().invoke(app, ["report", "--out", str(out), "--json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"report": str(out / "published" / "report.html")})
    assert "report.html" in listed(out)
    assert verify(out).is_good
    assert published_link(out) == (out.resolve() / "published" / "report.html").as_uri()
    first = (out / "published" / "report.html").read_bytes()
    assert CliRunner().invoke(app, ["report", "--out", str(out)]).stdout.strip().endswith("published/report.html")
    assert (out / "published" / "report.html").read_bytes() == first
    assert differences(published(out).folder) == []


def test_the_page_carries_all_it_needs_and_forbids_the_rest(out: Path) -> None:
    page = report.report(out).read_text(encoding="utf-8")
    assert len(page.encode()) < 1_500_000
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].replace("&#39;", "'").split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data: https:"
    assert rules["script-src"].count("'sha256-") == 2
    assert "unsafe" not in policy[1]
    assert page.count("</script>") == 4
    markup = re.sub(r"(<script[^>]*>).*?</script>", r"\1", page, flags=re.DOTALL)
    assert len(markup) < 200_000
    assert re.findall(r"<[a-z]+[^>]* (?:src|srcset|style|on[a-z]+)=", markup) == []


def test_tables_of_the_warehouse_are_named_for_analysts_alone(sample_page: Path) -> None:
    page = re.sub(r"<(script|style)\b.*?</\1>", "", sample_page.read_text(encoding="utf-8"), flags=re.DOTALL)
    named = re.compile(r"\b(?:marts|core|tidy|staging|main)\.[a-z_]+")
    assert "marts.coverage_by_topic" in named.findall(page)
    assert named.findall(re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)) == []


def test_the_full_path_is_printed_and_another_file_may_be_written_instead(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    manifest = (published(out).folder / "manifest.json").read_bytes()
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or len(opened) == 1)
    arguments = ["report", "--out", str(out), "--output", "mine.html", "--open"]
    done = CliRunner().invoke(app, arguments)
    page = tmp_path / "mine.html"
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{page}\n", "")
    assert opened == [page.as_uri()]
    assert "<h1><bdi>" in page.read_text(encoding="utf-8")
    assert not published(out).report.exists()
    assert (published(out).folder / "manifest.json").read_bytes() == manifest
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"report": str(page)})
    assert done.stderr == f"frontmart: no browser was found; open {page} in one\n"


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (".", "frontmart: --output .: is a folder; name a file in it, such as report.html\n"),
        (
            "none/page.html",
            "frontmart: --output none/page.html: there is no folder none; create it, or name another file\n",
        ),
    ],
)
def test_an_output_that_cannot_be_written_is_wrong_usage(
    output: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["report", "--output", output])
    assert (done.exit_code, done.stderr) == (2, message)


def test_the_title_is_the_name_of_the_build_else_that_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "cycling" / "content"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text("---\ntitle: A\ndate: 2026-01-02\n---\n")
    out = tmp_path / "out"
    build_quietly(folder, out)
    assert "<h1><bdi>cycling</bdi></h1>" in report.report(out).read_text(encoding="utf-8")
    named = build_quietly(folder, out, name="Cycling <daily>", report=True)
    assert named.outcome == "published"
    page = (out / "published" / "report.html").read_text(encoding="utf-8")
    assert "<h1><bdi>Cycling &lt;daily&gt;</bdi></h1>" in page
    assert "<title>Cycling &lt;daily&gt;: coverage report" in page
    assert report.report(out).read_text(encoding="utf-8") == page


def test_a_report_that_fails_leaves_the_snapshot_as_it_was(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = report.report(out).read_bytes()
    manifest = (published(out).folder / "manifest.json").read_bytes()

    def fail(*_: object) -> str:
        raise SnapshotError("no")

    monkeypatch.setattr("frontmart.report.write.render", fail)
    with pytest.raises(SnapshotError):
        report.report(out)
    assert (out / "published" / "report.html").read_bytes() == before
    assert (published(out).folder / "manifest.json").read_bytes() == manifest


def test_a_report_fails_while_a_build_runs(out: Path) -> None:
    with lock_output(out), pytest.raises(LockedError):
        report.report(out)


def test_without_a_published_snapshot_nothing_is_written(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["report", "--out", str(tmp_path / "none")])
    assert done.exit_code == 1
    assert "nothing is published here; run `frontmart build" in done.stderr
    assert not (tmp_path / "none").exists()


def test_a_build_writes_it_before_it_publishes_where_the_setting_says_so(tmp_path: Path) -> None:
    run = build_quietly(SAMPLE, tmp_path, report=True)
    built = (tmp_path / "published" / "report.html").read_bytes()
    assert "report.html" in listed(tmp_path)
    assert "report" in run.seconds
    assert report.report(tmp_path).read_bytes() == built
    assert verify(tmp_path).is_good


def test_a_build_without_a_change_adds_the_report_that_is_asked_for(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert build_quietly(SAMPLE, out).outcome == "unchanged"
    assert not published(out).report.exists()
    assert build_quietly(SAMPLE, out, report=True).outcome == "unchanged"
    assert "report.html" in listed(out)
    monkeypatch.setattr(render, "library", lambda: pytest.fail("it is there already"))
    assert build_quietly(SAMPLE, out, report=True).outcome == "unchanged"
