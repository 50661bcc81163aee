"""The Typer application, the options that commands share, and how errors reach the user."""

from collections import abc
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from signal import SIGINT
from typing import Annotated, Final, ParamSpec

import typer

from frontmart.cli.signals import Terminated
from frontmart.errors import ChecksFailedError, FrontmartError
from frontmart.terminal.text import printable

P = ParamSpec("P")

app = typer.Typer(
    name="frontmart",
    help="Turn a folder of front-matter files into tidy tables, a DuckDB warehouse and Parquet marts.",
    epilog="\b\nExample: frontmart build data/raw && frontmart query 'from topics limit 10'",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

# The help texts of settings are the descriptions in `frontmart.settings`, which takes too long to import for `--help`;
# a test compares them.
Source = Annotated[
    Path | None,
    typer.Argument(metavar="SOURCE", help="Folder of front-matter files.  [default: data/raw]", show_default=False),
]
_OUT_HELP: Final = "Output folder, with snapshots/ and the published link."
Out = Annotated[Path, typer.Option("--out", metavar="DIR", envvar="FRONTMART_OUT", help=_OUT_HELP)]
BuildOut = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help=f"{_OUT_HELP}  [env var: FRONTMART_OUT; default: data]",
        show_default=False,
    ),
]
Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="TOML file of settings.")]
Preset = Annotated[
    str | None,
    typer.Option(
        "--preset",
        metavar="NAME",
        help="Preset that names the keys: smartable, generic, or auto for the one that the files fit.  [default: auto]",
        show_default=False,
    ),
]
Mapping = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="Mapping file of keys and columns (default: frontmart.toml in the source or beside it).",
    ),
]
Organisations = Annotated[
    Path | None,
    typer.Option(
        "--organisations",
        metavar="FILE",
        help="Reviewed file of aliases of organisations and topics (default: none).",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print only errors and warnings.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object to standard output.")]
DEFAULT_OUT: Final = Path("data")


def _show_version(is_asked: bool) -> None:
    if is_asked:
        from frontmart.version import VERSION

        typer.echo(f"frontmart {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Declare the options of the application itself; its help text is given above."""


def help_notes(example: str, *, exit_codes: abc.Mapping[int, str] | None = None, json: str | None = None) -> str:
    """Return the end of a command's help: exit codes, keys of the JSON object, an example.

    Click does not wrap a paragraph that begins with a backspace.
    """
    codes = "\n".join(f"  {code}  {meaning}" for code, meaning in (exit_codes or {}).items())
    notes = [f"\b\nExit codes:\n{codes}" if codes else "", f"JSON: {json}" if json else "", f"\b\nExample: {example}"]
    return "\n\n".join(filter(None, notes))


def duration(text: str) -> timedelta:
    """Parse an option such as 26h; an error of usage shows how to write it."""
    from frontmart.duration import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def report_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Make a command print an error as one line on standard error and exit with the code of its class."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except FrontmartError as error:
            # Only the findings of checks take several lines; values in them are quoted, with line ends escaped.
            lines = str(error).splitlines() if isinstance(error, ChecksFailedError) else [str(error)]
            typer.echo("\n".join(map(printable, ["frontmart: " + lines[0], *lines[1:]])), err=True)
            raise typer.Exit(error.exit_code) from None
        except OSError as error:
            place = error.filename or "a file"
            advice = "check disk space and permissions, then run again"
            typer.echo(printable(f"frontmart: {place}: {error.strerror or error}; {advice}"), err=True)
            raise typer.Exit(1) from None
        except MemoryError:
            advice = "lower memory_limit or --workers, or use a machine with more memory, then run again"
            typer.echo(f"frontmart: out of memory; {advice}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt as interrupt:
            number = interrupt.number if isinstance(interrupt, Terminated) else SIGINT
            word = "interrupted" if number == SIGINT else "terminated"
            typer.echo(f"frontmart: {word}; the last published snapshot is unchanged", err=True)
            raise typer.Exit(128 + number) from None

    return run
