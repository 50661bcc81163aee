"""`make sbom`: a software bill of materials (CycloneDX, JSON) of each lock that users install.

From the lock, `licenses.toml` and the version in `pyproject.toml` alone: no network, no clock, no environment, so that
the same files give the same bytes. With SOURCE_DATE_EPOCH it also has that time.
"""

import json
import os
import sys
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from supply_chain.locks import SHIPPED, Pin, read_lock

ROOT: Final = Path(__file__).parents[1]
LICENSES: Final = Path(__file__).with_name("licenses.toml")
_FRONTMART: Final = "frontmart"


def main(arguments: Sequence[str]) -> int:
    """Write the SBOM of each lock into the folder that is named; print the paths."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for lock in SHIPPED:
        path = folder / f"{_FRONTMART}{lock.removeprefix('requirements').removesuffix('.lock')}.cdx.json"
        path.write_text(sbom(read_lock(ROOT / lock)), encoding="utf-8")
        sys.stdout.write(f"{path}\n")
    return 0


def sbom(pins: Sequence[Pin]) -> str:
    """The SBOM of Frontmart with these pins, as JSON.

    Raises ValueError for a pin without a licence in `licenses.toml`.
    """
    licenses = read_licenses()
    missing = sorted({pin.name for pin in pins} - licenses.keys())
    if missing:
        raise ValueError(f"{LICENSES}: no licence of {', '.join(missing)}; add the SPDX expression that it states")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    root = _component(_FRONTMART, project["version"], project["license"], ComponentType.APPLICATION)
    components = [(pin, _library(pin, licenses[pin.name])) for pin in pins]
    bom = Bom(
        metadata=BomMetaData(component=root),
        components=[component for _, component in components],
        serial_number=uuid5(NAMESPACE_URL, repr((root.purl, pins, licenses))),
    )
    for name, component in [(_FRONTMART, root), *((pin.name, component) for pin, component in components)]:
        bom.register_dependency(component, [each for pin, each in components if name in pin.required_by])
    return _text(json.loads(JsonV1Dot6(bom).output_as_string()))


def read_licenses() -> dict[str, str]:
    """The SPDX expressions of `licenses.toml`, by the normalised name of the distribution."""
    licenses: dict[str, str] = tomllib.loads(LICENSES.read_text(encoding="utf-8"))["licenses"]
    return licenses


def _library(pin: Pin, license_expression: str) -> Component:
    component = _component(pin.name, pin.version, license_expression, ComponentType.LIBRARY)
    # A distribution has a file for each platform, so the hashes belong to what is downloaded, not to the component. No
    # index is named: any of them serves the same files.
    component.external_references.add(
        ExternalReference(
            type=ExternalReferenceType.DISTRIBUTION,
            url=XsUri(str(component.purl)),
            comment="the files of this release, for all platforms",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes],
        )
    )
    if pin.marker:
        component.properties.add(Property(name="frontmart:marker", value=pin.marker))
    return component


def _component(name: str, version: str, license_expression: str, kind: ComponentType) -> Component:
    # Frontmart itself is on no index: a package of its name there would be another one.
    purl = PackageURL("generic" if name == _FRONTMART else "pypi", name=name, version=version)
    return Component(
        name=name,
        version=version,
        type=kind,
        bom_ref=str(purl),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(license_expression)],
    )


def _text(bom: dict[str, Any]) -> str:
    """JSON without the time of this run, which the library always writes."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    del bom["metadata"]["timestamp"]
    if epoch:
        bom["metadata"]["timestamp"] = datetime.fromtimestamp(int(epoch), UTC).isoformat()
    return json.dumps(bom, indent=2, sort_keys=True, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
