"""The files of a commit: what a build of its checkout lists."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, NamedTuple

from frontmart.extract.listing import EXTENSIONS, utf8_path
from frontmart.git.blobs import BlobReader
from frontmart.git.links import LINK, Entry, Links
from frontmart.git.repository import Repository

# As long as a path may be on Linux; no link is longer.
_LONGEST_LINK: Final = 4096


class ListedPath(NamedTuple):
    """A path of a file as a listing has it: relative to the subfolder, and `raw_path` if it is not UTF-8."""

    path: str
    raw_path: bytes | None


# Says how a listing has a path of the repository; None if it has not.
FindListed = Callable[[bytes], ListedPath | None]


def listed_by(root: bytes) -> FindListed:
    """What tells which files a build lists in the folder whose paths begin with `root`. It remembers its answers."""

    @cache  # as many as there are paths, which callers keep anyway
    def find(path: bytes) -> ListedPath | None:
        if not path.startswith(root):
            return None
        inner = path[len(root) :]
        relative = os.fsdecode(inner)
        *folders, name = relative.split("/")
        if not name.lower().endswith(EXTENSIONS) or any(folder.startswith(".") for folder in folders):
            return None
        shown = utf8_path(relative)
        return ListedPath(shown, None if shown == relative else inner)

    return find


def is_file(entry: Entry | None) -> bool:
    """Whether an entry of a tree is a file, and no link or submodule."""
    return entry is not None and entry.mode.startswith("100")


def read_tree(repository: Repository, commit: str) -> Iterator[tuple[bytes, Entry]]:
    """All files, links and submodules of a commit, by path."""
    with repository.started("ls-tree", "-r", "-z", "--full-tree", commit) as git:
        for line in git.tokens():
            about, _, path = line.partition(b"\t")
            mode, _, id_ = about.decode().split(" ")
            yield path, Entry(mode, id_)


def read_sizes(repository: Repository, commit: str) -> Iterator[tuple[bytes, Entry, int | None]]:
    """As `read_tree`, those of the subfolder alone, with the size of each in bytes; None for what is missing."""
    inside = f"{commit}:{repository.subfolder}" if repository.subfolder else commit
    with repository.started("ls-tree", "-r", "-z", "-l", "--full-tree", inside) as git:
        for line in git.tokens():
            about, _, path = line.partition(b"\t")
            mode, _, id_, size = about.decode().split()
            yield repository.root + path, Entry(mode, id_), int(size) if size.isdigit() else None


def has_links(repository: Repository, commit: str, find_listed: FindListed) -> bool:
    """Whether a commit has links that a build may list."""
    link = LINK.encode()
    with repository.started("ls-tree", "-r", "-z", "--full-tree", commit) as git:
        links = (line for line in git.tokens() if line.startswith(link))
        return any(find_listed(line.partition(b"\t")[2]) for line in links)


def find_links(repository: Repository, commit: str, find_listed: FindListed, reader: BlobReader) -> Links:
    """The links of a commit, resolved."""

    @cache  # short texts, and few
    def read(blob_id: str) -> bytes:
        # The system reads up to a NUL. What is too long leads nowhere.
        text = reader.read(blob_id, _LONGEST_LINK)
        return b"" if text is None else text.partition(b"\0")[0]

    def is_listed(path: bytes) -> bool:
        return find_listed(path) is not None

    return Links(read_tree(repository, commit), repository.root, is_listed, read)
