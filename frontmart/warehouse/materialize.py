"""The models of sql/ run over the loaded warehouse, each held to its header.

Where the tables are small, two models at a time: DuckDB gives each thread whole row groups, so that a query over a few
of them would leave the other processors idle.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from graphlib import TopologicalSorter
from typing import Final

import duckdb

from frontmart.catalog.layers import LAYERS
from frontmart.catalog.models import Model
from frontmart.errors import ModelError
from frontmart.warehouse.database import second_connection
from frontmart.warehouse.statements import (
    comments,
    explain_error,
    quote_identifier,
    quote_names,
    quote_table,
    run,
    run_in_transaction,
    run_with_less_memory,
)

# What every BI tool and data frame reads alike. Sums of integers are HUGEINT until they are cast.
_PLAIN_TYPES: Final = ("BIGINT", "INTEGER", "DOUBLE", "BOOLEAN", "VARCHAR", "DATE", "TIMESTAMP")
# A few of DuckDB's row groups, and how many queries run at a time where no table has more.
_SMALL_ROWS: Final = 4 * 122_880
_SIDE_BY_SIDE: Final = 2


def run_models(con: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> dict[str, int]:
    """Run models in the order given -> rows of each table, by full name.

    Models of staging and main become views, which are not counted; those of core and marts tables, sorted by key.

    Raises:
        ModelError: for a query that fails, and for a header that differs from what the query returns.
    """
    for layer in LAYERS:
        con.execute(f"create schema if not exists {quote_identifier(layer)}")
    rows = _run_side_by_side(con, models) if _is_small(con) else {}
    for model in models:
        if model.full_name not in rows:
            rows[model.full_name] = _run_model(con, model)
    _check_all_columns(con, models)
    run_in_transaction(con, (comment for model in models for comment in _comments(model)))
    return {name: count for name, count in rows.items() if count is not None}


def _is_small(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether DuckDB would run most queries on one thread: it gives each thread whole row groups."""
    largest = con.execute(
        "select max(estimated_size) from duckdb_tables() where database_name = current_database()"
    ).fetchone()
    return largest is None or (largest[0] or 0) <= _SMALL_ROWS


def _run_side_by_side(con: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> dict[str, int | None]:
    """Run models that do not read each other at the same time; rows of each that ran.

    Where memory does not suffice for that, those that are left are not run.
    """
    by_name = {model.full_name: model for model in models}
    rows: dict[str, int | None] = {}
    sorter = TopologicalSorter({name: model.reads & by_name.keys() for name, model in by_name.items()})
    sorter.prepare()
    with ExitStack() as stack:
        idle = [stack.enter_context(second_connection(con)) for _ in range(_SIDE_BY_SIDE)]
        pool = stack.enter_context(ThreadPoolExecutor(_SIDE_BY_SIDE))
        waiting: deque[str] = deque()
        running: dict[Future[int | None], tuple[str, duckdb.DuckDBPyConnection]] = {}
        is_short_of_memory = False
        while running or (sorter.is_active() and not is_short_of_memory):
            waiting.extend(sorted(sorter.get_ready()))
            while waiting and idle and not is_short_of_memory:
                name, other = waiting.popleft(), idle.pop()
                running[pool.submit(_run_model, other, by_name[name], is_frugal=False)] = name, other
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name, other = running.pop(future)
                idle.append(other)
                try:
                    rows[name] = future.result()
                    sorter.done(name)
                except duckdb.OutOfMemoryException:
                    is_short_of_memory = True
    return rows


def _run_model(con: duckdb.DuckDBPyConnection, model: Model, *, is_frugal: bool = True) -> int | None:
    """Create the view or table of a model; the rows of a table.

    Raises duckdb.OutOfMemoryException rather than ModelError where it need not be frugal.
    """
    table = quote_table(model.full_name)
    try:
        if model.is_view:
            con.execute(f"create view {table} as {model.sql}")
            return None
        # All that the query returns, so that what the header leaves out is found.
        query = f"create table {table} as from ({model.sql}) as model order by {quote_names(model.key)}"
        return run_with_less_memory(con, query) if is_frugal else run(con, query)
    except duckdb.Error as error:
        if isinstance(error, duckdb.OutOfMemoryException) and not is_frugal:
            raise
        if isinstance(error, duckdb.BinderException):
            _check_key_columns(con, model)
        raise ModelError(f"{model.place} failed: {explain_error(error, 'Correct the model.')}") from error


def _check_key_columns(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Tell whether it is the header that a model fails for: it may name a key that the query does not return."""
    with suppress(duckdb.Error):
        described = con.execute(f"describe {model.sql}").fetchall()
        check_columns(model, {name: type_ for name, type_, *_ in described})


def _check_all_columns(con: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
    query = (
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() order by table_oid, column_index"
    )
    real: dict[str, dict[str, str]] = {}
    for table, column, type_ in con.execute(query).fetchall():
        real.setdefault(table, {})[column] = type_
    for model in models:
        check_columns(model, real[model.full_name])


def _comments(model: Model) -> list[str]:
    kind = "view" if model.is_view else "table"
    return comments(kind, model.full_name, f"{model.description} Grain: {model.grain}", model.columns)


def check_columns(model: Model, real: Mapping[str, str]) -> None:
    """Compare the columns that a model returns, and their types, with what its header says."""
    untrue = [name for name in model.columns if name not in real]
    untold = [name for name in real if name not in model.columns]
    if untrue or untold:
        findings = [
            f"its header describes {', '.join(untrue)}, which the query does not return" if untrue else "",
            f"the query returns {', '.join(untold)}, which its header does not describe" if untold else "",
        ]
        raise ModelError(f"{model.place}: {'; '.join(filter(None, findings))}. Make the two agree.")
    if list(model.columns) != list(real):
        raise ModelError(f"{model.place}: the query returns its columns in another order than the header describes "
                         f"them: {', '.join(real)}. Make the two agree.")  # fmt: skip
    odd = [f"{name} {type_}" for name, type_ in real.items() if type_ not in _PLAIN_TYPES]
    if odd:
        raise ModelError(f"{model.place}: {', '.join(odd)} would not read alike everywhere. "
                         f"Cast to one of {', '.join(_PLAIN_TYPES)}.")  # fmt: skip
