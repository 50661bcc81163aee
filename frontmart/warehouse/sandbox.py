"""The sandbox: a connection to one warehouse that reads it and nothing else, for every query that somebody writes.

Two walls, each of which suffices:

- `Sandbox.check` lets one SELECT pass, by its parse tree (`select_only`);
- the connection has no files. The warehouse is attached read-only, and then DuckDB's local file system is disabled, the
  warehouse's own path included, which DuckDB otherwise allows a query to read and to overwrite. Spilled data goes to
  files without a name (`spill`). The configuration is locked.
"""

from pathlib import Path
from types import TracebackType
from typing import Final, Self

import duckdb

from frontmart.errors import FrontmartError, UsageError
from frontmart.warehouse.progress_bar import hide_progress_bar
from frontmart.warehouse.query_errors import error_text
from frontmart.warehouse.select_only import require_query
from frontmart.warehouse.statements import quote_literal

MEMORY_LIMIT: Final = "1GB"
DISK_LIMIT: Final = "10GB"
_SPILL_BYTES: Final = 10 * 1000**3
_MOST_SECONDS: Final = 1e9
_CATALOG: Final = "warehouse"
# Before the warehouse is opened: DuckDB would read the user's stored secrets then.
_FROM_THE_START: Final = {"allow_persistent_secrets": False, "autoload_known_extensions": False}


class Sandbox:
    """A connection that can read one warehouse and nothing else.

    Attributes:
        connection: the connection, with the wall of files alone; names such as `core.articles` need no database prefix.
    """

    connection: duckdb.DuckDBPyConnection

    def __init__(
        self,
        warehouse: Path,
        *,
        errors_as_json: bool = False,
        timeout: float | None = None,
        can_spill: bool = True,
    ) -> None:
        """Open a warehouse.

        Args:
            warehouse: the DuckDB file.
            errors_as_json: whether DuckDB's messages are JSON, as `query_errors.explain_query_error` reads them.
            timeout: the most seconds that a statement may run; None for no limit.
            can_spill: whether data that does not fit in memory goes to temporary files; otherwise that is an error, and
                the sandbox opens sooner.

        Raises FrontmartError if the file cannot be opened.
        """
        self.connection = duckdb.connect(config={"errors_as_json": errors_as_json, **_FROM_THE_START})
        try:
            self._open(warehouse)
            close_files(self.connection, timeout=timeout, can_spill=can_spill)
        except duckdb.Error as error:
            self.connection.close()
            remedy = "run `frontmart build` or `frontmart rollback`"
            raise FrontmartError(f"{warehouse}: cannot be opened ({error_text(error)}); {remedy}") from None
        except BaseException:
            self.connection.close()
            raise

    def _open(self, warehouse: Path) -> None:
        path = quote_literal(str(warehouse.absolute()))
        self.connection.execute(f"attach {path} as {_CATALOG} (read_only, type duckdb)")
        # Nothing but the warehouse can be named; cursors of the connection start in it, too.
        self.connection.execute(f"use {_CATALOG}; detach memory")

    def check(self, sql: str) -> str:
        """Return the statement to run for a text that somebody wrote.

        Raises UsageError for anything but one statement that only reads, and duckdb.Error for one that cannot be
        parsed.
        """
        # Bytes of a command line that are not UTF-8 are surrogates in a text, which DuckDB does not take.
        if any("\ud800" <= character <= "\udfff" for character in sql):
            raise UsageError("the query is not UTF-8; write it in UTF-8")
        return require_query(self.connection, sql)

    def execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Check a statement and run it; the result is that of `DuckDBPyConnection.execute`. Raises as `check` does."""
        return self.connection.execute(self.check(sql))

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def __enter__(self) -> Self:
        """Return the sandbox, which is closed when the block ends."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()


def close_files(
    connection: duckdb.DuckDBPyConnection,
    *,
    memory_limit: str | None = None,
    timeout: float | None = None,
    can_spill: bool = True,
) -> None:
    """Take all files and the network from a connection, but for what it has attached, and lock its configuration.

    Args:
        connection: the only connection to its DuckDB instance.
        memory_limit: the most memory, such as 2GB; None for MEMORY_LIMIT.
        timeout: the most seconds that a statement may run; None for no limit.
        can_spill: whether data that does not fit in memory goes to temporary files.

    Raises duckdb.Error for a limit that DuckDB rejects.
    """
    temp_directory = _register_spill(connection) if can_spill else ""
    settings = {
        "memory_limit": memory_limit or MEMORY_LIMIT,
        "temp_directory": temp_directory,
        "max_temp_directory_size": DISK_LIMIT,
        "max_execution_time": str(_milliseconds(timeout)),
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
        "python_enable_replacements": "false",
        "enable_external_access": "false",
        "disabled_filesystems": "LocalFileSystem",
        "lock_configuration": "true",  # the last: it refuses any later change
    }
    hide_progress_bar(connection)
    for name, value in settings.items():
        connection.execute(f"set {name} = {quote_literal(value)}")


def _milliseconds(timeout: float | None) -> int:
    """A timeout as DuckDB takes it, where 0 is none; an infinite one is of years."""
    return round(1000 * min(timeout, _MOST_SECONDS)) or 1 if timeout else 0


def _register_spill(connection: duckdb.DuckDBPyConnection) -> str:
    """Register the file system of spilled data -> the folder for `temp_directory`."""
    from frontmart.warehouse.spill import SCHEME, SpillFileSystem  # fsspec takes as long to import as a query to run

    connection.register_filesystem(SpillFileSystem(_SPILL_BYTES))
    return f"{SCHEME}://"
