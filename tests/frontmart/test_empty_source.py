"""A source without documents is refused, and the message says what is there and which option allows it."""

import os
from pathlib import Path

import pytest

from frontmart import api
from frontmart.empty_source import EmptySourceError, no_files, require_files
from frontmart.errors import ChecksFailedError, SourceUnavailableError
from frontmart.extract import listing
from frontmart.extract.listing import EXTENSIONS, check_source
from frontmart.extract.nearest_folder import nearest_folder
from frontmart.snapshots.loss_baseline import LossBaseline
from frontmart.snapshots.store import list_snapshots, published
from tests.forked import frontmart
from tests.sample import AS_OF, build_quietly

ALLOW = "to publish a source without documents, run `frontmart build --allow-empty`"


def write(folder: Path, *names: str, text: str = "Text\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


# Sources without files: an error of usage, like one that does not exist.


@pytest.mark.parametrize("names", [(), (".git/a.md",), (".hidden/b/c.md",)])
def test_an_empty_source_is_refused_in_one_line_and_creates_nothing(tmp_path: Path, names: tuple[str, ...]) -> None:
    source = write(tmp_path / "source", *names)
    done = frontmart("build", source, "--out", tmp_path / "out", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"frontmart: {source}: has no files; check the folder and that it is mounted, or, {ALLOW}\n"
    assert not (tmp_path / "out").exists()


def test_extensions_that_are_not_read_are_named_with_those_that_are(tmp_path: Path) -> None:
    source = write(tmp_path / "source", "a.mdown", "b/c.mdown", "d.mkd", "e.org")
    with pytest.raises(SourceUnavailableError) as caught:
        require_files(source)
    assert str(caught.value) == (
        f"{source}: no file has an extension that Frontmart reads ({', '.join(EXTENSIONS)}): the source has 4 files "
        "(.mdown 2, .mkd 1, .org 1); did you mean .md for .mkd and .mdown?; name the folder of front-matter files, "
        f"or, {ALLOW}"
    )


def test_one_file_is_enough_and_so_is_a_folder_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_files(write(tmp_path / "source", "a.png", "b/c/d.md"))
    closed = write(tmp_path / "closed", "in/a.png")
    scandir = os.scandir

    def guarded(folder: str) -> object:
        if str(folder).endswith("in"):
            raise PermissionError(13, "Permission denied", folder)
        return scandir(folder)

    monkeypatch.setattr(listing.os, "scandir", guarded)
    require_files(closed)


def test_an_emptied_source_is_another_error_which_a_schedule_retries(tmp_path: Path) -> None:
    error = no_files(tmp_path, LossBaseline("20260131T060000000000Z", 1_000))
    assert isinstance(error, EmptySourceError)
    assert str(error) == (
        f"{tmp_path}: has no files, but snapshot 20260131T060000000000Z has 1,000 documents of it; check that it is "
        "mounted"
    )
    assert not isinstance(no_files(tmp_path, LossBaseline("20260131T060000000000Z", 0)), EmptySourceError)


# Sources that do not exist.


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in ("content/posts", "content/pages", ".content", "static"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "contents.md").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("missing", "near"),
    [
        ("contnet", "content"), ("content/post", "content/posts"), ("contant/posts", "content/posts"),
        ("contant/post", None), ("xyz", None), ("contant/xyz", None), ("content/posts/deeper", None),
    ],
)  # fmt: skip
def test_the_nearest_folder_has_one_name_corrected(site: Path, missing: str, near: str | None) -> None:
    assert nearest_folder(site / missing) == (site / near if near else None)


def test_a_missing_source_is_refused_with_the_folder_that_may_be_meant(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site)
    with pytest.raises(SourceUnavailableError, match=r"^contnet: there is no such folder; did you mean content\?$"):
        check_source(Path("contnet"))
    with pytest.raises(SourceUnavailableError, match=r"^xyz: there is no such folder; name the folder of front-matter"):
        check_source(Path("xyz"))
    with pytest.raises(SourceUnavailableError, match=r"^contents\.md: is not a folder; name the folder .* such as \.$"):
        check_source(Path("contents.md"))


# Sources whose files are no documents: built, and blocked by a check.


def test_files_without_front_matter_are_refused_in_one_line_unless_allowed(tmp_path: Path) -> None:
    source = write(tmp_path / "source", "a.md", "b.txt")
    done = frontmart("build", source, "--out", tmp_path / "out", "--as-of", AS_OF, "--quiet")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        f"frontmart: {source}: nothing was published: 2 files (.md 1, .txt 1), none with front matter: `key: value` "
        "lines between two lines of `---`, TOML between `+++`, or a JSON object, at the top of the file; name the "
        f"folder of front-matter files, or, {ALLOW}\n"
    )
    assert list_snapshots(tmp_path / "out") == []
    done = frontmart("build", source, "--out", tmp_path / "out", "--as-of", AS_OF, "--allow-empty")
    assert done.returncode == 0, done.stderr
    assert f"frontmart: warning: {source}: 2 files (.md 1, .txt 1), none with front matter" in done.stderr
    assert "warning: source_has_documents: 2 files (.md 1, .txt 1), none with front matter" in done.stdout
    write(source, "c.md")
    assert build_quietly(source, tmp_path / "out").outcome == "published"  # none were lost


def test_files_that_are_all_rejected_are_refused_with_the_first_of_them(tmp_path: Path) -> None:
    source = write(tmp_path / "source", "a.md", "b.md", text="---\ntitle: a: b\n---\n")
    write(source, "c.md")
    with pytest.raises(ChecksFailedError) as caught:
        build_quietly(source, tmp_path / "out")
    assert str(caught.value).startswith(
        f"{source}: nothing was published: 2 rejects, 1 without front matter, but no document; the first reject is "
        "a.md: "
    )
    (found,) = (check for check in caught.value.run.checks if check.is_blocking)
    assert (found.name, found.first_rows) == ("source_has_documents", [{"file_count": 3}])


def test_an_empty_source_never_replaces_documents_of_another_one(tmp_path: Path) -> None:
    source, out = write(tmp_path / "source", "a.md", text="---\ntitle: A\n---\n"), tmp_path / "out"
    build_quietly(source, out)
    good = published(out).id
    with pytest.raises(SourceUnavailableError, match=r"has no files; .* --allow-empty"):
        build_quietly(write(tmp_path / "empty"), out)
    with pytest.raises(ChecksFailedError, match=r"none with front matter: .* --allow-empty"):
        build_quietly(write(tmp_path / "plain", "a.md"), out)
    assert published(out).id == good


@pytest.mark.build
def test_the_api_publishes_an_empty_source_that_is_allowed(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="source: the source has no files"):
        run = api.build(write(tmp_path / "source"), tmp_path / "out", as_of=AS_OF, allow_empty=True)
    assert (run.outcome, run.files["seen"]) == ("published", 0)
