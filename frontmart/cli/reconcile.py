"""The command `reconcile`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from frontmart.cli.app import DEFAULT_OUT, Json, Out, app, help_notes, report_errors
from frontmart.cli.signals import raise_on_signals


@app.command(
    epilog=help_notes(
        "frontmart reconcile --write organisations.toml",
        exit_codes={0: "done", 1: "failed", 2: "wrong usage, or the file of --write exists"},
        json="proposals (kind, alias, target, reason, names, article_counts, shared, same_authors, examples).",
    )
)
@report_errors
@raise_on_signals()
def reconcile(
    out: Out = DEFAULT_OUT,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="FILE", help="Write the proposals to a file to review; never overwrites one."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Propose organisations and topics to merge, with the evidence.

    Reads the published snapshot and changes nothing. In the file that --write writes every proposal is a comment:
    remove the `# ` in front of those that are right, and give the file to `frontmart build --organisations`.
    """
    from frontmart.cli.show_proposals import show_proposals
    from frontmart.reconcile.propose import find_proposals
    from frontmart.reconcile.write import require_free, write_proposals
    from frontmart.terminal.progress import Console

    if write:
        require_free(write)
    proposals = find_proposals(out)
    if write:
        write_proposals(proposals, write)
    if as_json:
        typer.echo(json.dumps({"proposals": [each.as_json() for each in proposals]}))
    else:
        show_proposals(proposals)
    if write:
        Console().say(f"wrote {write}")
