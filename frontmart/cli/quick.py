"""The shortest way from the command line to a query: commands that read are run without Typer.

Typer, and Pydantic, by which it converts values, take as long to import as DuckDB. Here only plain command lines are
understood: a command below with options that are written out, each once, with a plain value. All others, wrong ones
among them, are left to Typer, and so are help and completion. A test compares the options below with those of Typer,
and what becomes of the same arguments.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

DEFAULT_OUT: Final = Path("data")
# The variable by which shells ask for completions.
_COMPLETION: Final = "_FRONTMART_COMPLETE"

Read = Callable[[str], object]


def _number(text: str) -> object:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _seconds(text: str) -> object:
    number = float(text) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) else 0.0
    return number if number >= 0.001 else None


@dataclass(frozen=True, slots=True)
class QuickCommand:
    """A command that can be run without Typer.

    Attributes:
        function: its name in `reading`.
        argument: the parameter of its argument; None if it takes none.
        options: the parameter of each option with a value, and what reads the value, which returns None for one that
            is not plain.
        flags: the parameter of each option without a value.
    """

    function: str
    argument: str | None = None
    options: Mapping[str, tuple[str, Read]] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)


_OUT: Final[tuple[str, Read]] = ("out", Path)
COMMANDS: Final = {
    "query": QuickCommand(
        "run_query",
        argument="sql",
        options={
            "--file": ("file", Path),
            "-f": ("file", Path),
            "--out": _OUT,
            "--format": ("format_", str),
            "--output": ("output", Path),
            "-o": ("output", Path),
            "--rows": ("rows", _number),
            "--timeout": ("timeout", _seconds),
        },
        flags={"--spreadsheet": "spreadsheet", "--no-pager": "no_pager", "--json": "as_json"},
    ),
    "status": QuickCommand("run_status", options={"--out": _OUT}, flags={"--json": "as_json"}),
}


def run_quickly(arguments: Sequence[str]) -> bool:
    """Run a plain command line; False, and nothing is done, if it is left to Typer."""
    if _COMPLETION in os.environ:
        return False
    if list(arguments) == ["--version"]:
        from frontmart.cli.reading import show_version

        show_version()
        return True
    name, *others = [*arguments, ""][: len(arguments) or 1]
    command = COMMANDS.get(name)
    given = parse(command, others) if command else None
    if command is None or given is None:
        return False
    from frontmart.cli import reading

    getattr(reading, command.function)(**given)
    return True


def parse(command: QuickCommand, arguments: Sequence[str]) -> dict[str, Any] | None:
    """The values of parameters in the arguments of a command, with the output folder; None if they are not plain."""
    given: dict[str, Any] = {}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        name, equals, text = word.partition("=")
        value: object
        if word in command.flags:
            parameter, value = command.flags[word], True
        elif name in command.options and (not equals or name.startswith("--")):
            parameter, read = command.options[name]
            text = text if equals else rest.pop(0) if rest else ""
            value = read(text) if text and not text.startswith("-") else None
        elif command.argument and (word == "-" or not word.startswith("-")):
            parameter, value = command.argument, word
        else:
            return None
        if value is None or parameter in given:
            return None
        given[parameter] = value
    if "out" not in given:
        given["out"] = Path(os.environ.get("FRONTMART_OUT") or DEFAULT_OUT)
    return given
