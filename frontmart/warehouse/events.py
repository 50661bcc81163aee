"""The events of news articles: the one table between the models that no SQL makes, but `transforms/events`."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import duckdb

from frontmart.catalog.models import Model, read_query
from frontmart.catalog.sql_folder import SQL
from frontmart.warehouse.database import second_connection
from frontmart.warehouse.kinds import load_kinds, update_kinds
from frontmart.warehouse.load import create_inputs
from frontmart.warehouse.materialize import find_idle, run_models
from frontmart.warehouse.table_changes import TableChanges
from frontmart.warehouse.update import replace_rows

_TABLE: Final = "tidy.article_events"
_QUERIES: Final = ("events.articles", "events.links")
# The models that the queries of sql/events read.
EVENT_INPUTS: Final = ("staging.documents", "core.translations", "core.related_links")
# With more documents, models do not run while events are found.
_MOST_BESIDE: Final = 250_000


def run_all_models(
    con: duckdb.DuckDBPyConnection,
    models: Sequence[Model],
    *,
    are_created: bool = False,
    changes: TableChanges | None = None,
) -> dict[str, int]:
    """Run models in the given order, and find the events as soon as their articles are known -> rows per table.

    `are_created` and `changes` are as for `run_models`. Raises ModelError as that does, and duckdb.Error if kinds or
    events cannot be loaded.
    """
    run = partial(run_models, are_created=are_created, changes=changes, idle=find_idle(con, models))
    if changes is None:
        load_kinds(con)
    else:
        update_kinds(con, changes)
    if not any(_TABLE in model.reads for model in models):
        return run(con, models)
    before, meanwhile, after = _split(models)
    rows = run(con, before)
    rows |= _run_beside_events(con, meanwhile, run, partial(load_events, changes=changes))
    rows |= run(con, after)
    return {model.full_name: rows[model.full_name] for model in models if model.full_name in rows}


def _split(models: Iterable[Model]) -> tuple[list[Model], list[Model], list[Model]]:
    """Split models into those that `load_events` needs, those that need no events, and those that do; all in order."""
    by_name = {model.full_name: model for model in models}
    with_events = {_TABLE}
    for name, model in by_name.items():
        if model.reads & with_events:
            with_events.add(name)
    needed: set[str] = set()
    waiting = list(EVENT_INPUTS)
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in needed:
            needed.add(name)
            waiting.extend(by_name[name].reads)
    return (
        [model for name, model in by_name.items() if name in needed],
        [model for name, model in by_name.items() if name not in needed | with_events],
        [model for name, model in by_name.items() if name in with_events],
    )


def _run_beside_events(
    con: duckdb.DuckDBPyConnection,
    models: Sequence[Model],
    run: Callable[[duckdb.DuckDBPyConnection, Sequence[Model]], dict[str, int]],
    load: Callable[[duckdb.DuckDBPyConnection], None],
) -> dict[str, int]:
    """Find the events, and meanwhile run models in another thread -> rows per table of these models.

    Finding events keeps one core busy. In a large corpus it takes so much memory that the models wait.
    """
    ((documents,),) = con.execute("select count(*) from staging.documents").fetchall()
    if documents > _MOST_BESIDE:
        load(con)
        return run(con, models)
    with second_connection(con) as other, ThreadPoolExecutor(1) as pool:
        rows = pool.submit(run, other, models)
        load(con)
        return rows.result()


def load_events(con: duckdb.DuckDBPyConnection, changes: TableChanges | None = None) -> None:
    """Create tidy.article_events: the event of each news article with a date.

    Needs EVENT_INPUTS and what they read. With `changes`, the table has the rows of the base snapshot, and is changed
    if an article or a link changed by which events are found. Raises duckdb.Error.
    """
    if changes is None:
        create_inputs(con, ["article_events"])
    elif not any(map(changes.affect_query, _QUERIES)):
        return
    articles = con.sql(read_query(SQL, _QUERIES[0])).pl()
    if articles.is_empty() and changes is None:
        return
    from transforms.events.group import group_events  # imports NumPy, which nothing else needs

    links = con.sql(read_query(SQL, _QUERIES[1])).pl()
    events = group_events(articles, links).select("document_id", "event_id").sort("document_id")
    con.register("grouped_events", events)
    rows = "select document_id, event_id from grouped_events"
    if changes is None:
        con.execute(f"insert into {_TABLE} {rows}")
    else:
        changes.record(_TABLE, replace_rows(con, _TABLE, ["document_id"], rows))
    con.unregister("grouped_events")
