"""dataframely, which declares tables, imported without the libraries that it would load only because they are there.

Where SQLAlchemy is installed (Prefect brings it), dataframely imports it, to write its types into databases. Nothing
here does that, and every process that parses files would wait a tenth of a second for it.
"""

import sys
from types import ModuleType
from typing import Final


def _import_without(absent: str) -> ModuleType:
    is_loaded = absent in sys.modules
    if not is_loaded:
        sys.modules[absent] = None  # type: ignore[assignment]  # what Python takes for "cannot be imported"
    try:
        import dataframely

        return dataframely
    finally:
        if not is_loaded:
            del sys.modules[absent]


dataframely: Final = _import_without("sqlalchemy")
