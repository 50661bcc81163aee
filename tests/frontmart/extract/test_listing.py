"""The listing of a source folder: files, skipped folders, and entries that cannot be read."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontmart.errors import UsageError
from frontmart.extract import listing as sources
from frontmart.extract.listing import LISTING_SCHEMA, list_source, utf8_path


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def paths(folder: Path) -> list[str]:
    return list_source(folder)["path"].to_list()


def refuse(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    """Let some folders be listed no more, as permissions would have it for anybody but root."""
    scandir = os.scandir

    def guarded(folder: str) -> Iterator[os.DirEntry[str]]:
        if Path(folder) in folders:
            raise PermissionError(13, "Permission denied", folder)
        return scandir(folder)

    monkeypatch.setattr(sources.os, "scandir", guarded)


def test_extensions_count_in_any_case(tmp_path: Path) -> None:
    seen = ["a.md", "b.MD", "c.Markdown", "d.mdx", "e.HTML", "f.htm", "g.TxT", "no.yaml.md"]
    seen += ["j.rst", "l.qmd", "m.Rmd", "n.mdoc", "o.ipynb", "p.adoc", "q.asciidoc"]
    write(tmp_path, *seen, "h.yaml", "i.md.bak", "md", "j.org", "k.md~")
    assert paths(tmp_path) == sorted(seen)


def test_rows_are_sorted_by_path_and_have_size_and_time(tmp_path: Path) -> None:
    write(tmp_path, "b/z.md", "b.md", "a/y.md", "b/a.md", "Z.md", "ä.md")
    os.utime(tmp_path / "b.md", ns=(5, 1_618_958_280_000_000_007))
    listing = list_source(tmp_path)
    assert listing.schema == LISTING_SCHEMA
    assert listing["path"].to_list() == ["Z.md", "a/y.md", "b.md", "b/a.md", "b/z.md", "ä.md"]
    assert listing["size"].to_list() == [4, 6, 4, 6, 6, 5]
    assert listing["mtime_ns"][2] == 1_618_958_280_000_000_007
    status = (tmp_path / "b.md").stat()
    assert (listing["ctime_ns"][2], listing["inode"][2]) == (status.st_ctime_ns, status.st_ino)
    assert listing["error"].null_count() == listing["raw_path"].null_count() == 6


def test_hidden_folders_are_left_out_and_hidden_files_are_not(tmp_path: Path) -> None:
    write(tmp_path, ".git/a.md", "notes/.trash/b.md", "notes/.draft.md", "notes/c.md", "..md")
    assert paths(tmp_path) == ["..md", "notes/.draft.md", "notes/c.md"]


def test_a_folder_that_is_named_like_a_file_is_a_folder(tmp_path: Path) -> None:
    write(tmp_path, "page.md/index.html", "empty.md/x.yaml")
    assert paths(tmp_path) == ["page.md/index.html"]


def test_links_to_folders_are_not_followed_so_a_loop_ends(tmp_path: Path) -> None:
    write(tmp_path, "a/one.md")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "a")
    (tmp_path / "folder.md").symlink_to(tmp_path / "a")
    assert paths(tmp_path) == ["a/one.md"]


def test_a_link_to_a_file_counts_and_one_out_of_the_source_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "source/a.md", "outside/secret.md", "source-too/b.md")
    source = tmp_path / "source"
    (source / "inside.md").symlink_to("a.md")
    (source / "out.md").symlink_to(tmp_path / "outside" / "secret.md")
    (source / "sibling.md").symlink_to(tmp_path / "source-too" / "b.md")
    (source / "round.md").symlink_to("../source/a.md")
    out = "a link that leads out of the source"
    assert list_source(source).select("path", "error").rows() == [
        ("a.md", None),
        ("inside.md", None),
        ("out.md", out),
        ("round.md", None),
        ("sibling.md", out),
    ]


def test_a_link_into_the_void_and_a_link_to_itself_are_errors(tmp_path: Path) -> None:
    (tmp_path / "void.md").symlink_to("nowhere.md")
    (tmp_path / "self.md").symlink_to("self.md")
    listing = list_source(tmp_path)
    assert listing.select("path", "size", "error").rows() == [
        ("self.md", 0, "Too many levels of symbolic links"),
        ("void.md", 0, "No such file or directory"),
    ]


def test_the_source_may_itself_be_a_link(tmp_path: Path) -> None:
    write(tmp_path, "real/a.md", "real/b/c.md")
    (tmp_path / "real" / "link.md").symlink_to("a.md")
    (tmp_path / "alias").symlink_to("real")
    assert paths(tmp_path / "alias") == ["a.md", "b/c.md", "link.md"]


def test_a_name_that_is_not_utf8_is_escaped_in_tables_and_kept_as_bytes(tmp_path: Path) -> None:
    name = b"caf\xe9.md"
    try:
        (tmp_path / os.fsdecode(name)).write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")
    write(tmp_path, "café.md")
    listing = list_source(tmp_path)
    assert listing.select("path", "raw_path").rows() == [("./caf\\xe9.md", name), ("café.md", None)]


def test_a_raw_byte_and_the_escape_that_shows_it_are_two_files(tmp_path: Path) -> None:
    """Both were shown as `\\xff.md`, and the table of files takes a path but once."""
    names = [b"\\xff.md", b"\xff.md", b"\xff\\xff.md", b"\\xff\xff.md", b"\\\\xff.md", b"\xfe/\\.md", b"\xfe/\xff.md"]
    for name in names:
        path = tmp_path / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    listing = list_source(tmp_path)
    shown = dict(listing.select(pl.col("raw_path").fill_null(pl.col("path").cast(pl.Binary)), "path").iter_rows())
    assert shown == {
        b"\\xff.md": "\\xff.md",
        b"\\\\xff.md": "\\\\xff.md",
        b"\xff.md": "./\\xff.md",
        b"\xff\\xff.md": "./\\xff\\\\xff.md",
        b"\\xff\xff.md": "./\\\\xff\\xff.md",
        b"\xfe/\\.md": "./\\xfe/\\\\.md",
        b"\xfe/\xff.md": "./\\xfe/\\xff.md",
    }


@given(st.lists(st.binary(min_size=1, max_size=6).map(lambda name: name.replace(b"\0", b"0")), unique=True))
def test_no_two_names_have_the_same_path(names: list[bytes]) -> None:
    assert len({utf8_path(os.fsdecode(name)) for name in names}) == len(names)


def test_names_that_are_trouble_elsewhere_are_names(tmp_path: Path) -> None:
    names = [
        "CON.md",
        "nul.txt",
        "a:b.md",
        "ends with a dot. .md",
        "new\nline.md",
        "\x1b[31mred.md",
        "\u202egnp.md",
        "-rf.md",
    ]
    names.append("x" * 252 + ".md")
    write(tmp_path, *names)
    listing = list_source(tmp_path)
    assert listing["path"].to_list() == sorted(names)
    assert listing["raw_path"].null_count() == listing["error"].null_count() == len(names)


def test_a_fifo_or_socket_named_like_a_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.md")
    os.mkfifo("pipe.yaml")
    Path("link.md").symlink_to("pipe.md")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.txt")
        listing = list_source(tmp_path)
    assert listing.select("path", "size", "error").rows() == [
        ("link.md", 0, "a FIFO"),
        ("pipe.md", 0, "a FIFO"),
        ("socket.txt", 0, "a socket"),
    ]


def test_a_path_too_long_for_the_system_is_a_row_with_its_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(20):
        Path("d" * 250).mkdir()
        os.chdir("d" * 250)
    listing = list_source(tmp_path)
    assert listing["error"].to_list() == ["File name too long"]
    assert listing["path"][0].endswith("d/")


def test_a_folder_that_cannot_be_read_is_a_row_with_its_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.md", "locked/b.md", "locked/deeper/c.md", "open/d.md")
    refuse(monkeypatch, tmp_path / "locked")
    listing = list_source(tmp_path)
    rows = [("a.md", None), ("locked/", "Permission denied"), ("open/d.md", None)]
    assert listing.select("path", "error").rows() == rows


def test_a_folder_that_vanishes_while_it_is_listed_is_a_row_with_its_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.md", "gone/b.md")
    scandir = os.scandir

    def late(folder: str) -> Iterator[os.DirEntry[str]]:
        if Path(folder).name == "gone":
            (tmp_path / "gone" / "b.md").unlink()
            (tmp_path / "gone").rmdir()
        return scandir(folder)

    monkeypatch.setattr(sources.os, "scandir", late)
    listing = list_source(tmp_path)
    assert listing.select("path", "error").rows() == [("a.md", None), ("gone/", "No such file or directory")]


def test_a_source_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.md")
    refuse(monkeypatch, tmp_path)
    with pytest.raises(UsageError, match=r"cannot be read \(Permission denied\); check its permissions"):
        list_source(tmp_path)


@pytest.mark.parametrize(("name", "problem"), [("nowhere", "there is no such folder"), ("a.md", "is not a folder")])
def test_a_source_that_is_not_a_folder_is_rejected(tmp_path: Path, name: str, problem: str) -> None:
    write(tmp_path, "a.md")
    with pytest.raises(UsageError, match=problem):
        list_source(tmp_path / name)


def test_an_empty_source_is_an_empty_listing(tmp_path: Path) -> None:
    listing = list_source(tmp_path)
    assert listing.equals(pl.DataFrame(schema=LISTING_SCHEMA))


def test_a_source_is_named_by_any_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "corpus/a.md", "corpus/b/c.md")
    monkeypatch.chdir(tmp_path / "corpus")
    for source in (Path(), Path("../corpus"), tmp_path / "corpus" / "b" / ".."):
        assert paths(source) == ["a.md", "b/c.md"]
