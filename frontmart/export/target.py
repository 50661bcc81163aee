"""Targets: opening the file system of a URL, what it may raise, and how to tell of it without the credentials in it."""

import sys
from typing import Any, Final

from fsspec.core import url_to_fs  # type: ignore[import-untyped]

from frontmart.errors import UsageError
from transforms.redact.credentials import redact_url

# What file systems, and what writes files, raise besides OSError, by module: these classes have nothing in common.
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

    Raises UsageError for what is no target, and for a protocol that is unknown or whose package is not installed.
    """
    shown = redact_url(target)
    if not target.strip():
        raise UsageError("the target is empty; give a folder, or a URL such as s3://bucket/folder")
    try:
        system, root = url_to_fs(target)
    except ImportError as error:
        package = getattr(error.__cause__, "name", None) or "the package it names"
        raise UsageError(f"{shown}: {error}, with `python -m pip install {package}`") from None
    except (ValueError, TypeError, AttributeError) as error:  # the last two: a protocol that asks for more than a URL
        message = f"{shown}: is no target ({reason(error, target)})"
        raise UsageError(f"{message}; give a folder, or a URL such as s3://bucket/folder") from None
    return system, root


def target_errors() -> tuple[type[Exception], ...]:
    """What a target may raise: ValueError for a path that it does not take, NotImplementedError if it is read-only."""
    loaded = [(sys.modules[module], names) for module, names in _FOREIGN_ERRORS.items() if module in sys.modules]
    foreign = [getattr(module, name, OSError) for module, names in loaded for name in names]
    return (OSError, ValueError, NotImplementedError, *foreign)


def reason(error: Exception, target: str) -> str:
    """What an error says, in one line; where the target holds credentials, which it may repeat, only its class."""
    name = type(error).__name__
    return name if redact_url(target) != target else f"{name}: {' '.join(str(error).split())}"
