"""Evidence's DuckDB connector asks the published warehouse, read-only."""

import json
import subprocess
from pathlib import Path

import polars as pl
import pytest

from frontmart.run import Run

EVIDENCE = Path(__file__).parent / "evidence"
SQL = "select topic, article_count, article_share, first_published_at from marts.coverage_by_topic order by topic_id"


def test_the_connector_finds_types_and_values(sample: Run, tmp_path: Path) -> None:
    if not (EVIDENCE / "node_modules").is_dir():
        pytest.fail("Evidence's connector is not set up: run `make test-bi`")
    # As docs/bi/evidence.md has it: a link in the folder of the source.
    (tmp_path / "warehouse.duckdb").symlink_to(sample.out / "published" / "warehouse.duckdb")
    command = ["node", "query.mjs", str(tmp_path), SQL]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=EVIDENCE)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["version"].startswith("v1.")
    assert found["types"] == {
        "topic": "string",
        "article_count": "number",
        "article_share": "number",
        "first_published_at": "date",
    }
    mart = pl.read_parquet(sample.out / "published" / "marts" / "coverage_by_topic.parquet").sort("topic_id")
    assert [row["topic"] for row in found["rows"]] == mart["topic"].to_list()
    assert [row["article_count"] for row in found["rows"]] == mart["article_count"].to_list()
    assert [row["article_share"] for row in found["rows"]] == mart["article_share"].to_list()
    times = [row["first_published_at"] and row["first_published_at"][:19] for row in found["rows"]]
    assert times == [time and time.isoformat() for time in mart["first_published_at"]]
