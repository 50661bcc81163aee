"""The configuration of clients on docs/agents.md: each starts this server, and one is started with the SDK's client."""

import json
import re
from typing import Any

import pytest
from typer.main import get_command

from docs.answers import ROOT
from frontmart.cli.__main__ import app
from frontmart.run import Run
from tests.frontmart.agents.client import connected

PAGE = (ROOT / "docs" / "agents.md").read_text(encoding="utf-8")
BLOCKS = [json.loads(block) for block in re.findall(r"^```json\n(.+?)^```", PAGE, re.MULTILINE | re.DOTALL)]
PROGRAM = "/srv/frontmart/.venv/bin/frontmart"


def server(block: dict[str, Any]) -> dict[str, Any]:
    ((_, servers),) = block.items()
    ((name, found),) = servers.items()
    assert name == "frontmart"
    return dict(found)


def test_each_client_starts_the_command() -> None:
    assert [list(block) for block in BLOCKS] == [["mcpServers"], ["mcpServers"], ["servers"]]
    for block in BLOCKS:
        found = server(block)
        assert (found["command"], found["args"][0], found.get("type", "stdio")) == (PROGRAM, "mcp", "stdio")
        command = get_command(app).commands["mcp"]  # type: ignore[attr-defined]
        assert command.make_context("mcp", found["args"][1:]).params["out"].as_posix() == "/srv/news"
    assert f"claude mcp add frontmart -- {PROGRAM} mcp --out /srv/news\n" in PAGE


@pytest.mark.process
def test_a_configured_server_answers_with_its_limits(sample: Run) -> None:
    (options,) = [server(block)["args"][3:] for block in BLOCKS if len(server(block)["args"]) > 3]
    with connected(sample.out, *options) as agent:
        assert agent.answer("query", sql="from range(501)")["row_count"] == 500
