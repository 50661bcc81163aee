"""The locks, and the commands that work with only the runtime lock."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.installed import ROOT
from tests.sample import AS_OF, SAMPLE

LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")
# As a program, so that what this process has imported does not count. Names that only distributions outside of the
# lock provide cannot be imported.
WITH_THE_RUNTIME_ALONE = """
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
            raise ModuleNotFoundError(f"{name} is not in the runtime lock", name=name.partition(".")[0])
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
    if each.name not in ("frontmart.__main__", "frontmart.deployments")
]
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


def requirements(lock: str) -> dict[str, list[Requirement]]:
    """The versions that a lock pins, by name; several if they depend on the version of Python."""
    text = re.sub(r"\\\n", " ", (ROOT / lock).read_text(encoding="utf-8"))
    pinned: dict[str, list[Requirement]] = {}
    for line in text.splitlines():
        if line and not line.lstrip().startswith("#"):
            requirement = Requirement(line.split(" --hash")[0])
            pinned.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return pinned


def versions(lock: str) -> set[tuple[str, str]]:
    return {(name, str(each.specifier)) for name, found in requirements(lock).items() for each in found}


def here(lock: str) -> set[str]:
    """What is installed of a lock on this machine."""
    return {
        name
        for name, found in requirements(lock).items()
        if any(each.marker is None or each.marker.evaluate() for each in found)
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_each_distribution_with_hashes_and_names_no_registry(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = [block for block in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE) if re.match("[a-z]", block)]
    assert blocks
    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []
    assert re.findall(r"https?://\S+|^--.*", text, flags=re.MULTILINE) == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-build.lock"])
def test_each_version_is_that_of_the_full_lock(lock: str) -> None:
    assert versions(lock) - versions("requirements-dev.lock") == set()


def test_the_runtime_lock_has_what_the_project_requires_and_is_small() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {canonicalize_name(Requirement(each).name) for each in project["dependencies"]} <= here("requirements.lock")
    assert len(here("requirements.lock")) + 1 <= 45  # with Frontmart itself


def python(program: str, cwd: Path) -> str:
    locked = ",".join([*requirements("requirements.lock"), "frontmart"])
    env = {"PATH": os.defpath, "HOME": str(cwd), "PYTHONPATH": str(ROOT), "SAMPLE": str(SAMPLE), "DAY": str(AS_OF)}
    done = subprocess.run(
        [sys.executable, "-c", WITH_THE_RUNTIME_ALONE + program, locked], cwd=cwd, env=env,
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("module", ["prefect", "pandas", "sqlglot", "openlineage.client", "pytest"])
def test_a_library_outside_of_the_runtime_lock_cannot_be_imported_here(module: str, tmp_path: Path) -> None:
    program = f"try: import {module}\nexcept ModuleNotFoundError as error: print(error)"
    assert python(program, tmp_path) == f"{module.partition('.')[0]} is not in the runtime lock\n"


def test_every_module_but_the_flows_is_imported_with_the_runtime_alone(tmp_path: Path) -> None:
    assert len(json.loads(python(IMPORT_EVERYTHING, tmp_path))) > 100


def test_build_query_export_report_and_describe_work_with_the_runtime_alone(tmp_path: Path) -> None:
    assert python(USE_EVERYTHING, tmp_path) == "11 unchanged\n"
