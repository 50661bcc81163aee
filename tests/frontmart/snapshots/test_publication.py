"""The link to the published snapshot, the pointer where the file system has no links, and what is in their way."""

import errno
import os
from pathlib import Path

import pytest

from frontmart.errors import SnapshotError
from frontmart.snapshots.publication import (
    find_published_id,
    outdated_pointers,
    published_path,
    require_place,
    set_published,
)
from frontmart.snapshots.store import clear_leftovers, published

A, B = "20260101T000000000000Z", "20260102T000000000000Z"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Two complete snapshots, none published."""
    for id_ in (A, B):
        (tmp_path / "snapshots" / id_).mkdir(parents=True)
        (tmp_path / "snapshots" / id_ / "run.json").write_text("{}")
    return tmp_path


def refuse_links(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "symlink", refuse)


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir() if path.name != "snapshots")


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL])
def test_without_links_a_pointer_names_the_published_snapshot(
    out: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    refuse_links(monkeypatch, number)
    for id_ in (A, B, A):
        set_published(out, id_)
        assert (out / "published.json").read_text() == f'{{"snapshot_id": "{id_}"}}\n'
        assert published(out).id == find_published_id(out) == id_
        assert published_path(out) == out / "snapshots" / id_
        assert names(out) == ["published.json"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_another_error_is_no_reason_for_a_pointer(out: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    refuse_links(monkeypatch, number)
    with pytest.raises(OSError, match=os.strerror(number)):
        set_published(out, A)
    assert (find_published_id(out), names(out)) == (None, [])


def test_a_link_replaces_a_pointer_and_a_pointer_a_link(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        refuse_links(patch, errno.EPERM)
        set_published(out, A)
    set_published(out, B)
    assert (names(out), published(out).id, published_path(out)) == (["published"], B, out / "published")
    refuse_links(monkeypatch, errno.EPERM)
    set_published(out, A)
    assert (names(out), published(out).id) == (["published.json"], A)


@pytest.mark.parametrize("has_links", [True, False])
def test_a_kill_between_the_two_leaves_one_of_the_two_snapshots_and_is_cleared(
    out: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    with monkeypatch.context() as patch:
        if has_links:  # from a pointer to a link
            refuse_links(patch, errno.EPERM)
        set_published(out, A)
    with monkeypatch.context() as patch:
        if not has_links:
            refuse_links(patch, errno.EPERM)
        patch.setattr(Path, "unlink", _die_at(Path.unlink))
        with pytest.raises(KeyboardInterrupt):
            set_published(out, B)
    assert names(out) == ["published", "published.json"]
    assert published(out).id == (B if has_links else A)
    assert outdated_pointers(out) == [out / "published.json"]
    clear_leftovers(out)
    assert names(out) == ["published"]
    assert published(out).id == (B if has_links else A)


def _die_at(unlink: object) -> object:
    def die(path: Path, *, missing_ok: bool = False) -> None:
        if path.name in ("published", "published.json"):
            raise KeyboardInterrupt
        unlink(path, missing_ok=missing_ok)  # type: ignore[operator]

    return die


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"snapshot_id": 1}', '{"snapshot_id": "../../etc"}', "[" * 100_000, "\udcff"]
)
def test_a_damaged_pointer_is_one_error_with_a_remedy(out: Path, content: str) -> None:
    (out / "published.json").write_bytes(content.encode(errors="surrogateescape"))
    for read in (find_published_id, published, published_path):
        with pytest.raises(SnapshotError, match=r"published\.json: is damaged; run `frontmart build`, or"):
            read(out)
    set_published(out, A)
    assert (published(out).id, names(out)) == (A, ["published"])


def test_a_pointer_that_is_a_link_or_a_pipe_is_not_read(out: Path) -> None:
    (out / "other").write_text(f'{{"snapshot_id": "{A}"}}')
    (out / "published.json").symlink_to("other")
    assert find_published_id(out) is None
    (out / "published.json").unlink()
    os.mkfifo(out / "published.json")
    assert find_published_id(out) is None


@pytest.mark.parametrize(
    ("name", "kind"), [("published", "folder"), ("published", "file"), ("published.json", "folder")]
)
def test_what_is_in_the_way_is_named_and_stays(out: Path, name: str, kind: str) -> None:
    (out / name).mkdir() if kind == "folder" else (out / name).touch()
    message = rf"{name}: is a {kind} in the way of the link to the published snapshot; move it elsewhere, then build"
    for check in (require_place, lambda out: set_published(out, A)):
        with pytest.raises(SnapshotError, match=message):
            check(out)
    assert (names(out), find_published_id(out)) == ([name], None)


def test_an_absent_folder_has_a_place_and_nothing_published(tmp_path: Path) -> None:
    require_place(tmp_path / "nosuch")
    assert find_published_id(tmp_path / "nosuch") is None


def test_a_link_that_replaces_the_pointer_during_a_read_is_found(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        refuse_links(patch, errno.EPERM)
        set_published(out, A)
    lstat = Path.lstat

    def replace_first(path: Path) -> os.stat_result:
        if path.name == "published.json":
            monkeypatch.setattr(Path, "lstat", lstat)
            set_published(out, B)
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", replace_first)
    assert find_published_id(out) == B
