"""The command that copies what is published to another place."""

import json
from typing import Annotated

import typer

from frontmart.cli.app import DEFAULT_OUT, Json, Out, app, report_errors
from frontmart.cli.completion import export_formats, mart_names
from frontmart.cli.signals import raise_on_signals
from frontmart.formats import EXPORT_FORMATS


@app.command(epilog="Example: frontmart export --format xlsx --marts coverage_by_topic,topic_pairs /srv/share")
@report_errors
@raise_on_signals()
def export(
    target: Annotated[str, typer.Argument(metavar="DIR", help="A folder, or a URL such as s3://bucket/folder.")],
    file_format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help=f"One of {', '.join(EXPORT_FORMATS)}.",
            autocompletion=export_formats,
        ),
    ] = "parquet",
    marts: Annotated[
        str,
        typer.Option("--marts", metavar="A,B", help="Which marts; or all, or none.", autocompletion=mart_names),
    ] = "all",
    tables: Annotated[str, typer.Option("--tables", metavar="A,B", help="Tidy tables besides; or all.")] = "none",
    partition_by: Annotated[
        str | None,
        typer.Option("--partition-by", metavar="month", help="A folder a month, as Hive has it; not xlsx, sqlite."),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="CSV for programs, not made safe for Excel.")] = False,
    keep: Annotated[int, typer.Option("--keep", help="How many exports stay there.")] = 3,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Export the published marts to a folder or an object store.

    Readers there see the export before or this one, never half of one; DIR/latest is the current one, DIR/manifest.json
    lists its files with their SHA-256. Where nothing was published since, nothing is written.

    Exit: 0 exported or nothing to do, 1 failed and what was there stays, 2 usage, 4 another export holds the folder.
    """
    from frontmart.cli.show import show_export
    from frontmart.export import ExportRequest
    from frontmart.export import export as run_export

    request = ExportRequest(
        marts=_listed(marts),
        tables=_listed(tables),
        format=file_format,
        partition_by=partition_by,
        is_plain=plain,
        keep=keep,
    )
    done = run_export(out, target, request)
    typer.echo(json.dumps(done.as_json())) if as_json else show_export(done)


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
