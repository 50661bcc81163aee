"""A server of `frontmart mcp` in a child process, with the SDK's own client over real pipes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import CallToolResult, TextContent

from tests.processes import DEFAULT_SIGNALS, PATIENCE_SECONDS


class Agent:
    """A client of one server, for tests that are not asynchronous."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self.portal = portal
        self.client = client

    def call(self, tool: str, **arguments: object) -> CallToolResult:
        return self.portal.call(self._call, tool, arguments)

    def answer(self, tool: str, **arguments: object) -> dict[str, Any]:
        """The structured content of a call that succeeds."""
        result = self.call(tool, **arguments)
        assert not result.is_error, text(result)
        found: dict[str, Any] = result.structured_content
        return found

    def error(self, tool: str, **arguments: object) -> str:
        """The text of a call that fails."""
        result = self.call(tool, **arguments)
        assert result.is_error, text(result)
        assert result.structured_content is None
        return text(result)

    async def _call(self, tool: str, arguments: dict[str, object]) -> CallToolResult:
        return await self.client.call_tool(tool, arguments, read_timeout_seconds=PATIENCE_SECONDS)


def text(result: CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


def server_command(out: Path, *options: object) -> list[str]:
    command = [sys.executable, "-P", "-m", "frontmart.cli", "mcp", "--out", out, *options]
    return [*DEFAULT_SIGNALS, *map(str, command)]


@contextmanager
def connected(out: Path, *options: object, env: dict[str, str] | None = None, mode: str = "auto") -> Iterator[Agent]:
    command, *arguments = server_command(out, *options)
    server = StdioServerParameters(command=command, args=arguments, env=env)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(stdio_client(server), mode=mode)) as client,
    ):
        yield Agent(portal, client)


def processes(out: Path) -> set[int]:
    """The server of an output folder and its workers: all processes that name the folder in their arguments."""
    found = set()
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if str(out).encode() in place.read_bytes().split(b"\0"):
                found.add(int(place.parent.name))
    return found
