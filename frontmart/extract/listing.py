"""Where files come from: the listing of a source folder, one row a file seen."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from frontmart.errors import UsageError
from frontmart.extract.reader import kind_of, resolve_inside

EXTENSIONS: Final = (".md", ".markdown", ".mdx", ".html", ".htm", ".txt")

LISTING_SCHEMA: Final = pl.Schema(
    {
        "path": pl.String,
        # The name on disk, where it is no UTF-8 and `path` therefore is another, see `shown_path`.
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
    own, with an error, and so is a link to a file that leads nowhere or out of the source, and a FIFO, socket or
    device that is named like a file. Raises UsageError where the source itself is no folder that can be read.
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
            yield _row(folder + os.sep, root, error=_reason(error))


def _seen(entry: os.DirEntry[str], root: str) -> Iterator[_Seen]:
    try:
        if entry.is_symlink():
            if entry.is_dir():
                return
            # The path of the link is a file that its owner expects to be read: what becomes of it must be told.
            resolve_inside(entry.path, root)
        status = entry.stat()
        kind = kind_of(status.st_mode)
        if kind:
            yield _row(entry.path, root, error=kind)
        else:
            yield _row(entry.path, root, status.st_size, status.st_mtime_ns)
    except OSError as error:
        yield _row(entry.path, root, error=_reason(error))


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _row(path: str, root: str, size: int = 0, mtime_ns: int = 0, *, error: str | None = None) -> _Seen:
    relative = path[len(root) :].lstrip(os.sep).replace(os.sep, "/")
    shown = shown_path(relative)
    return _Seen(shown, None if shown == relative else os.fsencode(relative), size, mtime_ns, error)


def shown_path(relative: str) -> str:
    """The path of a file in every table, given its name on disk: that name, if it is UTF-8.

    Else `./` stands before it, which begins no other path, its stray bytes are escapes such as `\\xff`, and its
    backslashes are doubled: so no two files share a path, and none owes its path to another.
    """
    try:
        relative.encode()
    except UnicodeEncodeError:
        return "./" + os.fsencode(relative.replace("\\", "\\\\")).decode(errors="backslashreplace")
    return relative
