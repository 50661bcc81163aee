"""Frontmart, installed from its wheel, in a Prefect project that has folders `flows/`, `transforms/` and `sql/`."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import Server, running, wait_for
from tests.installed import ROOT, Installation, write_foreign_folder, write_many
from tests.sample import SAMPLE

ENDS = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project: its articles are where prefect.yaml looks for them."""
    folder = write_foreign_folder(tmp_path_factory.mktemp("project"))
    shutil.copytree(SAMPLE, folder / "data" / "raw")
    shutil.copy(ROOT / "prefect.yaml", folder)
    return folder


@pytest.fixture(scope="module")
def env(server: Server) -> dict[str, str]:
    return {name: value for name, value in server.env.items() if not name.startswith("PYTHON")}


@pytest.fixture(scope="module")
def service(server: Server, installation: Installation, project: Path, env: dict[str, str]) -> Iterator[None]:
    command: list[str | Path] = [
        installation.bin / "frontmart", "serve", "data/raw", "--out", "served",
        "--cron", "0 0 1 1 *", "--name", "served",
    ]  # fmt: skip
    log = project / "service.log"
    with running(command, env, log, cwd=project):
        wait_for(lambda: "served" in log.read_text(), 60)
        yield


def ended(server: Server, deployment: str, **parameters: object) -> dict[str, Any]:
    """A run of a deployment, once it is over."""
    id_ = server.get(f"deployments/name/{deployment}")["id"]
    run = server.post(f"deployments/{id_}/create_flow_run", {"parameters": parameters})
    found: dict[str, Any] = wait_for(
        lambda: next((each for each in server.runs(id={"any_": [run["id"]]}) if each["state_type"] in ENDS), None)
    )
    return found


@pytest.mark.usefixtures("service")
def test_runs_of_a_service_that_was_started_in_the_project(server: Server, project: Path) -> None:
    run = ended(server, "frontmart-build/served")
    assert run["state_type"] == "COMPLETED", run["state"]["message"]
    assert (project / "served" / "published" / "warehouse.duckdb").is_file()
    assert ended(server, "frontmart-verify/served")["state_type"] == "COMPLETED"


@pytest.mark.usefixtures("service")
def test_a_served_run_parses_many_files_in_processes(server: Server, project: Path) -> None:
    write_many(project / "many")
    run = ended(
        server, "frontmart-build/served", source=str(project / "many"), out=str(project / "many-out"), workers=2
    )
    assert run["state_type"] == "COMPLETED", run["state"]["message"]


def test_runs_of_a_work_pool_deployed_from_the_project(
    server: Server,
    installation: Installation,
    project: Path,
    env: dict[str, str],
) -> None:
    prefect: tuple[str | Path, ...] = ("python", "-m", "prefect")
    installation.run(*prefect, "work-pool", "create", "frontmart", "--type", "process", cwd=project, env=env)
    installation.run(*prefect, "--no-prompt", "deploy", "--all", cwd=project, env=env)
    command: list[str | Path] = [
        installation.python, "-m", "prefect", "worker", "start", "--pool", "frontmart", "--type", "process",
    ]  # fmt: skip
    with running(command, env, project / "worker.log", cwd=project):
        run = ended(server, "frontmart-build/data")
    assert run["state_type"] == "COMPLETED", run["state"]["message"]
    assert (project / "data" / "published" / "warehouse.duckdb").is_file()
