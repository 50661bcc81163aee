"""The server of `frontmart mcp`: JSON-RPC over standard input and output; everything else goes to standard error.

The SDK points file descriptor 1 at standard error while it serves, so that no library can write into the answers.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, Final

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult, TextContent
from pydantic import ValidationError

from frontmart.agents.limits import ERROR_CHARACTERS, Limits
from frontmart.agents.requests import Readable
from frontmart.agents.tools import ARGUMENTS, INSTRUCTIONS, tools
from frontmart.agents.workers import Workers
from frontmart.errors import FrontmartError, UsageError
from frontmart.terminal.text import printable
from frontmart.version import VERSION

_SIGNALS: Final = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}


def run_server(out: Path, limits: Limits) -> None:
    """Serve the published snapshot of an output folder until standard input is closed.

    SIGINT and SIGTERM end the process with exit code 130 or 143. A client that closes standard output has ended, too.
    """
    try:
        anyio.run(_serve, out, limits)
    except* (BrokenPipeError, ConnectionResetError):
        pass


async def _serve(out: Path, limits: Limits) -> None:
    async with Workers(out.absolute(), limits) as workers, anyio.create_task_group() as tasks:
        tasks.start_soon(_exit_on_signals, workers)
        server = make_server(workers)
        async with stdio_server() as (requests, answers):
            # With standard output pointed at standard error, which the worker inherits.
            tasks.start_soon(workers.warm_up)
            await server.run(Readable(requests, answers), answers, server.create_initialization_options())
        tasks.cancel_scope.cancel()


def make_server(workers: Workers) -> Server[Any]:
    """The server with its four tools; workers answer the calls."""
    declared = tools(workers.limits)

    async def list_tools(_: object, __: object) -> ListToolsResult:
        return ListToolsResult(tools=declared)

    async def call_tool(_: object, call: CallToolRequestParams) -> CallToolResult:
        try:
            line = await workers.ask(json.dumps({"tool": call.name, "arguments": _checked(call)}).encode())
        except FrontmartError as error:
            return _result(printable(error)[:ERROR_CHARACTERS], is_error=True)
        reply = json.loads(line)
        return _result(reply["text"], is_error=reply["is_error"])

    return Server(
        "frontmart",
        title="Frontmart",
        version=VERSION,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _checked(call: CallToolRequestParams) -> dict[str, Any]:
    """The arguments of a call, with defaults. Raises UsageError for an unknown tool and for wrong arguments."""
    if call.name not in ARGUMENTS:
        raise UsageError(f"{call.name!r} is not a tool; use one of {', '.join(ARGUMENTS)}")
    try:
        return ARGUMENTS[call.name].model_validate(call.arguments or {}).model_dump()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "arguments"
        raise UsageError(f"{call.name}: {place}: {first['msg']}; see the schema of the tool's arguments") from None


def _result(text: str, *, is_error: bool) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(text=text)],
        structured_content=None if is_error else json.loads(text),
        is_error=is_error,
    )


async def _exit_on_signals(workers: Workers) -> None:
    """End the process on a signal, at once: a thread that waits for standard input cannot be ended otherwise.

    A signal that is ignored stays ignored.
    """
    handled = [number for number in _SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    if not handled:
        return
    with anyio.open_signal_receiver(*handled) as received:
        async for number in received:
            workers.kill()
            sys.stderr.write(f"frontmart: {_SIGNALS[number]}; the last published snapshot is unchanged\n")
            sys.stderr.flush()
            os._exit(128 + number)
