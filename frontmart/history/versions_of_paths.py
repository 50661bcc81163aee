"""Read the versions of some paths of a repository, parse each content once, and write what they say as fragments.

A worker process gets a range of paths, with all of their writes, and returns a number of paths.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from frontmart.extract.pool import ShardWork
from frontmart.extract.stderr import silenced_c_stderr
from frontmart.extract.worker import BATCH_BYTES, CRASHED, bytes_of, parser, unreadable, write_frame
from frontmart.git.blobs import BlobReader
from frontmart.git.repository import Repository
from transforms.generic.rules import FieldRules
from transforms.history.items import LIST_SCHEMA, fold_lists
from transforms.history.versions import OUTCOME_SCHEMA, STARTS_SCHEMA, Contents, Versions, find_versions
from transforms.parse.frontmatter import document_id
from transforms.parse.limits import DEFAULT_LIMITS, Limits, too_large
from transforms.parse.outcomes import Document, Outcome, Reject, Skipped, Unchanged
from transforms.tables import TABLES, polars_schema
from transforms.tidy.outcomes import tables_of

# The states of paths: what each write left, and before the first one what was there.
STATE_SCHEMA: Final = pl.Schema(
    {
        "place": pl.Int64(),  # of the path among all paths; 0-based
        "path": pl.String(),
        "step": pl.Int64(),
        "is_earlier": pl.Boolean(),
        "appeared": pl.Int64(),
        "is_former": pl.Boolean(),
        "blob_id": pl.String(),
        "error": pl.String(),
    }
)
# Of a path that has no file.
_REMOVED: Final = "removed"


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are parsed: as a build with these settings does.

    Attributes:
        limits: limits of each file.
        repair: whether values that lack quotes are repaired.
        rules: the rules of the preset `generic`; None for the preset `smartable`.
    """

    limits: Limits = DEFAULT_LIMITS
    repair: bool = False
    rules: FieldRules | None = None


@dataclass(frozen=True, slots=True)
class PathShard:
    """A range of paths.

    Attributes:
        start: first path.
        stop: path after the last one.
        states: Parquet file of all states (STATE_SCHEMA).
        starts: Parquet file of the starts of lists (STARTS_SCHEMA).
        repository: where the blobs are.
        fragments: folder that the fragments are written to.
        weight: estimated work, in bytes to parse.
        reading: how files are parsed.
    """

    start: int
    stop: int
    states: Path
    starts: Path
    repository: Repository
    fragments: Path
    weight: int
    reading: Reading

    @property
    def file_count(self) -> int:
        """The number of paths."""
        return self.stop - self.start

    def rows(self) -> pl.DataFrame:
        """The states of its paths, by path and step."""
        is_own = pl.col("place").is_between(self.start, self.stop, closed="left")
        return pl.scan_parquet(self.states).filter(is_own).collect()

    def fragment(self, table: str) -> Path:
        """The fragment of a table of the history."""
        return self.fragments / table / f"{self.start:09d}.parquet"

    def halves(self) -> "list[PathShard]":
        """Split it in two; a shard of one path is returned as it is."""
        middle = (self.start + self.stop) // 2
        if middle == self.start:
            return [self]
        half = self.weight // 2
        return [replace(self, stop=middle, weight=half), replace(self, start=middle, weight=self.weight - half)]


def replay_shard(shard: PathShard) -> int:
    """Parse the versions of the paths of a shard and write its fragments -> number of paths."""
    rows = shard.rows()
    parsed = _Parsed()
    with silenced_c_stderr():
        for place, outcome in enumerate(_outcomes(shard, rows)):
            parsed.add(place, outcome)
    _write(shard, rows, parsed)
    return shard.file_count


def discard_shard(shard: PathShard) -> None:
    """Remove the fragments of a shard."""
    for fragment in shard.fragments.glob(f"*/{shard.start:09d}.parquet"):
        fragment.unlink()


def reject_shard(shard: PathShard) -> int:
    """Record all versions of a path, one of which kills the process that parses it, as rejects -> 1."""
    rows = shard.rows()
    parsed = _Parsed()
    for place, (blob_id, error) in enumerate(rows.select("blob_id", "error").iter_rows()):
        parsed.add(place, _Known(None if blob_id is None and error is None else CRASHED))
    _write(shard, rows, parsed)
    return shard.file_count


REPLAY: Final = ShardWork(run=replay_shard, discard=discard_shard, reject=reject_shard)


@dataclass(frozen=True, slots=True)
class _Known:
    """An outcome, None if there is no file; and the row whose document has the same content, if it is one."""

    outcome: Outcome | None
    content: int | None = None


class _Parsed:
    """The outcomes of all rows of a shard, and its documents as rows: the JSON of a batch of documents is bounded."""

    def __init__(self) -> None:
        self.outcomes: list[_Known] = []
        self._waiting: list[Document] = []
        self._bytes = 0
        self._documents: list[pl.DataFrame] = []
        self._lists: list[pl.DataFrame] = []
        self._items: dict[str, list[pl.DataFrame]] = {}

    def add(self, place: int, known: _Known) -> None:
        """Add the outcome of a row."""
        outcome = known.outcome
        if isinstance(outcome, Document):
            self._waiting.append(outcome)
            self._bytes += bytes_of(outcome)
            if self._bytes > BATCH_BYTES:
                self._flatten()
            known = _Known(Unchanged(outcome.content_hash), place)
        self.outcomes.append(known)

    def contents(self) -> Contents:
        """The distinct documents and their lists."""
        self._flatten()
        return Contents(
            pl.concat([pl.DataFrame(schema=polars_schema(TABLES["documents"])), *self._documents]),
            pl.concat([pl.DataFrame(schema=LIST_SCHEMA), *self._lists]),
        )

    def items(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """The items of the lists, by table."""
        for table, items in self._items.items():
            yield table, pl.concat(items).unique("item_id", keep="first", maintain_order=True)

    def _flatten(self) -> None:
        if not self._waiting:
            return
        tables = tables_of(self._waiting)
        self._waiting, self._bytes = [], 0
        lists, items = fold_lists(tables)
        self._documents.append(tables["documents"])
        self._lists.append(lists)
        for table, rows in items.items():
            self._items.setdefault(table, []).append(rows)


def _outcomes(shard: PathShard, rows: pl.DataFrame) -> Iterator[_Known]:
    """The outcome of each row. A blob, and a content hash, that the path had before is not parsed again."""
    reading = shard.reading
    parse = parser(reading.limits, reading.repair, reading.rules)
    to_read = rows.filter(pl.col("blob_id").is_not_null()).unique(
        ["place", "blob_id"], keep="first", maintain_order=True
    )
    columns = rows.select("path", "blob_id", "error").iter_rows()
    with BlobReader(shard.repository) as reader:
        blobs = reader.read_all(to_read["blob_id"], reading.limits.file_bytes)
        memory = _Memory("")
        for number, (path, blob_id, error) in enumerate(columns):
            if path != memory.path:
                memory = _Memory(path)
            if blob_id is None:
                yield _Known(None if error is None else unreadable(error))
            elif blob_id in memory.blobs:
                yield memory.blobs[blob_id]
            else:
                data = next(blobs)
                outcome = too_large(reading.limits) if data is None else parse(path, data, memory.contents)
                yield memory.remember(number, blob_id, outcome)


class _Memory:
    """What is known of the versions of a path.

    Attributes:
        path: the path.
        blobs: the outcomes of its blobs.
        contents: the row that first had a content hash.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.blobs: dict[str, _Known] = {}
        self.contents: dict[str, int] = {}
        self._id = b'"document_id":"%b"' % document_id(path).encode()

    def remember(self, number: int, blob_id: str, outcome: Outcome) -> _Known:
        """Keep the outcome of a blob -> the outcome, in which a document has the id of its content."""
        if isinstance(outcome, Unchanged):
            self.blobs[blob_id] = _Known(outcome, self.contents[outcome.content_hash])
            return self.blobs[blob_id]
        if not isinstance(outcome, Document):
            self.blobs[blob_id] = _Known(outcome)
            return self.blobs[blob_id]
        self.contents[outcome.content_hash] = number
        self.blobs[blob_id] = _Known(Unchanged(outcome.content_hash), number)
        # The only place of these bytes: in a text, the quotes would be escaped.
        line = outcome.line.replace(self._id, b'"document_id":"%b"' % _content_id(number).encode(), 1)
        return _Known(replace(outcome, line=line), number)


def _content_id(number: int) -> str:
    return f"{number:016x}"


def _write(shard: PathShard, rows: pl.DataFrame, parsed: _Parsed) -> None:
    contents = parsed.contents()
    outcomes = _outcome_frame(rows, parsed.outcomes)
    starts = pl.scan_parquet(shard.starts).filter(
        pl.col("document_id").is_in(outcomes["document_id"].unique().implode())
    )
    versions = find_versions(outcomes, contents, starts.collect())
    for table, frame in _tables(versions, parsed).items():
        if not frame.is_empty():
            fragment = shard.fragment(table)
            fragment.parent.mkdir(parents=True, exist_ok=True)
            unfinished = fragment.with_suffix(f".{uuid.uuid4().hex}")
            write_frame(frame, unfinished, compression="lz4", statistics=False)
            unfinished.replace(fragment)


def _tables(versions: Versions, parsed: _Parsed) -> dict[str, pl.DataFrame]:
    tables = {
        "document_changes": versions.changes,
        "writes": versions.writes,
        "past_documents": versions.documents,
        "past_rejects": versions.rejects,
        "past_lists": versions.lists,
    }
    for table, items in parsed.items():
        # Current lists have their items in the tidy tables.
        used = versions.lists.filter(pl.col("list_name") == table)["item_ids"].str.split(" ").explode()
        tables[f"past_{table}"] = items.filter(pl.col("item_id").is_in(used.unique().implode()))
    return tables


def _outcome_frame(rows: pl.DataFrame, outcomes: list[_Known]) -> pl.DataFrame:
    paths = rows["path"].unique(maintain_order=True)
    ids = pl.DataFrame(
        {"path": paths, "document_id": pl.Series([document_id(path) for path in paths], dtype=pl.String)}
    )
    columns = list(zip(*[_told(known) for known in outcomes], strict=True)) or [()] * len(_TOLD)
    told = pl.DataFrame(dict(zip(_TOLD, map(list, columns), strict=True)), schema={n: OUTCOME_SCHEMA[n] for n in _TOLD})
    joined = rows.join(ids, on="path", how="left", maintain_order="left")
    return pl.concat([joined, told], how="horizontal").select(OUTCOME_SCHEMA.names()).cast(OUTCOME_SCHEMA)


_TOLD: Final = ("outcome", "content", "content_hash", "reason", "message", "line", "column")


def _told(known: _Known) -> tuple[str | int | None, ...]:
    outcome = known.outcome
    if isinstance(outcome, Reject):
        return "reject", None, None, outcome.reason.value, outcome.message, outcome.line, outcome.column
    if isinstance(outcome, Unchanged) and known.content is not None:
        return "document", _content_id(known.content), outcome.content_hash, None, None, None, None
    return "skipped" if isinstance(outcome, Skipped) else _REMOVED, None, None, None, None, None, None


def no_starts() -> pl.DataFrame:
    """The starts of lists, without rows."""
    return pl.DataFrame(schema=STARTS_SCHEMA)
