"""The log of a repository: which files each commit of the first-parent line wrote.

Commits are in the order of their position on that line, never of their times. A merge wrote what differs from its
first parent. Only files that a build of a checkout lists are in it, so links are followed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import polars as pl

from frontmart.git.blobs import BlobReader
from frontmart.git.links import LINK, UNLISTED, Entry, Links, Outcome
from frontmart.git.repository import Repository
from frontmart.git.similar import find_similar
from frontmart.git.tree import find_links, has_links, is_file, listed_by

# The row is the step. Times are in UTC, as in all tables.
STEPS: Final = pl.Schema(
    {"commit_id": pl.String(), "committed_at": pl.Datetime("us"), "authored_at": pl.Datetime("us")}
)
WRITES: Final = pl.Schema(
    {
        "step": pl.Int64,
        "path": pl.String,
        # As in a listing: the path on disk if it is not UTF-8, else NULL.
        "raw_path": pl.Binary,
        # NULL for a file that was removed, and for one that cannot be read.
        "blob_id": pl.String,
        # Why a file cannot be read, such as a broken link; NULL for all others. A build has a reject for it.
        "error": pl.String,
    }
)
SIMILAR: Final = pl.Schema({"step": pl.Int64, "from_path": pl.String, "path": pl.String, "similarity": pl.Float64})

_ARGUMENTS: Final = (
    "log", "--first-parent", "-m", "--reverse", "--root", "--raw", "--no-renames", "--no-abbrev", "-z", "-O/dev/null",
    "--no-ext-diff", "--no-textconv", "--no-color", "--no-notes", "--no-relative", "--ignore-submodules=none",
    "--format=@%H %ct %at %P",
)  # fmt: skip
# Seconds that a timestamp can hold: the years 1 to 9999. Times of commits may be anything.
_FIRST_SECOND: Final = -62_135_596_800
_LAST_SECOND: Final = 253_402_300_799
# The mode of an entry that is not there.
_NOTHING: Final = "000000"
_ROWS_AT_ONCE: Final = 50_000


@dataclass(frozen=True, slots=True)
class Log:
    """What the commits of a first-parent line wrote.

    Attributes:
        steps: one row per commit, the first one first (STEPS).
        writes: one row per file and commit that added, changed or removed it, by path and step (WRITES). A change of
            its mode alone is a write too: its blob is the one that it had.
        similar: pairs of a file that a commit removed and one that it added, which git finds similar (SIMILAR). Without
            those of the same blob.
    """

    steps: pl.DataFrame
    writes: pl.DataFrame
    similar: pl.DataFrame


class _Commit(NamedTuple):
    id: str
    committed: int
    authored: int
    parent: str | None


class _Change(NamedTuple):
    path: bytes
    before: Entry | None
    after: Entry | None


def read_log(repository: Repository, after: str | None = None) -> Log | None:
    """Read the commits of the first-parent line up to the head, those after a commit if one is given.

    None if that commit is not on the line (any more): the history was rewritten. Raises SourceUnavailableError for a
    shallow clone, and for missing or damaged objects.
    """
    if repository.is_shallow():
        raise repository.shallow_error()
    if after is not None and repository.find_commit(after) != after:
        return None
    if after == repository.head:
        return _Collected(repository, BlobReader(repository)).log()
    with BlobReader(repository) as reader:
        collected = _Collected(repository, reader)
        if after:
            collected.begin_after(after)
        for commit, changes in _commits(repository, after):
            if after and not collected.commits and commit.parent != after:
                return None
            collected.add(commit, changes)
    return collected.log() if collected.commits else None


def _commits(repository: Repository, after: str | None) -> Iterator[tuple[_Commit, list[_Change]]]:
    shown = f"{after}..{repository.head}" if after else repository.head
    with repository.started(*_ARGUMENTS, shown, "--") as git:
        commit: _Commit | None = None
        changes: list[_Change] = []
        tokens = git.tokens()
        for token in tokens:
            about = token.lstrip(b"\n")
            if about.startswith(b":"):
                changes.append(_read_change(about, next(tokens)))
            elif about:
                if commit:
                    yield commit, changes
                commit, changes = _read_commit(about), []
        if commit:
            yield commit, changes


def _read_commit(line: bytes) -> _Commit:
    id_, committed, authored, *parents = line.decode().removeprefix("@").split()
    return _Commit(id_, int(committed), int(authored), parents[0] if parents else None)


def _read_change(line: bytes, path: bytes) -> _Change:
    mode, new_mode, id_, new_id, _ = line.decode().removeprefix(":").split(" ")
    return _Change(path, _entry(mode, id_), _entry(new_mode, new_id))


def _entry(mode: str, id_: str) -> Entry | None:
    return None if mode == _NOTHING else Entry(mode, id_)


class _Collected:
    """The log as far as it was read."""

    def __init__(self, repository: Repository, reader: BlobReader) -> None:
        self.commits: list[_Commit] = []
        self._repository = repository
        self._reader = reader
        self._find_listed = listed_by(repository.root)
        # Followed from the first commit that has some: most repositories have none.
        self._links: Links | None = None
        self._writes: list[tuple[int, str, bytes | None, str | None, str | None]] = []
        self._frames = [pl.DataFrame(schema=WRITES)]
        self._mixed: list[int] = []

    def begin_after(self, commit: str) -> None:
        """Take the links of a commit as those before the first step."""
        if has_links(self._repository, commit, self._find_listed):
            self._links = find_links(self._repository, commit, self._find_listed, self._reader)

    def add(self, commit: _Commit, changes: list[_Change]) -> None:
        """Add what a commit wrote."""
        before = {change.path: self._outcome(change.path, change.before) for change in changes}
        moved = self._follow_links(commit, changes)
        step = len(self.commits)
        self.commits.append(commit)
        for path, _, entry in changes:
            after = self._outcome(path, entry)
            if before[path].is_listed or after.is_listed:
                self._write(step, path, after)
        for path, outcome in moved.items():
            if path not in before:
                self._write(step, path, outcome or UNLISTED)
        if self._has_moves(changes):
            self._mixed.append(step)

    def log(self) -> Log:
        """All that was added."""
        pairs = [(step, self.commits[step].id, self.commits[step].parent or "") for step in self._mixed]
        return Log(
            self._steps_frame(), self._writes_frame(), self._similar_frame(find_similar(self._repository, pairs))
        )

    def _outcome(self, path: bytes, entry: Entry | None) -> Outcome:
        """What a build has of an entry of a tree: that of the last tree, if it is a link."""
        if entry is None or self._find_listed(path) is None:
            return UNLISTED
        if is_file(entry):
            return Outcome(entry.id)
        return self._links.outcomes.get(path, UNLISTED) if self._links else UNLISTED

    def _follow_links(self, commit: _Commit, changes: list[_Change]) -> Mapping[bytes, Outcome | None]:
        """The links that now lead elsewhere, or nowhere."""
        if self._links:
            return self._links.apply((path, after) for path, _, after in changes)
        if any(after and after.mode == LINK and self._find_listed(path) for path, _, after in changes):
            self._links = find_links(self._repository, commit.id, self._find_listed, self._reader)
        return {}

    def _has_moves(self, changes: Iterable[_Change]) -> bool:
        """Whether files went and files came, besides those of the same content."""
        gone, new = Counter[str](), Counter[str]()
        for path, before, after in changes:
            if is_file(before) == is_file(after) or self._find_listed(path) is None:
                continue
            if after and is_file(after):
                new[after.id] += 1
            elif before:
                gone[before.id] += 1
        return bool(gone - new) and bool(new - gone)

    def _write(self, step: int, path: bytes, outcome: Outcome) -> None:
        listed = self._find_listed(path)
        if listed:
            self._writes.append((step, *listed, *outcome))
        if len(self._writes) == _ROWS_AT_ONCE:
            self._pack()

    def _pack(self) -> None:
        """Make a frame of rows: a million tuples would take several times the memory."""
        self._frames.append(pl.DataFrame(self._writes, schema=WRITES, orient="row"))
        self._writes.clear()

    def _steps_frame(self) -> pl.DataFrame:
        times = [
            pl.Series([min(max(each, _FIRST_SECOND), _LAST_SECOND) * 1_000_000 for each in seconds], dtype=pl.Int64)
            for seconds in ([each.committed for each in self.commits], [each.authored for each in self.commits])
        ]
        ids = pl.Series([each.id for each in self.commits], dtype=pl.String)
        columns = dict(zip(STEPS, (ids, *times), strict=True))
        return pl.DataFrame(columns).cast(STEPS)

    def _writes_frame(self) -> pl.DataFrame:
        self._pack()
        # A damaged tree may have two entries of one name.
        frame = pl.concat(self._frames).unique(["path", "step"], keep="last", maintain_order=True)
        return frame.sort("path", "step")

    def _similar_frame(self, pairs: Iterable[tuple[int, bytes, bytes, float]]) -> pl.DataFrame:
        rows = [
            (step, old.path, new.path, similarity)
            for step, from_path, path, similarity in pairs
            if (old := self._find_listed(from_path)) and (new := self._find_listed(path))
        ]
        return pl.DataFrame(rows, schema=SIMILAR, orient="row").sort("step", "path")
