"""The type of the setting `max_rejects`: a limit of rejected files.

A module of its own, so that `warehouse.checks` can use it without importing the settings.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

FORMS: Final = "a number of files, such as 10, or a percentage of the files seen, such as 0.5%"

_FORM: Final = re.compile(r"(?P<number>[0-9]{1,15})|(?P<percent>[0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%")


@dataclass(frozen=True, slots=True)
class RejectLimit:
    """The most rejects to publish with: a number of files, or a percentage (0 to 100) of the files seen."""

    amount: Decimal
    is_percentage: bool

    @classmethod
    def parse(cls, text: str) -> "RejectLimit":
        """Parse `10` or `0.5%`. Raises ValueError, whose message shows both forms."""
        match = _FORM.fullmatch(text.strip())
        if match is None or Decimal(match["percent"] or 0) > 100:
            raise ValueError(f"must be {FORMS}")
        return cls(Decimal(match["percent"] or match["number"]), match["percent"] is not None)

    def allowed(self, seen: int) -> int:
        """The number of rejects allowed among the files seen."""
        return int(self.amount * seen / 100) if self.is_percentage else int(self.amount)

    def __str__(self) -> str:
        """The limit as written in settings."""
        return f"{self.amount}%" if self.is_percentage else str(self.amount)
