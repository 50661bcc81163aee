"""The warehouse without its rows, kept for the next build: schemas, tables, views, macros, and the comments on them.

To create them takes longer than to fill the tables of a small folder, since DuckDB changes a table for each comment on
a column; to copy them takes a few hundredths of a second. The inputs, schema `tidy`, have a template of their own: they
are there before it is known which columns the models have.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

import duckdb

from frontmart.cache import cached, caching
from frontmart.snapshots.fingerprint import hash_of
from frontmart.warehouse.database import CREATE_OPTIONS, WAREHOUSE
from frontmart.warehouse.statements import quote_identifier, quote_literal

_SUFFIX: Final = ".duckdb"


def template_key(*words: str) -> str:
    """The name of the template of a warehouse, given all that decides what is in it."""
    return f"template-{hash_of(words)}"


def copy_template(con: duckdb.DuckDBPyConnection, key: str) -> bool:
    """Create the tables, views and macros in the warehouse from its template; False, and nothing, if it is not kept."""
    path = cached(key, _SUFFIX)
    if path is None or not _attach(con, path, "read_only"):
        return False
    try:
        con.execute(f"begin; copy from database template to {WAREHOUSE} (schema); commit")
    except duckdb.Error:
        con.execute("rollback")
        return False
    finally:
        con.execute("detach template")
    return True


def keep_template(con: duckdb.DuckDBPyConnection, key: str, *, without: str | None = None) -> None:
    """Keep what the warehouse has, without rows, as the template of this key, if there is a place for it.

    `without` names a schema to leave out.
    """
    drop = f"; drop schema template.{quote_identifier(without)} cascade" if without else ""
    with suppress(OSError, duckdb.Error), caching(key, _SUFFIX) as path:
        if path and _attach(con, path, CREATE_OPTIONS):
            try:
                con.execute(f"copy from database {WAREHOUSE} to template (schema){drop}")
            finally:
                con.execute("detach template")


def _attach(con: duckdb.DuckDBPyConnection, path: Path, options: str) -> bool:
    try:
        con.execute(f"attach {quote_literal(str(path))} as template ({options})")
    except duckdb.Error:
        return False
    return True
