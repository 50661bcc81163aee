"""Files and links that are replaced atomically: whole, durable, with the permissions of the umask."""

import os
from pathlib import Path

import pytest

from frontmart.snapshots.atomic import find_temporaries, open_replacement, open_replacements, replace_link


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Each sync and replacement, in order: the call and the name."""
    done: list[tuple[str, str]] = []
    replace = Path.replace

    def fsync(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        done.append(("sync", name.rpartition("-")[0].lstrip(".") if name.startswith(".") else "folder"))

    def noted(path: Path, target: Path) -> Path:
        done.append(("replace", target.name))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", noted)
    return done


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_all_content_is_on_disk_before_the_first_file_is_replaced(tmp_path: Path, steps: list[tuple[str, str]]) -> None:
    (tmp_path / "a").write_text("old")
    with open_replacements(tmp_path / "a", tmp_path / "b") as (a, b):
        a.write(b"new a")
        b.write(b"new b")
        assert (tmp_path / "a").read_text() == "old"
    assert steps == [("sync", "a"), ("sync", "b"), ("replace", "a"), ("replace", "b"), ("sync", "folder")]
    assert ((tmp_path / "a").read_text(), (tmp_path / "b").read_text()) == ("new a", "new b")
    assert names(tmp_path) == ["a", "b"]


def test_after_an_error_nothing_has_changed(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(ZeroDivisionError), open_replacement(tmp_path / "a") as file:
        file.write(b"half" * (1 // 0))
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text() == "old"


def test_a_link_is_replaced_and_its_target_is_not(tmp_path: Path, steps: list[tuple[str, str]]) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "link").symlink_to("one")
    replace_link(tmp_path / "link", "two")
    assert (tmp_path / "link").readlink() == Path("two")
    assert names(tmp_path) == ["link", "one"]
    assert steps == [("replace", "link"), ("sync", "folder")]


def test_a_temporary_file_has_the_permissions_of_the_umask_and_a_new_name_each_time(tmp_path: Path) -> None:
    seen = set()
    before = os.umask(0o027)
    try:
        for _ in range(2):
            with open_replacement(tmp_path / "a"):
                (temporary,) = find_temporaries(tmp_path, "a")
                assert temporary.stat().st_mode & 0o777 == 0o640
                seen.add(temporary.name)
    finally:
        os.umask(before)
    assert len(seen) == 2


def test_only_temporary_siblings_of_the_given_names_are_found(tmp_path: Path) -> None:
    for name in (".a-0123456789abcdef", ".b-0123456789abcdef", ".ab-0123456789abcdef", ".a-0123", "a-0123456789abcdef"):
        (tmp_path / name).touch()
    assert sorted(path.name for path in find_temporaries(tmp_path, "a|b")) == [
        ".a-0123456789abcdef",
        ".b-0123456789abcdef",
    ]
