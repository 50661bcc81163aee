"""The catalog of a warehouse in at most 4 KB: what an agent needs to write a query that works at the first try."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from frontmart.agents.limits import CATALOG_BYTES
from frontmart.agents.text import json_text
from frontmart.catalog.layers import MACROS
from frontmart.dictionary.tables import CatalogTable

Facts = dict[str, object]

_SQL: Final = (
    "DuckDB, one SELECT; try macros (from event('tower')), then views, then marts, which need the prefix marts. "
    "_at is a UTC TIMESTAMP, _date a DATE, _share 0 to 1, is_ and has_ BOOLEAN, other columns as their names say. "
    "Count from as_of_date, not from today. describe(name) has keys, columns, units and examples, of core. tables too"
)
# From the most detail to the least: characters of a sentence, columns of a macro, columns of a view, and characters of
# the grain of a mart; 0 for its name alone.
_ALL: Final = 1_000
_DETAIL: Final = (
    (100, _ALL, _ALL, 60), (80, _ALL, _ALL, 40), (70, 10, _ALL, 0), (60, 9, 14, 0), (60, 8, 12, 0), (60, 7, 11, 0),
    (60, 6, 10, 0), (50, 5, 9, 0), (40, 4, 8, 0), (40, 3, 6, 0),
)  # fmt: skip
# The macros of these names return a child table of the documents as it was.
_STATES: Final = "as_of_"
_DATES: Final = ("first_article_date", "last_article_date")


def catalog(tables: Sequence[CatalogTable], run: Mapping[str, Any], view_rows: Mapping[str, int]) -> Facts:
    """Macros with a sentence, views with their columns, marts with their grain: as much of each as fits.

    Args:
        tables: the tables of the warehouse.
        run: the record of the build.
        view_rows: the number of rows of each view of schema main.

    Returns:
        `{"snapshot_id", "as_of_date", "sql", "macros", "views", "marts", ...}`, of at most CATALOG_BYTES as JSON.
    """
    for facts in _versions(tables, run, view_rows):
        if len(json_text(facts).encode()) <= CATALOG_BYTES:
            return facts
    return _names(tables, run)


def _versions(tables: Sequence[CatalogTable], run: Mapping[str, Any], view_rows: Mapping[str, int]) -> Iterator[Facts]:
    rows: Mapping[str, int] = run.get("rows", {})
    macros = [table for table in tables if table.group == MACROS]
    views = [table for table in tables if table.group == "main"]
    marts = [table for table in tables if table.group == "marts" and rows.get(table.full_name)]
    for sentence, macro_columns, view_columns, grain in _DETAIL:
        yield {
            **_head(run),
            "macros": _macros(macros, sentence, macro_columns),
            "views": {each.name: _view(each, view_rows.get(each.name, 0), view_columns) for each in views},
            "marts": {each.name: _cut(each.grain, grain) for each in marts} if grain else [each.name for each in marts],
        }


def _head(run: Mapping[str, Any]) -> Facts:
    dates = {name: run[name] for name in _DATES if run.get(name)}
    return {"snapshot_id": run["snapshot_id"], "as_of_date": run["as_of_date"], **dates, "sql": _SQL}


def _names(tables: Sequence[CatalogTable], run: Mapping[str, Any]) -> Facts:
    """Names of tables alone, and no more of them than fit."""
    names = [table.call or table.full_name for table in tables if table.group in (MACROS, "main", "marts")]
    while names and len(json_text({**_head(run), "tables": names}).encode()) > CATALOG_BYTES:
        names.pop()
    return {**_head(run), "tables": names}


def _macros(macros: Sequence[CatalogTable], sentence: int, columns: int) -> Facts:
    """A line for each macro, and one for all that give a tidy table as it was."""
    facts: Facts = {
        str(each.call): _macro(each, sentence, columns) for each in macros if not each.name.startswith(_STATES)
    }
    states = [each.name.removeprefix(_STATES) for each in macros if each.name.startswith(_STATES)]
    return facts | ({f"{_STATES}<table>(moment)": f"tidy tables then: {', '.join(states)}"} if states else {})


def _macro(table: CatalogTable, sentence: int, columns: int) -> str:
    first = re.split(r"[.:;] ", table.description, maxsplit=1)[0]
    return f"{_cut(first, sentence)} -> {_columns(table, columns)}"


def _view(table: CatalogTable, row_count: int, columns: int) -> str:
    return f"{row_count} rows: {_columns(table, columns)}" if row_count else "no rows"


def _columns(table: CatalogTable, most: int) -> str:
    names = [column.name for column in table.columns]
    return ", ".join(names if len(names) <= most else [*names[:most], "..."])


def _cut(text: str, most: int) -> str:
    """The first sentence of a text, cut after a word."""
    first = text.rstrip(".").split(". ")[0]
    return first if len(first) <= most else f"{first[:most].rpartition(' ')[0]}..."
