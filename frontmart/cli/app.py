"""What all commands share: the application, options that several have, and how errors are told."""

from collections.abc import Callable
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
    epilog="Example: frontmart build data/raw && frontmart query 'from marts.coverage_by_topic'",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Source = Annotated[
    Path | None, typer.Argument(help="The folder of front-matter files.  [default: data/raw]", show_default=False)
]
Out = Annotated[
    Path, typer.Option("--out", envvar="FRONTMART_OUT", help="The folder that holds snapshots/ and the published link.")
]
BuildOut = Annotated[
    Path | None,
    typer.Option("--out", help="Where snapshots/ and the published link go.  [default: data]", show_default=False),
]
Config = Annotated[Path | None, typer.Option("--config", help="A TOML file of settings.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
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


def report_errors(command: Callable[P, None]) -> Callable[P, None]:
    """A command that tells an error in one message on standard error, and exits with the code of its class."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except FrontmartError as error:
            # Only what checks found takes several lines, and shows values in quotes, their line ends escaped.
            lines = str(error).splitlines() if isinstance(error, ChecksFailedError) else [str(error)]
            typer.echo("\n".join(map(printable, ["frontmart: " + lines[0], *lines[1:]])), err=True)
            raise typer.Exit(error.exit_code) from None
        except OSError as error:
            place = error.filename or "a file"
            advice = "see that there is room on the disk and that its permissions allow it"
            typer.echo(printable(f"frontmart: {place}: {error.strerror or error}; {advice}, and run again"), err=True)
            raise typer.Exit(1) from None
        except MemoryError:
            advice = "lower memory_limit or --workers, or use a machine that has more, and run again"
            typer.echo(f"frontmart: there is not enough memory; {advice}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt as told:
            number = told.number if isinstance(told, Terminated) else SIGINT
            word = "interrupted" if number == SIGINT else "terminated"
            typer.echo(f"frontmart: {word}; what was published last stays published", err=True)
            raise typer.Exit(128 + number) from None

    return run
