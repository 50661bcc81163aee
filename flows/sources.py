"""Where files come from: the listing of a source folder, one row a file seen."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from flows.errors import UsageError

EXTENSIONS: Final = (".md", ".markdown", ".mdx", ".html", ".htm", ".txt")

LISTING_SCHEMA: Final = pl.Schema(
    {
        "path": pl.String,
        # The name on disk, where it is no UTF-8 and `path` therefore shows its bytes as escapes.
        "raw_path": pl.Binary,
        "size": pl.Int64,
        "mtime_ns": pl.Int64,
        # Why the file, or a folder with everything below it, cannot be read.
        "error": pl.String,
    }
)


class _Seen(NamedTuple):
    path: str
    raw_path: bytes | None
    size: int
    mtime_ns: int
    error: str | None


def require_source(source: Path) -> None:
    """Raise UsageError where there is no such folder."""
    if not source.is_dir():
        raise UsageError(f"{source}: there is no such folder; name the folder of front-matter files to build from")


def list_source(source: Path) -> pl.DataFrame:
    """Every file under a folder that may hold front matter, in the order of its path; see LISTING_SCHEMA.

    Hidden folders are left out, and links to folders are not followed. A folder that cannot be read is a row of its
    own, with an error, and so is a link to a file that leads nowhere or out of the source. Raises UsageError where
    the source itself is no folder that can be read.
    """
    require_source(source)
    root = str(source)
    batches = [pl.DataFrame(batch, schema=LISTING_SCHEMA, orient="row") for batch in _in_batches(_walk(root))]
    return pl.concat([pl.DataFrame(schema=LISTING_SCHEMA), *batches]).sort("path")


def _in_batches(rows: Iterator[_Seen], size: int = 50_000) -> Iterator[list[_Seen]]:
    # Columns take a tenth of the memory of a million tuples.
    batch: list[_Seen] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _walk(root: str) -> Iterator[_Seen]:
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if not entry.name.startswith("."):
                            folders.append(entry.path)
                    elif entry.name.lower().endswith(EXTENSIONS):
                        yield from _seen(entry, root)
        except OSError as error:
            if folder == root:
                raise UsageError(f"{root}: cannot be read ({error.strerror}); check its permissions") from None
            yield _row(folder + os.sep, root, 0, 0, error)


def _seen(entry: os.DirEntry[str], root: str) -> Iterator[_Seen]:
    try:
        if entry.is_symlink() and not entry.is_dir():
            # The path of the link is a file that its owner expects to be read: what becomes of it must be told.
            Path(entry.path).resolve(strict=True)
            if not _is_inside(entry.path, root):
                raise OSError(errno.EXDEV, "a link that leads out of the source")
        if entry.is_file():
            stat = entry.stat()
            yield _row(entry.path, root, stat.st_size, stat.st_mtime_ns)
    except (OSError, RuntimeError) as error:  # a loop of links is a RuntimeError before Python 3.13
        yield _row(entry.path, root, 0, 0, error)


def _is_inside(path: str, root: str) -> bool:
    return Path(path).resolve().is_relative_to(Path(root).resolve())


def _row(path: str, root: str, size: int, mtime_ns: int, error: Exception | None = None) -> _Seen:
    relative = path[len(root) :].lstrip(os.sep).replace(os.sep, "/")
    shown, raw = relative, None
    if not relative.isascii():
        shown = os.fsencode(relative).decode(errors="backslashreplace")
        raw = None if shown == relative else os.fsencode(relative)
    return _Seen(shown, raw, size, mtime_ns, (getattr(error, "strerror", None) or "a loop of links") if error else None)
