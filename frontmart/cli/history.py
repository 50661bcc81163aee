"""The command `history`: read the commits of a Git repository, write an earlier state, forget versions for good."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from frontmart.cli.app import (
    DEFAULT_OUT,
    AllowLoss,
    AsOf,
    BuildOut,
    Config,
    Json,
    Mapping,
    Organisations,
    Out,
    Preset,
    Quiet,
    Workers,
    app,
    help_notes,
    report_errors,
)
from frontmart.cli.build import EXIT_CODES, show_run, shown_if_checks_fail
from frontmart.cli.signals import raise_on_signals
from frontmart.errors import UsageError
from frontmart.terminal.progress import print_warning as warn

_READ: Final = "read"


class _History(TyperGroup):
    """A group of commands whose first argument may be a repository: `history REPO` is `history read REPO`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments, with `read` in front of those that name no command."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [_READ, *args]
        return super().parse_args(ctx, args)


commands = typer.Typer(
    name="history",
    cls=_History,
    help="Read the history of a Git repository, write an earlier state, or forget versions for good.\n\n"
    "`frontmart history REPO` is `frontmart history read REPO`; a folder called read, state or purge needs ./ in "
    "front. Builds of a folder keep their history by themselves.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="\b\nExample: frontmart history ~/src/site --path content --out warehouse",
)
app.add_typer(commands)


@commands.command(
    _READ,
    epilog=help_notes(
        "frontmart history ~/src/site --path content --out warehouse",
        exit_codes={**EXIT_CODES, 2: "wrong usage or setting, or a repository that is missing, empty or lacks objects"},
        json="as `build --json`.",
    ),
)
@report_errors
@raise_on_signals()
def read(
    repository: Annotated[Path, typer.Argument(metavar="REPO", help="Git repository: a folder of it, or a bare one.")],
    path: Annotated[str, typer.Option("--path", metavar="SUBFOLDER", help="Folder to read (default: all).")] = "",
    branch: Annotated[
        str | None,
        typer.Option("--branch", metavar="B", help="Branch, tag or commit to read (default: what is checked out)."),
    ] = None,
    out: BuildOut = None,
    config: Config = None,
    as_of: AsOf = None,
    preset: Preset = None,
    mapping: Mapping = None,
    organisations: Organisations = None,
    workers: Workers = None,
    allow_loss: AllowLoss = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read the commits of a Git repository, and publish a build of the last one with its history.

    Reads the first parents of a branch, each version of a file once. The next time, reads only the commits since; a
    history that was rewritten is read again. Needs git. Writes nothing to the repository.
    """
    from frontmart.read_history import read_history
    from frontmart.runners import LocalRunner
    from frontmart.settings import Settings
    from frontmart.terminal.progress import Console

    settings = Settings.load(
        config,
        warn=warn,
        out=out,
        as_of=as_of and as_of.date(),
        preset=preset,
        mapping=mapping,
        organisations=organisations,
        workers=workers,
    )
    runner = LocalRunner(Console(is_quiet=quiet), settings.workers)
    with shown_if_checks_fail(as_json=as_json):
        run = read_history(settings, runner, repository, path, branch, allow_loss=allow_loss)
    show_run(run, as_json=as_json, quiet=quiet)


@commands.command(
    epilog=help_notes(
        "frontmart history state 2022-03-01 --output state",
        exit_codes={0: "written", 1: "failed, or nothing is published", 2: "wrong usage, or no such moment"},
        json="folder, step, id (a commit or a snapshot), committed_at.",
    )
)
@report_errors
@raise_on_signals()
def state(
    moment: Annotated[
        str, typer.Argument(metavar="MOMENT", help="Commit, snapshot, day such as 2022-03-01, or instant, in UTC.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="New folder to write.")],
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Write the tidy tables of an earlier state, a Parquet file each.

    The files are those of a build of that state; `files` is left out, whose times are not kept. A day is meant to its
    end. A time means the last commit or build that was made by then.
    """
    from frontmart.history.state import write_state
    from frontmart.settings import Settings
    from frontmart.snapshots.read import read_published

    memory_limit = Settings.load().memory_limit
    found = read_published(out, lambda snapshot: write_state(snapshot, moment, output, memory_limit))
    said: dict[str, Any] = {
        "folder": str(output),
        "step": found.step,
        "id": found.id,
        "committed_at": found.committed_at.isoformat(),
    }
    if as_json:
        typer.echo(json.dumps(said))
        return
    from frontmart.terminal.tables import print_line

    print_line(f"wrote the state of {found.id} ({found.committed_at:%Y-%m-%d %H:%M:%S} UTC) to {output}")


@commands.command(
    epilog=help_notes(
        "frontmart history purge _news/2022-03-01-a-name.md --out warehouse",
        exit_codes={
            0: "forgotten",
            1: "failed, or nothing is published",
            2: "wrong usage, or a path without a known version",
            4: "a build is running in the output folder",
        },
        json="snapshot_id, paths, version_count, related_count, current, removed, tags.",
    )
)
@report_errors
@raise_on_signals()
def purge(
    path: Annotated[
        str | None, typer.Argument(metavar="PATH", help="Path of an article, as in tidy.documents: all past versions.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            metavar="MOMENT",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"],
            help="Forget the past versions of all articles that began at this moment (UTC) or later.",
        ),
    ] = None,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Forget past versions for good, and remove all other snapshots.

    Publishes a snapshot without them, and removes every other one, since it still has them, with its tag. The current
    version stays while the source has it: remove the file and build first. Exports and repositories are not changed.
    """
    if (path is None) == (since is None):
        raise UsageError("history purge needs the PATH of an article, or --since, and not both")
    from frontmart.purge import purge as forget
    from frontmart.settings import Settings
    from frontmart.terminal.tables import print_line

    done = forget(out, path, since, memory_limit=Settings.load().memory_limit, warn=warn)
    if as_json:
        typer.echo(json.dumps(done.as_json()))
        return
    print_line(f"forgot {done.version_count:,} versions, and {done.related_count:,} copies in lists of other articles")
    for each in done.current:
        print_line(f"note: {each} is still in the source, and its current version in the snapshot")
    tags = f", with the tags {', '.join(done.tags)}" if done.tags else ""
    print_line(f"published {done.snapshot_id}; removed {len(done.removed):,} other snapshots{tags}")
