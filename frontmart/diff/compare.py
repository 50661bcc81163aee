"""Compare the tidy tables of two states: a row per difference.

Documents are matched by path; one that moved is matched by its meaning, or else by its URL, where that is the only one
on either side. Values are compared as they are stored, so what Frontmart does not store makes no difference.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import duckdb

from frontmart.diff.lists import LISTS, ListField
from frontmart.diff.sides import Side
from frontmart.errors import SnapshotError
from frontmart.formats.data import QueryResult
from frontmart.warehouse.progress_bar import hide_progress_bar
from frontmart.warehouse.statements import explain_error, quote_identifier, quote_literal
from transforms.schema import Schema
from transforms.tables import TABLES

COLUMNS: Final = ("change", "document_id", "path", "title", "field", "item", "old", "new")
# What tells the documents of two states apart is said as the change, or as the path of one that moved.
_KEYS: Final = ("document_id", "path", "content_hash")
_REJECT: Final = ("reason", "message", "line", "column")
_BATCH: Final = 10_000


class Change(StrEnum):
    """What became of a file from the first state to the second."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    REFUSED = "refused"
    READABLE = "readable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of two states, in a database that is open as long as the block of `comparing`.

    Attributes:
        counts: how many files have each kind of change; all kinds, in the order of Change.
        document_counts: how many documents the first and the second state have.
    """

    counts: Mapping[Change, int]
    document_counts: tuple[int, int]
    _con: duckdb.DuckDBPyConnection

    @property
    def is_same(self) -> bool:
        """Whether there is no difference."""
        return not any(self.counts.values())

    def rows(self) -> QueryResult:
        """The differences, sorted by path, then by field: a document without a field in a row has no other row."""
        cursor = self._con.cursor()
        cursor.execute(_ordered())
        return QueryResult(COLUMNS, ("VARCHAR",) * len(COLUMNS), _values(cursor))

    def relation(self) -> duckdb.DuckDBPyRelation:
        """The same rows as a relation, for formats that take batches."""
        return self._con.cursor().sql(_ordered())


def _ordered() -> str:
    return f"select {', '.join(COLUMNS)} from differences order by path, document_id, place, item, nth, old, new"


def _values(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    while batch := cursor.fetchmany(_BATCH):
        yield from batch


@contextmanager
def comparing(a: Side, b: Side, memory_limit: str | None = None) -> Iterator[Comparison]:
    """Compare two states.

    Args:
        a: the first state.
        b: the second state.
        memory_limit: the most memory that DuckDB may use, such as 1GB; None for its own limit.

    Raises:
        SnapshotError: for a state whose files are missing or damaged.
    """
    with tempfile.TemporaryDirectory(prefix="frontmart-diff-") as folder:
        config = {"temp_directory": folder, "memory_limit": memory_limit, "autoinstall_known_extensions": False}
        with duckdb.connect(config={name: value for name, value in config.items() if value is not None}) as con:
            hide_progress_bar(con)
            try:
                for schema, side in (("old", a), ("new", b)):
                    _open(con, schema, side)
                _match(con)
                _compare(con)
                yield Comparison(_counts(con), _document_counts(con), con)
            except duckdb.Error as error:
                names = a.name if a.name == b.name else f"{a.name} or {b.name}"
                remedy = "`frontmart verify ID` finds what is damaged."
                raise SnapshotError(f"{names}: cannot be compared: {explain_error(error, remedy)}") from error


def _open(con: duckdb.DuckDBPyConnection, schema: str, side: Side) -> None:
    """Make a view of each tidy table, with all columns that it has for any preset, whatever is stored."""
    con.execute(f"create schema {schema}")
    for name, table in TABLES.items():
        if name == "files":
            continue
        path = side.tables / f"{name}.parquet"
        place = f"read_parquet({quote_literal(str(path))})"
        stored = [row[0] for row in con.execute(f"describe from {place}").fetchall()] if path.is_file() else []
        if not stored and name == "documents":
            raise SnapshotError(f"{path}: is missing; `frontmart verify {side.name}` says what else is")
        columns = ", ".join(_as_text(column, stored) for column in table.column_names())
        con.execute(f"create view {schema}.{name} as select {columns}" + (f" from {place}" if stored else " where 0=1"))


def _as_text(column: str, stored: list[str]) -> str:
    """A column as text, but for positions, by which items are in order; NULL where it is not stored."""
    name = quote_identifier(column)
    kind = "int" if column.endswith("position") else "varchar"
    return f"{name if column in stored else 'null'}::{kind} as {name}"


def _match(con: duckdb.DuckDBPyConnection) -> None:
    """Make tables of all files on either side, with what became of each; one that moved has the id of its new path."""
    columns = ", ".join(quote_identifier(name) for name in _REJECT)
    for schema in ("old", "new"):
        con.execute(
            f"create table {schema}.seen as select document_id, path, coalesce(title, name) as title, content_hash, "
            f"nullif(canonical_url, '') as url, true as is_document from {schema}.documents union all "
            f"select document_id, path, null, md5(concat_ws('|', {columns})), null, false from {schema}.rejects"
        )
    con.execute("create table moves (old_id varchar, document_id varchar)")
    for column in ("content_hash", "url"):
        con.execute(f"insert into moves {_only_once(column)}")
    con.execute(
        "create table changes as select coalesce(new.document_id, old.document_id) as document_id, "
        "old.document_id as old_id, new.document_id as new_id, coalesce(new.path, old.path) as path, "
        "coalesce(new.title, old.title) as title, case "
        "when new.document_id is null then 'removed' when not new.is_document and old.is_document is not false "
        "then 'refused' when not new.is_document then 'changed' when old.document_id is null then 'added' "
        "when not old.is_document then 'readable' when old.path <> new.path then 'renamed' else 'changed' end "
        "as change "
        "from new.seen as new full join (select old.*, coalesce(moves.document_id, old.document_id) as moved_to "
        "from old.seen as old left join moves on old.document_id = moves.old_id) as old "
        "on new.document_id = old.moved_to"
    )


def _only_once(column: str) -> str:
    """The documents that went, and those that came, whose value nothing else that went or came has."""

    def alone(schema: str, other: str, moved: str) -> str:
        return (
            f"select {column} as value, any_value(document_id) as document_id from {schema}.seen as this "
            f"where is_document and {column} is not null and not exists (select 1 from {other}.seen as that "
            f"where this.document_id = that.document_id) and document_id not in (select {moved} from moves) "
            "group by all having count(*) = 1"
        )

    return (
        f"select went.document_id, came.document_id from ({alone('old', 'new', 'old_id')}) as went "
        f"join ({alone('new', 'old', 'document_id')}) as came using (value)"
    ).replace("group by all", f"group by {column}")


def _compare(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create table found (document_id varchar, place int, field varchar, item varchar, nth int, old varchar, "
        "new varchar)"
    )
    con.execute("create table both_sides as from changes where change in ('changed', 'renamed')")
    con.execute("create view ids as select document_id, old_id, new_id from both_sides")
    _compare_values(con, "documents", _columns(TABLES["documents"], (*_KEYS, "extra")))
    _compare_values(con, "rejects", list(_REJECT))
    _compare_extra(con)
    for place, field in enumerate(LISTS, start=200):
        _compare_list(con, field, place)
    con.execute(
        "insert into found select both_sides.document_id, -1, 'path', null, 1, old.path, both_sides.path "
        "from both_sides join old.seen as old on old_id = old.document_id where change = 'renamed'"
    )
    # What is not stored as a value, such as a word of the text or the order of keys, has no other field.
    con.execute(
        "insert into found select new_id, 900, 'content_hash', null, 1, old.content_hash, new.content_hash "
        "from both_sides join old.documents as old on old_id = old.document_id "
        "join new.documents as new on new_id = new.document_id "
        "where old.content_hash <> new.content_hash "
        "and new_id not in (select document_id from found where field <> 'path')"
    )
    con.execute(_OUTCOMES)
    con.execute(
        "create table differences as select change, document_id, path, title, field, item, old, new, place, nth "
        "from changes join found using (document_id) union all select change, document_id, path, title, null, null, "
        "null, null, 0, 1 from changes where change in ('added', 'removed')"
    )


# Why a file is refused, or was.
_OUTCOMES: Final = """
insert into found
select document_id, place, field, null, 1, old, new
from (
  select
    changes.document_id as document_id,
    unnest(['reason', 'message', 'line']) as field,
    unnest([0, 1, 2]) as place,
    unnest([old.reason, old.message, old.line]) as old,
    unnest([new.reason, new.message, new.line]) as new
  from changes
  left join old.rejects as old on changes.old_id = old.document_id
  left join new.rejects as new on changes.new_id = new.document_id
  where change in ('refused', 'readable')
)
where old is distinct from new"""


def _columns(table: type[Schema], without: tuple[str, ...]) -> list[str]:
    return [name for name in table.column_names() if name not in without]


def _compare_values(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> None:
    """Compare the columns of the rows that differ: a row per value that does."""
    names = [quote_identifier(column) for column in columns]
    differ = " or ".join(f"old.{name} is distinct from new.{name}" for name in names)
    lists = (
        "unnest([" + ", ".join(text) + "])"
        for text in (
            map(quote_literal, columns),
            map(str, range(len(columns))),
            (f"old.{name}" for name in names),
            (f"new.{name}" for name in names),
        )
    )
    field, place, old, new = lists
    con.execute(
        f"insert into found select document_id, place, field, null, 1, old, new from (select new_id as document_id, "
        f"{field} as field, {place} as place, {old} as old, {new} as new from both_sides "
        f"join old.{table} as old on old_id = old.document_id join new.{table} as new on new_id = new.document_id "
        f"where {differ}) where old is distinct from new"
    )


def _compare_extra(con: duckdb.DuckDBPyConnection) -> None:
    """Compare the keys that no column takes, each by itself."""
    con.execute(
        "insert into found with pairs as (select new_id as document_id, coalesce(old.extra, '{}') as old, "
        "coalesce(new.extra, '{}') as new from both_sides join old.documents as old on old_id = old.document_id "
        "join new.documents as new on new_id = new.document_id where old.extra is distinct from new.extra), "
        "keys as (select *, unnest(list_distinct(list_concat(json_keys(old), json_keys(new)))) as key from pairs), "
        "found_keys as (select document_id, key, "
        "json_extract(old, '/' || replace(replace(key, '~', '~0'), '/', '~1'))::varchar as old, "
        "json_extract(new, '/' || replace(replace(key, '~', '~0'), '/', '~1'))::varchar as new from keys) "
        "select document_id, 100, 'extra.' || key, null, 1, old, new from found_keys where old is distinct from new"
    )


def _compare_list(con: duckdb.DuckDBPyConnection, field: ListField, place: int) -> None:
    """Compare a list of the documents in which it differs: items that came or went, and values of those that stayed."""
    columns = [name for name in _columns(TABLES[field.table], ("document_id", *field.places)) if name != "path"]
    if not _find_differing(con, field, [*field.places, *columns]):
        return
    values = [name for name in columns if name not in field.ignored and f"item.{name}" != field.name]
    for schema in ("old", "new"):
        con.execute(_items(schema, field, values))
    con.execute(
        "create or replace temp table pairs as select coalesce(new.document_id, old.document_id) as document_id, "
        "coalesce(new.item, old.item) as item, coalesce(new.nth, old.nth) as nth, old, new, "
        "old.document_id is not null as is_old, new.document_id is not null as is_new from old_items as old "
        "full join new_items as new on old.document_id = new.document_id and old.item = new.item "
        "and old.nth = new.nth"
    )
    con.execute(
        f"insert into found select document_id, {place}, {quote_literal(field.field)}, item, nth, "
        "case when not is_new then item end, case when not is_old then item end from pairs "
        "where not is_old or not is_new"
    )
    for name in values:
        column = quote_identifier(name)
        con.execute(
            f"insert into found select document_id, {place}, {quote_literal(f'{field.field}.{name}')}, item, nth, "
            f"old.{column}, new.{column} from pairs where is_old and is_new "
            f"and old.{column} is distinct from new.{column}"
        )
    if field.is_ordered:
        con.execute(_order(field, place))


def _find_differing(con: duckdb.DuckDBPyConnection, field: ListField, columns: list[str]) -> bool:
    """Make a table of the documents whose lists differ, by the sums of the hashes of their rows."""
    names = ", ".join(quote_identifier(column) for column in columns)

    def sums(schema: str, id_: str) -> str:
        return (
            f"(select both_sides.document_id, sum(hash({names})::hugeint % 9223372036854775783) as hash "
            f"from {schema}.{field.table} as item join ids as both_sides on {id_} = item.document_id group by 1)"
        )

    con.execute(
        "create or replace temp table differing as select coalesce(new.document_id, old.document_id) as document_id "
        f"from {sums('old', 'old_id')} as old full join {sums('new', 'new_id')} as new "
        "on old.document_id = new.document_id where old.hash is distinct from new.hash"
    )
    return bool(con.execute("select 1 from differing limit 1").fetchall())


def _items(schema: str, field: ListField, values: list[str]) -> str:
    """The items of the differing documents: the name, the how manieth of that name it is, its place, its values."""
    places = ", ".join(f"item.{name}" for name in field.places)
    related = (
        f"left join {schema}.related_items as related on item.document_id = related.document_id "
        "and item.related_position = related.position"
        if field.is_within_related
        else ""
    )
    return (
        f"create or replace temp table {schema}_items as select *, "
        f"row_number() over (partition by document_id, item order by place) as nth from (select "
        f"both_sides.document_id, {field.name} as item, row_number() over (partition by both_sides.document_id "
        f"order by {places}) as place"
        + "".join(f", item.{quote_identifier(name)}" for name in values)
        + f" from {schema}.{field.table} as item join ids as both_sides on {schema}_id = item.document_id "
        f"semi join differing on both_sides.document_id = differing.document_id {related})"
    )


def _order(field: ListField, place: int) -> str:
    """The lists with the same items in another order, each as a JSON list of names."""

    def lists(schema: str) -> str:
        return f"(select document_id, list(item order by place) as items from {schema}_items group by 1)"

    return (
        f"insert into found select document_id, {place}, {quote_literal(f'{field.field}.order')}, null, 1, "
        f"to_json(old.items)::varchar, to_json(new.items)::varchar from {lists('old')} as old "
        f"join {lists('new')} as new using (document_id) "
        "where old.items <> new.items and list_sort(old.items) = list_sort(new.items)"
    )


def _counts(con: duckdb.DuckDBPyConnection) -> dict[Change, int]:
    counts = dict(con.execute("select change, count(distinct document_id) from differences group by 1").fetchall())
    return {change: int(counts.get(change.value, 0)) for change in Change}


def _document_counts(con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    query = "select (select count(*) from old.documents), (select count(*) from new.documents)"
    ((before, after),) = con.execute(query).fetchall()
    return int(before), int(after)
