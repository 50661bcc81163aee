"""The command `inspect`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from frontmart.cli.app import Config, Json, Mapping, Preset, Quiet, Source, app, help_notes, report_errors
from frontmart.cli.signals import raise_on_signals
from frontmart.terminal.progress import print_warning as warn


@app.command(
    epilog=help_notes(
        "frontmart inspect content --write frontmart.toml",
        exit_codes={
            0: "done",
            1: "failed",
            2: "wrong usage or setting, a mapping file with an error, or the file of --write exists",
        },
        json="source, preset, mapping, files, documents, document_kinds, keys (key, documents, kinds, samples, "
        "used_as, unused), fields, mixed_folders, rejects, field_issues, mapping_problems.",
    )
)
@report_errors
@raise_on_signals()
def inspect(
    source: Source = None,
    config: Config = None,
    preset: Preset = None,
    mapping: Mapping = None,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="FILE", help="Write a mapping file of the keys found; never overwrites one."),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show the keys of the files of a folder, and what they fill.

    Reads every file as a build would, without an output folder; publishes and changes nothing. The file that --write
    writes names the keys that fill each field, with their counts in comments: a build with it gives the same tables.
    """
    from frontmart.cli.show_inspection import show_inspection
    from frontmart.inspection.inspect import inspect_source
    from frontmart.inspection.write import require_free, write_mapping
    from frontmart.runners import LocalRunner
    from frontmart.settings import Settings
    from frontmart.terminal.progress import Console

    settings = Settings.load(config, warn=warn, source=source, preset=preset, mapping=mapping)
    if write:
        require_free(write)
    console = Console(is_quiet=quiet)
    found = inspect_source(settings, LocalRunner(console, settings.workers))
    if write:
        write_mapping(found, write)
    if as_json:
        typer.echo(json.dumps(found.as_json(), default=str))
    elif not quiet:
        show_inspection(found)
    if write:
        console.say(f"wrote {write}")
