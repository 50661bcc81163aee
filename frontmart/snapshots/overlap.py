"""The source and the output folder must not overlap: a build would read its own results, or write among the sources."""

import os
from pathlib import Path
from typing import Final

from frontmart.errors import UsageError
from frontmart.snapshots.lock import SNAPSHOTS

# The one folder inside an output folder that may be its source: data/raw is built into data by default.
RAW: Final = "raw"


def reject_overlap(source: Path, out: Path) -> None:
    """Raise UsageError if one of the two folders is the other or inside it, links and mounts resolved.

    The folder `raw` of the output folder may be the source. Neither folder needs to exist.
    """
    if _is_same(source, out):
        raise UsageError(f"{out}: is the source as well; give another --out, outside of the source")
    for written in (out, out / SNAPSHOTS):
        if _is_inside(written, source):
            message = f"{written}: is inside the source {source}, so results would be read as sources"
            raise UsageError(f"{message}; give another --out, outside of the source")
        if _is_inside(source, written) and not _is_same(source, out / RAW):
            message = f"{source}: is a source inside the output folder {out}, among the results"
            raise UsageError(f"{message}; give another --out, or move the source to {out / RAW}")


def reject_git_overlap(git_folder: Path, out: Path) -> None:
    """Raise UsageError if results would be written where git keeps its objects, or git keeps them among the results.

    An output folder in a worktree is fine: nothing is read from the worktree.
    """
    if _is_inside(out, git_folder) or _is_inside(git_folder, out / SNAPSHOTS):
        raise UsageError(f"{out}: overlaps with {git_folder}, where git keeps its objects; give another --out")


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether a path is a folder or something below it."""
    resolved = Path(os.path.realpath(path))
    return any(_is_same(each, folder) for each in (resolved, *resolved.parents))


def _is_same(path: Path, other: Path) -> bool:
    if os.path.realpath(path) == os.path.realpath(other):
        return True
    try:
        return path.samefile(other)  # a bind mount, or another spelling on a file system that ignores case
    except OSError:
        return False
