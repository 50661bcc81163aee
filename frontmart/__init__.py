"""A folder of front-matter files becomes tidy tables, a DuckDB warehouse and Parquet marts.

    import frontmart

    frontmart.build("articles", "warehouse")
    frontmart.read("coverage_by_topic", "warehouse")

The names in `__all__` are the public API; modules below this one are not. Each is imported when it is first used, so
that `import frontmart` takes no time.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from frontmart.api import build, connect, read, tables
    from frontmart.errors import (
        ChecksFailedError,
        FrontmartError,
        LockedError,
        ModelError,
        SnapshotError,
        SourceUnavailableError,
        UsageError,
    )
    from frontmart.run import Run
    from frontmart.settings import Settings

__all__ = [
    "ChecksFailedError",
    "FrontmartError",
    "LockedError",
    "ModelError",
    "Run",
    "Settings",
    "SnapshotError",
    "SourceUnavailableError",
    "UsageError",
    "build",
    "connect",
    "read",
    "tables",
]

_MODULES: Final = {
    **dict.fromkeys(("build", "connect", "read", "tables"), "api"),
    "Run": "run",
    "Settings": "settings",
}

if not TYPE_CHECKING:  # a type checker knows the names above, and that there are no others

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from frontmart.import_path import require_own_packages

        require_own_packages()
        value = getattr(import_module(f"{__name__}.{_MODULES.get(name, 'errors')}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
