"""Why a source gave no document: the files that it has, and how their text begins."""

import datetime as dt
import os
from collections import Counter
from pathlib import Path

import pytest

from frontmart import steps
from frontmart import survey as surveys
from frontmart.extract.listing import EXTENSIONS
from frontmart.run import Run
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


@pytest.mark.parametrize(
    ("files", "is_explained"),
    [
        ({"document": 0, "reject": 0, "skipped": 1}, True),
        ({"document": 0, "reject": 0, "skipped": 0}, True),
        ({"document": 1, "reject": 0, "skipped": 1}, False),
        ({"document": 0, "reject": 1, "skipped": 1}, False),
    ],
)
def test_a_build_warns_if_it_has_neither_documents_nor_rejects(
    tmp_path: Path, files: dict[str, int], is_explained: bool
) -> None:
    write(tmp_path, **{"a.md": "Text\n"})
    shown: list[str] = []
    started_at = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
    run = Run("1", tmp_path, tmp_path / "out", dt.date(2026, 1, 31), started_at, files=files, show_warning=shown.append)
    steps.warn_without_documents(run)
    expected = [f"{tmp_path}: 1 file (.md 1), none with front matter: {NEEDED}"] * is_explained
    assert run.warnings == shown == expected
