"""`frontmart query` answers a question about the published warehouse, and can do nothing else, however it is asked."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from frontmart.errors import UsageError
from frontmart.run import Run
from frontmart.snapshots.store import Snapshot, published
from frontmart.warehouse import read_only as reading
from frontmart.warehouse.read_only import open_read_only, read_rows
from tests.processes import DEFAULT_SIGNALS, PATIENCE_SECONDS, cpu_seconds, wait_for

SECRET = "FRONTMART_TEST_SECRET"

# What answers, in all the shapes that a question takes.
ANSWERED = (
    "from tidy.build",
    "table tidy.build",
    "values (1)",
    "with a as (select 1 as b) select b from a;",
    "select 1 union select 2",
    "select ';' as a -- ; drop table tidy.build",
    "select 1 /* ; drop table tidy.build */",
    "describe tidy.documents",
    "summarize tidy.build",
    "show all tables",
    "explain select 1",
    "pivot tidy.files on outcome using count(*)",
)
# {out} is the folder of the snapshots, {free} one that a query may try to write to.
REFUSED = (
    # more than one statement, or none
    "select 1; select 2",
    "select 1; drop table tidy.documents",
    "select 1;\n-- a comment\ncopy tidy.documents to '{free}/a.csv'",
    "/* select 1 */ drop table tidy.documents",
    "-- select 1\ndrop table tidy.documents",
    "-- nothing",
    # writing to the warehouse
    "create table tidy.x as select 1 as a",
    "create temp table x as select 1 as a",
    "create temp macro x() as 1",
    "create or replace view tidy.x as select 1 as a",
    "insert into tidy.build select * from tidy.build",
    "update tidy.documents set title = 'x'",
    "delete from tidy.documents",
    "truncate tidy.documents",
    "drop table tidy.documents",
    "alter table tidy.documents add column x int",
    "comment on table tidy.documents is 'x'",
    "merge into tidy.build using (select 1) on true when matched then delete",
    "with x as (delete from tidy.build returning *) from x",
    "explain analyze delete from tidy.build",
    "checkpoint",
    "force checkpoint",
    "vacuum",
    "begin",
    # writing files
    "copy tidy.documents to '{free}/a.csv'",
    "copy (select 1) to '/dev/stdout'",
    "copy (select 1) to '{out}/published/warehouse.duckdb.tmp/a.csv'",
    "export database '{free}/export'",
    "attach '{free}/other.duckdb'",
    "attach '{free}/other.duckdb' as other (read_write)",
    # reading files
    "attach '{out}/published/warehouse.duckdb' as other",
    "import database '{free}'",
    "from '/etc/passwd'",
    "from '{out}/published/marts/topic_pairs.parquet'",
    "from read_csv('/etc/passwd')",
    "from read_json('/etc/hostname')",
    "from read_text('/etc/hostname')",
    "from read_text('/proc/self/environ')",
    "from read_text('{out}/runs.jsonl')",
    "from read_blob('/etc/hostname')",
    "from read_parquet('{out}/published/marts/topic_pairs.parquet')",
    "from parquet_metadata('{out}/published/marts/topic_pairs.parquet')",
    "from sniff_csv('/etc/passwd')",
    "from glob('/etc/*')",
    "from query_table('/etc/passwd')",
    "from query('drop table tidy.documents')",
    "from query($$copy (select 1) to '{free}/a.csv'$$)",
    # the network, extensions, and what they bring
    "from 'http://127.0.0.1:1/a.parquet'",
    "from read_csv('https://127.0.0.1:1/a.csv')",
    "from read_parquet('s3://bucket/a.parquet')",
    "install httpfs",
    "load httpfs",
    "load icu",
    "load '{free}/evil.duckdb_extension'",
    "from sqlite_scan('{free}/a.sqlite', 'a')",
    # settings
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set temp_directory = '{free}'",
    "set memory_limit = '64GB'",
    "set allowed_paths = ['/etc/passwd']",
    "set file_search_path = '/etc'",
    "set variable x = 1",
    "reset memory_limit",
    "pragma memory_limit = '64GB'",
    "pragma enable_profiling = 'json'",
    "pragma profiling_output = '{free}/profile'",
    "set log_query_path = '{free}/log'",
    "call enable_logging(storage = 'file', storage_config = {{'path': '{free}/log'}})",
    "use memory",
    # secrets
    "create secret s (type s3)",
    "create persistent secret s (type s3)",
    "from duckdb_secrets()",
    "from which_secret('s3://bucket', 's3')",
    f"select getenv('{SECRET}')",
    # variables of Python, and what has no value
    "from rows",
    "prepare p as select 1",
    "select $1",
)


@pytest.fixture(scope="module")
def snapshot(sample: Run) -> Snapshot:
    return published(sample.out)


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file and folder below one, with its size and when it was written."""
    return {str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in folder.rglob("*")}


@pytest.mark.parametrize("sql", ANSWERED)
def test_a_question_is_answered(snapshot: Snapshot, sql: str) -> None:
    assert read_rows(snapshot, sql)


@pytest.mark.parametrize("sql", REFUSED)
def test_anything_but_a_query_is_rejected_and_reads_or_writes_nothing(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    monkeypatch.setenv(SECRET, "unguarded")
    out = snapshot.folder.parents[1]
    before = state_of(out)
    with pytest.raises(UsageError, match=r"^the query ") as refused:
        read_rows(snapshot, sql.format(out=out, free=tmp_path))
    assert "unguarded" not in str(refused.value)
    assert state_of(out) == before
    assert state_of(tmp_path) == {}


def test_spilled_data_is_in_a_private_folder_and_removed_with_the_connection(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(reading, "_MEMORY_LIMIT", "40MB")
    reading._private_folder.cache_clear()
    before = state_of(snapshot.folder)
    try:
        with open_read_only(snapshot.warehouse) as connection:
            (private,) = tmp_path.iterdir()
            assert private.stat().st_mode & 0o777 == 0o700
            rows = connection.execute("select range, hash(range) as h from range(4_000_000) order by h")
            assert rows.fetchone()
            (spill,) = private.iterdir()
            assert any(spill.iterdir())
            assert state_of(snapshot.folder) == before
        assert list(private.iterdir()) == []
    finally:
        reading._private_folder.cache_clear()


def test_two_warehouses_never_share_a_spill_folder(snapshot: Snapshot, tmp_path: Path) -> None:
    copy = Path(shutil.copy(snapshot.warehouse, tmp_path / "warehouse.duckdb"))
    with open_read_only(snapshot.warehouse) as one, open_read_only(copy) as other:
        folders = {
            con.execute("select value from duckdb_settings() where name = 'temp_directory'").fetchone()
            for con in (one, other)
        }
    assert len(folders) == 2


def test_one_process_may_open_a_warehouse_twice(snapshot: Snapshot) -> None:
    with open_read_only(snapshot.warehouse) as one, open_read_only(snapshot.warehouse) as other:
        assert (
            one.execute("select count(*) from topics").fetchone()
            == other.execute("select count(*) from topics").fetchone()
        )


def test_a_query_of_endless_rows_is_refused_rather_than_fetched(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 1_000)
    assert len(read_rows(snapshot, "from range(1_000)")) == 1_000
    with pytest.raises(UsageError, match="more than 1,000 rows; add a LIMIT"):
        read_rows(snapshot, "from range(1_000_000_000_000)")


def test_a_query_that_takes_too_much_memory_is_refused(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MEMORY_LIMIT", "30MB")
    monkeypatch.setattr(reading, "_DISK_LIMIT", "1MB")
    with pytest.raises(UsageError, match="the query failed: Out of Memory"):
        read_rows(snapshot, "select range, hash(range) as h from range(9_000_000) order by h")


@pytest.mark.parametrize(("number", "word"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")])
def test_a_query_that_never_ends_can_be_interrupted(sample: Run, tmp_path: Path, number: int, word: str) -> None:
    """DuckDB alone stops it only if the main thread happens to execute it, and else waits for ever."""
    sql = "select count(*) from range(1_000_000_000) a, range(1_000_000_000) b where hash(a.range) = hash(b.range + 1)"
    command = [sys.executable, "-m", "frontmart.cli", "query", sql, "--out", str(sample.out)]
    with subprocess.Popen(
        [*DEFAULT_SIGNALS, *command],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    ) as process:
        try:
            # The folder is made when the warehouse is opened; a second of CPU time later, the query runs.
            wait_for(lambda: list(tmp_path.glob("frontmart-*")))
            opened = cpu_seconds(process.pid)
            wait_for(lambda: cpu_seconds(process.pid) > opened + 1)
            process.send_signal(number)
            _, errors = process.communicate(timeout=PATIENCE_SECONDS)
        finally:
            process.kill()
    assert (process.returncode, errors) == (
        128 + number,
        f"frontmart: {word}; the last published snapshot is unchanged\n",
    )
