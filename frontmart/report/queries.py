"""Run the queries of sql/report over the warehouse of a snapshot, read-only."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from frontmart.catalog.features import Feature, features_of_text
from frontmart.catalog.layers import REPORT
from frontmart.catalog.models import Model, read_report
from frontmart.catalog.sql_folder import SQL
from frontmart.catalog.trim import trim
from frontmart.errors import FrontmartError, ModelError
from frontmart.warehouse.features import read_features
from frontmart.warehouse.sandbox import close_files
from frontmart.warehouse.statements import explain_error, quote_identifier, quote_literal, quote_names, quote_table
from transforms.vocabulary import Preset

_WAREHOUSE: Final = "warehouse"
_OTHER_VERSION: Final = "If another version of Frontmart built the snapshot, run `frontmart build --full`."

Tables = Mapping[str, pl.DataFrame]


def shown_features(tables: Tables) -> frozenset[Feature]:
    """The features that the page shows: those of the corpus; authors only where providers are not what counts."""
    scope = tables["scope"].row(0, named=True)
    features = features_of_text(scope["features"])
    return features if scope["preset"] == Preset.GENERIC else features - {Feature.AUTHORS}


def run_report_queries(warehouse: Path, memory_limit: str) -> Tables:
    """The result of each query of sql/report, by its name, sorted by its key.

    Args:
        warehouse: the DuckDB file of a snapshot.
        memory_limit: the most memory that DuckDB may use, such as 1GB.

    Raises:
        FrontmartError: for a warehouse that cannot be opened.
        ModelError: for a query that fails, as on a warehouse that another version of Frontmart built.
    """
    queries = read_report(SQL)
    with _opened(warehouse, memory_limit) as con:
        features = read_features(con, f"{_WAREHOUSE}.tidy.build")
        return {query.name: _run(con, query) for query in trim(queries, features)}


@contextmanager
def _opened(warehouse: Path, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that finds tables of the warehouse as `core.articles`, and stores query results in memory."""
    with duckdb.connect() as con:
        try:
            con.execute(f"attach {quote_literal(str(warehouse))} as {_WAREHOUSE} (read_only)")
        except duckdb.Error as error:
            raise FrontmartError(f"{warehouse} cannot be opened: {explain_error(error, 'Build again.')}") from error
        layers = ("core", "history", "marts", "staging", "tidy")
        path = ",".join([f"memory.{REPORT}", *(f"{_WAREHOUSE}.{layer}" for layer in layers)])
        con.execute(f"create schema {quote_identifier(REPORT)}; set timezone = 'UTC'")
        try:
            con.execute(f"set search_path = {quote_literal(path)}")
        except duckdb.Error as error:
            raise ModelError(f"{warehouse} has no report: {explain_error(error, _OTHER_VERSION)}") from error
        close_files(con, memory_limit=memory_limit)
        yield con


def _run(con: duckdb.DuckDBPyConnection, query: Model) -> pl.DataFrame:
    table = quote_table(query.full_name)
    try:
        con.execute(f"create table {table} as {query.sql}")
        frame: pl.DataFrame = con.sql(
            f"select {quote_names(query.columns)} from {table} order by {quote_names(query.key)}"
        ).pl()
        return frame
    except duckdb.Error as error:
        raise ModelError(f"{query.place} failed: {explain_error(error, _OTHER_VERSION)}") from error
