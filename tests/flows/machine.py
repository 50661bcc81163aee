"""A machine that loses its power: a Prefect server, a service and its runs, all killed at once and started again."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.flows.conftest import BIN, Server, free_port, is_healthy, server_environment
from tests.processes import PATIENCE_SECONDS, wait_for

ENDED: Final = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
UNFINISHED: Final = ("PENDING", "RUNNING", "CANCELLING")
# A file of settings under which every build is a long one.
SLOW_BUILDS: Final = "full = true\nworkers = 1\n"


@dataclass
class Machine:
    """A server and a service in a folder; the service builds `source` into `out` on a schedule."""

    home: Path
    source: Path
    out: Path
    cron: str
    options: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    without: Sequence[str] = ()
    port: int = field(default_factory=free_port)

    @property
    def server(self) -> Server:
        env = server_environment(self.home, self.port) | dict(self.environment)
        kept = {name: value for name, value in env.items() if name not in self.without}
        return Server(env["PREFECT_API_URL"], kept)

    def start_server(self) -> None:
        """Start the server as users do, and wait until it answers."""
        self._start("server", BIN / "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(self.port))
        wait_for(lambda: is_healthy(self.server), pause=0.3)

    def start_service(self) -> subprocess.Popen[bytes]:
        """Start the service; it waits for the server by itself."""
        options = ("--out", self.out, "--cron", self.cron, "--wait", "300", *self.options)
        return self._start("service", BIN / "frontmart", "serve", self.source, *options)

    def frontmart(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = [str(BIN / "frontmart"), *map(str, arguments)]
        return subprocess.run(
            command, env=self.server.env, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )

    def trigger(self, name: str) -> dict[str, Any]:
        """Make a run of the build deployment with a name, once that exists."""
        wait_for(lambda: f"frontmart-build/{name}" in self.log("service"))
        id_ = self.server.get(f"deployments/name/frontmart-build/{name}")["id"]
        made: dict[str, Any] = self.server.post(f"deployments/{id_}/create_flow_run", {})
        return made

    def run(self, run: dict[str, Any]) -> dict[str, Any]:
        """A run as the server knows it now."""
        return self.server.runs(id={"any_": [run["id"]]})[0]

    def ended(self, run: dict[str, Any]) -> dict[str, Any]:
        """A run once it is over."""
        wait_for(lambda: self.run(run)["state_type"] in ENDED, pause=0.5)
        return self.run(run)

    def log(self, name: str) -> str:
        """What the server or the service has written, over all starts."""
        return (self.home / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def processes(self, **environment: str) -> list[int]:
        """The living processes that this machine has started, those with certain variables in their environment."""
        wanted = {
            f"{name}={value}".encode() for name, value in ({"PREFECT_HOME": str(self.home)} | environment).items()
        }
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if wanted <= set((folder / "environ").read_bytes().split(b"\0")):
                    found.append(int(folder.name))
        return found

    def lose_power(self) -> None:
        """Kill every process of the machine, none of which can say good-bye."""
        wait_for(self._kill_all, pause=0.01)
        for started in self._started:
            started.wait()

    def unfinished_runs(self) -> list[dict[str, Any]]:
        """Runs that have begun and not ended, as the server knows them."""
        return self.server.runs(state={"type": {"any_": list(UNFINISHED)}})

    def _kill_all(self) -> bool:
        found = self.processes()
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return not found

    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def _start(self, name: str, *command: str | Path) -> subprocess.Popen[bytes]:
        with (self.home / f"{name}.log").open("ab") as output:
            process = subprocess.Popen(
                [str(part) for part in command], env=self.server.env, stdout=output, stderr=output,
                cwd=self.home, start_new_session=True,
            )  # fmt: skip
        self._started.append(process)
        return process


@contextmanager
def switched_on(machine: Machine) -> Iterator[Machine]:
    """A machine whose server runs; all its processes end with the block."""
    machine.home.mkdir(parents=True, exist_ok=True)
    try:
        machine.start_server()
        yield machine
    finally:
        machine.lose_power()
