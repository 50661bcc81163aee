"""What OSV, the public database of vulnerabilities, knows of pins today: asked with pip-audit, over the network."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path
from textwrap import shorten
from typing import Final

from supply_chain.locks import Pin

OSV: Final = "https://api.osv.dev/v1/query"


class UnreachableError(OSError):
    """OSV was not asked about every pin: no network, or an answer that is none."""


def ask_osv(
    pins: Iterable[Pin], ignored: Collection[str], url: str = OSV, timeout: float = 15
) -> dict[tuple[str, str], list[str]]:
    """The known vulnerabilities of each name and version among the pins, without those whose ID is ignored.

    Every version is asked about, whatever its marker says of this machine. `timeout` is in seconds, for each question.
    Raises UnreachableError if one of them gets no answer.
    """
    return {
        (name, part[name]): found
        for part in _one_version_each(pins)
        for name, found in _ask(part, ignored, url, timeout).items()
    }


def _one_version_each(pins: Iterable[Pin]) -> list[dict[str, str]]:
    """The versions by name, in as few parts as have no name twice, since pip-audit refuses a file that does."""
    parts: list[dict[str, str]] = []
    for name, version in sorted({(pin.name, pin.version) for pin in pins}):
        part = next((each for each in parts if name not in each), None)
        if part is None:
            parts.append(part := {})
        part[name] = version
    return parts


def _ask(versions: dict[str, str], ignored: Collection[str], url: str, timeout: float) -> dict[str, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        requirements.write_text("".join(f"{name}=={version}\n" for name, version in versions.items()))
        done = subprocess.run(
            [
                sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv", "--osv-url", url,
                "--format", "json", "--timeout", str(timeout), "--progress-spinner", "off", "--disable-pip",
                "--no-deps", "--requirement", str(requirements), *(f"--ignore-vuln={each}" for each in ignored),
            ],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
    try:
        answers = {each["name"]: each.get("vulns") for each in json.loads(done.stdout)["dependencies"]}
    except ValueError:
        raise UnreachableError(_last_line(done.stderr)) from None
    # pip-audit reports what it could not ask about as skipped, and succeeds.
    missing = sorted(name for name in versions if answers.get(name) is None)
    if missing:
        raise UnreachableError(f"no answer about {', '.join(missing)}")
    return {
        name: [f"{each['id']}{_fixed_in(each['fix_versions'])}: {each['description']}" for each in answers[name] or ()]
        for name in versions
    }


def _fixed_in(versions: list[str]) -> str:
    return f", fixed in {' or '.join(versions)}" if versions else ", not fixed yet"


def _last_line(text: str) -> str:
    return shorten((text.strip().splitlines() or ["pip-audit printed nothing"])[-1], width=120, placeholder=" ...")
