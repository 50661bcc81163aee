"""The command that copies the published marts and the star schema to a folder or an object store."""

import json
from typing import Annotated

import typer

from frontmart.cli.app import DEFAULT_OUT, Json, Out, app, help_notes, report_errors
from frontmart.cli.completion import export_formats, mart_names, star_names
from frontmart.cli.signals import raise_on_signals
from frontmart.formats import EXPORT_FORMATS


@app.command(
    epilog=help_notes(
        "frontmart export --format xlsx --marts coverage_by_topic,topic_pairs /srv/share",
        exit_codes={
            0: "exported, or nothing to do",
            1: "failed; the previous export is unchanged",
            2: "wrong usage",
            4: "another export is running in the folder, or has just made a newer snapshot current",
        },
    )
)
@report_errors
@raise_on_signals()
def export(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="Folder, or URL such as s3://bucket/folder.")],
    file_format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help=f"Format: {', '.join(EXPORT_FORMATS)}.",
            autocompletion=export_formats,
        ),
    ] = "parquet",
    marts: Annotated[
        str,
        typer.Option("--marts", metavar="A,B", help="Marts to export, or all, or none.", autocompletion=mart_names),
    ] = "all",
    tables: Annotated[
        str, typer.Option("--tables", metavar="A,B", help="Tidy tables to export, or all, or none.")
    ] = "none",
    star: Annotated[
        str | None,
        typer.Option(
            "--star",
            metavar="A,B",
            help="Tables of the star schema to export, or all, or none. By default all with all marts, else none.",
            autocompletion=star_names,
        ),
    ] = None,
    partition_by: Annotated[
        str | None,
        typer.Option("--partition-by", metavar="month", help="One Hive folder per month (not for xlsx, sqlite)."),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="CSV for programs: formulas are not escaped.")] = False,
    keep: Annotated[int, typer.Option("--keep", metavar="N", help="Number of exports to keep at the target.")] = 3,
    checksum: Annotated[
        bool,
        typer.Option(
            "--checksum", help="Compare files at the target by content, not by size (object stores: downloads them)."
        ),
    ] = False,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Export the published marts and the star schema to a folder or an object store.

    The star schema has articles, events, topics, providers, organisations, authors and dates, with their relations.

    Readers of the target see the previous export or the new one, never a part. TARGET/latest is the current export,
    TARGET/manifest.json lists its files with their SHA-256. If nothing was published since, nothing is written.
    """
    from frontmart.cli.show import show_export
    from frontmart.export import ExportRequest
    from frontmart.export import export as run_export

    request = ExportRequest(
        marts=_listed(marts),
        tables=_listed(tables),
        star=_listed(star or ""),
        format=file_format,
        partition_by=partition_by,
        is_plain=plain,
        keep=keep,
        checksum=checksum,
    )
    done = run_export(out, target, request)
    typer.echo(json.dumps(done.as_json())) if as_json else show_export(done)


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
