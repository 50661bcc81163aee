"""The Typer application, and the options that commands share."""

from collections import abc
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from frontmart.cli.errors import report_errors
from frontmart.cli.quick import DEFAULT_OUT

__all__ = ["DEFAULT_OUT", "app", "report_errors"]

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
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        formats=["%Y-%m-%d"],
        help="Day that the marts describe and windows end on, in UTC (default: today, and the last day with news).",
    ),
]
Workers = Annotated[
    int | None, typer.Option("--workers", metavar="N", help="Parser processes (default: one per core).")
]
AllowLoss = Annotated[bool, typer.Option("--allow-loss", help="Publish this build however many documents were lost.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print only errors and warnings.")]
OutputFile = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="File to write, replaced when complete.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object to standard output.")]


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
