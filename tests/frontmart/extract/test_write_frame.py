"""Frames to files: errors that Polars does not report are raised."""

from pathlib import Path

import polars as pl
import pytest

from frontmart.errors import FrontmartError
from frontmart.extract.worker import write_frame


def test_a_frame_is_written_with_the_options_given(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1, 2]})
    write_frame(frame, tmp_path / "a.parquet", compression="lz4")
    assert pl.read_parquet(tmp_path / "a.parquet").equals(frame)


def test_the_disk_has_the_word_on_why_a_file_cannot_be_written() -> None:
    frame = pl.DataFrame({"a": list(range(100_000))})
    with pytest.raises(FrontmartError, match=r"^/dev/full cannot be written: No space left on device\. Check disk"):
        write_frame(frame, Path("/dev/full"))


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FrontmartError, match=r"gone/a\.parquet cannot be written: No such file or directory\."):
        write_frame(pl.DataFrame({"a": [1]}), tmp_path / "gone" / "a.parquet")
