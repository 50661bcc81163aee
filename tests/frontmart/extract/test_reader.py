"""Reading a file of a source gives the listed file or an error, never a file put in its place, and never blocks."""

import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontmart.errors import FrontmartError
from frontmart.extract.reader import OUTSIDE_SOURCE, SourceReader, advice

SIZE = 1_000


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "news" / "deep").mkdir(parents=True)
    for name in ("top.md", "news/a.md", "news/b.md", "news/deep/c.md"):
        (folder / name).write_text(name)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.md").write_text("private")
    return folder


@pytest.fixture
def reader(source: Path) -> Iterator[SourceReader]:
    with SourceReader(source) as reader:
        yield reader


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def refusal(reader: SourceReader, path: str) -> str:
    with pytest.raises(OSError) as caught:  # noqa: PT011
        reader.read(path, SIZE)
    assert caught.value.strerror
    return caught.value.strerror


def test_files_of_any_folder_are_read_in_any_order(reader: SourceReader) -> None:
    names = ["news/deep/c.md", "top.md", "news/a.md", "news/b.md", "news/deep/c.md"]
    assert [reader.read(name, SIZE) for name in names] == [name.encode() for name in names]


def test_a_missing_folder_is_not_confused_with_its_parent(reader: SourceReader) -> None:
    reader.read("news/a.md", SIZE)
    assert "No such file" in refusal(reader, "news/gone/top.md")
    assert "No such file" in refusal(reader, "news/gone/deeper/a.md")
    assert reader.read("top.md", SIZE) == b"top.md"


def test_a_source_that_is_a_link_is_read(source: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(source)
    (source / "link.md").symlink_to("news/a.md")
    with SourceReader(tmp_path / "alias") as reader:
        assert reader.read("top.md", SIZE) == b"top.md"
        assert reader.read("link.md", SIZE) == b"news/a.md"


def test_a_file_that_became_a_link_out_of_the_source_is_not_read(reader: SourceReader, source: Path) -> None:
    (source / "top.md").unlink()
    (source / "top.md").symlink_to("../outside/a.md")
    assert refusal(reader, "top.md") == OUTSIDE_SOURCE


def test_a_folder_that_became_a_link_out_of_the_source_is_not_read(source: Path, tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (source / "news" / name).unlink()
    (source / "news" / "deep" / "c.md").unlink()
    (source / "news" / "deep").rmdir()
    (source / "news").rmdir()
    (source / "news").symlink_to(tmp_path / "outside")
    with SourceReader(source) as reader:
        assert refusal(reader, "news/a.md")


def test_a_link_of_links_within_the_source_is_read_and_a_loop_is_not(reader: SourceReader, source: Path) -> None:
    (source / "one.md").symlink_to("news/two.md")
    (source / "news" / "two.md").symlink_to("../top.md")
    (source / "loop.md").symlink_to("loop.md")
    assert reader.read("one.md", SIZE) == b"top.md"
    assert "link" in advice(refusal(reader, "loop.md"))


def test_a_fifo_does_not_block_and_is_not_read(reader: SourceReader, source: Path) -> None:
    os.mkfifo(source / "pipe.md")
    assert refusal(reader, "pipe.md") == "a FIFO"
    assert "not a regular file" in advice("a FIFO")


def test_a_socket_and_a_folder_are_not_read(
    reader: SourceReader, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(source)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.md")
        assert refusal(reader, "socket.md") == os.strerror(errno.ENXIO)
    assert refusal(reader, "news/deep") == "a folder"


def test_a_device_is_not_read(tmp_path: Path) -> None:
    with SourceReader(Path("/dev")) as reader:
        assert refusal(reader, "zero") == "a device"


def test_no_more_than_the_limit_is_read_also_of_a_file_without_a_size(reader: SourceReader, source: Path) -> None:
    (source / "full.md").write_bytes(b"x" * SIZE)
    (source / "large.md").write_bytes(b"x" * (SIZE + 1))
    assert reader.read("full.md", SIZE) == b"x" * SIZE
    assert reader.read("large.md", SIZE) is None
    with SourceReader(Path("/proc/self")) as endless:
        assert endless.read("maps", SIZE) is None
        assert endless.read("comm", SIZE) == Path("/proc/self/comm").read_bytes()


def test_a_file_is_read_to_its_end_however_little_comes_at_a_time(
    reader: SourceReader, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No system gives more than two gigabytes at a time."""
    (source / "long.md").write_bytes(b"0123456789" * 50)
    read = os.read
    monkeypatch.setattr(os, "read", lambda file, size: read(file, min(size, 7)))
    assert reader.read("long.md", SIZE) == b"0123456789" * 50


def test_a_source_that_is_there_no_more_fails_the_build(tmp_path: Path) -> None:
    with pytest.raises(FrontmartError, match=r"gone: cannot be read any more \(No such file.*build again"):
        SourceReader(tmp_path / "gone")


def test_every_folder_is_closed_again(source: Path) -> None:
    before = open_files()
    with SourceReader(source) as reader:
        for name in ("news/deep/c.md", "gone/a.md", "news/a.md", "news/gone/b.md"):
            try:
                reader.read(name, SIZE)
            except OSError:
                assert "gone" in name
    assert open_files() == before
