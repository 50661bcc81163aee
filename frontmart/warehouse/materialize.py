"""Run the models of sql/ as views and tables of the warehouse, and compare their columns with their headers.

If the tables are small, two models run at a time: DuckDB gives each thread whole row groups, so a query over few row
groups leaves cores idle.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from graphlib import TopologicalSorter
from typing import Final

import duckdb

from frontmart.catalog.layers import LAYERS
from frontmart.catalog.models import Model
from frontmart.errors import ModelError
from frontmart.warehouse.database import second_connection
from frontmart.warehouse.statements import (
    column_types,
    comment_statements,
    count_rows,
    explain_error,
    largest_row_count,
    quote_identifier,
    quote_names,
    quote_table,
    run,
    run_in_transaction,
    run_with_less_memory,
)
from frontmart.warehouse.table_changes import TableChanges
from frontmart.warehouse.update import replace_rows

# Types that every BI tool and data frame library reads the same way. Sums of integers are HUGEINT until cast.
_PLAIN_TYPES: Final = ("BIGINT", "INTEGER", "DOUBLE", "BOOLEAN", "VARCHAR", "DATE", "TIMESTAMP")
# A few row groups of DuckDB: if no table has more rows, this many models run at a time.
_SMALL_ROWS: Final = 4 * 122_880
_PARALLEL_MODELS: Final = 2
_STEPS: Final = "tidy.steps"

_Execute = Callable[[duckdb.DuckDBPyConnection, str], int]
_RunModel = Callable[[duckdb.DuckDBPyConnection, Model, _Execute], int | None]


def run_models(
    con: duckdb.DuckDBPyConnection,
    models: Sequence[Model],
    *,
    are_created: bool = False,
    changes: TableChanges | None = None,
    idle: Collection[str] = (),
) -> dict[str, int]:
    """Run models in the given order -> rows per table, by full name.

    Models of staging and main become views, which are not counted; those of core and marts become tables sorted by key.

    Args:
        con: the warehouse.
        models: the models.
        are_created: whether the views, and the tables without rows, are in the warehouse already, see `template`.
        changes: what differs from the base snapshot, if the tables have its rows: the models that read a changed column
            run, and what they change is added.
        idle: the models that have no rows, see `find_idle`: their tables stay empty, and they do not run.

    Raises:
        ModelError: for a query that fails, and for a header that differs from the columns of its query.
    """
    run_model = _fill_model if are_created else _create_model
    if changes is not None:
        run_model = partial(_update_model, changes)
    for layer in LAYERS:
        con.execute(f"create schema if not exists {quote_identifier(layer)}")
    if idle:
        run_model = partial(_run_unless_idle, run_model, idle, are_created)
    rows = _run_in_parallel(con, models, run_model) if is_small(con) else {}
    for model in models:
        if model.full_name not in rows:
            rows[model.full_name] = run_model(con, model, run_with_less_memory)
    if not are_created:
        _check_all_columns(con, models)
        run_in_transaction(con, (comment for model in models for comment in _comments(model)))
    counts = ((model.full_name, rows[model.full_name]) for model in models)  # not in the order in which they ended
    return {name: count for name, count in counts if count is not None}


def find_idle(con: duckdb.DuckDBPyConnection, models: Iterable[Model]) -> frozenset[str]:
    """The models that have no rows because the history has no step: all that read steps, directly or through others.

    Args:
        con: the warehouse, with its inputs loaded.
        models: the models, each after all that it reads.
    """
    names = {_STEPS}
    for model in models:
        if model.reads & names:
            names.add(model.full_name)
    if len(names) == 1 or con.execute(f"select 1 from {_STEPS} limit 1").fetchall():
        return frozenset()
    return frozenset(names - {_STEPS})


def is_small(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether all tables are so small that DuckDB runs most queries on one thread."""
    return largest_row_count(con) <= _SMALL_ROWS


def _run_in_parallel(
    con: duckdb.DuckDBPyConnection, models: Sequence[Model], run_model: _RunModel
) -> dict[str, int | None]:
    """Run models that do not depend on each other in parallel -> rows of each model that ran, None for a view.

    Stops when memory runs out: the caller runs the remaining models one by one.
    """
    by_name = {model.full_name: model for model in models}
    rows: dict[str, int | None] = {}
    sorter = TopologicalSorter({name: model.reads & by_name.keys() for name, model in by_name.items()})
    sorter.prepare()
    with ExitStack() as stack:
        idle = [stack.enter_context(second_connection(con)) for _ in range(_PARALLEL_MODELS)]
        pool = stack.enter_context(ThreadPoolExecutor(_PARALLEL_MODELS))
        waiting: deque[str] = deque()
        running: dict[Future[int | None], tuple[str, duckdb.DuckDBPyConnection]] = {}
        is_short_of_memory = False
        while running or (sorter.is_active() and not is_short_of_memory):
            waiting.extend(sorted(sorter.get_ready()))
            while waiting and idle and not is_short_of_memory:
                name, other = waiting.popleft(), idle.pop()
                running[pool.submit(run_model, other, by_name[name], run)] = name, other
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name, other = running.pop(future)
                idle.append(other)
                try:
                    rows[name] = future.result()
                    sorter.done(name)
                except duckdb.OutOfMemoryException:
                    is_short_of_memory = True
    return rows


def _create_model(con: duckdb.DuckDBPyConnection, model: Model, execute: _Execute) -> int | None:
    """Create the view or table of a model -> rows of a table, None for a view.

    `execute` runs the statement of a table: `run` or `run_with_less_memory`. Raises ModelError, and
    OutOfMemoryException for `run`.
    """
    table = quote_table(model.full_name)
    if model.is_view:
        _execute_model(con, model, f"create view {table} as {model.sql}", execute)
        return None
    # All columns of the query, so that a column missing from the header is found.
    return _execute_model(con, model, f"create table {table} as from ({model.sql}) as model {_order(model)}", execute)


def _fill_model(con: duckdb.DuckDBPyConnection, model: Model, execute: _Execute) -> int | None:
    """Insert the rows of a model into its table, otherwise as `_create_model`; a view is there already."""
    if model.is_view:
        return None
    insert = f"insert into {quote_table(model.full_name)} from ({model.sql}) as model {_order(model)}"
    return _execute_model(con, model, insert, execute)


def _update_model(changes: TableChanges, con: duckdb.DuckDBPyConnection, model: Model, execute: _Execute) -> int | None:
    """Change the rows of a model, which has those of the base snapshot, if it reads what changed since."""
    if model.is_view:
        changes.record_view(model)
        return None
    if changes.affect(model):
        with _explained(con, model, execute):
            changes.record(model.full_name, replace_rows(con, model.full_name, model.key, model.sql, execute))
        changes.models_run.append(model.full_name)
    return count_rows(con, model.full_name)


def _run_unless_idle(
    run_model: _RunModel,
    idle: Collection[str],
    are_created: bool,
    con: duckdb.DuckDBPyConnection,
    model: Model,
    execute: _Execute,
) -> int | None:
    """Leave the table of an idle model empty; run all others, views, and a model whose table has rows of a base."""
    if model.full_name not in idle or model.is_view:
        return run_model(con, model, execute)
    if not are_created:
        table = quote_table(model.full_name)
        return _execute_model(con, model, f"create table {table} as from ({model.sql}) as model with no data", execute)
    return run_model(con, model, execute) if count_rows(con, model.full_name) else 0


def _order(model: Model) -> str:
    return f"order by {quote_names(model.key)}"


def _execute_model(con: duckdb.DuckDBPyConnection, model: Model, statement: str, execute: _Execute) -> int:
    with _explained(con, model, execute):
        return execute(con, statement)


@contextmanager
def _explained(con: duckdb.DuckDBPyConnection, model: Model, execute: _Execute) -> Iterator[None]:
    """Turn an error of DuckDB into a ModelError, but for a lack of memory if more can be saved."""
    try:
        yield
    except duckdb.Error as error:
        if isinstance(error, duckdb.OutOfMemoryException) and execute is run:
            raise
        if isinstance(error, duckdb.BinderException):
            _check_key_columns(con, model)
        raise ModelError(f"{model.place} failed: {explain_error(error, 'Correct the model.')}") from error


def _check_key_columns(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Raise ModelError if the model fails because of its header: the key may name a column that the query lacks."""
    with suppress(duckdb.Error):
        described = con.execute(f"describe {model.sql}").fetchall()
        check_columns(model, {name: type_ for name, type_, *_ in described})


def _check_all_columns(con: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
    real = column_types(con)
    for model in models:
        check_columns(model, real[model.full_name])


def _comments(model: Model) -> list[str]:
    kind = "view" if model.is_view else "table"
    return comment_statements(kind, model.full_name, f"{model.description} Grain: {model.grain}", model.columns)


def check_columns(model: Model, real: Mapping[str, str]) -> None:
    """Compare the columns of a model and their types with its header. Raises ModelError if they differ."""
    missing = [name for name in model.columns if name not in real]
    undocumented = [name for name in real if name not in model.columns]
    if missing or undocumented:
        findings = [
            f"its header describes {', '.join(missing)}, which the query does not return" if missing else "",
            f"the query returns {', '.join(undocumented)}, which its header does not describe" if undocumented else "",
        ]
        raise ModelError(f"{model.place}: {'; '.join(filter(None, findings))}. Make the two agree.")
    if list(model.columns) != list(real):
        raise ModelError(f"{model.place}: the query returns its columns in another order than the header describes "
                         f"them: {', '.join(real)}. Make the two agree.")  # fmt: skip
    special = [f"{name} {type_}" for name, type_ in real.items() if type_ not in _PLAIN_TYPES]
    if special:
        raise ModelError(f"{model.place}: types that not all tools support: {', '.join(special)}. "
                         f"Cast to one of {', '.join(_PLAIN_TYPES)}.")  # fmt: skip
