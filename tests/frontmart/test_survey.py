"""Why a source gave no document: the files that it has, and how their text begins."""

import datetime as dt
import os
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from frontmart import steps
from frontmart import survey as surveys
from frontmart.catalog.models import Model
from frontmart.extract.listing import EXTENSIONS
from frontmart.run import Run
from frontmart.settings import Settings
from frontmart.snapshots.loss_baseline import LossBaseline
from frontmart.survey import Survey, explain_no_documents, survey

NEEDED = "`key: value` lines between two lines of `---`, TOML between `+++`, or a JSON object, at the top of the file"
PELICAN = "`Title:` lines, as Pelican and MultiMarkdown write them"
ATTRIBUTES = "`:name:` lines, as AsciiDoc has them"


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_files_are_counted_by_extension_and_by_their_beginning(tmp_path: Path) -> None:
    texts = {
        "a/1.md": "Title: x\nDate: 2010-12-03\n",
        "a/2.MD": "\ufeffdate: 2010-12-03\r\n",
        "b.rst": "Title\n#####\n\n:date: 2010-12-03\n",
        "c.adoc": "= Title\n:page-date: 2010-12-03\n",
        "d.txt": "Only text: here\n",
        "e.md": "# Title\n",
        "f.md": "Title\n=====\n",
        "g.rst": ".. title: x\n.. date: y\n",
        ".git/l.md": "Title: x\n",
        "a/.obsidian/m.md": "Title: x\n",
    }
    texts |= dict.fromkeys(["h.md", "i.org", "j.ORG", "k.tar.gz", "Makefile", ".hidden", "x.ä"], "")
    write(tmp_path, **texts)
    found = survey(tmp_path)
    assert found.listed == {".md": 5, ".rst": 2, ".adoc": 1, ".txt": 1}
    assert found.others == {".org": 2, ".gz": 1, "none": 3}
    nikola = "`.. title:` comments, as Nikola writes them"
    assert found.beginnings == {PELICAN: 2, ATTRIBUTES: 2, nikola: 1, "a heading": 2}
    assert found.sampled == 9


def test_only_the_beginnings_of_some_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveys, "_SAMPLE", 2)
    write(tmp_path, **{f"{place}.md": "Title: x\n" for place in range(3)})
    found = survey(tmp_path)
    assert (found.listed.total(), found.sampled, found.beginnings) == (3, 2, {PELICAN: 2})
    assert f". Of the first 2, 2 begin with {PELICAN}: Frontmart does not read these" in str(
        explain_no_documents(found)
    )


def test_files_that_cannot_be_read_are_counted_and_nothing_blocks(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    (tmp_path / "b.md").symlink_to("/etc/hostname")
    (tmp_path / "c.md").symlink_to("missing")
    (tmp_path / "d.md").write_bytes(b"Title: \xff\n")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md"))).write_text("Title: x\n")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/e.\xff"))).write_text("")
    found = survey(tmp_path)
    assert (found.listed, found.others) == ({".md": 5}, {"none": 1})
    assert (found.sampled, found.beginnings) == (2, {PELICAN: 2})
    assert explain_no_documents(found)


def test_a_source_that_is_gone_has_nothing(tmp_path: Path) -> None:
    assert survey(tmp_path / "gone") == Survey()
    assert explain_no_documents(Survey()) is None


def test_the_sentence_names_the_files_and_what_they_would_need() -> None:
    found = Survey(
        Counter({".md": 280, ".txt": 32}),
        Counter({".org": 1_200, ".png": 5, ".a": 4, ".b": 3, ".c": 2, ".d": 1, ".e": 1}),
        Counter({PELICAN: 280, "a heading": 30, ATTRIBUTES: 1}),
        312,
    )
    assert explain_no_documents(found) == (
        f"312 files (.md 280, .txt 32), none with front matter: {NEEDED}. 280 begin with {PELICAN} and 30 begin with "
        "a heading: Frontmart does not read these. Other extensions, which are not read: 1,216 files (.org 1,200, "
        ".png 5, .a 4, .b 3, .c 2, others 2)"
    )


def test_the_sentence_says_which_extensions_are_read_if_no_file_has_one() -> None:
    assert explain_no_documents(Survey(others=Counter({".org": 1}))) == (
        f"no file has an extension that Frontmart reads ({', '.join(EXTENSIONS)}): the source has 1 file (.org 1)"
    )


def limits(folder: Path, files: dict[str, int], before: int | None = None, **allowed: bool) -> list[Model]:
    """The checks of the settings for a source of one file without front matter, whose warehouse has one reject."""
    started_at = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
    run = Run("1", folder, folder / "out", dt.date(2026, 1, 31), started_at, files=files)
    baseline = None if before is None else LossBaseline("20260131T060000000000Z", before)
    with duckdb.connect() as con:
        con.execute("create schema tidy; create table tidy.rejects as select 'r.md' as path, 'no YAML' as message")
        given = {"allow_loss": False, "allow_empty": False} | allowed
        found = steps.limit_checks(con, run, Settings.load(max_loss="none"), baseline, **given)
    assert run.warnings == [
        f"{folder}: {check.description.rstrip('.')}"
        for check in found
        if check.name == "source_has_documents" and check.severity == "warn"
    ]
    return found


NOTHING = {"document": 0, "reject": 0, "skipped": 1}
REJECTED = {"document": 0, "reject": 1, "skipped": 2}
NO_FRONT_MATTER = f"1 file (.md 1), none with front matter: {NEEDED}"
ALLOW = (
    "; name the folder of front-matter files, or, to publish a source without documents, run `frontmart build "
    "--allow-empty`."
)


def test_a_source_without_documents_is_blocked_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path, **{"a.md": "Text\n"})
    (found,) = limits(tmp_path, NOTHING)
    assert (found.name, found.severity) == ("source_has_documents", "error")
    assert found.description == NO_FRONT_MATTER + ALLOW
    (found,) = limits(tmp_path, REJECTED)
    assert found.description == (
        f"1 rejects, 2 without front matter, but no document; the first reject is r.md: no YAML{ALLOW}"
    )


def test_a_source_without_documents_is_a_warning_if_it_is_allowed_or_was_published_so(tmp_path: Path) -> None:
    write(tmp_path, **{"a.md": "Text\n"})
    for found in (limits(tmp_path, NOTHING, allow_empty=True), limits(tmp_path, NOTHING, before=0)):
        assert [(check.name, check.severity) for check in found] == [("source_has_documents", "warn")]
        assert found[0].description == f"{NO_FRONT_MATTER}."


@pytest.mark.parametrize(("allowed", "severity"), [("allow_empty", "error"), ("allow_loss", "warn")])
def test_a_source_that_had_documents_is_a_loss_alone(tmp_path: Path, allowed: str, severity: str) -> None:
    (found,) = limits(tmp_path, NOTHING, before=10, **{allowed: True})
    assert (found.name, found.severity) == ("max_loss", severity)


def test_a_source_with_documents_has_no_check_of_its_own(tmp_path: Path) -> None:
    assert limits(tmp_path, {"document": 1, "reject": 0, "skipped": 9}) == []


def test_other_extensions_of_markdown_are_named() -> None:
    found = explain_no_documents(Survey(others=Counter({".mkd": 2, ".org": 1})))
    assert found is not None
    assert found.endswith("the source has 3 files (.mkd 2, .org 1); did you mean .md for .mkd?")
