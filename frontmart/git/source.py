"""A commit as the source of a build: its files as git stores them, as a checkout without conversions has them.

Frontmart reads no attributes: line ends stay as they are in git, and a file of Git LFS is its pointer.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

import polars as pl

from frontmart.extract.listing import NO_STATUS, ListedFile, as_listing
from frontmart.git.blobs import BlobReader, missing_blob, sizes_of
from frontmart.git.links import LINK, Outcome
from frontmart.git.repository import Repository
from frontmart.git.tree import ListedPath, find_links, is_file, listed_by, read_sizes

# Hex digits of a blob id that take the place of the ctime, and of the inode: 60 bits each, so that the ctime is not one
# to come. A file is the same if its blob is; git finds the blob by these 30 digits.
_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class CommitSource:
    """The files of a commit below a subfolder.

    Attributes:
        repository: the repository and its subfolder.
        commit: the full id of the commit.
    """

    repository: Repository
    commit: str

    @classmethod
    def open(cls, path: Path, commit: str, subfolder: str = "") -> "CommitSource":
        """The files of a commit, a branch or a tag of a repository; errors as of `Repository.open`."""
        repository = Repository.open(path, commit, subfolder)
        return cls(repository, repository.head)

    @property
    def folder(self) -> Path:
        """Where git keeps its objects. Nothing is read from the worktree."""
        return self.repository.git_folder

    @property
    def is_folder(self) -> bool:
        """It is no folder: its files have neither times nor inodes."""
        return False

    def listing(self) -> pl.DataFrame:
        """List its files as `list_source` lists those of a checkout; times and inodes are made of their blobs."""
        return as_listing(self._files())

    def _files(self) -> Iterator[ListedFile]:
        repository, find_listed = self.repository, listed_by(self.repository.root)
        has_links = False
        for path, entry, size in read_sizes(repository, self.commit):
            listed = find_listed(path)
            if listed and is_file(entry):
                if size is None:
                    raise missing_blob(repository, entry.id)
                yield _row(listed, Outcome(entry.id), size)
            has_links |= listed is not None and entry.mode == LINK
        if has_links:
            with BlobReader(repository) as reader:
                links = find_links(repository, self.commit, find_listed, reader).outcomes
            sizes = sizes_of(repository, {each.blob_id for each in links.values() if each.blob_id})
            for path, outcome in links.items():
                listed = find_listed(path)
                if listed and outcome.is_listed:
                    size = sizes.get(outcome.blob_id) if outcome.blob_id else 0
                    if size is None:
                        raise missing_blob(repository, str(outcome.blob_id))
                    yield _row(listed, outcome, size)

    def reader(self, rows: pl.DataFrame) -> "CommitReader":
        """What reads the files of some rows of the listing."""
        return CommitReader(self.repository, rows)


class CommitReader:
    """Reads the files of some rows of a listing by their blobs."""

    def __init__(self, repository: Repository, rows: pl.DataFrame) -> None:
        """Take the blobs from the rows: a million ids need not be sent to each worker."""
        self._blobs = BlobReader(repository)
        columns = rows.select("path", "raw_path", "size", "ctime_ns", "inode").iter_rows()
        self._files = {
            os.fsdecode(raw_path) if raw_path else path: (size, f"{start:0{_DIGITS}x}{end:0{_DIGITS}x}")
            for path, raw_path, size, start, end in columns
        }

    def __enter__(self) -> "CommitReader":
        """Return the reader."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End git."""
        self._blobs.__exit__(kind, error, trace)

    def read(self, path: str, at_most: int) -> bytes | None:
        """The content of a file, or None if it has more than `at_most` bytes."""
        size, blob_id = self._files[path]
        return None if size > at_most else self._blobs.read(blob_id, at_most)


def _row(listed: ListedPath, outcome: Outcome, size: int) -> ListedFile:
    if outcome.blob_id is None:
        return ListedFile(*listed, *NO_STATUS, outcome.error)
    start, end = (int(outcome.blob_id[each * _DIGITS : (each + 1) * _DIGITS], 16) for each in range(2))
    return ListedFile(*listed, size, 0, start, end, None)
