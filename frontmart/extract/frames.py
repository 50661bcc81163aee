"""Frames to Parquet files, with an error that names the file and what the disk says: Polars' own may tell neither."""

from pathlib import Path
from typing import Any, Final

import polars as pl

from frontmart.errors import FrontmartError

_BLOCK: Final = bytes(64 * 2**10)


def write_frame(frame: pl.DataFrame, path: Path, **options: Any) -> None:
    """Write a frame as Parquet, with options of Polars. Raises FrontmartError; what is then in the file is void."""
    try:
        frame.write_parquet(path, **options)
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"{path} cannot be written: {_refusal(path) or error}"
        raise FrontmartError(f"{message}. See that the disk has room and that its permissions allow it.") from error


def _refusal(path: Path) -> str | None:
    """What the disk says to another block of a file; None where it takes it."""
    try:
        with path.open("ab") as file:
            file.write(_BLOCK)
    except OSError as error:
        return error.strerror
    return None
