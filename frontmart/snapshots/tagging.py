"""Give tags to snapshots and take them away, as `frontmart tag` does; `tags` has their files."""

from pathlib import Path

from frontmart.errors import SnapshotError
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.store import find_snapshot, published
from frontmart.snapshots.tags import Tag, list_tags, remove_tag, set_tag, validate_name


def tag_snapshot(out: Path, name: str, snapshot_id: str | None = None) -> tuple[Tag, str | None]:
    """Give a snapshot a tag, by default the published one -> the tag, and the id that had it before, or None.

    Raises:
        UsageError: for a name that no tag can have.
        SnapshotError: if there is no such snapshot, or none is published.
        LockedError: if a build is running in the folder.
    """
    validate_name(name)
    _require_snapshots(out)
    with lock_output(out):
        snapshot = published(out) if snapshot_id is None else find_snapshot(out, snapshot_id)
        if snapshot is None:
            raise SnapshotError(f"{out}: there is no snapshot {snapshot_id}; see `frontmart snapshots`")
        return Tag(name, snapshot.id), set_tag(out, name, snapshot.id)


def delete_tag(out: Path, name: str) -> list[str]:
    """Remove a tag, also one of a snapshot that is gone -> the ids that had it.

    Raises:
        SnapshotError: if there is no such tag.
        LockedError: if a build is running in the folder.
    """
    _require_tag(out, name)
    with lock_output(out):
        _require_tag(out, name)
        return remove_tag(out, name)


def _require_tag(out: Path, name: str) -> None:
    if all(tag.name != name for tag in list_tags(out)):
        raise SnapshotError(f"{out}: there is no tag {name}; see `frontmart tag --list`")


def _require_snapshots(out: Path) -> None:
    """Raise SnapshotError before the lock would create the folder."""
    if not out.is_dir():
        raise SnapshotError(f"{out}: there is no such folder, so there are no snapshots; run `frontmart build` first")
