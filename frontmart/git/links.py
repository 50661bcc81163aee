"""Links to files in the trees of commits, resolved as the reader of a folder resolves them in a checkout.

What a link leads to changes with other files than the link itself. So each link keeps the places that were looked at
on its way, and is resolved again when one of them changes.
"""

import errno
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from frontmart.extract.reader import OUTSIDE_SOURCE

LINK: Final = "120000"
MODULE: Final = "160000"
# As many links in a row as Linux follows.
_MOST_HOPS: Final = 40


class Entry(NamedTuple):
    """An entry of a tree that is no folder: its mode and its object."""

    mode: str
    id: str


class Outcome(NamedTuple):
    """What a build has of a path: the blob of a file, or why it cannot be read; if neither, it does not list it."""

    blob_id: str | None = None
    error: str | None = None

    @property
    def is_listed(self) -> bool:
        """Whether a build lists it."""
        return self != UNLISTED


# Of a link to a folder, and of what is not there.
UNLISTED: Final = Outcome()


class Links:
    """The links of a tree that a build may list, as they stand after each change of the tree.

    Attributes:
        outcomes: path of each link -> what it leads to.
    """

    def __init__(
        self,
        entries: Iterable[tuple[bytes, Entry]],
        root: bytes,
        is_listed: Callable[[bytes], bool],
        read: Callable[[str], bytes],
    ) -> None:
        """Resolve the links of a whole tree.

        Args:
            entries: all files, links and submodules of the tree by path.
            root: what the paths of the source begin with; a link that leads elsewhere leads out of it.
            is_listed: whether a build lists a file of this path.
            read: reads the text of a link by its id.
        """
        self.outcomes: dict[bytes, Outcome] = {}
        self._root = root
        self._is_listed = is_listed
        self._read = read
        self._entries: dict[bytes, Entry] = {}
        self._folders: defaultdict[bytes, int] = defaultdict(int)
        self._on_the_way: dict[bytes, set[bytes]] = {}
        self._looked_at_by: defaultdict[bytes, set[bytes]] = defaultdict(set)
        self.apply(entries)

    def apply(self, changes: Iterable[tuple[bytes, Entry | None]]) -> dict[bytes, Outcome | None]:
        """Change entries of the tree (None: removed) -> the links whose outcome changed; None for one that is gone."""
        changed: set[bytes] = set()
        for path, entry in changes:
            changed |= self._put(path, entry)
        concerned = {path for path in changed if path in self.outcomes or self._is_link(path)}
        for place in changed:
            concerned |= self._looked_at_by.get(place, set())
        found: dict[bytes, Outcome | None] = {}
        for path in concerned:
            before, after = self.outcomes.pop(path, None), self._resolve_anew(path)
            if after:
                self.outcomes[path] = after
            if before != after:
                found[path] = after
        return found

    def _put(self, path: bytes, entry: Entry | None) -> set[bytes]:
        """Change an entry -> the places that became something else: the path, and folders that came or went."""
        was_there = path in self._entries
        if entry is None:
            self._entries.pop(path, None)
        else:
            self._entries[path] = entry
        changed = {path}
        if was_there == (entry is not None):
            return changed
        folder = path.rpartition(b"/")[0]
        while folder:
            self._folders[folder] += 1 if entry else -1
            if self._folders[folder] == (1 if entry else 0):
                changed.add(folder)
            folder = folder.rpartition(b"/")[0]
        return changed

    def _is_link(self, path: bytes) -> bool:
        entry = self._entries.get(path)
        return entry is not None and entry.mode == LINK and self._is_listed(path)

    def _resolve_anew(self, link: bytes) -> Outcome | None:
        for place in self._on_the_way.pop(link, ()):
            self._looked_at_by[place].discard(link)
        if not self._is_link(link):
            return None
        places: set[bytes] = set()
        try:
            outcome = self._resolve(link, places)
        except OSError as error:
            outcome = Outcome(error=error.strerror)
        self._on_the_way[link] = places
        for place in places:
            self._looked_at_by[place].add(link)
        return outcome

    def _resolve(self, link: bytes, places: set[bytes]) -> Outcome:
        """Follow a link, part by part as the system does. Raises OSError if it cannot be followed."""
        *folder, name = link.split(b"/")
        left, hops = [name], 0
        while left:
            part = left.pop()
            if part in (b"", b"."):
                continue
            if part == b"..":
                if not folder:
                    raise OSError(errno.EXDEV, OUTSIDE_SOURCE)
                folder.pop()
                continue
            place = b"/".join((*folder, part))
            places.add(place)
            entry = self._entries.get(place)
            if entry is None or entry.mode == MODULE:
                if entry is None and not self._folders.get(place):
                    raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
                folder.append(part)
            elif entry.mode == LINK:
                hops += 1
                left += self._parts_of_link(entry.id, hops)
            elif left:
                raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
            elif not place.startswith(self._root):
                raise OSError(errno.EXDEV, OUTSIDE_SOURCE)
            else:
                return Outcome(entry.id)
        return UNLISTED

    def _parts_of_link(self, blob_id: str, hops: int) -> list[bytes]:
        """The parts of what a link says, the last one first."""
        if hops > _MOST_HOPS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        target = self._read(blob_id)
        if target.startswith(b"/"):
            raise OSError(errno.EXDEV, OUTSIDE_SOURCE)
        if not target:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        return target.split(b"/")[::-1]
