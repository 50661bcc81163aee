"""The Typer application with all of its commands."""

from typing import Final

# Each registers its commands.
from frontmart.cli import agents, build, diff, export, history, inspect, query, reconcile, snapshots
from frontmart.cli.app import app

__all__ = ["app", "history"]

_MODULES: Final = [module.__name__ for module in (build, inspect, reconcile, export, query, diff, agents, snapshots)]
# Help lists the commands in this order, also if a program has imported one of the modules before.
app.registered_commands.sort(key=lambda command: _MODULES.index(command.callback.__module__) if command.callback else 0)
