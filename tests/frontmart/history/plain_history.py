"""The history of a repository by the obvious way: every version parsed by itself, kept in dictionaries."""

from collections import Counter, defaultdict
from functools import partial
from typing import Any, NamedTuple

import polars as pl

from frontmart.extract.reader import advice
from frontmart.git.blobs import BlobReader
from frontmart.git.log import Log
from frontmart.git.repository import Repository
from frontmart.history.versions_of_paths import Reading
from transforms.generic.adapt import adapter
from transforms.history.items import CHILD_TABLES, item_columns
from transforms.parse.frontmatter import document_id, parse_file
from transforms.parse.outcomes import Document, Outcome, Reject
from transforms.tables import TABLES
from transforms.tidy.outcomes import tables_of

Row = tuple[Any, ...]


class State(NamedTuple):
    """A path at a step: its document, its reject, or neither."""

    document: Row | None = None
    lists: tuple[tuple[Row, ...], ...] = ()
    reject: Row | None = None


def plain_history(repository: Repository, log: Log, reading: Reading) -> dict[str, Any]:
    """The tables of the history as sets of rows; lists as their rows."""
    history = _History(log)
    writes: dict[int, dict[str, State]] = defaultdict(dict)
    with BlobReader(repository) as reader:
        for step, path, blob_id, error in log.writes.select("step", "path", "blob_id", "error").iter_rows():
            data = reader.read(blob_id, 10**9) if blob_id else None
            writes[step][path] = _state(path, data, error, reading)
    for step in range(log.steps.height):
        history.add(step, writes[step])
    return history.tables()


def _state(path: str, data: bytes | None, error: str | None, reading: Reading) -> State:
    outcome: Outcome | None = None
    if data is not None:
        parse = partial(parse_file, limits=reading.limits, repair=reading.repair)
        outcome = parse(path, data, make_record=adapter(reading.rules)) if reading.rules else parse(path, data)
    if error:
        return State(reject=("unreadable", f"cannot be read ({error}): {advice(error)}", None, None))
    if isinstance(outcome, Reject):
        return State(reject=(outcome.reason.value, outcome.message, outcome.line, outcome.column))
    if not isinstance(outcome, Document):
        return State()
    tables = tables_of([outcome])
    lists = tuple(_list(name, tables[name]) for name in CHILD_TABLES)
    return State(tables["documents"].row(0), lists)


def _list(name: str, rows: pl.DataFrame) -> tuple[Row, ...]:
    places = [each for each in ("related_position", "position") if each in rows.columns]
    return tuple(rows.sort(TABLES[name].primary_key()).select(*places, *item_columns(name)).rows())


_COLUMNS = TABLES["documents"].column_names()


def _value(state: State, name: str) -> Any:
    return state.document[_COLUMNS.index(name)] if state.document else None


def _folder(path: str) -> str | None:
    folder, _, inner = path.removeprefix("./").partition("/")
    return folder.removeprefix("_") if inner else None


class _History:
    def __init__(self, log: Log) -> None:
        self.similar: dict[int, list[tuple[float, str, str]]] = defaultdict(list)
        for step, source, path, similarity in log.similar.rows():
            self.similar[step].append((-similarity, path, source))
        self.now: dict[str, State] = {}
        self.began: dict[str, int] = {}
        self.list_began: dict[tuple[str, str], int] = {}
        self.had_document: set[str] = set()
        self.changes: set[Row] = set()
        self.writes: Counter[tuple[int, str]] = Counter()
        self.meaningless: Counter[tuple[int, str]] = Counter()
        self.documents: set[Row] = set()
        self.rejects: set[Row] = set()
        self.lists: set[Row] = set()

    def add(self, step: int, writes: dict[str, State]) -> None:
        changed = {}
        for path, new in writes.items():
            old = self.now.get(path, State())
            folder = _folder(path) or ""
            self.writes[step, folder] += 1
            if _value(new, "content_hash") == _value(old, "content_hash") and new.reject == old.reject:
                self.meaningless[step, folder] += 1
            else:
                changed[path] = (old, new, self._kind(path, old, new))
        renamed = self._renamed(step, changed)
        for path, (old, new, kind) in changed.items():
            rename = renamed.get(path)
            told = ("renamed", document_id(rename[0]), *rename) if rename else (kind, None, None, None, None)
            self.changes.add((step, document_id(path), path, _folder(path), *told))
            self._end(step, path, old, new)

    def _kind(self, path: str, old: State, new: State) -> str:
        if new.reject:
            return "refused"
        if not new.document:
            return "removed"
        if old.reject:
            return "readable"
        if old.document:
            urls = _value(old, "canonical_url"), _value(new, "canonical_url")
            is_other = all(urls) and urls[0] != urls[1] and _value(old, "provider_id") != _value(new, "provider_id")
            return "swapped" if is_other else "changed"
        return "restored" if path in self.had_document else "added"

    def _renamed(
        self, step: int, changed: dict[str, tuple[State, State, str]]
    ) -> dict[str, tuple[str, str, float | None]]:
        came = {path: new for path, (_, new, kind) in changed.items() if kind == "added"}
        gone = {path: old for path, (old, _, kind) in changed.items() if kind == "removed" and old.document}
        renamed: dict[str, tuple[str, str, float | None]] = {}
        for rule, name in (("meaning", "content_hash"), ("url", "canonical_url")):
            pairs = []
            for path, new in came.items():
                value = _value(new, name)
                rivals = [each for each in came.values() if _value(each, name) == value]
                sources = [each for each, old in gone.items() if _value(old, name) == value]
                if value and len(rivals) == 1 and len(sources) == 1:
                    pairs.append((path, sources[0]))
            for path, source in pairs:
                renamed[path] = (source, rule, None)
                del came[path], gone[source]
        for distance, path, source in sorted(self.similar[step]):
            if path in came and source in gone:
                renamed[path] = (source, "similarity", -distance)
                del came[path], gone[source]
        return renamed

    def _end(self, step: int, path: str, old: State, new: State) -> None:
        id_ = document_id(path)
        if old.document:
            self.documents.add((id_, self.began[path], step, *old.document[1:]))
            self.had_document.add(path)
        if old.reject:
            self.rejects.add((id_, self.began[path], step, path, *old.reject))
        for place, name in enumerate(CHILD_TABLES):
            before = old.lists[place] if old.document else None
            after = new.lists[place] if new.document else None
            if before != after:
                if before or (before is not None and after is not None):
                    self.lists.add((id_, name, self.list_began[path, name], step, before))
                self.list_began[path, name] = step
        self.began[path] = step
        self.now[path] = new

    def tables(self) -> dict[str, Any]:
        writes = {(*key, count, self.meaningless[key]) for key, count in self.writes.items()}
        return {
            "document_changes": self.changes,
            "writes": writes,
            "past_documents": self.documents,
            "past_rejects": self.rejects,
            "past_lists": self.lists,
        }
