"""Reading locks, and what each of ours holds."""

import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pip_requirements_parser import RequirementsFile

from supply_chain.locks import LOCKS, SHIPPED, LockError, Pin, read_lock
from tests.installed import ROOT

ONE, TWO = "1" * 64, "2" * 64


def lock(folder: Path, text: str) -> Path:
    path = folder / "requirements.lock"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_pin_has_a_version_a_marker_hashes_and_who_requires_it(tmp_path: Path) -> None:
    text = (
        f"Via_Duct==1.0 \\\n    --hash=sha256:{ONE} \\\n    --hash=sha256:{TWO}\n"
        "    # via\n    #   -c requirements-dev.lock\n    #   viaduct\n    #   frontmart (pyproject.toml)\n"
        f"numpy==2.4.6 ; python_full_version < '3.12' \\\n    --hash=sha256:{ONE}\n    # via dataframely\n"
        f"numpy==2.5.5 ; python_full_version >= '3.12' \\\n    --hash=sha256:{TWO}\n    # via -r some.in\n"
    )
    assert read_lock(lock(tmp_path, text)) == [
        Pin("via-duct", "1.0", None, (ONE, TWO), ("frontmart", "viaduct")),
        Pin("numpy", "2.4.6", 'python_full_version < "3.12"', (ONE,), ("dataframely",)),
        Pin("numpy", "2.5.5", 'python_full_version >= "3.12"', (TWO,), ()),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "duckdb",
        f"duckdb>=2.0 --hash=sha256:{ONE}",
        f"duckdb==2.* --hash=sha256:{ONE}",
        f"duckdb==2.0,!=2.1 --hash=sha256:{ONE}",
        "duckdb==2.0",
        f"duckdb==2.0 --hash=md5:{ONE}",
        f"duckdb==2.0 --hash=sha256:{ONE[1:]}",
        f"duckdb @ https://example.com/duckdb.whl --hash=sha256:{ONE}",
        "--index-url https://example.com",
        "-r other.lock",
        "https://example.com/duckdb.whl",
        f"duckdb==2.0 --hash=sha256:{ONE}\n    --extra-index-url https://example.com",
    ],
)
def test_a_line_that_is_no_pinned_distribution_with_hashes_is_an_error(line: str, tmp_path: Path) -> None:
    path = lock(tmp_path, f"{line}\n    # via frontmart (pyproject.toml)\n")
    with pytest.raises(LockError) as caught:
        read_lock(path)
    first = line.splitlines()[0]
    reason = "not a pinned distribution with hashes; write the lock again: make lock"
    assert str(caught.value) == f"{path}: {first!r}: {reason}"


@pytest.mark.parametrize("name", LOCKS)
def test_each_lock_is_read_as_pip_reads_it(name: str) -> None:
    """So that nothing is installed that was not looked at; names no registry either, which would be an option."""
    parsed = RequirementsFile.from_file(str(ROOT / name))
    assert (parsed.options, parsed.invalid_lines) == ([], [])
    assert [(pin.name, pin.version, pin.marker, list(pin.hashes)) for pin in read_lock(ROOT / name)] == [
        (
            canonicalize_name(each.name),
            each.get_pinned_version,
            str(each.marker) if each.marker else None,
            [text.removeprefix("sha256:") for text in each.hash_options],
        )
        for each in parsed.requirements
    ]


def test_every_lock_of_the_repository_is_read() -> None:
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.lock"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert sorted(found.stdout.split()) == sorted(LOCKS)


def names(name: str) -> set[str]:
    return {pin.name for pin in read_lock(ROOT / name)}


def test_no_lock_that_users_install_has_a_browser_a_cluster_or_an_installer() -> None:
    kept_out = {"axe-playwright-python", "dask", "distributed", "pip", "playwright", "prefect-dask", "setuptools"}
    assert kept_out - {"setuptools"} <= names("requirements-dev.lock")
    assert {name: names(name) & kept_out for name in SHIPPED} == {name: set() for name in SHIPPED}


def test_the_lock_of_a_service_is_the_runtime_and_what_prefect_requires() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    runtime, service = read_lock(ROOT / "requirements.lock"), read_lock(ROOT / "requirements-prefect.lock")
    versions = {(pin.name, pin.version) for pin in service}
    assert {(pin.name, pin.version) for pin in runtime} < versions
    required = {canonicalize_name(Requirement(each).name) for each in extras["prefect"]}
    assert {pin.name for pin in service if "frontmart" in pin.required_by} - names("requirements.lock") == required
