"""A service whose machine loses its power in mid-build: dead runs are reaped, and the next one builds."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.corpus import write_corpus
from tests.flows.conftest import DEPLOY_AS_0_1, call_listener
from tests.flows.machine import SLOW_BUILDS, Machine, switched_on
from tests.processes import wait_for

# Its own server, by the fixture `reboot`.
pytestmark = pytest.mark.server

# Every process of the machine writes the hosts that it connects to into a file.
RECORD_HOSTS = """
import os, sys

def record(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        place = arguments[1] if event == "socket.connect" else arguments
        if isinstance(place, tuple):
            with open(os.environ["HOSTS_FILE"], "a") as file:
                file.write(f"{place[0]}\\n")

sys.addaudithook(record)
"""


@dataclass
class Reboot:
    """A machine after a reboot in mid-build: the run that was killed, and a run after it."""

    machine: Machine
    killed: dict[str, Any]
    next: dict[str, Any]
    calls: list[dict[str, Any]]
    hosts: Path


@pytest.fixture(scope="module")
def reboot(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reboot]:
    folder = tmp_path_factory.mktemp("reboot")
    (folder / "home").mkdir()
    shutil.copy(database, folder / "home")
    write_corpus(folder / "source", 2_000, 3)
    (folder / "slow.toml").write_text(SLOW_BUILDS)
    (folder / "python").mkdir()
    (folder / "python" / "sitecustomize.py").write_text(RECORD_HOSTS)
    hosts = folder / "hosts.txt"
    with call_listener() as (url, calls):
        machine = Machine(
            folder / "home",
            folder / "source",
            folder / "out",
            "0 0 1 1 *",
            ("--config", str(folder / "slow.toml"), "--on-failure", url),
            {"PYTHONPATH": str(folder / "python"), "HOSTS_FILE": str(hosts)},
            without=("DO_NOT_TRACK",),
        )
        with switched_on(machine):
            name = f"{machine.out.parent.name}-{machine.out.name}"
            done = machine.server.python(DEPLOY_AS_0_1, name, machine.source, machine.out)
            assert done.returncode == 0, done.stderr
            machine.start_service()
            killed = machine.trigger(name)
            wait_for(lambda: machine.processes(PREFECT__FLOW_RUN_ID=killed["id"], DO_NOT_TRACK="1"))
            wait_for(lambda: machine.run(killed)["state_type"] == "RUNNING")
            wait_for(lambda: list(machine.out.glob("snapshots/.building-*")))
            machine.lose_power()
            machine.start_server()
            machine.start_service()
            yield Reboot(machine, machine.ended(killed), machine.ended(machine.trigger(name)), calls, hosts)


def test_a_run_that_died_with_its_server_is_marked_as_crashed_and_reported(reboot: Reboot) -> None:
    assert reboot.killed["state_type"] == "CRASHED"
    assert reboot.killed["state"]["message"].endswith(
        " is dead (killed, or the machine was restarted); the next run builds"
    )
    called = wait_for(lambda: [call for call in reboot.calls if call["flow_run_id"] == reboot.killed["id"]])
    assert called[0]["state"] == "Crashed"


def test_the_next_run_builds(reboot: Reboot) -> None:
    assert reboot.next["state_type"] == "COMPLETED", reboot.next["state"]["message"]
    assert (reboot.machine.out / "published" / "run.json").is_file()
    assert reboot.machine.unfinished_runs() == []


def test_the_limit_of_an_earlier_version_is_removed_and_its_name_kept(reboot: Reboot) -> None:
    deployments = reboot.machine.server.post("deployments/filter", {})
    assert len(deployments) == 5
    assert {each["name"] for each in deployments} == {f"{reboot.machine.out.parent.name}-out"}
    assert [each["global_concurrency_limit"] for each in deployments] == [None] * 5


def test_no_process_connects_to_another_machine(reboot: Reboot) -> None:
    hosts = set(reboot.hosts.read_text().split())
    assert "127.0.0.1" in hosts
    assert hosts <= {"127.0.0.1", "localhost", "::1", "0.0.0.0", "None"}


def test_a_second_service_of_the_same_folders_is_refused(reboot: Reboot) -> None:
    machine = reboot.machine
    done = machine.frontmart("serve", machine.source, "--out", machine.out, "--wait", 300)
    assert done.returncode == 4, done.stderr
    assert f"frontmart: {machine.out.parent.name}-out: is served already, process " in done.stderr


def test_a_service_does_not_take_over_the_deployments_of_another_one(reboot: Reboot, tmp_path: Path) -> None:
    machine = reboot.machine
    name = f"{machine.out.parent.name}-out"
    (tmp_path / "other").mkdir()
    done = machine.frontmart("serve", tmp_path / "other", "--out", machine.out, "--name", name, "--wait", 300)
    assert done.returncode == 2, done.stderr
    assert done.stderr == (
        f"frontmart: frontmart-build/{name}: this deployment has the source {machine.source}, "
        f"not {tmp_path / 'other'}; give another --name, "
        f"or remove it with `prefect deployment delete 'frontmart-build/{name}'`\n"
    )
    deployment = machine.server.get(f"deployments/name/frontmart-build/{name}")
    assert deployment["parameters"]["source"] == str(machine.source)
