"""The locks, and what works with one of them alone."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply_chain.locks import LOCKS, read_lock
from tests.installed import ROOT
from tests.sample import AS_OF, SAMPLE

# As a program, so that what this process has imported does not count. Names that only distributions outside of the
# lock provide cannot be imported.
WITH_A_LOCK_ALONE = """
import sys
from importlib.metadata import packages_distributions
from packaging.utils import canonicalize_name

locked = set(sys.argv[1].split(","))
forbidden = {
    module for module, names in packages_distributions().items()
    if not locked & {canonicalize_name(name) for name in names}
}

class Forbid:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in forbidden:
            raise ModuleNotFoundError(f"{name} is not in the lock", name=name.partition(".")[0])
        return None

sys.meta_path.insert(0, Forbid())
for module in [name for name in sys.modules if name.partition(".")[0] in forbidden]:
    del sys.modules[module]
sys.argv = ["frontmart"]
"""
IMPORT_EVERYTHING = """
import importlib, json, pkgutil
import frontmart, transforms
names = [
    each.name
    for package in (frontmart, transforms)
    for each in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    if each.name not in (
        "frontmart.__main__", "frontmart.deployments", "frontmart.query.harlequin_adapter",
        "frontmart.agents.requests", "frontmart.agents.server", "frontmart.agents.tools", "frontmart.agents.workers",
    )
]
for name in names:
    importlib.import_module(name)
print(json.dumps(names))
"""
IMPORT_THE_SERVICE = """
import importlib, json, pkgutil
import flows, frontmart.deployments, prefect.server.api.server
names = [each.name for each in pkgutil.walk_packages(flows.__path__, "flows.")]
for name in names:
    importlib.import_module(name)
print(json.dumps(names))
"""
USE_EVERYTHING = """
import json, os, pathlib
import frontmart
from typer.testing import CliRunner
from frontmart.cli.__main__ import app
from frontmart.formats import EXPORT_FORMATS, QUERY_FORMATS

def run(*arguments):
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, (arguments, done.output, done.exception)
    return done.output

source, day = os.environ["SAMPLE"], os.environ["DAY"]
run("build", source, "--as-of", day, "--json")
for format_ in QUERY_FORMATS:
    run("query", "from topics", "--format", format_, "--output", f"topics-{format_}")
for format_ in EXPORT_FORMATS:
    run("export", f"to-{format_}", "--format", format_)
for command in ("status", "rejects", "describe", "snapshots", "report"):
    run(command)
run("describe", "topic_pairs")
print(frontmart.read("topics", "data").height, frontmart.build(source, "data", as_of=day).outcome)
"""


def here(lock: str) -> set[str]:
    """What is installed of a lock on this machine."""
    return {pin.name for pin in read_lock(ROOT / lock) if pin.marker is None or Marker(pin.marker).evaluate()}


def versions(lock: str) -> set[tuple[str, str]]:
    return {(pin.name, pin.version) for pin in read_lock(ROOT / lock)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_each_distribution_with_hashes_and_names_no_registry(lock: str) -> None:
    assert read_lock(ROOT / lock)
    assert re.findall(r"https?://\S+|^--.*", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE) == []


@pytest.mark.parametrize("lock", [lock for lock in LOCKS if lock.startswith("requirements")])
def test_each_version_is_that_of_the_full_lock(lock: str) -> None:
    assert versions(lock) - versions("requirements-dev.lock") == set()


def test_the_runtime_lock_has_what_the_project_requires_and_is_small() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {canonicalize_name(Requirement(each).name) for each in project["dependencies"]} <= here("requirements.lock")
    assert len(here("requirements.lock")) + 1 <= 45  # with Frontmart itself


def python(program: str, cwd: Path, lock: str = "requirements.lock") -> str:
    locked = ",".join([*sorted({pin.name for pin in read_lock(ROOT / lock)}), "frontmart"])
    env = {"PATH": os.defpath, "HOME": str(cwd), "PYTHONPATH": str(ROOT), "SAMPLE": str(SAMPLE), "DAY": str(AS_OF)}
    done = subprocess.run(
        [sys.executable, "-c", WITH_A_LOCK_ALONE + program, locked], cwd=cwd, env=env,
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# Modules that a user of each lock does not have, and one of this environment that neither has.
ABSENT = {
    "requirements.lock": ("prefect", "pandas", "sqlglot", "openlineage.client", "pytest"),
    "requirements-prefect.lock": ("dask", "distributed", "prefect_dask", "playwright", "pytest"),
}


@pytest.mark.parametrize("lock", ABSENT)
def test_a_library_outside_of_a_lock_cannot_be_imported_here(lock: str, tmp_path: Path) -> None:
    program = (
        f"for module in {ABSENT[lock]}:\n"
        "    try: __import__(module)\n"
        "    except ModuleNotFoundError as error: print(error)\n"
    )
    expected = [f"{module.partition('.')[0]} is not in the lock" for module in ABSENT[lock]]
    assert python(program, tmp_path, lock).splitlines() == expected


def test_every_module_but_those_of_prefect_harlequin_and_mcp_is_imported_with_the_runtime_alone(tmp_path: Path) -> None:
    assert len(json.loads(python(IMPORT_EVERYTHING, tmp_path))) > 100


def test_build_query_export_report_and_describe_work_with_the_runtime_alone(tmp_path: Path) -> None:
    assert python(USE_EVERYTHING, tmp_path) == "11 unchanged\n"


def test_every_module_of_the_flows_is_imported_with_the_lock_of_a_service_alone(tmp_path: Path) -> None:
    assert "flows.serve" in json.loads(python(IMPORT_THE_SERVICE, tmp_path, "requirements-prefect.lock"))
