"""dataframely, which declares tables, imported without SQLAlchemy.

If SQLAlchemy is installed (as with Prefect), dataframely imports it for schemas of databases. Frontmart does not use
those, and the import would cost every process that parses files a tenth of a second.
"""

import sys
from types import ModuleType
from typing import Final


def _import_without(absent: str) -> ModuleType:
    is_loaded = absent in sys.modules
    if not is_loaded:
        sys.modules[absent] = None  # type: ignore[assignment]  # makes its import fail
    try:
        import dataframely

        return dataframely
    finally:
        if not is_loaded:
            del sys.modules[absent]


dataframely: Final = _import_without("sqlalchemy")
