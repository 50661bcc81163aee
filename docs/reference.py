"""Write the pages of docs/reference/ from the code: `python -m docs.reference docs`, or `make docs`."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Lt
from pydantic import ByteSize
from pydantic.fields import FieldInfo
from typer.main import get_command
from typer.testing import CliRunner

from frontmart.cli.__main__ import app
from frontmart.errors import FrontmartError
from frontmart.mapping.schema import mapping_schema
from frontmart.settings import Settings

_NOTE: Final = "<!-- Written by `make docs` from {source}: change that, not this page. -->\n\n"
_TYPES: Final = {
    "Path": "path", "date": "date", "bool": "true or false", "int": "integer", "float": "number", "str": "text",
    "ByteSize": "size", "Allowance": "number or percentage",
}  # fmt: skip
_BOUNDS: Final = {Ge: ("ge", "≥"), Gt: ("gt", ">"), Le: ("le", "≤"), Lt: ("lt", "<")}
_SIGNALS: Final = {130: "Ctrl-C (SIGINT)", 143: "SIGTERM"}


def write_reference(docs: Path) -> None:
    """Write the three pages into the folder `reference` of `docs`."""
    for name, text in (("commands", commands()), ("settings", settings()), ("exit-codes", exit_codes())):
        (docs / "reference" / f"{name}.md").write_text(text, encoding="utf-8")


def commands() -> str:
    """The help of every command, as `frontmart COMMAND --help` prints it."""
    names = [
        name
        for command, found in _group().commands.items()
        for name in (command, *(f"{command} {each}" for each in getattr(found, "commands", ())))
    ]
    first = (
        "# Commands\n\nEach command prints this with `--help`. Arguments in brackets are optional.\n"
        "[Exit codes](exit-codes.md) has the meaning of each exit code.\n"
    )
    sections = [f"## {name}\n\n```text\n{_help(*name.split())}```\n" for name in names]
    return "\n".join([_NOTE.format(source="`frontmart/cli/`") + first, f"```text\n{_help()}```\n", *sections])


def settings() -> str:
    """A table of the fields of Settings, and a section for each."""
    options = _build_options()
    fields = Settings.model_fields
    return (
        _NOTE.format(source="`frontmart/settings.py`")
        + "# Settings\n\nGive a setting as an option of `frontmart build`, as an environment variable, or in a TOML\n"
        "file; [Configuration](../configuration.md) shows all three. A size is a number of bytes, or a number with a\n"
        "unit such as `16MB`.\n\n| setting | default | meaning |\n| --- | --- | --- |\n"
        + "".join(
            f"| [{name}](#{name}) | {_default(field)} | {field.description} |\n" for name, field in fields.items()
        )
        + "".join(_setting(name, field, options.get(name)) for name, field in fields.items())
    )


def exit_codes() -> str:
    """A table of the exit codes: success, the error classes, and the signals."""
    rows = ["| 0 | | Success, or nothing to do. |\n"]
    classes = sorted(_error_classes(), key=lambda each: (each.exit_code, each is not FrontmartError))
    rows += [f"| {each.exit_code} | `{each.__name__}` | {_summary(each)} |\n" for each in classes]
    rows += [
        f"| {code} | | Ended by {name}. The last published snapshot is unchanged. |\n"
        for code, name in _SIGNALS.items()
    ]
    return (
        _NOTE.format(source="`frontmart/errors.py`")
        + "# Exit codes\n\nOn an error, a command prints one message on standard error (where, what was wrong, what\n"
        "to do next) and exits with the code of its class. The classes are in `frontmart/errors.py`.\n\n"
        "| exit code | class | meaning |\n| --- | --- | --- |\n"
        + "".join(rows)
        + "\nAn error of the operating system, such as a full disk, and too little memory exit with 1.\n"
    )


def _group() -> Any:
    return get_command(app)


def _help(*command: str) -> str:
    done = CliRunner().invoke(app, [*command, "--help"], prog_name="frontmart", env={"COLUMNS": "100"})
    return "".join(f"{line.rstrip()}\n" for line in done.output.strip().splitlines())


def _build_options() -> dict[str, str]:
    """The option of `frontmart build` for each setting, an argument in capitals."""
    return {each.name: each.opts[0] if each.opts[0].startswith("-") else each.name.upper()
            for each in _group().commands["build"].params if not getattr(each, "hidden", False)}  # fmt: skip


def _setting(name: str, field: FieldInfo, option: str | None) -> str:
    rows = [
        f"Type: {_type(name, field)}",
        f"Default: {_default(field) or 'none'}",
        *([f"Option: `{option}`"] if option else []),
        f"Environment variable: `FRONTMART_{name.upper()}`",
    ]
    return f"\n## {name}\n\n{field.description}\n\n" + "".join(f"- {row}\n" for row in rows)


def _type(name: str, field: FieldInfo) -> str:
    """The type of a setting in words, with its bounds."""
    hint = get_type_hints(Settings)[name]
    if get_origin(hint) is Literal:
        *words, last = get_args(hint)
        return f"text: {', '.join(words)} or {last}"
    kind = next(each for each in (*get_args(hint), hint) if isinstance(each, type) and each is not type(None))
    word = "size" if name == "memory_limit" else _TYPES[kind.__name__]
    bounds = [
        f"{sign} {getattr(each, attribute)}"
        for each in field.metadata
        for bound, (attribute, sign) in _BOUNDS.items()
        if isinstance(each, bound)
    ]
    return ", ".join([word, *bounds])


def _default(field: FieldInfo) -> str:
    """A default as written in a TOML file or a variable, in backticks; empty if there is none."""
    default = field.default
    if isinstance(default, ByteSize):
        return f"`{default.human_readable(decimal=True).replace('.0', '')}`"
    return "" if default is None else f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _error_classes(root: type[FrontmartError] = FrontmartError) -> Iterator[type[FrontmartError]]:
    yield root
    for each in root.__subclasses__():
        if each.__module__ == FrontmartError.__module__:
            yield from _error_classes(each)


def _summary(each: type[FrontmartError]) -> str:
    """The first sentence or sentences of the docstring, before the first blank line."""
    return " ".join(str(each.__doc__).split("\n\n")[0].split())


def write_schema(docs: Path) -> None:
    """Write the JSON Schema of mapping files into the folder `static` of `docs`."""
    text = json.dumps(mapping_schema(), indent=2, ensure_ascii=False)
    (docs / "static" / "frontmart.schema.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_reference(Path(sys.argv[1]))
    write_schema(Path(sys.argv[1]))
