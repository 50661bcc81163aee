"""The events of news articles: the one table between the models that no SQL makes, but `transforms/events`."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import duckdb

from frontmart.catalog.models import Model, read_query
from frontmart.catalog.sql_folder import SQL
from frontmart.warehouse.database import second_connection
from frontmart.warehouse.kinds import load_kinds
from frontmart.warehouse.load import create_inputs
from frontmart.warehouse.materialize import run_models
from transforms.events.group import group_events

_TABLE: Final = "tidy.article_events"
# The models that the queries of sql/events read.
EVENT_INPUTS: Final = ("staging.documents", "core.translations", "core.related_links")
# With more documents, models do not run while events are found.
_MOST_BESIDE: Final = 250_000


def run_all_models(
    con: duckdb.DuckDBPyConnection, models: Sequence[Model], *, are_created: bool = False
) -> dict[str, int]:
    """Run models in the given order, and find the events as soon as their articles are known -> rows per table.

    `are_created` is as for `run_models`. Raises ModelError as that does, and duckdb.Error if kinds or events cannot be
    loaded.
    """
    load_kinds(con)
    if not any(_TABLE in model.reads for model in models):
        return run_models(con, models, are_created=are_created)
    before, meanwhile, after = _split(models)
    rows = run_models(con, before, are_created=are_created)
    rows |= _run_beside_events(con, meanwhile, are_created=are_created)
    rows |= run_models(con, after, are_created=are_created)
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


def _run_beside_events(con: duckdb.DuckDBPyConnection, models: Sequence[Model], *, are_created: bool) -> dict[str, int]:
    """Find the events, and meanwhile run models in another thread -> rows per table of these models.

    Finding events keeps one core busy. In a large corpus it takes so much memory that the models wait.
    """
    ((documents,),) = con.execute("select count(*) from staging.documents").fetchall()
    if documents > _MOST_BESIDE:
        load_events(con)
        return run_models(con, models, are_created=are_created)
    with second_connection(con) as other, ThreadPoolExecutor(1) as pool:
        rows = pool.submit(run_models, other, models, are_created=are_created)
        load_events(con)
        return rows.result()


def load_events(con: duckdb.DuckDBPyConnection) -> None:
    """Create tidy.article_events: the event of each news article with a date.

    Needs EVENT_INPUTS and what they read. Raises duckdb.Error.
    """
    create_inputs(con, ["article_events"])
    articles = con.sql(read_query(SQL, "events.articles")).pl()
    links = con.sql(read_query(SQL, "events.links")).pl()
    events = group_events(articles, links).select("document_id", "event_id").sort("document_id")
    con.register("grouped_events", events)
    con.execute("insert into tidy.article_events select document_id, event_id from grouped_events")
    con.unregister("grouped_events")
