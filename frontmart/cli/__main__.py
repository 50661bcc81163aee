"""The entry point of the command line."""

from typing import Final

from frontmart.cli import build, export, inspect, query, reconcile, snapshots  # each registers its commands
from frontmart.cli.app import app

__all__ = ["app", "main"]

_MODULES: Final = [module.__name__ for module in (build, inspect, reconcile, export, query, snapshots)]
# Help lists the commands in this order, also if a program has imported one of the modules before.
app.registered_commands.sort(key=lambda command: _MODULES.index(command.callback.__module__) if command.callback else 0)


def main() -> None:
    """Run the command line. An error is one line on standard error; its class decides the exit code."""
    app()


if __name__ == "__main__":
    main()
