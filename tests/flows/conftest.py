"""A Prefect server for the tests on a loopback port, and queries of its API."""

import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.few_models import environment_of_few_models
from tests.forked import ForkServer
from tests.processes import PATIENCE_SECONDS, wait_for
from tests.shared import shared_folder

BIN = Path(sys.executable).parent
# What the scripts of tests import; see `tests.forked`.
FLOW_MODULES = (
    "frontmart.api",
    "flows.scheduled",
    "flows.prefect_runner",
    "flows.task_runners",
    "tests.few_models",
    "tests.parsed_sql",
)
# What 0.1 made: a deployment under the default name of that time, with a limit of one run.
DEPLOY_AS_0_1 = """
import sys
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from flows.scheduled import build
build.to_deployment(
    sys.argv[1],
    parameters={"source": sys.argv[2], "out": sys.argv[3]},
    concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
).apply()
"""


@dataclass(frozen=True)
class Server:
    """A running server: the URL of its API, and the environment that makes programs use it.

    With `forks`, scripts run in forks of a process that has imported the flows, which takes three seconds.
    """

    url: str
    env: dict[str, str]
    forks: ForkServer | None = None

    def post(self, path: str, body: object) -> Any:
        request = urllib.request.Request(
            f"{self.url}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
        )
        return _answer(request)

    def get(self, path: str) -> Any:
        return _answer(urllib.request.Request(f"{self.url}/{path}"))

    def runs(self, **filters: object) -> list[dict[str, Any]]:
        """Flow runs that have begun, or those that filters pick; the latest first."""
        begun = {"state": {"type": {"not_any_": ["SCHEDULED"]}}}
        found: list[dict[str, Any]] = self.post(
            "flow_runs/filter", {"flow_runs": filters or begun, "sort": "START_TIME_DESC", "limit": 50}
        )
        return found

    def run_called(self, text: str) -> dict[str, Any]:
        """The latest flow run whose name contains a text."""
        return self.runs(name={"like_": text})[0]

    def tasks_of(self, run: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.post("task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
        return found

    def artifacts_of(self, run: dict[str, Any]) -> dict[str, Any]:
        """The artifacts of a flow run, by key."""
        found = self.post("artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}})
        return {artifact["key"]: artifact["data"] for artifact in found}

    def python(self, script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a script in a process of its own, as a program that uses the server; with few models if this one does."""
        if self.forks:
            return self.forks.run(["-c", script, *arguments], env=self.env | environment_of_few_models())
        command = [sys.executable, "-c", script, *map(str, arguments)]
        return subprocess.run(
            command, env=self.env, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )


def _answer(request: urllib.request.Request) -> Any:
    for _ in range(20):
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            if error.code != 503:  # its database is busy, which Prefect's own client waits for as well
                raise
            time.sleep(1)
    raise TimeoutError(f"{request.full_url}: the server stays busy")


@contextmanager
def running(
    command: list[str | Path], env: dict[str, str], log: Path, cwd: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A program in the background, ended with the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, env=env, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def server_environment(home: Path, port: int) -> dict[str, str]:
    """The environment of a server in a folder, on a port of this machine, and of the programs that use it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "FRONTMART_"))}
    return env | {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_CLI_COLORS": "false",
        "PREFECT_RUNNER_POLL_FREQUENCY": "2",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "DO_NOT_TRACK": "1",
    }


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a new server, which takes ten seconds of CPU to make."""

    def make(home: Path) -> None:
        env = server_environment(home, free_port())
        del env["PREFECT_API_URL"]
        command = [BIN / "prefect", "server", "database", "upgrade", "-y"]
        subprocess.run(command, env=env, check=True, capture_output=True)

    return shared_folder(tmp_path_factory, "prefect-database", make) / "prefect.db"


@pytest.fixture(scope="module")
def server(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("prefect")
    shutil.copy(database, home)
    port = free_port()
    env = server_environment(home, port)
    forks = ForkServer(FLOW_MODULES, env)
    server = Server(env["PREFECT_API_URL"], env, forks)
    command: list[str | Path] = [BIN / "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with running(command, env, home / "server.log"):
        wait_for(lambda: is_healthy(server), pause=0.3)
        yield server
        forks.close()


def is_healthy(server: Server) -> bool:
    try:
        return bool(server.get("health"))
    except (OSError, urllib.error.URLError):
        return False


@contextmanager
def call_listener() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A listener in place of a chat or pager service: its URL, and the requests that it received."""
    received: list[dict[str, Any]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        thread = threading.Thread(target=listener.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listener.server_port}/token", received
        listener.shutdown()
        thread.join()
