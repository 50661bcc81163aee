"""The audit of the locks: it finds nothing in ours, and fails when there is something to find."""

import re
from datetime import date
from importlib.metadata import distributions
from pathlib import Path
from shutil import copy

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from supply_chain.advisories import Accepted, Advisories, Floor
from supply_chain.audit import main
from supply_chain.locks import LOCKS, Pin, read_lock
from tests.installed import ROOT

HEX = "0" * 64


def pin(name: str, version: str) -> Pin:
    return Pin(name, version, None, (HEX,), ())


def floor(package: str, fixed_in: str) -> Floor:
    return Floor(package=package, fixed_in=fixed_in, id="CVE-2030-12345", added=date(2030, 1, 1), reason="why")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of every lock."""
    for name in LOCKS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, tmp_path / name)
    return tmp_path


def downgrade(lock: Path, name: str, version: str) -> None:
    text, count = re.subn(rf"(?m)^{name}==\S+", f"{name}=={version}", lock.read_text(encoding="utf-8"))
    assert count == 1
    lock.write_text(text, encoding="utf-8")


def test_no_lock_has_a_known_vulnerability(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--osv", "never"]) == 0
    pins = sum(len(read_lock(ROOT / lock)) for lock in LOCKS)
    assert capsys.readouterr().out == f"advisories.toml: {pins} pins in {len(LOCKS)} locks, no findings\n"


def test_nothing_installed_here_has_a_known_vulnerability() -> None:
    """The pip and setuptools that Python brings into a new environment are in no lock."""
    installed = [pin(canonicalize_name(each.name), each.version) for each in distributions()]
    assert "pip" in {each.name for each in installed}
    assert Advisories(floor=Advisories.read().floor).findings({"this environment": installed}) == []


@pytest.mark.parametrize(
    ("lock", "name", "version", "found"),
    [
        (
            "requirements-pip.lock", "pip", "26.1.2",
            ["has CVE-2026-13346, fixed in 26.2: a URL that is encoded twice installs outside of the intended place"],
        ),
        (
            "requirements.lock", "jinja2", "3.1.4",
            [
                "has CVE-2024-56201, fixed in 3.1.5: a file name of a template runs code",
                "has CVE-2024-56326, fixed in 3.1.5: an indirect call of str.format leaves the sandbox",
                "has CVE-2025-27516, fixed in 3.1.6: the filter attr leaves the sandbox",
            ],
        ),
        (
            "benchmarks/requirements.lock", "setuptools", "78.1.1",
            ["has CVE-2026-59890, fixed in 83.0.0: on macOS excluded files get into a source archive"],
        ),
    ],
)  # fmt: skip
def test_a_lock_with_a_vulnerable_version_fails_the_audit(
    lock: str, name: str, version: str, found: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    downgrade(folder / lock, name, version)
    assert main(["--osv", "never", "--root", str(folder)]) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [f"{lock}: {name} {version} {each}" for each in found]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_every_lock_is_compared(lock: str) -> None:
    pins = read_lock(ROOT / lock)
    newer = Advisories(floor=[floor(each.name, f"{Version(each.version).epoch + 1}!0") for each in pins])
    assert {(each.name, each.version) for each in pins} == {
        tuple(line.removeprefix(f"{lock}: ").split()[:2]) for line in newer.findings({lock: pins})
    }


@pytest.mark.parametrize(
    ("version", "is_found"),
    [
        ("2.0.0", True),
        ("2.0.1rc1", True),
        ("1.10.0", True),
        ("2.0.1", False),
        ("2.0.1.post1", False),
        ("2.0.10", False),
    ],
)
def test_versions_are_compared_as_versions(version: str, is_found: bool) -> None:
    found = Advisories(floor=[floor("duckdb", "2.0.1")]).findings({"a.lock": [pin("duckdb", version)]})
    assert found == [f"a.lock: duckdb {version} has CVE-2030-12345, fixed in 2.0.1: why"] * is_found


def test_an_accepted_package_is_not_found_in_its_lock_and_is_in_others() -> None:
    accepted = Accepted(lock="a.lock", package="duckdb", reason="why")
    advisories = Advisories(floor=[floor("duckdb", "2")], accepted=[accepted])
    line = "duckdb 1 has CVE-2030-12345, fixed in 2: why"
    assert advisories.findings({lock: [pin("duckdb", "1")] for lock in ("a.lock", "b.lock")}) == [f"b.lock: {line}"]
    assert advisories.findings({"a.lock": [pin("duckdb", "2")]}) == [
        "a.lock: duckdb is accepted in advisories.toml and below no floor: remove that entry"
    ]


def test_each_advisory_is_listed_once_and_by_name() -> None:
    listed = [(each.package, each.id) for each in Advisories.read().floor]
    assert len(set(listed)) == len(listed)
    packages = [package for package, _ in listed]
    assert packages == sorted(packages)
    assert packages == [canonicalize_name(package) for package in packages]


@pytest.mark.parametrize("wrong", ['fixed_in = "two"', 'id = "CVE-30"', 'id = "GHSA-1"', "added = 1", "fixed = 1"])
def test_a_wrong_entry_is_an_error(wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = {"package": '"a"', "fixed_in": '"1"', "id": '"CVE-2030-12345"', "added": "2030-01-01", "reason": '"why"'}
    key, _, value = wrong.partition(" = ")
    path = tmp_path / "advisories.toml"
    path.write_text("[[floor]]\n" + "".join(f"{each} = {text}\n" for each, text in (entry | {key: value}).items()))
    assert main(["--osv", "never", "--advisories", str(path)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert key in shown.err


def test_a_missing_lock_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "requirements.lock").unlink()
    assert main(["--osv", "never", "--root", str(folder)]) == 2
    assert str(folder / "requirements.lock") in capsys.readouterr().err
