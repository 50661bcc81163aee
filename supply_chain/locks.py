"""Lock files, as `make lock` writes them: each distribution with one version, its hashes, and what requires it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

# What users install: the commands that need no extra, and what `frontmart serve` adds.
SHIPPED: Final = ("requirements.lock", "requirements-prefect.lock")
# What only a checkout installs: for developers, and for `make notebook`.
OTHERS: Final = (
    "requirements-dev.lock",
    "requirements-notebook.lock",
    "requirements-build.lock",
    "requirements-pip.lock",
    "benchmarks/requirements.lock",
    "tests/bi/requirements.lock",
    "tests/readers/requirements.lock",
)
LOCKS: Final = (*SHIPPED, *OTHERS)

_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})(?=\s|$)")
_REQUIRED_BY: Final = re.compile(r"\s*#\s+(?!via$)(?:via\s+)?(\S+)")


class LockError(ValueError):
    """A line of a lock that is no pinned distribution."""


@dataclass(frozen=True)
class Pin:
    """A distribution in a lock.

    `name` is normalised. `marker` says where it is installed, None for everywhere. `hashes` are the SHA-256 of its
    files, in hex. `required_by` are the normalised names of those that require it, `frontmart` for Frontmart itself.
    """

    name: str
    version: str
    marker: str | None
    hashes: tuple[str, ...]
    required_by: tuple[str, ...]


def read_lock(path: Path) -> list[Pin]:
    """The pins of a lock, in its order; several of one name if its version depends on the version of Python.

    Raises LockError for anything else than a name with `==`, a version and hashes: another operator, a URL, an option.
    """
    blocks: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line[0].isspace() and not line.startswith("#"):
            blocks.append([])
        if blocks:
            blocks[-1].append(line)
        elif line and not line.startswith("#"):
            raise LockError(f"{path}: {line.strip()!r}: not a pinned distribution; write the lock again: make lock")
    return [_pin(path, block) for block in blocks]


def _pin(path: Path, block: list[str]) -> Pin:
    stated = "\n".join(line for line in block if not line.lstrip().startswith("#"))
    hashes = tuple(_HASH.findall(stated))
    try:
        requirement = Requirement(re.sub(r"\\\s*", " ", _HASH.sub("", stated)).strip())
    except InvalidRequirement:
        requirement = None
    if requirement is None or requirement.url or not hashes or not _is_exact(requirement):
        raise LockError(f"{path}: {block[0]!r}: not a pinned distribution with hashes; write the lock again: make lock")
    (specifier,) = requirement.specifier
    marker = str(requirement.marker) if requirement.marker else None
    return Pin(canonicalize_name(requirement.name), specifier.version, marker, hashes, _required_by(block))


def _is_exact(requirement: Requirement) -> bool:
    return [(each.operator, "*" in each.version) for each in requirement.specifier] == [("==", False)]


def _required_by(block: list[str]) -> tuple[str, ...]:
    """From the comments under a pin: `# via name`, or a list of names. `-c` and `-r` name files."""
    found = [_REQUIRED_BY.match(line) for line in block]
    names = {canonicalize_name(each[1]) for each in found if each and not each[1].startswith("-")}
    return tuple(sorted(names))
