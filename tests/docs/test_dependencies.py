"""docs/dependencies.md: its numbers, its examples and its reasons are those of the locks."""

import re

import pytest
from packaging.markers import Marker

from docs.answers import ROOT
from supply_chain.advisories import Advisories
from supply_chain.locks import LOCKS, SHIPPED, read_lock
from supply_chain.sbom import read_licenses

TEXT = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
PLATFORM = {
    "implementation_name": "cpython", "os_name": "posix", "platform_machine": "x86_64", "platform_system": "Linux",
    "platform_python_implementation": "CPython", "python_full_version": "3.11.9", "python_version": "3.11",
    "sys_platform": "linux",
}  # fmt: skip


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    _, _, section = TEXT.partition(f"## {heading}\n")
    section, _, _ = section.partition("\n## ")
    lines = re.findall(r"^\| (.*) \|$", section, re.MULTILINE)
    return [line.split(" | ") for line in lines[2:]]


def test_the_numbers_are_those_of_the_locks() -> None:
    stated = {name.strip("`"): int(count) for name, _, count in rows("Locks")}
    assert stated == {
        lock: len(
            [pin for pin in read_lock(ROOT / lock) if pin.marker is None or Marker(pin.marker).evaluate(PLATFORM)]
        )
        for lock in LOCKS
        if lock.startswith("requirements")
    }


def test_the_example_of_the_audit_is_its_answer() -> None:
    pins = sum(len(read_lock(ROOT / lock)) for lock in LOCKS)
    assert f"advisories.toml: {pins} pins in {len(LOCKS)} locks, no findings\n" in TEXT
    advisories = Advisories.read()
    assert (len(advisories.accepted), len(advisories.ignored)) == (3, 1)


@pytest.mark.parametrize("row", rows("Packages without a maintainer"), ids=lambda row: row[0])
def test_a_package_without_a_maintainer_is_still_required(row: list[str]) -> None:
    name, _, required_by, _ = row
    found = {pin.name: pin.required_by for lock in reversed(SHIPPED) for pin in read_lock(ROOT / lock)}
    assert found[name] == (required_by,)
    assert name not in {pin.name for pin in read_lock(ROOT / "requirements.lock")}


def test_the_packages_with_weak_copyleft_are_named() -> None:
    named = re.search(r"\(MPL-2\.0: ([^)]+)\)", TEXT)
    assert named
    assert named[1].split(", ") == [name for name, text in read_licenses().items() if "MPL" in text]
