"""The command that serves the published snapshot to an agent."""

from typing import Annotated

import typer

from frontmart.cli.app import DEFAULT_OUT, Out, app, help_notes, report_errors
from frontmart.cli.signals import raise_on_signals


@app.command(
    epilog=help_notes(
        "frontmart mcp --out warehouse",
        exit_codes={
            0: "standard input was closed",
            1: "failed, or the SDK is not installed",
            2: "wrong usage",
        },
    )
)
@report_errors
@raise_on_signals()
def mcp(
    out: Out = DEFAULT_OUT,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", min=0.001, help="End a call that runs longer.")
    ] = 30.0,
    rows: Annotated[int, typer.Option("--rows", metavar="N", min=1, help="Most rows of an answer.")] = 200,
) -> None:
    """Serve the published warehouse to an agent, read-only.

    Speaks the Model Context Protocol on standard input and output, with the tools catalog, describe, query and search.
    Each call reads the snapshot that is published then, in the same sandbox as `query`. Needs the extra `mcp`:
    pip install 'frontmart[mcp]'.
    """
    from frontmart.agents.limits import Limits
    from frontmart.agents.run import run_mcp

    run_mcp(out, Limits(timeout, rows))
