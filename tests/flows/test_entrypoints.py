"""The entrypoints of the flows: those of deployments now, and those that Prefect servers may have stored before."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
# The flows are loaded as Prefect does it for a run.
LOAD = """
import json, sys
from prefect import Flow
from prefect.flows import load_flow_from_entrypoint
from flows import scheduled
found = sorted(name for name, each in vars(scheduled).items() if isinstance(each, Flow))
entrypoints = [text.format(name=name) for text in sys.argv[1:] for name in found]
loaded = {each: load_flow_from_entrypoint(each, use_placeholder_flow=False).fn.__name__ for each in entrypoints}
print(json.dumps([found, loaded]))
"""


@pytest.fixture(scope="module")
def flows() -> tuple[list[str], dict[str, str]]:
    """The names of all flows, and the flow of each entrypoint."""
    forms = ["frontmart.deployments.{name}", "flows.scheduled.{name}", "flows/scheduled.py:{name}"]
    done = subprocess.run([sys.executable, "-c", LOAD, *forms], cwd=ROOT, capture_output=True, text=True, check=True)
    found, loaded = json.loads(done.stdout)
    return found, loaded


def test_each_flow_is_found_under_its_entrypoint_and_those_that_servers_may_have_stored(
    flows: tuple[list[str], dict[str, str]],
) -> None:
    found, loaded = flows
    assert {"backfill", "build", "export", "retain", "verify"} <= set(found)
    forms = ("frontmart.deployments.{}", "flows.scheduled.{}", "flows/scheduled.py:{}")
    assert loaded == {form.format(name): name for form in forms for name in found}


def test_each_deployment_of_prefect_yaml_has_an_entrypoint_that_no_folder_hides(
    flows: tuple[list[str], dict[str, str]],
) -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    entrypoints = [deployment["entrypoint"] for deployment in deployments]
    assert len(entrypoints) == len(set(entrypoints)) >= 5
    assert [each for each in entrypoints if not (each.startswith("frontmart.deployments.") and each in flows[1])] == []
