"""Files that make the next build faster, in the user's cache folder: what is gone or damaged is made again.

Nobody else may write there, so that a file has what a build of this user wrote. Its name ends with its SHA-256, because
a damaged DuckDB file can end the process that opens it.
"""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

from frontmart.snapshots.atomic import temporary_sibling
from frontmart.snapshots.manifest import hash_file

# Files that are kept, those used last: a few versions and corpora.
_KEPT: Final = 16
_DAY_SECONDS: Final = 86_400


def cached(name: str, suffix: str) -> Path | None:
    """The file that is kept under a name; None if there is none, or another than was written."""
    folder = _folder()
    for path in folder.glob(f"{name}-*{suffix}") if folder else ():
        with suppress(OSError):
            if path.name == _file_name(name, hash_file(path), suffix):
                os.utime(path)
                return path
            path.unlink()
    return None


@contextmanager
def caching(name: str, suffix: str) -> Iterator[Path | None]:
    """Keep the file that the block writes to the given path under a name. None if nothing can be kept.

    Raises OSError, as the block does; nothing is kept then.
    """
    folder = _folder()
    if folder is None:
        yield None
        return
    temporary = temporary_sibling(folder / f"{name}{suffix}")
    try:
        yield temporary
        temporary.replace(folder / _file_name(name, hash_file(temporary), suffix))
    finally:
        temporary.unlink(missing_ok=True)
    _remove_old(folder)


def _file_name(name: str, digest: str, suffix: str) -> str:
    return f"{name}-{digest}{suffix}"


def _folder() -> Path | None:
    try:
        path = user_cache_path("frontmart")
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
    except (OSError, RuntimeError):  # RuntimeError: the user has no home
        return None
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
    return path if is_ours else None


def _remove_old(folder: Path) -> None:
    """Remove all but the files used last, and what killed processes left."""
    with suppress(OSError):
        used = sorted(((path.stat().st_mtime, path) for path in folder.iterdir()), reverse=True)
        kept = [path for _, path in used if not path.name.startswith(".")][:_KEPT]
        for at, path in used:
            if path not in kept and (not path.name.startswith(".") or at < time.time() - _DAY_SECONDS):
                path.unlink(missing_ok=True)
