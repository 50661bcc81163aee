"""Tags: names that a user or a backfill gives to snapshots, which then are not pruned.

    <out>/tags/<id>.<name>      an empty file, whose name is all there is to a tag

So there is no content to damage, no link is needed, and moving a tag is one rename.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from frontmart.errors import UsageError
from frontmart.snapshots.atomic import create_empty
from frontmart.snapshots.fsync import make_folders, sync
from frontmart.snapshots.ids import SNAPSHOT_ID
from frontmart.snapshots.lock import reject_foreign_link

TAGS: Final = "tags"
# FAT and Windows drop a dot at the end of a name.
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
_FILE: Final = re.compile(rf"({SNAPSHOT_ID.pattern})\.({_NAME.pattern})")


@dataclass(frozen=True, slots=True, order=True)
class Tag:
    """The name of a tag, and the id of its snapshot, which may be gone."""

    name: str
    snapshot_id: str


def validate_name(name: str) -> None:
    """Raise UsageError for a name that no tag can have."""
    if not _NAME.fullmatch(name) or SNAPSHOT_ID.fullmatch(name):
        rule = "1 to 100 letters, digits, dots, hyphens and underscores, with a letter or digit at both ends"
        raise UsageError(f"{name!r} cannot be the name of a tag; give {rule}, but not the form of a snapshot id")


def list_tags(out: Path) -> list[Tag]:
    """The tags of an output folder, sorted by name; other files in the folder are ignored."""
    try:
        names = [path.name for path in (out / TAGS).iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    found = filter(None, map(_FILE.fullmatch, names))
    return sorted(Tag(match[2], match[1]) for match in found)


def tagged_ids(out: Path) -> frozenset[str]:
    """The ids of the snapshots that have a tag."""
    return frozenset(tag.snapshot_id for tag in list_tags(out))


def tags_by_snapshot(out: Path) -> dict[str, list[str]]:
    """The names of the tags of each snapshot that has one, sorted, by id."""
    names: dict[str, list[str]] = defaultdict(list)
    for tag in list_tags(out):
        names[tag.snapshot_id].append(tag.name)
    return dict(names)


def set_tag(out: Path, name: str, snapshot_id: str) -> str | None:
    """Give a snapshot a tag, in a step that survives a power cut -> the id that had it before, or None.

    The caller holds the lock of the output folder. Raises UsageError as `validate_name` does.
    """
    validate_name(name)
    make_folders(out / TAGS)
    reject_foreign_link(out / TAGS)
    before = [tag.snapshot_id for tag in list_tags(out) if tag.name == name]
    path = _path(out, name, snapshot_id)
    if not before:
        create_empty(path)
    for id_ in before:
        _path(out, name, id_).replace(path)
    sync(out / TAGS)
    return max(before, default=None)


def remove_tag(out: Path, name: str) -> list[str]:
    """Remove a tag -> the ids that had it: none if there is no such tag. The caller holds the lock."""
    ids = [tag.snapshot_id for tag in list_tags(out) if tag.name == name]
    for id_ in ids:
        _path(out, name, id_).unlink()
    if ids:
        sync(out / TAGS)
    return ids


def _path(out: Path, name: str, snapshot_id: str) -> Path:
    return out / TAGS / f"{snapshot_id}.{name}"
