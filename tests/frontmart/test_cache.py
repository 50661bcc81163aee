"""Files in the user's cache folder: kept under a name, found as they were written or not at all."""

import os
import shutil
import time
from pathlib import Path

import pytest

from frontmart import cache
from frontmart.cache import cached, caching


def keep_a_copy_of(path: str) -> None:
    with caching("a", ".bin") as temporary:
        assert temporary is not None
        temporary.write_bytes(b"1")
        shutil.copy(path, temporary)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "frontmart"


def keep(name: str, content: bytes) -> None:
    with caching(name, ".bin") as path:
        assert path is not None
        path.write_bytes(content)


def test_a_file_is_found_under_its_name_alone(folder: Path) -> None:
    assert cached("a", ".bin") is None
    keep("a", b"1")
    found = cached("a", ".bin")
    assert found is not None
    assert (found.parent, found.read_bytes()) == (folder, b"1")
    assert (cached("b", ".bin"), cached("a", ".txt")) == (None, None)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_damaged_file_is_removed_and_not_found(folder: Path) -> None:
    keep("a", b"1")
    (path,) = folder.iterdir()
    path.write_bytes(b"2")
    assert cached("a", ".bin") is None
    assert list(folder.iterdir()) == []


def test_an_error_keeps_nothing(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        keep_a_copy_of("missing")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("mode", [0o770, 0o707])
def test_a_folder_in_which_others_may_write_is_not_used(folder: Path, mode: int) -> None:
    keep("a", b"1")
    folder.chmod(mode)
    assert cached("a", ".bin") is None
    with caching("b", ".bin") as path:
        assert path is None


def test_a_link_to_a_folder_is_not_used(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir(mode=0o700)
    folder.symlink_to("other")
    with caching("a", ".bin") as path:
        assert path is None


def test_a_place_that_is_no_folder_is_not_used(folder: Path) -> None:
    folder.touch()
    assert cached("a", ".bin") is None


def test_files_used_last_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_KEPT", 2)
    keep("a", b"1")
    keep("b", b"2")
    for path, age in zip(sorted(folder.iterdir()), (200, 100), strict=True):
        os.utime(path, (time.time() - age, time.time() - age))
    assert cached("a", ".bin") is not None  # used now
    keep("c", b"3")
    assert {path.name[0] for path in folder.iterdir()} == {"a", "c"}


def test_what_a_killed_process_left_is_removed_after_a_day(folder: Path) -> None:
    keep("a", b"1")
    for name, age in ((".left-new", 60), (".left-old", 90_000)):
        (folder / name).touch()
        os.utime(folder / name, (time.time() - age, time.time() - age))
    keep("b", b"2")
    assert (folder / ".left-new").exists()
    assert not (folder / ".left-old").exists()
