import errno
import multiprocessing
import os
import shutil
from pathlib import Path

import pytest

from frontmart.errors import LockedError, SnapshotError, UsageError
from frontmart.snapshots import publication
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.retention import remove_old_snapshots
from frontmart.snapshots.store import (
    Snapshot,
    clear_leftovers,
    leftovers,
    list_snapshots,
    lock_output,
    publish,
    published,
    roll_back,
    staged,
)


def complete(out: Path, id_: str) -> None:
    folder = out / "snapshots" / id_
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    write_manifest(folder)


def publish_one(out: Path, content: str, tag: str | None = None) -> Snapshot:
    with lock_output(out):
        clear_leftovers(out)
        with staged(out) as stage:
            stage.run_file.write_text(content)
            write_manifest(stage.folder)
            return publish(out, stage, tag)


def files_in(out: Path) -> list[str]:
    return sorted(path.name for path in (out / "snapshots").iterdir())


def test_a_published_snapshot_is_reached_through_a_relative_link(tmp_path: Path) -> None:
    out = tmp_path / "out"
    snapshot = publish_one(out, "one")
    assert (out / "published").readlink() == Path("snapshots") / snapshot.id
    out.rename(tmp_path / "moved")
    assert published(tmp_path / "moved").run_file.read_text() == "one"


def test_work_files_are_not_published(tmp_path: Path) -> None:
    with lock_output(tmp_path), staged(tmp_path) as stage:
        stage.listing.write_text("rows")
        stage.run_file.write_text("{}")
        snapshot = publish(tmp_path, stage)
    assert not snapshot.work.exists()
    assert sorted(path.name for path in snapshot.folder.iterdir()) == ["marts", "run.json", "tables"]


def test_a_failed_build_leaves_the_last_snapshot_and_nothing_else(tmp_path: Path) -> None:
    first = publish_one(tmp_path, "one")
    with pytest.raises(RuntimeError, match="model"), lock_output(tmp_path), staged(tmp_path):
        raise RuntimeError("model")
    assert published(tmp_path) == first
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == [first.id]


def test_a_killed_build_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    leftover = tmp_path / "snapshots" / ".building-20260101T000000000000Z" / "work"
    leftover.mkdir(parents=True)
    (tmp_path / ".published-0123456789abcdef").symlink_to("snapshots/20260101T000000000000Z")
    (tmp_path / ".published-by-hand").touch()
    snapshot = publish_one(tmp_path, "one")
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == [snapshot.id]
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".p")) == [".published-by-hand"]


def test_a_reader_keeps_the_file_it_opened_while_another_snapshot_is_published(tmp_path: Path) -> None:
    publish_one(tmp_path, "one")
    with (tmp_path / "published" / "run.json").open() as reader:
        publish_one(tmp_path, "two")
        assert reader.read() == "one"
    assert published(tmp_path).run_file.read_text() == "two"


def test_snapshots_are_listed_latest_first_and_pruned_but_for_the_published_one(tmp_path: Path) -> None:
    made = [publish_one(tmp_path, str(number)) for number in range(4)]
    assert list_snapshots(tmp_path) == made[::-1]
    roll_back(tmp_path, made[0].id)
    assert remove_old_snapshots(tmp_path, keep=2) == [made[1].id]
    assert list_snapshots(tmp_path) == [made[3], made[2], made[0]]


def test_a_partly_removed_snapshot_cannot_be_rolled_back_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [publish_one(tmp_path, str(number)) for number in range(3)]
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda folder, **_: None)
        assert remove_old_snapshots(tmp_path, keep=2) == [made[0].id]
    assert list_snapshots(tmp_path) == [made[2], made[1]]
    assert [path.name for path in leftovers(tmp_path)] == [f".building-{made[0].id}"]


def test_a_staged_snapshot_that_somebody_removed_is_not_published(tmp_path: Path) -> None:
    def build() -> None:
        with lock_output(tmp_path), staged(tmp_path) as stage:
            shutil.rmtree(stage.folder)
            publish(tmp_path, stage)

    with pytest.raises(SnapshotError, match="was removed during the build"):
        build()
    assert not (tmp_path / "published").is_symlink()


def test_rollback_goes_one_back_and_then_says_that_there_is_no_more(tmp_path: Path) -> None:
    first, second = publish_one(tmp_path, "one"), publish_one(tmp_path, "two")
    assert published(tmp_path) == second
    assert roll_back(tmp_path) == first
    assert published(tmp_path) == first
    with pytest.raises(SnapshotError, match="no snapshot before"):
        roll_back(tmp_path)
    with pytest.raises(SnapshotError, match="no snapshot nosuch"):
        roll_back(tmp_path, "nosuch")


def test_nothing_published_says_how_to_publish(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="frontmart build"):
        published(tmp_path)


def test_a_published_link_whose_snapshot_is_gone_says_so(tmp_path: Path) -> None:
    (tmp_path / "published").symlink_to("snapshots/20260101T000000000000Z")
    with pytest.raises(SnapshotError, match="is missing or incomplete"):
        published(tmp_path)


def test_rollback_repairs_a_link_whose_snapshot_is_gone(tmp_path: Path) -> None:
    complete(tmp_path, "20260101T000000000000Z")
    (tmp_path / "published").symlink_to("snapshots/20260102T000000000000Z")
    assert roll_back(tmp_path).id == "20260101T000000000000Z"
    assert published(tmp_path).id == "20260101T000000000000Z"


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "snapshots" / "2024-backup").mkdir(parents=True)
    snapshot = publish_one(tmp_path, "one")
    assert list_snapshots(tmp_path) == [snapshot]
    assert remove_old_snapshots(tmp_path, keep=1) == []
    assert (tmp_path / "snapshots" / "2024-backup").is_dir()


def test_a_folder_in_the_way_of_the_link_is_not_overwritten_and_no_snapshot_is_left(tmp_path: Path) -> None:
    (tmp_path / "published").mkdir()
    for _ in range(2):
        with pytest.raises(SnapshotError, match="in the way"):
            publish_one(tmp_path, "one")
        assert files_in(tmp_path) == []
    (tmp_path / "published").rmdir()
    snapshot = publish_one(tmp_path, "one")
    assert files_in(tmp_path) == [snapshot.id]


def test_a_swap_that_fails_leaves_no_snapshot_and_the_call_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish_one(tmp_path, "one")

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(publication, "replace_link", fail)
        with pytest.raises(OSError, match="Input/output"):
            publish_one(tmp_path, "two")
        assert files_in(tmp_path) == [first.id]
    with lock_output(tmp_path), staged(tmp_path) as stage:
        stage.run_file.write_text("three")
        with monkeypatch.context() as patch:
            patch.setattr(publication, "replace_link", fail)
            with pytest.raises(OSError, match="Input/output"):
                publish(tmp_path, stage)
        third = publish(tmp_path, stage)
    assert published(tmp_path) == third
    assert files_in(tmp_path) == [first.id, third.id]


def test_a_snapshot_that_a_killed_build_completed_but_did_not_publish_is_cleared_away(tmp_path: Path) -> None:
    first = publish_one(tmp_path, "one")
    complete(tmp_path, "29990101T000000000000Z")
    (tmp_path / "snapshots" / ".unpublished-29990101T000000000000Z").touch()
    assert roll_back(tmp_path, first.id) == first
    assert files_in(tmp_path) == [first.id]


def test_a_snapshot_that_was_published_just_before_the_kill_stays(tmp_path: Path) -> None:
    first = publish_one(tmp_path, "one")
    (tmp_path / "snapshots" / f".unpublished-{first.id}").touch()
    second = publish_one(tmp_path, "two")
    assert files_in(tmp_path) == [first.id, second.id]
    assert roll_back(tmp_path) == first


def test_while_the_pointer_is_damaged_nothing_is_withdrawn(tmp_path: Path) -> None:
    complete(tmp_path, "20260101T000000000000Z")
    (tmp_path / "snapshots" / ".unpublished-20260101T000000000000Z").touch()
    (tmp_path / "published.json").write_text("{")
    clear_leftovers(tmp_path)
    assert len(files_in(tmp_path)) == 2
    assert roll_back(tmp_path, "20260101T000000000000Z") == published(tmp_path)
    assert files_in(tmp_path) == ["20260101T000000000000Z"]


def test_a_snapshot_that_is_kept_under_a_tag_is_not_published_and_stays_as_long_as_it_has_the_tag(
    tmp_path: Path,
) -> None:
    first = publish_one(tmp_path, "one")
    kept = publish_one(tmp_path, "two", "day")
    assert (published(tmp_path), list_snapshots(tmp_path)) == (first, [kept, first])
    third = publish_one(tmp_path, "three")
    assert roll_back(tmp_path) == first
    assert roll_back(tmp_path, third.id) == third
    assert list_snapshots(tmp_path) == [third, kept, first]
    again = publish_one(tmp_path, "four", "day")
    with lock_output(tmp_path):
        clear_leftovers(tmp_path)
    assert list_snapshots(tmp_path) == [again, third, first]


def test_a_kept_snapshot_that_was_published_by_a_rollback_is_like_any_other(tmp_path: Path) -> None:
    publish_one(tmp_path, "one")
    kept = publish_one(tmp_path, "two", "day")
    assert roll_back(tmp_path, "day") == kept
    publish_one(tmp_path, "three")
    assert roll_back(tmp_path) == kept
    assert [name for name in files_in(tmp_path) if name.startswith(".")] == []


def test_a_kept_snapshot_is_first_published_without_a_link_before_it(tmp_path: Path) -> None:
    publish_one(tmp_path, "one", "day")
    with pytest.raises(SnapshotError, match="nothing is published here"):
        published(tmp_path)
    assert remove_old_snapshots(tmp_path, keep=1) == []


def test_an_output_folder_that_is_a_file_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="cannot be written"), lock_output(tmp_path / "out"):
        pass


def _hold_and_die(out: Path, held: "multiprocessing.synchronize.Event") -> None:
    with lock_output(out):
        held.set()
        held_forever = multiprocessing.get_context("spawn").Event()
        held_forever.wait()


def test_the_lock_keeps_others_out_and_dies_with_its_process(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    held = spawn.Event()
    holder = spawn.Process(target=_hold_and_die, args=(tmp_path, held))
    holder.start()
    assert held.wait(60)
    with pytest.raises(LockedError, match="another build holds"), lock_output(tmp_path):
        pass
    os.kill(holder.pid or 0, 9)
    holder.join(60)
    assert publish_one(tmp_path, "after").run_file.read_text() == "after"
