"""marts.run_history: the runs before this one."""

import datetime as dt
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from tests.sql.frames import AS_OF, at, frame, warehouse_of

MART = "marts.run_history"


def test_every_column_of_a_run(tmp_path: Path) -> None:
    common = {"as_of_date": AS_OF, "frontmart_version": "1.2.3"}
    runs = [
        {
            "run_id": "r3", "snapshot_id": "s3", "started_at": at("2026-01-03T06:30"), "outcome": "published",
            "file_count": 110, "document_count": 100, "reject_count": 11, "skipped_count": 0, "failed_check_count": 1,
            "total_seconds": 5.5, "list_seconds": 0.5, **common,
        },
        {"run_id": "r1", "snapshot_id": "s1", "started_at": at("2026-01-01"), "outcome": "published",
         "document_count": 90, **common},
        {"run_id": "r2", "started_at": at("2026-01-02"), "outcome": "failed", "document_count": 5, **common},
    ]  # fmt: skip
    with warehouse_of(tmp_path, [], MART, runs=runs) as con:
        rows = frame(con, f"select * from {MART}")
    expected = {
        "run_id": ["r1", "r2", "r3"],
        "run_number": [1, 2, 3],
        "snapshot_id": ["s1", None, "s3"],
        "started_at": [at("2026-01-01"), at("2026-01-02"), at("2026-01-03T06:30")],
        "as_of_date": [dt.date(2026, 1, 31)] * 3,
        "outcome": ["published", "failed", "published"],
        "is_published": [True, False, True],
        "frontmart_version": ["1.2.3"] * 3,
        "file_count": [None, None, 110],
        "document_count": [90, 5, 100],
        "reject_count": [None, None, 11],
        "skipped_count": [None, None, 0],
        "failed_check_count": [None, None, 1],
        "reject_share": [None, None, 0.1],
        "document_count_change": [None, -85, 10],
        "hours_since_previous_run": [None, 24.0, 30.5],
        "total_seconds": [None, None, 5.5],
        "list_seconds": [None, None, 0.5],
        "extract_seconds": [None] * 3,
        "load_seconds": [None] * 3,
        "model_seconds": [None] * 3,
        "check_seconds": [None] * 3,
        "publish_seconds": [None] * 3,
        "files_per_second": [None, None, 20.0],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))
