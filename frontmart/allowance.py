"""The type of the settings `max_rejects` and `max_loss`: how much of a total is allowed.

A module of its own, so that `warehouse.checks` can use it without importing the settings.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_FORM: Final = re.compile(r"(?P<number>[0-9]{1,15})|(?P<percent>[0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%")


@dataclass(frozen=True, slots=True)
class Allowance:
    """A number of files or documents, or a percentage (0 to 100) of a total."""

    amount: Decimal
    is_percentage: bool

    @classmethod
    def parse(cls, text: str) -> "Allowance":
        """Parse `10` or `0.5%`. Raises ValueError for any other text."""
        match = _FORM.fullmatch(text.strip())
        if match is None or Decimal(match["percent"] or 0) > 100:
            raise ValueError("must be a number, such as 10, or a percentage, such as 0.5%")
        return cls(Decimal(match["percent"] or match["number"]), match["percent"] is not None)

    def allowed(self, total: int) -> int:
        """The number allowed among a total, rounded down."""
        return int(self.amount * total / 100) if self.is_percentage else int(self.amount)

    def __str__(self) -> str:
        """The allowance as written in settings."""
        return f"{self.amount}%" if self.is_percentage else str(self.amount)
