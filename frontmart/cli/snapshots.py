"""Commands that say which snapshot is published, and take it elsewhere."""

import json
from typing import Annotated

import typer

from frontmart.cli.app import DEFAULT_OUT, Json, Out, app, report_errors
from frontmart.cli.completion import snapshot_ids
from frontmart.cli.signals import raise_on_signals


@app.command(epilog="Example: frontmart snapshots --json")
@report_errors
@raise_on_signals()
def snapshots(out: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """List the snapshots, the latest first.

    And say which of them is published.
    """
    from frontmart.cli.show import show_snapshots
    from frontmart.snapshots.read import read_all_runs
    from frontmart.snapshots.store import published_id

    current = published_id(out)
    rows = [{"is_published": run["snapshot_id"] == current, **run} for run in read_all_runs(out)]
    typer.echo(json.dumps({"published": current, "snapshots": rows})) if as_json else show_snapshots(rows)


@app.command(epilog="Example: frontmart rollback 20260131T060000000000Z")
@report_errors
@raise_on_signals()
def rollback(
    snapshot_id: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="A snapshot; the one before if none.", autocompletion=snapshot_ids),
    ] = None,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Publish an earlier snapshot again.

    Nothing is built and nothing removed.
    """
    from frontmart.snapshots.store import roll_back

    snapshot = roll_back(out, snapshot_id)
    typer.echo(json.dumps({"published": snapshot.id})) if as_json else typer.echo(f"published {snapshot.id}", err=True)
