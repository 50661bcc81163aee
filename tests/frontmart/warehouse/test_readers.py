"""Published files open in older DuckDB, and in the libraries with which analysts and BI tools read Parquet."""

import json
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from frontmart.catalog.models import read_macros, read_models
from frontmart.catalog.sql_folder import SQL
from frontmart.dictionary.tables import read_tables
from frontmart.run import Run
from tests.sample import CHANGED

READERS_PYTHON = Path(__file__).parents[3] / ".venv-readers" / "bin" / "python"

OLDER_DUCKDB = """
import duckdb, json, sys
assert duckdb.__version__.startswith("1.4"), duckdb.__version__
connection = duckdb.connect(sys.argv[1], read_only=True)
names = connection.execute(
    "select table_schema || '.' || table_name from information_schema.tables order by 1").fetchall()
counts = {name: connection.execute(f"select count(*) from {name}").fetchone()[0] for (name,) in names}
silent = connection.execute(
    "select schema_name || '.' || table_name from duckdb_tables() where comment is null "
    "union all select schema_name || '.' || view_name from duckdb_views() where not internal and comment is null "
    "union all select schema_name || '.' || table_name || '.' || column_name from duckdb_columns() "
    "where not internal and comment is null").fetchall()
comments = dict(connection.execute(
    "select schema_name || '.' || table_name, comment from duckdb_tables() "
    "union all select schema_name || '.' || view_name, comment from duckdb_views() where not internal").fetchall())
print(json.dumps({"counts": counts, "comments": comments, "silent": silent}))
"""

# A call of each macro, and each view: what an older DuckDB opens, it must understand too.
OLDER_MACROS = """
import duckdb, json, sys
assert duckdb.__version__.startswith("1.4"), duckdb.__version__
connection = duckdb.connect(sys.argv[1], read_only=True, config={"enable_external_access": "false"})
print(json.dumps([connection.execute(query).fetchall() for query in QUERIES], default=str))
"""
MACROS = [macro.name for macro in read_macros(SQL, read_models(SQL))]
# Some have no rows in the sample.
STATES = tuple(f"from {name}('2099-01-01')" for name in MACROS if name.startswith("as_of"))
QUERIES = (
    "from coverage('c#', grain := 'week')",
    "from growth(days := 700)",
    "from articles_about('c#')",
    "from provider('Kerbside School')",
    "from author('WrenDerailly6')",
    "from since('2022-01-01', last_day := '2022-12-31')",
    "from search('night route')",
    "from cluster('parking tower')",
    "from event('parking tower')",
    "from compare('2022-01-01', '2022-12-31', '2023-01-01', '2023-12-31')",
    "from related_topics('c#')",
    f"from history_of('{CHANGED}')",
    "from step_at('2099-01-01')",
    *STATES,
    *(f"from {model.name} order by all" for model in read_models(SQL) if model.layer == "main"),
)

DATAFUSION = """
import datafusion, json, sys
context = datafusion.SessionContext()
context.register_parquet("mart", sys.argv[1])
print(json.dumps(context.sql(
    "select count(*) as n, sum(article_count) as articles, max(last_published_at) as last from mart"
).to_pylist(), default=str))
"""

CHDB = """
import chdb, sys
print(chdb.query(
    f"select count(*) as n, sum(article_count) as articles, max(last_published_at) as last "
    f"from file('{sys.argv[1]}', Parquet)", "JSONEachRow"))
"""


def elsewhere(script: str, path: Path) -> Any:
    if not READERS_PYTHON.exists():
        pytest.fail("the other readers are not set up: run `make setup-readers`")
    done = subprocess.run([READERS_PYTHON, "-c", script, path], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def as_rows(found: Any) -> list[dict[str, Any]]:
    """Rows, of which some engines print the only one by itself."""
    return found if isinstance(found, list) else [found]


def mart_file(run: Run, name: str = "coverage_by_topic") -> Path:
    return run.out / "published" / "marts" / f"{name}.parquet"


@pytest.fixture(scope="module")
def expected(sample: Run) -> tuple[int, int, str]:
    with duckdb.connect(sample.out / "published" / "warehouse.duckdb", read_only=True) as connection:
        query = (
            "select count(*), sum(article_count)::bigint, max(last_published_at)::varchar from marts.coverage_by_topic"
        )
        row: tuple[int, int, str] = connection.execute(query).fetchall()[0]
    return row


def test_the_warehouse_opens_in_an_older_duckdb_with_all_its_tables_and_comments(sample: Run) -> None:
    found = elsewhere(OLDER_DUCKDB, sample.out / "published" / "warehouse.duckdb")
    counts = found["counts"]
    assert isinstance(counts, dict)
    built = sample.table_rows | sample.model_rows
    assert {name: counts[name] for name in built} == built
    assert found["silent"] == []
    comments = found["comments"]
    assert isinstance(comments, dict)
    described = {table.full_name: table.description for table in read_tables(SQL) if table.kind != "macro"}
    assert set(comments) == set(described)
    assert [name for name, text in described.items() if not comments[name].startswith(text)] == []


def test_views_and_macros_answer_alike_in_an_older_duckdb(changed_sample: Run) -> None:
    called = {query.split("(")[0].removeprefix("from ") for query in QUERIES if "(" in query}
    assert called == set(MACROS)
    path = changed_sample.out / "published" / "warehouse.duckdb"
    with duckdb.connect(path, read_only=True, config={"enable_external_access": "false"}) as connection:
        here = [connection.execute(query).fetchall() for query in QUERIES]
    assert {query for query, rows in zip(QUERIES, here, strict=True) if not rows} < set(STATES)
    there = elsewhere(OLDER_MACROS.replace("QUERIES", repr(QUERIES)), path)
    assert there == json.loads(json.dumps(here, default=str))


@pytest.mark.parametrize("script", [DATAFUSION, CHDB], ids=["datafusion", "chdb"])
def test_a_mart_reads_the_same_in_other_engines(sample: Run, expected: tuple[int, int, str], script: str) -> None:
    (found,) = as_rows(elsewhere(script, mart_file(sample)))
    assert int(str(found["n"])) == expected[0]
    assert int(str(found["articles"])) == expected[1]
    assert str(found["last"]).replace("T", " ").startswith(expected[2])


def test_a_mart_reads_the_same_in_pandas_polars_and_pyarrow(sample: Run, expected: tuple[int, int, str]) -> None:
    path = mart_file(sample)
    in_pandas, in_polars, in_arrow = pd.read_parquet(path), pl.read_parquet(path), pq.read_table(path)
    assert len(in_pandas) == in_polars.height == in_arrow.num_rows == expected[0]
    assert int(in_pandas["article_count"].sum()) == in_polars["article_count"].sum() == expected[1]
    assert str(in_pandas["last_published_at"].max()) == expected[2]


@pytest.mark.parametrize("folder", ["tables", "marts"])
def test_every_parquet_file_is_plain_compressed_and_described(sample: Run, folder: str) -> None:
    files = sorted((sample.out / "published" / folder).glob("*.parquet"))
    assert files
    for path in files:
        file = pq.ParquetFile(path)
        types = {str(field.type) for field in file.schema_arrow}
        assert types <= {"string", "int64", "int32", "double", "bool", "date32[day]", "timestamp[us]"}, path.name
        described = {name.decode(): text.decode() for name, text in file.metadata.metadata.items()}
        assert described.keys() >= {"description", "grain", "key"}, path.name
        columns = json.loads(described["columns"])
        assert list(columns) == file.schema_arrow.names, path.name
        assert all(columns.values()), path.name
        if file.metadata.num_row_groups:
            column = file.metadata.row_group(0).column(0)
            assert (column.compression, column.is_stats_set) == ("ZSTD", True), path.name
