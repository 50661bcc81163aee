"""Open the DuckDB warehouse of a build for writing, and close it as one complete file.

Its schemas: tidy (see `load`), staging (views), core and marts (tables, see `materialize`), and main (views and macros
for everyday use, see `macros`). Every table, column and macro has a COMMENT.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Final

import duckdb

from frontmart.errors import FrontmartError
from frontmart.warehouse.progress_bar import hide_progress_bar
from frontmart.warehouse.statements import explain_error, largest_row_count, quote_literal

# The name of the database that a build writes.
WAREHOUSE: Final = "warehouse"
# How it is created: in the format that DuckDB 1.0 and later can open, since analysts rarely have the newest release.
CREATE_OPTIONS: Final = "storage_version 'v1.0.0', recovery_mode no_wal_writes"
# With at most this many rows in a table, FSST, which compresses text, saves a few percent: a block has 256 KB anyway.
# To try it on every column of text takes two thirds of the time of a checkpoint.
_TINY_ROWS: Final = 20_000


@contextmanager
def open_warehouse(
    path: Path, *, temp_directory: Path, memory_limit: str | None = None, threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse in a DuckDB file, created if necessary; names such as `core.articles` need no database prefix.

    After a block without an error the file is complete, without a .wal file next to it.

    Args:
        path: the DuckDB file.
        temp_directory: folder for data that does not fit in memory, created when needed.
        memory_limit: a size such as 2GB (None: 80 percent of the machine, the default of DuckDB).
        threads: number of threads (None: one per core).

    Raises:
        FrontmartError: for a file that cannot be opened, or a setting that DuckDB rejects.
    """
    if "?" in str(path):
        # DuckDB takes it for the query string of a URL, and looks for the .wal file elsewhere.
        raise FrontmartError(f"{path} cannot be opened: DuckDB allows no `?` in a path. Use another folder.")
    settings = {
        "temp_directory": str(temp_directory),
        "memory_limit": memory_limit,
        "threads": threads,
        "autoinstall_known_extensions": False,
        # One checkpoint at the end instead of one per 16 MB, so that each table is stored once.
        "checkpoint_threshold": "1TB",
        # A warehouse that a crash leaves incomplete is discarded, and publishing syncs the file.
        "fsync_mode": "NONE",
    }
    try:
        con = duckdb.connect(config={name: value for name, value in settings.items() if value is not None})
    except duckdb.Error as error:
        raise FrontmartError(f"DuckDB rejects a setting: {explain_error(error, 'Correct memory_limit.')}") from error
    with con:
        try:
            _attach(con, path)
        except duckdb.Error as error:
            raise FrontmartError(f"{path} cannot be opened: {explain_error(error, 'Build again.')}") from error
        con.execute("set timezone = 'UTC'")
        hide_progress_bar(con)
        yield con
        try:
            con.execute(f"checkpoint {WAREHOUSE}; use memory; detach {WAREHOUSE}")
        except duckdb.Error as error:
            raise FrontmartError(f"{path} cannot be written: {explain_error(error, 'Build again.')}") from error


def start_over(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Replace the open warehouse by an empty one. Raises duckdb.Error and OSError."""
    con.execute(f"use memory; detach {WAREHOUSE}")
    path.unlink(missing_ok=True)
    _attach(con, path)


def reopen(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the open warehouse to its file, and open it again: DuckDB then has the statistics of its rows alone.

    Those of an open table still include values that were replaced. They decide how NULLs are encoded in Parquet, so
    that the same rows would not give the same bytes. Raises duckdb.Error.
    """
    con.execute(f"checkpoint {WAREHOUSE}; use memory; detach {WAREHOUSE}")
    _attach(con, path)


def _attach(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    con.execute(f"attach {quote_literal(str(path))} as {WAREHOUSE} ({CREATE_OPTIONS}); use {WAREHOUSE}")


@contextmanager
def checkpoint_in_background(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run a checkpoint in a thread during the block, which may only read: it takes as long as exporting the tables.

    An error is ignored here: closing the warehouse runs the checkpoint again, and reports it.
    """

    def checkpoint() -> None:
        with suppress(duckdb.Error):
            other.execute(f"checkpoint {WAREHOUSE}")

    if largest_row_count(con) <= _TINY_ROWS:
        con.execute("set disabled_compression_methods = 'fsst'")
    with second_connection(con) as other:
        thread = Thread(target=checkpoint, name="checkpoint")
        thread.start()
        try:
            yield
        finally:
            thread.join()


@contextmanager
def second_connection(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open another connection to the open warehouse, for another thread."""
    with con.cursor() as other:
        other.execute(f"use {WAREHOUSE}; set timezone = 'UTC'")
        yield other
