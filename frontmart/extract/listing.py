"""The listing of a source folder: one row per file that may have front matter."""

import os
from collections.abc import Iterator
from errno import EACCES, EPERM
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from frontmart.errors import SourceUnavailableError
from frontmart.extract.nearest_folder import nearest_folder
from frontmart.extract.reader import resolve_inside, special_kind

EXTENSIONS: Final = (
    ".md", ".markdown", ".mdx", ".mdoc", ".qmd", ".rmd", ".html", ".htm", ".txt", ".ipynb", ".rst",
    ".adoc", ".asciidoc",
)  # fmt: skip

LISTING_SCHEMA: Final = pl.Schema(
    {
        "path": pl.String,
        # The path on disk if it is not UTF-8, and `path` therefore is an escaped form; else NULL. See `utf8_path`.
        "raw_path": pl.Binary,
        "size": pl.Int64,
        "mtime_ns": pl.Int64,
        # Set by the system at each change of content or attributes, which no program can undo.
        "ctime_ns": pl.Int64,
        # Another one if the file was replaced.
        "inode": pl.Int64,
        # Why the file, or a folder with all its files, cannot be read; else NULL.
        "error": pl.String,
    }
)


class ListedFile(NamedTuple):
    """A row of a listing."""

    path: str
    raw_path: bytes | None
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    error: str | None


# Size, times and inode of a file that cannot be read.
NO_STATUS: Final = (0, 0, 0, 0)
# Inodes have 64 bits, of which a BIGINT takes all but one; the sign is no loss, since they are only compared.
_INODE_BITS: Final = 2**63 - 1


def check_source(source: Path) -> None:
    """Raise SourceUnavailableError if the source folder does not exist, or its file system does not respond."""
    try:
        is_folder = source.is_dir()
    except OSError as error:
        raise _unreadable(source, error) from None
    if not is_folder:
        raise SourceUnavailableError(f"{source}: {_explain_no_folder(source)}")


def _explain_no_folder(source: Path) -> str:
    if source.exists():
        return f"is not a folder; name the folder of front-matter files, such as {source.parent}"
    near = nearest_folder(source)
    advice = f"did you mean {near}?" if near else "name the folder of front-matter files to build from"
    return f"there is no such folder; {advice}"


def has_files(source: Path) -> bool:
    """Whether a source has a file that may have front matter, or something below it that cannot be read.

    Raises SourceUnavailableError if the source itself cannot be read.
    """
    return next(_walk(str(source)), None) is not None


def _unreadable(source: str | Path, error: OSError) -> SourceUnavailableError:
    remedy = "check its permissions" if error.errno in (EACCES, EPERM) else "check that it is mounted"
    return SourceUnavailableError(f"{source}: cannot be read ({_reason(error)}); {remedy}")


def list_source(source: Path) -> pl.DataFrame:
    """List every file below a folder that may have front matter, sorted by path -> LISTING_SCHEMA.

    Skips hidden folders, and does not follow links to folders. Rows with an `error`: a folder that cannot be read, a
    broken link to a file or one that leads out of the source, and a FIFO, socket or device named like a file.

    Raises:
        SourceUnavailableError: if the source is not a readable folder.
    """
    check_source(source)
    return as_listing(_walk(str(source)))


def as_listing(files: Iterator[ListedFile]) -> pl.DataFrame:
    """Files as the rows of a listing, sorted by path."""
    batches = [pl.DataFrame(batch, schema=LISTING_SCHEMA, orient="row") for batch in _batched(files)]
    return pl.concat([pl.DataFrame(schema=LISTING_SCHEMA), *batches]).sort("path")


def _batched(rows: Iterator[ListedFile], size: int = 50_000) -> Iterator[list[ListedFile]]:
    # A million tuples would take ten times the memory of the columns.
    batch: list[ListedFile] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _walk(root: str) -> Iterator[ListedFile]:
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
                        yield from _list_entry(entry, root)
        except OSError as error:
            if folder == root:
                raise _unreadable(root, error) from None
            yield _row(folder + os.sep, root, error=_reason(error))


def _list_entry(entry: os.DirEntry[str], root: str) -> Iterator[ListedFile]:
    try:
        if entry.is_symlink():
            if entry.is_dir():
                return
            # A link counts as a file: it is listed even if it cannot be read, so that no file is lost silently.
            resolve_inside(entry.path, root)
        status = entry.stat()
        kind = special_kind(status.st_mode)
        if kind:
            yield _row(entry.path, root, error=kind)
        else:
            inode = status.st_ino & _INODE_BITS
            yield _row(entry.path, root, (status.st_size, status.st_mtime_ns, status.st_ctime_ns, inode))
    except OSError as error:
        yield _row(entry.path, root, error=_reason(error))


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _row(
    path: str, root: str, status: tuple[int, int, int, int] = NO_STATUS, *, error: str | None = None
) -> ListedFile:
    relative = path[len(root) :].lstrip(os.sep).replace(os.sep, "/")
    path = utf8_path(relative)
    return ListedFile(path, None if path == relative else os.fsencode(relative), *status, error)


def utf8_path(relative: str) -> str:
    """The path of a file as UTF-8, as in all tables, from its path on disk, relative to the source.

    A path that is not UTF-8 is escaped: it starts with `./`, its invalid bytes become escapes such as `\\xff`, and its
    backslashes are doubled. No other path starts with `./`, so no two files share a path.
    """
    try:
        relative.encode()
    except UnicodeEncodeError:
        return "./" + os.fsencode(relative.replace("\\", "\\\\")).decode(errors="backslashreplace")
    return relative
