"""The SBOM: valid, complete, the same every time; and the licences in it."""

import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import LicenseSymbol, get_spdx_licensing

from frontmart.version import VERSION
from supply_chain.locks import SHIPPED, Pin, read_lock
from supply_chain.sbom import main, read_licenses, sbom
from tests.installed import ROOT

FILES = ["frontmart.cdx.json", "frontmart-prefect.cdx.json"]
# Permissive, or copyleft for changes to the library's own files alone (MPL).
ALLOWED = {
    "0BSD", "Apache-2.0", "Artistic-1.0-Perl", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT",
    "MIT-0", "MPL-2.0", "PSF-2.0", "Zlib",
}  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sbom") / "dist"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        assert main([str(folder)]) == 0
    return folder


def load(folder: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return loaded


def test_there_is_one_of_each_lock_that_users_install(written: Path) -> None:
    assert sorted(path.name for path in written.iterdir()) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_it_is_valid(name: str, written: Path) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    text = (written / name).read_text(encoding="utf-8")
    assert validator.validate_str(text) is None
    assert validator.validate_str(text.replace('"SHA-256"', '"SHA-257"')) is not None


@pytest.mark.parametrize(("name", "lock"), zip(FILES, SHIPPED, strict=True))
def test_it_has_each_pin_of_the_lock_with_its_hashes_and_licence(name: str, lock: str, written: Path) -> None:
    licenses = read_licenses()
    found = [
        (
            each["name"],
            each["version"],
            each["purl"],
            [text["content"] for reference in each["externalReferences"] for text in reference["hashes"]],
            [stated.get("expression") or stated["license"]["id"] for stated in each["licenses"]],
            [stated["value"] for stated in each.get("properties", [])],
        )
        for each in load(written, name)["components"]
    ]
    expected = [
        (
            pin.name,
            pin.version,
            f"pkg:pypi/{pin.name}@{pin.version}",
            sorted(pin.hashes),
            [licenses[pin.name]],
            [pin.marker] if pin.marker else [],
        )
        for pin in read_lock(ROOT / lock)
    ]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(("name", "lock"), zip(FILES, SHIPPED, strict=True))
def test_it_has_what_requires_what(name: str, lock: str, written: Path) -> None:
    bom = load(written, name)
    names = {each["bom-ref"]: each["name"] for each in [bom["metadata"]["component"], *bom["components"]]}
    found = {
        (names[each["ref"]], names[required]) for each in bom["dependencies"] for required in each.get("dependsOn", [])
    }
    assert found == {(by, pin.name) for pin in read_lock(ROOT / lock) for by in pin.required_by}
    assert ("frontmart", "duckdb") in found
    assert {each["ref"] for each in bom["dependencies"]} == set(names)


@pytest.mark.parametrize("name", FILES)
def test_it_is_of_this_version_of_frontmart(name: str, written: Path) -> None:
    component = load(written, name)["metadata"]["component"]
    assert (component["name"], component["version"], component["type"]) == ("frontmart", VERSION, "application")
    assert component["licenses"] == [{"license": {"id": "Apache-2.0"}}]


@pytest.mark.parametrize("name", FILES)
def test_it_is_the_same_every_time_and_names_no_time_and_no_registry(name: str, written: Path, tmp_path: Path) -> None:
    main([str(tmp_path)])
    text = (written / name).read_text(encoding="utf-8")
    assert text == (tmp_path / name).read_text(encoding="utf-8")
    assert "timestamp" not in load(written, name)["metadata"]
    assert text.count("://") == text.count("http://cyclonedx.org/schema/") == 1


def test_another_lock_has_another_serial_number(written: Path) -> None:
    numbers = {load(written, name)["serialNumber"] for name in FILES}
    pins = read_lock(ROOT / SHIPPED[0])
    numbers.add(json.loads(sbom(pins[1:]))["serialNumber"])
    assert len(numbers) == 3


def test_a_release_can_state_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1893456000")
    text = sbom(read_lock(ROOT / SHIPPED[0]))
    assert json.loads(text)["metadata"]["timestamp"] == "2030-01-01T00:00:00+00:00"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_a_pin_without_a_licence_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"no licence of nobody; add the SPDX expression that it states$"):
        sbom([Pin("nobody", "1", None, ("0" * 64,), ("frontmart",))])


def test_the_licences_are_those_of_the_locks_and_in_order() -> None:
    licenses = read_licenses()
    assert list(licenses) == sorted({pin.name for lock in SHIPPED for pin in read_lock(ROOT / lock)})


def test_the_licences_are_those_that_the_installed_distributions_state() -> None:
    """Where they state one as an SPDX expression."""
    stated = {}
    for name in read_licenses():
        try:
            stated[name] = distribution(name).metadata["License-Expression"]
        except PackageNotFoundError:
            continue
    expressions = {name: expression for name, expression in stated.items() if expression}
    assert len(expressions) > 50
    assert {name: read_licenses()[name] for name in expressions} == expressions


def allowed(expression: Any) -> bool:
    """Whether each part of an expression that cannot be avoided is allowed."""
    if isinstance(expression, LicenseSymbol):
        return expression.key in ALLOWED
    return (all if expression.operator.strip() == "AND" else any)(allowed(each) for each in expression.args)


def test_every_licence_is_permissive_or_copyleft_for_its_own_files_alone() -> None:
    parse = get_spdx_licensing().parse
    licenses = read_licenses()
    assert [name for name, text in licenses.items() if not allowed(parse(text, validate=True))] == []
    assert not allowed(parse("MIT AND GPL-3.0-only"))
    assert allowed(parse("MIT OR GPL-3.0-only"))
