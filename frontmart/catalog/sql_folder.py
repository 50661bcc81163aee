"""The folder of the SQL: next to the packages in a checkout, inside this package in an installed distribution."""

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parents[1]
_INSTALLED: Final = _PACKAGE / "sql"

SQL: Final = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "sql"
