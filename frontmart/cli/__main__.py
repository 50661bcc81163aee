"""The entry point of the command line."""

import sys
from typing import TYPE_CHECKING

from frontmart.cli.quick import run_quickly
from frontmart.cli.streams import open_closed_streams

if TYPE_CHECKING:
    from frontmart.cli.commands import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line. An error is one line on standard error; its class decides the exit code."""
    open_closed_streams()
    if not run_quickly(sys.argv[1:]):
        from frontmart.cli.commands import app

        app()


if not TYPE_CHECKING:  # `app` is imported when it is first used: Typer takes longer than a query

    def __getattr__(name: str) -> object:
        if name != "app":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from frontmart.cli.commands import app

        return app


if __name__ == "__main__":
    main()
