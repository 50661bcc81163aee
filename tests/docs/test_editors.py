"""The page of SQL editors: its query runs in Harlequin, its commands have these options, and its files exist."""

import re
import shutil
from pathlib import Path

import pytest
from harlequin.cli import build_cli
from harlequin.exception import HarlequinQueryError
from harlequin_duckdb.adapter import DuckDbAdapter

from docs.answers import ROOT
from frontmart.run import Run
from frontmart.snapshots.store import published

TEXT = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```sql\n(.+?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_page_runs_in_harlequin_read_only(sample: Run, tmp_path: Path, query: str) -> None:
    # A process opens a file with one configuration only, and another test may still hold the sample's with its own.
    warehouse = shutil.copy(published(sample.out).warehouse, tmp_path)
    connection = DuckDbAdapter((str(warehouse),), read_only=True).connect()
    try:
        cursor = connection.execute(query)
        assert cursor is not None
        assert cursor.set_limit(3).fetchall().column(0).to_pylist() == ["C#", "Community Workshops", "Route Planning"]
        with pytest.raises(HarlequinQueryError, match="read-only"):
            connection.execute("create table main.mine as select 1")
    finally:
        connection.close()


def test_the_option_of_harlequin_is_one_that_it_has() -> None:
    named = set(re.findall(r"^harlequin (--[a-z-]+)", TEXT, re.MULTILINE))
    assert named == {"--read-only"}
    assert named <= {name for option in build_cli([]).params for name in option.opts}
