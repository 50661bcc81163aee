"""The publication: a link to the published snapshot, or a pointer file where the file system has no links.

    <out>/published -> snapshots/<id>      the link, which readers open
    <out>/published.json                   the pointer, {"snapshot_id": "<id>"}: on FAT and on some network shares

Each is replaced in a single step. If both exist, the link counts: whoever publishes writes the new one first and then
removes the other, so a pointer beside a link is either out of date or was never in effect.
"""

import errno
import json
import os
import stat
from pathlib import Path
from typing import Final

from frontmart.errors import SnapshotError
from frontmart.snapshots.atomic import NO_LINKS, NoLinksError, open_replacement, replace_link
from frontmart.snapshots.fsync import sync
from frontmart.snapshots.ids import SNAPSHOT_ID
from frontmart.snapshots.lock import SNAPSHOTS

PUBLISHED: Final = "published"
POINTER: Final = "published.json"
# The names of both, as `find_temporaries` takes them.
NAMES: Final = r"published(?:\.json)?"
# Errors of reading a link where there is none.
_NOT_A_LINK: Final = (errno.ENOENT, errno.ENOTDIR, errno.EINVAL, *NO_LINKS)


def find_published_id(out: Path) -> str | None:
    """The id of the published snapshot, even if its files are missing; None if nothing is published.

    Raises SnapshotError for a damaged pointer.
    """
    # The link again at the end: a build may have replaced the pointer by a link in between.
    return _read_link(out) or _read_pointer(out) or _read_link(out)


def published_path(out: Path) -> Path:
    """The path at which programs open the published snapshot: the link, or else the folder that the pointer names.

    Raises SnapshotError for a damaged pointer.
    """
    link = out / PUBLISHED
    id_ = None if link.is_symlink() else find_published_id(out)
    return link if id_ is None else out / SNAPSHOTS / id_


def require_place(out: Path) -> None:
    """Raise SnapshotError if a snapshot cannot be published because something else has the name of the link."""
    for path, is_ours in ((out / PUBLISHED, stat.S_ISLNK), (out / POINTER, _is_replaceable)):
        if os.path.lexists(path) and not is_ours(path.lstat().st_mode):
            kind = "a folder" if path.is_dir() else "a file"
            message = f"{path}: is {kind} in the way of the link to the published snapshot"
            raise SnapshotError(f"{message}; move it elsewhere, then build again")


def set_published(out: Path, id_: str) -> None:
    """Make a snapshot the published one, in a single step that survives a power cut.

    Raises SnapshotError as `require_place` does, and OSError.
    """
    require_place(out)
    link, pointer = out / PUBLISHED, out / POINTER
    try:
        replace_link(link, Path(SNAPSHOTS) / id_)
        other = pointer
    except NoLinksError:
        with open_replacement(pointer) as file:
            file.write(json.dumps({"snapshot_id": id_}).encode() + b"\n")
        other = link
    if os.path.lexists(other):
        other.unlink()
        sync(out)


def outdated_pointers(out: Path) -> list[Path]:
    """The pointer beside a link, which a killed process left; none in most folders."""
    pointer = out / POINTER
    return [pointer] if (out / PUBLISHED).is_symlink() and pointer.is_file() else []


def _read_link(out: Path) -> str | None:
    try:
        return (out / PUBLISHED).readlink().name
    except OSError as error:
        if error.errno in _NOT_A_LINK:
            return None
        raise


def _read_pointer(out: Path) -> str | None:
    pointer = out / POINTER
    try:
        # Neither a link, which may lead anywhere in a shared folder, nor a pipe, which would wait for a writer.
        if not stat.S_ISREG(pointer.lstat().st_mode):
            return None
        id_ = json.loads(pointer.read_bytes())["snapshot_id"]
        if SNAPSHOT_ID.fullmatch(id_):
            return str(id_)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise SnapshotError(f"{pointer}: is damaged; run `frontmart build`, or `frontmart rollback` with an id")


def _is_replaceable(mode: int) -> bool:
    return not stat.S_ISDIR(mode)
