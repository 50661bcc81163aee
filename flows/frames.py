"""Frames to Parquet files, with an error that names the file: Polars' own leaves it open."""

import os
from pathlib import Path
from typing import Any

import polars as pl

from flows.errors import FrontmartError


def write_frame(frame: pl.DataFrame, path: Path, **options: Any) -> None:
    """Write a frame as Parquet, with options of Polars. Raises FrontmartError where the disk refuses it."""
    try:
        frame.write_parquet(path, **options)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).split("underlying IO error: ")[-1].split(os.linesep)[0]
        message = f"{path} cannot be written: {reason}"
        raise FrontmartError(f"{message}. See that the disk has room and that its permissions allow it.") from error
