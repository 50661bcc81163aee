"""Run `frontmart mcp`, if the SDK is installed."""

from importlib.util import find_spec
from pathlib import Path

from frontmart.agents.limits import Limits
from frontmart.errors import FrontmartError


def run_mcp(out: Path, limits: Limits) -> None:
    """Serve the published snapshot to an agent until standard input is closed.

    Raises FrontmartError if the SDK is not installed.
    """
    if find_spec("mcp") is None:
        raise FrontmartError(
            "mcp: the SDK is not installed; install Frontmart with its extra: pip install 'frontmart[mcp]'"
        )
    from frontmart.agents.server import run_server

    run_server(out, limits)
