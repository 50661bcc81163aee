"""The source and the output folder must not overlap, however they are named: exit 2, and nothing is created."""

import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from frontmart import api
from frontmart.backfill import Waiting, build_days
from frontmart.errors import UsageError
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.snapshots.overlap import reject_overlap
from frontmart.terminal.progress import Console
from tests.forked import frontmart
from tests.sample import AS_OF


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a source `site/news` and links."""
    (tmp_path / "site" / "news").mkdir(parents=True)
    (tmp_path / "site" / "news" / "a.md").write_text("---\ntitle: A\n---\n")
    (tmp_path / "site-too").mkdir()
    (tmp_path / "data" / "raw" / "news").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "news" / "a.md").write_text("---\ntitle: A\n---\n")
    (tmp_path / "link-to-site").symlink_to("site")
    (tmp_path / "link-to-news").symlink_to("site/news")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "snapshots").symlink_to("../site/news")
    (tmp_path / "published-source").mkdir()
    (tmp_path / "published-source" / "published").symlink_to("../site")
    (tmp_path / "data" / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path)
    return tmp_path


SAME = "is the source as well; give another --out, outside of the source"
OUT_INSIDE = "so results would be read as sources; give another --out, outside of the source"
SOURCE_INSIDE = "is a source inside the output folder"


@pytest.mark.parametrize(
    ("source", "out", "message"),
    [
        ("site", "site", SAME), (".", ".", SAME), ("site", "link-to-site", SAME), ("site", "site/news/..", SAME),
        ("site", "site-too/../site/", SAME), ("data/../site", "link-to-site/.", SAME),
        ("site", "site/out", OUT_INSIDE), ("site", "site/news", OUT_INSIDE), ("site", "link-to-news", OUT_INSIDE),
        ("link-to-site", "site/not/yet/there", OUT_INSIDE), (".", "data", OUT_INSIDE), ("/", "data", OUT_INSIDE),
        ("site", "site/.hidden", OUT_INSIDE), ("data/raw", "data/raw/news", OUT_INSIDE),
        ("site", "linked", OUT_INSIDE),
        ("site", ".", SOURCE_INSIDE), ("site/news", "link-to-site", SOURCE_INSIDE),
        ("link-to-news", "site", SOURCE_INSIDE),
        ("data/raw/news", "data", SOURCE_INSIDE), ("data/snapshots", "data", SOURCE_INSIDE),
        ("linked/snapshots/deeper", "linked", SOURCE_INSIDE), ("linked/published/tables", "linked", SOURCE_INSIDE),
    ],
)  # fmt: skip
def test_folders_that_overlap_are_rejected(source: str, out: str, message: str, folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    for way in (lambda each: each, os.path.abspath):
        with pytest.raises(UsageError, match=message):
            reject_overlap(Path(way(source)), Path(way(out)))
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("source", "out"),
    [
        ("data/raw", "data"), ("data/raw/", "./data"), ("site", "site-too"), ("site-too", "site"), ("site", "data"),
        ("link-to-news", "data"), ("nowhere", "data"), ("site", "new/out"), ("data/loop", "site"),
        ("published-source/published", "published-source"),
    ],
)  # fmt: skip
def test_folders_beside_each_other_and_the_default_layout_are_taken(source: str, out: str, folder: Path) -> None:
    reject_overlap(Path(source), Path(out))
    reject_overlap(folder / source, folder / out)


def test_the_folder_raw_is_no_way_around_through_a_link(folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "raw").symlink_to(".")
    with pytest.raises(UsageError, match=SAME):
        reject_overlap(folder / "out" / "raw", folder / "out")
    (folder / "out" / "raw").unlink()
    (folder / "out" / "raw").symlink_to("snapshots")
    with pytest.raises(UsageError, match=OUT_INSIDE):
        reject_overlap(folder / "out" / "raw", folder / "out")


@pytest.mark.parametrize("command", [["build"], ["serve"], ["backfill", "2026-01-01", "2026-01-02"]])
def test_commands_end_in_exit_2_and_create_nothing(command: list[str], folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    done = frontmart(*command, "site", "--out", "site/out", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == f"frontmart: site/out: is inside the source site, {OUT_INSIDE}"
    assert sorted(folder.rglob("*")) == before


@pytest.mark.build
def test_the_api_and_a_backfill_reject_folders_that_overlap(folder: Path) -> None:
    with pytest.raises(UsageError, match=OUT_INSIDE):
        api.build("site", "site/out")
    runner = LocalRunner(Console(is_quiet=True))
    settings = Settings.load(source="site", out="site/out")
    with pytest.raises(UsageError, match=OUT_INSIDE):
        list(build_days(settings, [AS_OF], lambda: nullcontext(runner), Waiting(0, str)))
    assert not (folder / "site" / "out").exists()
    assert api.build("data/raw", "data").outcome == "published"
