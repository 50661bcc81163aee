"""Tableau's own engine, Hyper, reads the Parquet files of a mart, and keeps them as an extract."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl

from frontmart.run import Run

# As docs/bi/tableau.md has it.
EXTRACT = """
import sys
from tableauhyperapi import Connection, CreateMode, HyperProcess, Telemetry, escape_string_literal

marts, extract = sys.argv[1:]
telemetry = Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU
with HyperProcess(telemetry, parameters={"log_config": ""}) as hyper:
    with Connection(hyper.endpoint, extract, CreateMode.CREATE_AND_REPLACE) as connection:
        for mart in ("coverage_by_topic", "topic_pairs"):
            path = escape_string_literal(f"{marts}/{mart}.parquet")
            connection.execute_command(f'create table "{mart}" as (select * from external({path}))')
"""
READ = """
import json, sys
from tableauhyperapi import Connection, HyperProcess, Telemetry

with HyperProcess(Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU, parameters={"log_config": ""}) as hyper:
    with Connection(hyper.endpoint, sys.argv[1]) as connection:
        definition = connection.catalog.get_table_definition("coverage_by_topic")
        types = {column.name.unescaped: str(column.type) for column in definition.columns}
        rows = connection.execute_list_query(
            "select topic_id, article_count, article_share, mean_heat, last_published_at "
            "from coverage_by_topic order by topic_id")
print(json.dumps({"types": types, "rows": rows}, default=str))
"""


def test_hyper_makes_an_extract_of_the_marts_with_their_types_and_values(
    sample: Run, tmp_path: Path, elsewhere: Callable[..., str]
) -> None:
    marts = sample.out / "published" / "marts"
    elsewhere("python", "-c", EXTRACT, marts, tmp_path / "marts.hyper")
    found = json.loads(elsewhere("python", "-c", READ, tmp_path / "marts.hyper"))
    names = ["topic_id", "article_count", "article_share", "mean_heat", "last_published_at"]
    assert {name: found["types"][name] for name in names} == {
        "topic_id": "TEXT",
        "article_count": "BIG_INT",
        "article_share": "DOUBLE",
        "mean_heat": "DOUBLE",
        "last_published_at": "TIMESTAMP",
    }
    mart = pl.read_parquet(marts / "coverage_by_topic.parquet", columns=names).sort("topic_id")
    assert [row[:4] for row in found["rows"]] == [list(row[:4]) for row in mart.rows()]
    assert [row[4] for row in found["rows"]] == [None if row[4] is None else str(row[4]) for row in mart.rows()]
