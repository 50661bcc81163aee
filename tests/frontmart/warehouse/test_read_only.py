"""`frontmart query` answers a question about the published warehouse, and can do nothing else, however it is asked."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from math import inf
from pathlib import Path

import duckdb
import pytest

from frontmart.errors import UsageError
from frontmart.query.limits import end_after
from frontmart.run import Run
from frontmart.snapshots.store import Snapshot, published
from frontmart.warehouse import read_only as reading
from frontmart.warehouse import sandbox
from frontmart.warehouse.read_only import open_read_only, read_rows, run_query
from frontmart.warehouse.sandbox import Sandbox
from tests.processes import DEFAULT_SIGNALS, PATIENCE_SECONDS, cpu_seconds, wait_for

ENDLESS = "select count(*) from range(1_000_000_000) a, range(1_000_000_000) b where hash(a.range) = hash(b.range + 1)"
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
    "explain analyze select 1",
    "explain (format json) select 1",
    "/* a */ explain -- b\n(analyze, format json)\n(select 1);",
    "explain pivot tidy.files on outcome using count(*)",
    "with a as (pivot tidy.files on outcome using count(*)) from a; -- the end",
    """select '"type":"DELETE_QUERY_NODE"' as a""",
    "pivot tidy.files on outcome using count(*)",
)
# The path of the warehouse as DuckDB lists it among those that it allows.
OWN_PATH = "list_filter(current_setting('allowed_paths'), lambda p: p like '%.duckdb')[1]"
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
    # by an EXPLAIN, which DuckDB executes, or one of the several statements that it makes of a PIVOT
    "explain analyze copy (select 1) to (" + OWN_PATH + ") (format csv, use_tmp_file false)",
    "EXPLAIN/**/ANALYZE--\n(format json)copy (select 'x'::blob) to ("
    + OWN_PATH
    + ") (format blob, use_tmp_file false)",
    "explain (analyze) copy (select 1) to (" + OWN_PATH + " || '.wal') (format csv, use_tmp_file false)",
    "explain copy (select 1) to '{free}/a.csv'",
    "explain analyze copy (pivot tidy.files on outcome using count(*)) to (" + OWN_PATH + ") (use_tmp_file false)",
    "copy (pivot tidy.files on outcome using count(*)) to '{free}/a.csv'",
    "create table tidy.x as pivot tidy.files on outcome using count(*)",
    "create temp table x as pivot tidy.files on outcome using count(*)",
    "with a as (pivot tidy.files on outcome using count(*)) insert into tidy.build from a",
    "explain analyze create temp table x as select 1",
    "with x as (insert into tidy.build from tidy.build returning *) pivot x on as_of_date",
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
    "from read_blob('{out}/published/warehouse.duckdb')",
    "from read_text('/proc/self/fd/0')",
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


@pytest.mark.process
def test_stored_secrets_are_out_of_reach(snapshot: Snapshot, tmp_path: Path) -> None:
    home = os.environ | {"HOME": str(tmp_path)}
    store = "import duckdb; duckdb.execute(\"create persistent secret stored (type http, bearer_token 'unguarded')\")"
    subprocess.run([sys.executable, "-c", store], env=home, check=True)
    assert list(tmp_path.rglob("stored*"))
    show = (
        "import sys; from pathlib import Path; from frontmart.warehouse.sandbox import Sandbox; "
        "execute = Sandbox(Path(sys.argv[1])).connection.execute; print(execute('from duckdb_secrets()').fetchall(), "
        "execute(\"from which_secret('http://host', 'http')\").fetchall())"
    )
    command = [sys.executable, "-c", show, str(snapshot.warehouse)]
    done = subprocess.run(command, env=home, capture_output=True, text=True, check=True)
    assert done.stdout == "[] []\n"


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


# Writing attempts, with a path in place of {}.
WRITING = (
    "copy (select 'x'::blob as a) to '{}' (format csv, use_tmp_file false)",
    "copy (select 'x'::blob as a) to '{}' (format csv)",
    "copy (select 'x'::blob as a) to '{}' (format blob, use_tmp_file false)",
    "copy (select 'x'::blob as a) to '{}' (format json, use_tmp_file false)",
    "copy (select 'x'::blob as a) to '{}' (format parquet, use_tmp_file false)",
    "explain analyze copy (select 'x'::blob as a) to '{}' (format blob, use_tmp_file false)",
    "copy (select 1 as a) to '{}' (format csv, partition_by (a), overwrite_or_ignore)",
    "export database '{}'",
    "attach '{}' as other",
)


@pytest.mark.parametrize("sql", WRITING)
@pytest.mark.parametrize("end", ["", ".wal", ".wal.checkpoint", ".wal.recovery", ".tmp/a"])
def test_without_the_check_of_statements_no_path_can_be_written_or_read(snapshot: Snapshot, sql: str, end: str) -> None:
    """DuckDB alone allows the paths of an open database, to root as well: the file system must not be there at all."""
    out = snapshot.folder.parents[1]
    before = state_of(out), snapshot.warehouse.read_bytes()
    with Sandbox(snapshot.warehouse) as opened:
        for path in {f"{snapshot.warehouse}{end}", f"{snapshot.warehouse.resolve()}{end}"}:
            with pytest.raises(duckdb.Error, match=r"File system LocalFileSystem has been disabled"):
                opened.connection.execute(sql.format(path)).fetchall()
        for allowed in opened.connection.execute("select unnest(current_setting('allowed_paths'))").fetchall():
            with pytest.raises(duckdb.Error, match=r"File system LocalFileSystem has been disabled"):
                opened.connection.execute(sql.format(*allowed)).fetchall()
        with pytest.raises(duckdb.Error, match="configuration has been locked"):
            opened.connection.execute("set disabled_filesystems = ''")
        assert opened.connection.execute("select count(*) from topics").fetchone() == (11,)
    assert (state_of(out), snapshot.warehouse.read_bytes()) == before


SORT = "select range, hash(range) as h from range(4_000_000) order by h"


def named_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_spilled_data_has_no_name_and_is_gone_with_the_connection(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(sandbox, "MEMORY_LIMIT", "40MB")
    before = state_of(snapshot.folder)
    with open_read_only(snapshot.warehouse) as connection:
        assert connection.execute(SORT).fetchone()
        assert spilled_bytes(tmp_path) > 1_000_000
        assert named_files(tmp_path) == []
        assert state_of(snapshot.folder) == before
        connection.abort()
        # Nobody can read what was spilled, and what is written is nowhere.
        spilled = connection.execute("select path from duckdb_temporary_files()").fetchall()
        for (path,) in spilled:
            assert connection.execute(f"select size from read_blob('{path}')").fetchall() in ([], [(0,)])
        connection.execute("copy (select 1) to 'frontmart-spill://a.csv' (format csv, use_tmp_file false)")
        assert connection.execute("from glob('frontmart-spill://*')").fetchall() == []
        assert named_files(tmp_path) == []
    assert spilled_bytes(tmp_path) == 0


@pytest.mark.parametrize("sql", ["{} UNION all select ''", "from query('{} union all select ''''')"])
def test_a_query_with_a_union_may_spill_from_the_start(snapshot: Snapshot, sql: str) -> None:
    """A later branch may run out of memory when rows have been read, too late to run the query again."""
    with run_query(snapshot.warehouse, sql.format("select current_setting($$temp_directory$$) as t")) as result:
        assert sorted(result.fetchall()) == [("",), ("frontmart-spill://",)]


def spilled_bytes(folder: Path) -> int:
    """The size of files below a folder that this process has open."""
    sizes = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            if str(descriptor.readlink()).startswith(str(folder)):
                sizes.append(descriptor.stat().st_size)
    return sum(sizes)


def test_a_query_cannot_fill_the_disk_by_way_of_spilled_data(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_SPILL_BYTES", 1_000_000)
    sql = "copy (select repeat('a', 10_000) from range({})) to 'frontmart-spill://a' (format csv, use_tmp_file false)"
    with Sandbox(snapshot.warehouse) as opened:
        opened.connection.execute(sql.format(50))
        with pytest.raises(duckdb.Error, match="more than 1,000,000 bytes of temporary files"):
            opened.connection.execute(sql.format(1_000))
        opened.connection.execute(sql.format(50))


LEFT_OPEN = """
import sys
from math import inf
from pathlib import Path
from frontmart.warehouse import sandbox
sandbox.MEMORY_LIMIT = "80MB"
sandbox._FROM_THE_START["threads"] = 2  # each needs memory, and machines have many
opened = sandbox.Sandbox(Path(sys.argv[1]))
connection = opened.connection
sql = "select range, hash(range) as h from range(8_000_000) order by h"
"""


@pytest.mark.process
@pytest.mark.parametrize(
    "use",
    [
        "connection.execute(sql).fetchone()",
        "cursor = connection.cursor(); cursor.execute(sql).fetchone(); del connection, opened",
        "connection.execute('create temp table kept as ' + sql)",
    ],
)
def test_a_program_may_end_while_a_query_still_uses_spilled_data(snapshot: Snapshot, use: str) -> None:
    """A thread of DuckDB that calls Python while Python ends aborts the process."""
    code = f"{LEFT_OPEN}{use}\nprint('done')"
    command = [sys.executable, "-c", code, str(snapshot.warehouse)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
    assert done.returncode == 0, done.stderr
    assert "done" in done.stdout


def test_a_cursor_starts_in_the_warehouse_and_has_no_files_either(snapshot: Snapshot) -> None:
    with Sandbox(snapshot.warehouse) as opened, opened.connection.cursor() as cursor:
        assert cursor.execute("select count(*) from topics").fetchone() == (11,)
        with pytest.raises(duckdb.Error, match="has been disabled"):
            cursor.execute(f"from read_blob('{snapshot.warehouse}')")


@pytest.mark.parametrize("timeout", [1e12, inf])
def test_a_timeout_may_be_longer_than_clocks_count(snapshot: Snapshot, timeout: float) -> None:
    with end_after(timeout):
        assert read_rows(snapshot, "select 1 as one", timeout) == [{"one": 1}]


def test_a_query_that_is_not_utf8_is_refused(snapshot: Snapshot) -> None:
    with pytest.raises(UsageError) as refused:
        read_rows(snapshot, b"select '\xff'".decode(errors="surrogateescape"))
    assert str(refused.value) == "the query is not UTF-8; write it in UTF-8"


def test_a_statement_that_runs_longer_than_the_timeout_is_ended(snapshot: Snapshot) -> None:
    with pytest.raises(UsageError) as refused:
        read_rows(snapshot, ENDLESS, timeout=0.2)
    assert str(refused.value) == (
        "the query failed: it ran longer than the timeout; select less, as with WHERE, or give a longer one"
    )
    with Sandbox(snapshot.warehouse, timeout=0.000_1) as opened, pytest.raises(duckdb.InterruptException):
        opened.connection.execute(ENDLESS).fetchall()
    with Sandbox(snapshot.warehouse, timeout=0.2) as opened:
        with pytest.raises(duckdb.InterruptException):
            opened.connection.execute(ENDLESS).fetchall()
        assert opened.connection.execute("select 1").fetchone() == (1,)


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
    monkeypatch.setattr(sandbox, "MEMORY_LIMIT", "30MB")
    monkeypatch.setattr(sandbox, "DISK_LIMIT", "1MB")
    with pytest.raises(UsageError, match="the query failed: Out of Memory"):
        read_rows(snapshot, "select range, hash(range) as h from range(9_000_000) order by h")


def open_files(pid: int) -> set[Path]:
    """The files that a process has open."""
    found = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(descriptor.readlink())
    return found


@pytest.mark.parametrize(("number", "word"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")])
def test_a_query_that_never_ends_can_be_interrupted(sample: Run, number: int, word: str) -> None:
    """DuckDB alone stops it only if the main thread happens to execute it, and else waits for ever."""
    command = [sys.executable, "-m", "frontmart.cli", "query", ENDLESS, "--out", str(sample.out)]
    with subprocess.Popen(
        [*DEFAULT_SIGNALS, *command],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            # A second of CPU time after the warehouse is opened, the query runs.
            wait_for(lambda: published(sample.out).warehouse.resolve() in open_files(process.pid))
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
