"""The answers of the tools, from the snapshot that is published when they are called."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from frontmart.agents.catalog import catalog
from frontmart.agents.limits import ANSWER_BYTES, SEARCH_ROWS, Limits, too_slow
from frontmart.agents.rows import first_rows
from frontmart.agents.text import json_text
from frontmart.catalog.features import Feature
from frontmart.catalog.sql_folder import SQL
from frontmart.dictionary.describe import Described, find
from frontmart.dictionary.tables import CatalogTable, read_tables
from frontmart.errors import UsageError
from frontmart.query.result import open_result
from frontmart.snapshots.read import read_published, read_run
from frontmart.snapshots.store import Snapshot
from frontmart.warehouse.query_errors import TOO_SLOW
from frontmart.warehouse.read_only import read_rows
from frontmart.warehouse.statements import quote_literal

Facts = dict[str, object]
Arguments = Mapping[str, Any]

# Where files are, and how tables are made, is of no use in a query.
_LEFT_OUT: Final = ("file", "made_from", "used_by", "marts", "checks")


def answer(out: Path, tool: str, arguments: Arguments, limits: Limits) -> str:
    """Call a tool -> its answer as JSON, with the id of the snapshot and its as-of date.

    A snapshot that is pruned during the call is replaced by the one that is published then.

    Args:
        out: the output folder.
        tool: a name of TOOLS.
        arguments: the arguments of the tool, checked.
        limits: the limits on time and rows.

    Raises:
        UsageError: for a query that fails or is refused, and for a name that `describe` does not know.
        SnapshotError: if nothing is published in `out`.
        FrontmartError: if the warehouse cannot be opened or read.
    """
    return read_published(out, lambda snapshot: json_text(TOOLS[tool](out, snapshot, arguments, limits)))


def _catalog(out: Path, snapshot: Snapshot, _: Arguments, limits: Limits) -> Facts:
    tables = _tables(out, snapshot)
    # The record of the build has the rows of tables only.
    counts = [f"select '{each.name}' as name, count(*) as row_count from {each.full_name}" for each in _views(tables)]
    rows = read_rows(snapshot, " union all ".join(counts), limits.timeout)
    return catalog(tables, read_run(snapshot), {str(row["name"]): int(str(row["row_count"])) for row in rows})


def _views(tables: Iterable[CatalogTable]) -> list[CatalogTable]:
    return [each for each in tables if each.group == "main"]


def _describe(out: Path, snapshot: Snapshot, arguments: Arguments, _: Limits) -> Facts:
    described = Described(out, snapshot)
    try:
        found = find(arguments["name"], _tables(out, snapshot))
    except UsageError as error:
        raise UsageError(str(error).replace("`frontmart describe --all`", "the tool catalog")) from None
    if not isinstance(found, CatalogTable):
        return _bounded({**_source(snapshot), **described.column(found)}, "tables")
    facts = described.one(found).items()
    kept = {name: fact for name, fact in facts if name not in _LEFT_OUT and fact not in (None, [], {})}
    return _bounded({**_source(snapshot), **kept}, "columns")


def _bounded(facts: Facts, name: str) -> Facts:
    """Facts without the last entries of a list of them, if it is too long for an answer."""
    entries = facts[name]
    if not isinstance(entries, list) or len(json_text(facts).encode()) <= ANSWER_BYTES:
        return facts
    half = len(entries) // 2
    return _bounded(
        {**facts, "note": f"only the first {half} {name}: query duckdb_columns() for all", name: entries[:half]}, name
    )


def _query(_: Path, snapshot: Snapshot, arguments: Arguments, limits: Limits) -> Facts:
    return _rows(snapshot, arguments["sql"], limits.rows, limits)


def _search(_: Path, snapshot: Snapshot, arguments: Arguments, limits: Limits) -> Facts:
    rows = min(arguments.get("limit", SEARCH_ROWS), limits.rows)
    return _rows(snapshot, f"from search({quote_literal(arguments['words'])})", rows, limits)


def _rows(snapshot: Snapshot, sql: str, most_rows: int, limits: Limits) -> Facts:
    try:
        with open_result(snapshot, sql, limits.timeout) as result:
            found = first_rows(result, most_rows, ANSWER_BYTES)
            columns = dict(zip(result.columns, result.types, strict=True))
    except UsageError as error:
        raise UsageError(too_slow(limits.timeout)) if str(error) == TOO_SLOW else error from None
    return {
        **_source(snapshot),
        "row_count": len(found.rows),
        "is_complete": not found.note,
        **({"note": found.note} if found.note else {}),
        "columns": columns,
        "rows": found.rows,
    }


def _source(snapshot: Snapshot) -> Facts:
    return {"snapshot_id": snapshot.id, "as_of_date": read_run(snapshot)["as_of_date"]}


@lru_cache(maxsize=1)
def _tables(out: Path, snapshot: Snapshot) -> list[CatalogTable]:
    described = Described(out, snapshot)
    added = described.added_models()
    return read_tables(SQL, described.features, added) if added else _tables_without_mapping(described.features)


@lru_cache(maxsize=1)
def _tables_without_mapping(features: frozenset[Feature]) -> list[CatalogTable]:
    """The tables of all snapshots with these features; reading the files of sql/ takes a second."""
    return read_tables(SQL, features)


TOOLS: Final[Mapping[str, Callable[[Path, Snapshot, Arguments, Limits], Facts]]] = {
    "catalog": _catalog,
    "describe": _describe,
    "query": _query,
    "search": _search,
}
