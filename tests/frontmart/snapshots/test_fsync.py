"""Syncs to disk include the names of new folders, and only one kind of error is ignored."""

import errno
import os
from pathlib import Path

import pytest

from frontmart.snapshots.fsync import make_folders, sync, sync_tree


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files and folders that are synced, in order."""
    found: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: found.append(Path(f"/proc/self/fd/{descriptor}").readlink()))
    return found


def refuse(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def fsync(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)


def test_files_come_before_the_folder_that_names_them(tmp_path: Path, synced: list[Path]) -> None:
    (tmp_path / "marts").mkdir()
    for name in ("marts/a", "b"):
        (tmp_path / name).touch()
    sync_tree(tmp_path)
    assert synced == [tmp_path / "marts" / "a", tmp_path / "marts", tmp_path / "b", tmp_path]


def test_the_names_of_new_folders_are_synced_from_the_top_and_those_of_old_ones_are_not(
    tmp_path: Path, synced: list[Path]
) -> None:
    make_folders(tmp_path / "a" / "b")
    assert synced == [tmp_path, tmp_path / "a"]
    make_folders(tmp_path / "a" / "b")
    assert synced == [tmp_path, tmp_path / "a"]


def test_a_file_system_that_cannot_sync_folders_is_not_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    refuse(monkeypatch, errno.EINVAL)
    sync(tmp_path)
    with pytest.raises(OSError, match="Invalid argument"):
        sync(tmp_path / "file")


def test_a_disk_that_fails_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, errno.EIO)
    with pytest.raises(OSError, match="Input/output error"):
        sync(tmp_path)
