"""Tags: set, moved, deleted and listed; their snapshots are spared by pruning."""

import os
from pathlib import Path

import pytest

from frontmart.errors import LockedError, SnapshotError, UsageError
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.retention import prune, remove_old_snapshots
from frontmart.snapshots.store import list_snapshots, roll_back
from frontmart.snapshots.tagging import delete_tag, tag_snapshot
from frontmart.snapshots.tags import Tag, list_tags, set_tag, tags_by_snapshot

IDS = [f"2026010{day}T000000000000Z" for day in range(1, 7)]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Six complete snapshots, the last one published."""
    for id_ in IDS:
        (tmp_path / "snapshots" / id_).mkdir(parents=True)
        (tmp_path / "snapshots" / id_ / "run.json").write_text("{}")
        write_manifest(tmp_path / "snapshots" / id_)
    roll_back(tmp_path, IDS[-1])
    return tmp_path


def left(out: Path) -> list[str]:
    return [each.id for each in list_snapshots(out)][::-1]


def test_a_tag_is_of_the_published_snapshot_or_of_the_given_one(out: Path) -> None:
    assert tag_snapshot(out, "good") == (Tag("good", IDS[5]), None)
    assert tag_snapshot(out, "before_v2.1", IDS[0]) == (Tag("before_v2.1", IDS[0]), None)
    assert tag_snapshot(out, "same", "before_v2.1") == (Tag("same", IDS[0]), None)
    assert list_tags(out) == [Tag("before_v2.1", IDS[0]), Tag("good", IDS[5]), Tag("same", IDS[0])]
    assert tags_by_snapshot(out) == {IDS[0]: ["before_v2.1", "same"], IDS[5]: ["good"]}
    assert sorted(path.name for path in (out / "tags").iterdir()) == [
        f"{IDS[0]}.before_v2.1", f"{IDS[0]}.same", f"{IDS[5]}.good",
    ]  # fmt: skip


def test_a_tag_that_another_snapshot_has_moves_in_either_direction(out: Path) -> None:
    for id_, before in ((IDS[2], None), (IDS[4], IDS[2]), (IDS[1], IDS[4]), (IDS[1], IDS[1])):
        assert tag_snapshot(out, "good", id_) == (Tag("good", id_), before)
        assert list_tags(out) == [Tag("good", id_)]


def test_pruning_spares_tagged_snapshots_and_does_not_count_them(out: Path) -> None:
    for id_ in (IDS[0], IDS[4]):
        set_tag(out, f"day-{id_[6:8]}", id_)
    assert remove_old_snapshots(out, keep=3) == [IDS[1]]
    assert left(out) == [IDS[0], *IDS[2:]]
    done = prune(out, keep=1, max_age_days=0)
    assert (done.removed, done.kept, done.tagged) == ([IDS[3], IDS[2]], [IDS[5], IDS[4], IDS[0]], [IDS[4], IDS[0]])
    delete_tag(out, "day-01")
    assert prune(out, keep=1, max_age_days=None).removed == [IDS[0]]
    assert left(out) == IDS[4:]


def test_a_tag_of_a_snapshot_that_is_gone_stays_until_it_is_deleted(out: Path) -> None:
    set_tag(out, "gone", "20200101T000000000000Z")
    assert list_tags(out) == [Tag("gone", "20200101T000000000000Z")]
    with pytest.raises(SnapshotError, match="no snapshot gone; see"):
        roll_back(out, "gone")
    assert delete_tag(out, "gone") == ["20200101T000000000000Z"]
    assert list_tags(out) == []
    with pytest.raises(SnapshotError, match="there is no tag gone; see `frontmart tag --list`"):
        delete_tag(out, "gone")


def test_a_rollback_takes_a_tag(out: Path) -> None:
    set_tag(out, "good", IDS[1])
    assert roll_back(out, "good").id == IDS[1]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a b", ".hidden", "ends.", "-d", "\x1b[31m", "a" * 101, "ä", IDS[0], "a\n"]
)
def test_a_name_that_could_be_misread_is_refused(out: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name of a tag; give 1 to 100 letters"):
        tag_snapshot(out, name)
    assert not (out / "tags").exists()


def test_other_files_among_the_tags_are_ignored_and_left_alone(out: Path) -> None:
    (out / "tags").mkdir()
    for name in (".DS_Store", "notes.txt", f"{IDS[0]}", f"{IDS[0]}."):
        (out / "tags" / name).touch()
    assert list_tags(out) == []
    assert prune(out, 1, None).removed == IDS[4::-1]
    assert len(list((out / "tags").iterdir())) == 4


def test_a_tag_is_not_written_through_a_link(out: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    (out / "tags").mkdir()
    (out / "tags" / f"{IDS[5]}.good").symlink_to(victim)
    set_tag(out, "good", IDS[5])
    assert not victim.exists()


def test_without_a_snapshot_there_is_nothing_to_tag(tmp_path: Path, out: Path) -> None:
    with pytest.raises(SnapshotError, match="there are no snapshots"):
        tag_snapshot(tmp_path / "nosuch", "good")
    assert not (tmp_path / "nosuch").exists()
    with pytest.raises(SnapshotError, match="no snapshot 2020"):
        tag_snapshot(out, "good", "20200101T000000000000Z")
    (out / "published").unlink()
    with pytest.raises(SnapshotError, match="nothing is published"):
        tag_snapshot(out, "good")


def test_tags_wait_for_no_build(out: Path) -> None:
    with lock_output(out):
        for change in (tag_snapshot, delete_tag):
            set_tag(out, "good", IDS[0])
            with pytest.raises(LockedError, match="another build holds"):
                change(out, "good")
    assert list_tags(out) == [Tag("good", IDS[0])]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a link that another user owns")
def test_a_folder_of_tags_that_another_user_has_linked_elsewhere_is_refused(out: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (out / "tags").symlink_to(tmp_path / "elsewhere")
    os.chown(out / "tags", 12_345, -1, follow_symlinks=False)
    with pytest.raises(UsageError, match="is a link made by another user"):
        set_tag(out, "good", IDS[0])
    assert list((tmp_path / "elsewhere").iterdir()) == []
