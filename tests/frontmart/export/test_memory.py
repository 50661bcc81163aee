"""Memory does not grow with the rows of a mart: `FRONTMART_MILLION=1 pytest tests/frontmart/export/test_memory.py`."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.frontmart.export.conftest import publish

pytestmark = pytest.mark.skipif(
    "FRONTMART_MILLION" not in os.environ, reason="takes minutes; FRONTMART_MILLION=1 runs it"
)

MOST_MIB = 768
MEASURED = """
import re, sys
from pathlib import Path
from frontmart.export import ExportRequest, export
export(Path(sys.argv[1]), sys.argv[2], ExportRequest(format=sys.argv[3], partition_by=sys.argv[4] or None))
# Not the resources used, which count the process that this one was forked from.
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with a mart of a million rows, 4,000 topics by 250 months, and 17 columns."""
    months = [dt.date(2005 + month // 12, 1 + month % 12, 1) for month in range(250)]
    number = pl.int_range(1_000_000, eager=True).alias("number")
    frame = number.to_frame().select(
        topic_id="topic-" + (pl.col("number") // 250).cast(pl.String).str.zfill(6),
        period_start_date=pl.lit(pl.Series(months)).gather(pl.col("number") % 250),
        topic="Topic number " + (pl.col("number") // 250).cast(pl.String),
        title="=A title that begins like a formula " + (pl.col("number") * 7919 % 1_000_000).cast(pl.String),
        is_period_complete=pl.col("number") % 3 > 0,
        last_published_at=dt.datetime(2006, 1, 1) + pl.duration(seconds=pl.col("number")),
        mean_heat=pl.col("number") / 7,
        article_share=(pl.col("number") % 997) / 997,
        growth_share=(pl.col("number") % 991) / 991,
        **{f"n{times}_count": pl.col("number") * times % 1000 for times in range(8)},
    )
    out = tmp_path_factory.mktemp("million")
    publish(out, {"over_time": frame}, keys={"over_time": ["topic_id", "period_start_date"]})
    return out


@pytest.mark.parametrize(
    ("file_format", "partition_by"),
    [("csv", ""), ("csv", "month"), ("arrow", ""), ("parquet", "month"), ("sqlite", ""), ("xlsx", "")],
)
def test_a_million_rows_take_little_memory(
    million: Path, tmp_path: Path, file_format: str, partition_by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-c", MEASURED, str(million), str(tmp_path / "target"), file_format, partition_by]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with capsys.disabled():
        print(f"\n{file_format} {partition_by}: {int(done.stdout):,} MiB")  # noqa: T201
    assert int(done.stdout) < MOST_MIB
