"""Sources: where a build lists and reads its files. A folder is one; a commit is another, in `frontmart.git`."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from frontmart.extract.listing import list_source
from frontmart.extract.reader import SourceReader


class Reader(Protocol):
    """Reads files of a listing."""

    def read(self, path: str, at_most: int) -> bytes | None:
        """The content of a file, or None if it has more than `at_most` bytes. Raises OSError with a text to show."""
        ...


class Source(Protocol):
    """The files of a build. It can be sent to other processes.

    Whatever two listings say of a file, if they say the same its content is the same.
    """

    @property
    def folder(self) -> Path:
        """The folder that holds what is read."""
        ...

    @property
    def is_folder(self) -> bool:
        """Whether its files are those of the folder, with times and inodes of their own."""
        ...

    def listing(self) -> pl.DataFrame:
        """List every file that may have front matter -> LISTING_SCHEMA. Raises SourceUnavailableError."""
        ...

    def reader(self, rows: pl.DataFrame) -> AbstractContextManager[Reader]:
        """What reads the files of some rows of the listing."""
        ...


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder of files."""

    folder: Path
    is_folder: bool = True

    def listing(self) -> pl.DataFrame:
        """List its files, see `list_source`."""
        return list_source(self.folder)

    def reader(self, rows: pl.DataFrame) -> SourceReader:
        """Open the folder; it reads any of its files, whatever the rows."""
        return SourceReader(self.folder)
