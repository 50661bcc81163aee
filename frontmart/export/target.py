"""Export targets: the file system of a URL, the errors it may raise, and messages without its credentials."""

import sys
from typing import Any, Final

from fsspec.core import url_to_fs  # type: ignore[import-untyped]

from frontmart.errors import UsageError
from transforms.redact.credentials import redact_url

# Errors that file systems and writers raise besides OSError, by module; they have no common base class.
_FOREIGN_ERRORS: Final = {
    "aiohttp": ("ClientError",),
    "azure.core.exceptions": ("AzureError",),
    "botocore.exceptions": ("BotoCoreError", "ClientError"),
    "duckdb": ("Error",),
    "ftplib": ("Error",),
    "gcsfs.retry": ("HttpError",),
    "google.auth.exceptions": ("GoogleAuthError",),
    "paramiko": ("SSHException",),
    "polars.exceptions": ("PolarsError",),
    "sqlite3": ("Error",),
    "xlsxwriter.exceptions": ("XlsxWriterException",),
}


def open_target(target: str) -> tuple[Any, str]:
    """The fsspec file system of a target, and the path in it.

    Raises UsageError for an invalid target, and for a protocol that is unknown or whose package is not installed.
    """
    place = redact_url(target)
    if not target.strip():
        raise UsageError("the target is empty; give a folder, or a URL such as s3://bucket/folder")
    try:
        system, root = url_to_fs(target)
    except ImportError as error:
        package = getattr(error.__cause__, "name", None) or "the package it names"
        raise UsageError(f"{place}: {error}, with `python -m pip install {package}`") from None
    except (ValueError, TypeError, AttributeError) as error:  # the last two: a protocol that needs more than a URL
        message = f"{place}: is not a valid target ({reason(error, target)})"
        raise UsageError(f"{message}; give a folder, or a URL such as s3://bucket/folder") from None
    return system, root


def target_errors() -> tuple[type[Exception], ...]:
    """The errors that a target may raise, such as ValueError for an invalid path, NotImplementedError if read-only."""
    loaded = [(sys.modules[module], names) for module, names in _FOREIGN_ERRORS.items() if module in sys.modules]
    foreign = [getattr(module, name, OSError) for module, names in loaded for name in names]
    return (OSError, ValueError, NotImplementedError, *foreign)


def reason(error: Exception, target: str) -> str:
    """The text of an error on one line; only its class if the target has credentials, which the text may repeat."""
    name = type(error).__name__
    return name if redact_url(target) != target else f"{name}: {' '.join(str(error).split())}"
