"""An adapter for harlequin whose connection is the sandbox: it checks every statement, and has no files.

`frontmart shell` makes it known to harlequin as `frontmart`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from harlequin.exception import HarlequinConnectionError, HarlequinQueryError
from harlequin_duckdb.adapter import DuckDbAdapter, DuckDbConnection, DuckDbCursor

from frontmart.errors import FrontmartError, UsageError
from frontmart.warehouse.sandbox import Sandbox

_TITLE = "Frontmart's sandbox refused your query:"


class SandboxConnection(DuckDbConnection):
    """A connection of harlequin to a sandbox."""

    def __init__(self, sandbox: Sandbox, init_message: str = "") -> None:
        """Wrap a sandbox, which the connection closes."""
        super().__init__(sandbox.connection, init_message)
        self._sandbox = sandbox

    def execute(self, query: str) -> DuckDbCursor | None:
        """Check and run a query. Raises HarlequinQueryError if it is refused or fails."""
        try:
            statement = self._sandbox.check(query)
        except (UsageError, duckdb.Error) as error:
            raise HarlequinQueryError(msg=str(error), title=_TITLE) from error
        return super().execute(statement)

    def close(self) -> None:
        """Close the sandbox, as harlequin does when it ends."""
        self._sandbox.close()


class SandboxAdapter(DuckDbAdapter):
    """Opens the one warehouse that its connection string names; it has no options."""

    ADAPTER_OPTIONS = []  # noqa: RUF012 (declared by harlequin)
    ADAPTER_DETAILS = "A published warehouse of Frontmart, read-only."

    def __init__(self, conn_str: Sequence[str], **_: Any) -> None:
        """Take the path of the warehouse."""
        super().__init__(conn_str, no_init=True, read_only=True)

    def connect(self) -> SandboxConnection:
        """Open the warehouse. Raises HarlequinConnectionError if that fails."""
        (warehouse,) = self.conn_str
        try:
            return SandboxConnection(Sandbox(Path(warehouse)), init_message=f"Read-only in a sandbox: {warehouse}")
        except FrontmartError as error:
            raise HarlequinConnectionError(str(error), title="Frontmart could not open the warehouse.") from error
