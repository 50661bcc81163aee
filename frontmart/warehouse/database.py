"""The DuckDB warehouse of a build: a file that is opened to be filled, and is left whole.

Its schemas are tidy (see `loading`), staging (views), core and marts (tables, see `modelling`), and main (views, and
macros, see `macros`): what people type. Every table, column and macro carries a COMMENT.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Final

import duckdb

from frontmart.errors import FrontmartError
from frontmart.warehouse.statements import explain_error, quote_literal

_CATALOG: Final = "warehouse"
# The newest format that DuckDB 1.0 and all later ones can open: analysts are rarely on the newest release.
_STORAGE_VERSION: Final = "v1.0.0"


@contextmanager
def open_warehouse(
    path: Path, *, temp_directory: Path, memory_limit: str | None = None, threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse in a file, created if need be, in which `core.articles` means what it says.

    When the block ends without an error the file is whole, without a .wal beside it.

    Args:
        path: the DuckDB file.
        temp_directory: where what does not fit in memory goes, created when needed.
        memory_limit: such as 2GB; None for DuckDB's own, 80 percent of the machine.
        threads: how many to use; None for as many as there are processors.

    Raises:
        FrontmartError: for a file that cannot be opened or a setting that DuckDB refuses.
    """
    if "?" in str(path):
        # DuckDB takes it for the query of a URL and looks for the .wal elsewhere.
        raise FrontmartError(f"{path} cannot be opened: DuckDB takes no `?` in a path. Use a folder without one.")
    settings = {
        "temp_directory": str(temp_directory),
        "memory_limit": memory_limit,
        "threads": threads,
        "autoinstall_known_extensions": False,
        # One checkpoint at the end, instead of one for each 16 MB, stores every table once.
        "checkpoint_threshold": "1TB",
        # A warehouse that a crash cuts short is thrown away, and publishing has its files reach the disk.
        "fsync_mode": "NONE",
    }
    try:
        con = duckdb.connect(config={name: value for name, value in settings.items() if value is not None})
    except duckdb.Error as error:
        raise FrontmartError(f"DuckDB refuses a setting: {explain_error(error, 'Correct memory_limit.')}") from error
    with con:
        try:
            con.execute(
                f"attach {quote_literal(str(path))} as {_CATALOG} "
                f"(storage_version {quote_literal(_STORAGE_VERSION)}, recovery_mode no_wal_writes)"
            )
        except duckdb.Error as error:
            raise FrontmartError(f"{path} cannot be opened: {explain_error(error, 'Build again.')}") from error
        con.execute(f"use {_CATALOG}; set timezone = 'UTC'; set enable_progress_bar = false")
        yield con
        try:
            con.execute(f"checkpoint {_CATALOG}; use memory; detach {_CATALOG}")
        except duckdb.Error as error:
            raise FrontmartError(f"{path} cannot be written: {explain_error(error, 'Build again.')}") from error


@contextmanager
def checkpoint_in_background(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Store the tables in the file while the block, which may only read, goes on: that takes as long as to export them.

    A failure is told where the warehouse is closed, which tries again.
    """

    def checkpoint() -> None:
        with suppress(duckdb.Error):
            other.execute(f"checkpoint {_CATALOG}")

    with second_connection(con) as other:
        thread = Thread(target=checkpoint, name="checkpoint")
        thread.start()
        try:
            yield
        finally:
            thread.join()


@contextmanager
def second_connection(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Another connection to the open warehouse, for another thread."""
    with con.cursor() as other:
        other.execute(f"use {_CATALOG}; set timezone = 'UTC'")
        yield other
