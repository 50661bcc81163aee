"""The vulnerabilities of `advisories.toml`, and the pins of a lock that fall under one. Needs no network."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from packaging.version import Version
from pydantic import BaseModel, ConfigDict, Field, field_validator

from supply_chain.locks import Pin

FILE: Final = Path(__file__).with_name("advisories.toml")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    package: str
    reason: str


class Floor(_Entry):
    """A vulnerability, and the first version without it."""

    fixed_in: str
    id: str = Field(pattern=r"^(CVE-\d{4}-\d{4,}|GHSA(-[a-z0-9]{4}){3})$")
    added: date

    @field_validator("fixed_in")
    @classmethod
    def _is_a_version(cls, text: str) -> str:
        Version(text)
        return text

    def is_above(self, pin: Pin) -> bool:
        """Whether a pin has this vulnerability."""
        return pin.name == self.package and Version(pin.version) < Version(self.fixed_in)


class Accepted(_Entry):
    """A package of a lock that may be below its floors."""

    lock: str


class Ignored(_Entry):
    """A vulnerability that no version fixes and that OSV is not to report."""

    id: str


class Advisories(BaseModel):
    """The file `advisories.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    floor: list[Floor]
    accepted: list[Accepted] = []
    ignored: list[Ignored] = []

    @classmethod
    def read(cls, path: Path = FILE) -> "Advisories":
        """Raises ValueError for a file that is no TOML or has an unknown or missing key."""
        return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))

    def findings(self, locks: Mapping[str, Sequence[Pin]]) -> list[str]:
        """A line for each pin below a floor that is not accepted, and for each acceptance without one."""
        below = [
            (lock, pin, floor)
            for lock, pins in locks.items()
            for pin in pins
            for floor in self.floor
            if floor.is_above(pin)
        ]
        needed = {(lock, pin.name) for lock, pin, _ in below}
        return [
            f"{lock}: {pin.name} {pin.version} has {floor.id}, fixed in {floor.fixed_in}: {floor.reason}"
            for lock, pin, floor in below
            if not self.accepts(lock, pin)
        ] + [
            f"{each.lock}: {each.package} is accepted in advisories.toml and below no floor: remove that entry"
            for each in self.accepted
            if (each.lock, each.package) not in needed
        ]

    def accepts(self, lock: str, pin: Pin) -> bool:
        """Whether a pin of a lock may have known vulnerabilities."""
        return any((each.lock, each.package) == (lock, pin.name) for each in self.accepted)
