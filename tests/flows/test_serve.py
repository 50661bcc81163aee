"""`frontmart serve` as a new user would run it: runs start, do not overlap, and their failures are reported."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from frontmart.verify import verify
from tests.flows.conftest import BIN, Server, call_listener, running
from tests.processes import wait_for
from tests.sample import SAMPLE


@dataclass
class Service:
    """A served pipeline, its folders, its log, and the URL to call on failure."""

    server: Server
    source: Path
    out: Path
    log: Path
    calls: list[dict[str, Any]]

    def deployment(self, flow: str) -> dict[str, Any]:
        found: dict[str, Any] = self.server.get(f"deployments/name/frontmart-{flow}/nightly")
        return found

    def trigger(self, flow: str = "build", **parameters: object) -> dict[str, Any]:
        made: dict[str, Any] = self.server.post(
            f"deployments/{self.deployment(flow)['id']}/create_flow_run", {"parameters": parameters}
        )
        return made

    def builds(self) -> list[dict[str, Any]]:
        """The builds of this service that have begun, the latest first."""
        return self.server.runs(
            deployment_id={"any_": [self.deployment("build")["id"]]}, state={"type": {"not_any_": ["SCHEDULED"]}}
        )

    def ended(self, run: dict[str, Any]) -> dict[str, Any]:
        """A flow run once it is over."""
        ends = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
        found: dict[str, Any] = wait_for(
            lambda: next(
                (each for each in self.server.runs(id={"any_": [run["id"]]}) if each["state_type"] in ends), None
            )
        )
        return found


@pytest.fixture(scope="module")
def calls() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    with call_listener() as listener:
        yield listener


# The deployment that `frontmart serve` 0.1 made for the flow `retain`, with a schedule that a user gave it.
DEPLOY_RETAIN = """
import sys
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType
from flows.scheduled import retain
retain.to_deployment(
    "nightly",
    schedule=Cron("30 3 * * *"),
    parameters={"out": sys.argv[1]},
    entrypoint_type=EntrypointType.MODULE_PATH,
).apply()
"""


@pytest.fixture(scope="module")
def service(
    server: Server, calls: tuple[str, list[dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    shutil.copytree(SAMPLE, folder / "articles")
    url, received = calls
    command: list[str | Path] = [
        BIN / "frontmart", "serve", folder / "articles", "--out", folder / "out", "--cron", "* * * * *",
        "--name", "nightly", "--on-failure", url,
    ]  # fmt: skip
    done = server.python(DEPLOY_RETAIN, folder / "out")
    assert done.returncode == 0, done.stderr
    log = folder / "service.log"
    with running(command, server.env, log):
        service = Service(server, folder / "articles", folder / "out", log, received)
        wait_for(lambda: log.read_text() and "nightly" in log.read_text())
        yield service
    # Written by DuckDB 2.0.0 at the end of each run.
    assert "nanobind" not in log.read_text()


# The first tests build nothing: meanwhile a minute ends, and the clock ticks.


def test_old_deployments_are_served_only_where_the_server_has_them(service: Service) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from flows.serve import Service, old_deployments\n"
        "service = Service(None, Path('a'), Path('b'), None, '0 * * * *', 'UTC', None, 3, 1)\n"
        "for name in ('nightly', 'weekly'):\n"
        "    print([each.flow_name for each in old_deployments(name, service)])\n"
    )
    done = service.server.python(script)
    assert done.stdout.splitlines() == ["['frontmart-retain']", "[]"], done.stderr


def test_a_service_without_a_server_says_how_to_start_one(server: Server, tmp_path: Path) -> None:
    env = {name: value for name, value in server.env.items() if name != "PREFECT_API_URL"}
    for extra, message in (
        ({}, "frontmart: no Prefect server is set; start one with `prefect server start`"),
        ({"PREFECT_API_URL": "http://127.0.0.1:1/api"}, "frontmart: http://127.0.0.1:1/api: no Prefect server answers"),
    ):
        done = subprocess.run(
            [BIN / "frontmart", "serve", SAMPLE, "--wait", "0"], env=env | {"PREFECT_HOME": str(tmp_path)} | extra,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert done.stderr.startswith(message)


def test_a_schedule_that_is_none_is_refused(server: Server) -> None:
    done = subprocess.run(
        [BIN / "frontmart", "serve", SAMPLE, "--cron", "whenever"], env=server.env,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("frontmart: --cron 'whenever' in UTC: ")


def test_a_tick_of_the_clock_builds_and_publishes(service: Service) -> None:
    """With the wrong release of SQLAlchemy the server schedules nothing, in silence."""
    runs = wait_for(lambda: [run for run in service.builds() if run["auto_scheduled"] and run["start_time"]])
    ended = service.ended(runs[-1])
    assert ended["state_type"] == "COMPLETED"
    assert ended["name"].startswith(f"build {service.source} into {service.out} as of ")
    assert (service.out / "published" / "run.json").is_file()


def test_builds_that_are_due_together_do_not_overlap(service: Service) -> None:
    """The lock of the output folder cancels those that find another one at work; without a limit of the server."""
    runs = [service.ended(run) for run in [service.trigger(full=True) for _ in range(3)]]
    assert {run["state_type"] for run in runs} <= {"CANCELLED", "COMPLETED"}
    cancelled = [run["state"]["message"] for run in runs if run["state_type"] == "CANCELLED"]
    lock = f"{service.out}: another build holds the lock of this folder; wait until it ends, or give another --out"
    assert set(cancelled) <= {lock}
    built = [run for run in service.builds() if run["state_type"] == "COMPLETED" and run["start_time"]]
    assert built
    tasks = [service.server.tasks_of(run) for run in built]
    spans = sorted((min(t["start_time"] for t in each), max(t["end_time"] for t in each)) for each in tasks if each)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_a_run_whose_process_is_killed_is_marked_crashed_and_told(service: Service) -> None:
    wait_for((service.out / "published").exists)
    run = wait_for(lambda: started(service))
    os.kill(process_of(run), signal.SIGKILL)
    assert service.ended(run)["state_type"] == "CRASHED"
    assert wait_for(lambda: [call for call in service.calls if call["flow_run_id"] == run["id"]])
    assert verify(service.out).is_good
    names = [each["name"] for each in service.server.tasks_of(run) if each["state_type"] == "COMPLETED"]
    assert "publish" not in names


def started(service: Service) -> dict[str, Any] | None:
    """A triggered build, once it has a process; None if another one was first."""
    run = service.trigger(full=True)
    for _ in range(200):
        found = service.server.runs(id={"any_": [run["id"]]})[0]
        if found["state_type"] in ("CANCELLED", "COMPLETED"):
            return None
        if process_of(run):
            return run
    return None


def process_of(run: dict[str, Any]) -> int:
    """The process of a flow run, which has its id in its environment; 0 if there is none yet."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"PREFECT__FLOW_RUN_ID={run['id']}".encode() in (folder / "environ").read_bytes():
                return int(folder.name)
        except OSError:
            continue
    return 0


def test_a_build_that_fails_is_told_with_its_cause(service: Service) -> None:
    run = wait_for(lambda: unless_cancelled(service, service.ended(service.trigger(source="nowhere"))))
    assert run["state_type"] == "FAILED"
    assert run["state"]["message"].startswith("nowhere: there is no such folder")
    (call,) = wait_for(lambda: [call for call in service.calls if call["flow_run_id"] == run["id"]])
    assert call["deployment"] == "nightly"
    assert call["state"] == "Failed"
    assert call["message"].startswith("nowhere: there is no such folder")


def unless_cancelled(service: Service, run: dict[str, Any]) -> dict[str, Any] | None:
    return None if run["state_type"] == "CANCELLED" else run


def test_a_missed_tick_is_covered_by_a_run_that_has_built_since(service: Service) -> None:
    """After a time without a service the server starts every tick that came due: one of them is enough."""
    wait_for(lambda: [run for run in service.builds() if run["state_type"] == "COMPLETED"])
    script = (
        "import datetime as dt, sys, uuid\n"
        "from prefect import flow\n"
        "from prefect.context import FlowRunContext\n"
        "from flows.catch_up import superseding_run\n"
        "@flow\n"
        "def tick():\n"
        "    run = FlowRunContext.get().flow_run\n"
        "    now = dt.datetime.now(dt.timezone.utc)\n"
        "    run.deployment_id = uuid.UUID(sys.argv[1])\n"
        "    for scheduled, hours in ((True, -1), (True, 1), (False, -1)):\n"
        "        run.auto_scheduled, run.expected_start_time = scheduled, now + dt.timedelta(hours=hours)\n"
        "        print(superseding_run())\n"
        "tick()\n"
    )
    done = service.server.python(script, service.deployment("build")["id"])
    assert done.returncode == 0, done.stderr
    late, early, asked_for = done.stdout.splitlines()
    assert late.startswith(f"build {service.source} into ")
    assert (early, asked_for) == ("None", "None")


def test_every_flow_is_a_deployment_and_runs_from_the_server(service: Service) -> None:
    for flow in ("build", "backfill", "prune", "export", "verify"):
        deployment = service.deployment(flow)
        assert deployment["tags"] == ["frontmart", f"host:{socket.gethostname()}"]
        assert deployment["global_concurrency_limit"] is None
    assert [schedule["schedule"]["cron"] for schedule in service.deployment("build")["schedules"]] == ["* * * * *"]
    assert service.ended(service.trigger("verify"))["state_type"] == "COMPLETED"


def test_a_deployment_under_an_old_name_is_still_served_with_its_schedule(service: Service) -> None:
    deployment = service.deployment("retain")
    assert deployment["entrypoint"] == "frontmart.deployments.retain"
    assert [schedule["schedule"]["cron"] for schedule in deployment["schedules"]] == ["30 3 * * *"]
    wait_for((service.out / "published").exists)
    assert service.ended(service.trigger("retain"))["state_type"] == "COMPLETED"
