"""SQLite: one file, typed and keyed, that opens in a read-only folder."""

import datetime as dt
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from frontmart.export import Export, ExportRequest, export
from frontmart.run import Run
from tests.frontmart.export.conftest import SCHEMA, hostile, publish

NAME = "frontmart.sqlite"


def exported(out: Path, target: Path, **given: list[str]) -> tuple[sqlite3.Connection, Export]:
    done = export(out, str(target), ExportRequest(format="sqlite", **given))
    return sqlite3.connect(f"file:{target / 'latest' / NAME}?mode=ro", uri=True), done


def frame_of(connection: sqlite3.Connection, table: str, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The rows of a table in the order of the file, each column read as the type that it is declared as."""
    names = ", ".join(f'"{name}"' for name in schema)
    rows = connection.execute(f'select {names} from "{table}" order by rowid').fetchall()
    stored = {name: pl.Int64 if type_ == pl.Boolean else type_ for name, type_ in schema.items()}
    stored |= {name: pl.String for name, type_ in schema.items() if type_.is_temporal()}
    frame = pl.DataFrame(rows, schema=stored, orient="row")
    return frame.with_columns(
        *(pl.col(name).cast(pl.Boolean) for name, type_ in schema.items() if type_ == pl.Boolean),
        *(pl.col(name).str.to_date() for name, type_ in schema.items() if type_ == pl.Date),
        *(
            pl.col(name).str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us")
            for name, type_ in schema.items()
            if type_ == pl.Datetime
        ),
    )


def test_every_value_comes_back(out: Path, target: Path) -> None:
    connection, done = exported(out, target)
    with closing(connection):
        assert_frame_equal(frame_of(connection, "hostile", pl.Schema(SCHEMA)), hostile(), check_exact=True)
    assert done.manifest.notes == ()


def test_the_tables_of_the_sample_come_back(sample: Run, target: Path) -> None:
    connection, done = exported(sample.out, target, tables=["all"], star=["none"])
    paths = sorted(path for path in sample.out.glob("published/*/*.parquet"))
    assert len(done.manifest.tables) == len(paths)
    with closing(connection):
        for path in paths:
            table = pl.read_parquet(path)
            assert_frame_equal(frame_of(connection, path.stem, table.schema), table, check_exact=True)


def test_columns_have_types_and_tables_their_key_and_indices(tmp_path: Path, target: Path) -> None:
    days = pl.date_range(dt.date(2024, 1, 1), dt.date(2026, 1, 1), eager=True)
    frame = pl.DataFrame({"topic_id": "a", "period_start_date": days, "provider_id": map(str, days), "n": 1})
    publish(tmp_path, {"over_time": frame}, keys={"over_time": ["topic_id", "period_start_date"]})
    connection, _ = exported(tmp_path, target)
    with closing(connection):
        columns = connection.execute("select name, type, pk from pragma_table_info('over_time')").fetchall()
        indices = connection.execute("select name from pragma_index_list('over_time') where origin = 'c'").fetchall()
        plan = connection.execute("explain query plan select n from over_time where provider_id = 'b'").fetchall()
    assert columns == [
        ("topic_id", "TEXT", 1),
        ("period_start_date", "DATE", 2),
        ("provider_id", "TEXT", 0),
        ("n", "INTEGER", 0),
    ]
    assert {name for (name,) in indices} == {"over_time_period_start_date", "over_time_provider_id"}
    assert "USING INDEX over_time_provider_id" in plan[0][3]


def test_a_dictionary_says_what_each_column_means(tmp_path: Path, target: Path) -> None:
    publish(tmp_path, {"one": pl.DataFrame({"a": [1], "b": [True]})}, {"two": pl.DataFrame({"c": ["y"]})})
    connection, _ = exported(tmp_path, target, tables=["two"])
    with closing(connection):
        rows = connection.execute("select * from dictionary order by table_name, position").fetchall()
        said = connection.execute("select snapshot_id, as_of_date from frontmart_export").fetchall()
    about = "About {}: ünïcode, `code` & <tags>."
    assert rows == [
        ("one", 0, "a", "INTEGER", 1, "Meaning of a.", about.format("one"), "a row of one", 1, None),
        ("one", 1, "b", "BOOLEAN", 0, "Meaning of b.", about.format("one"), "a row of one", 1, None),
        ("two", 0, "c", "TEXT", 1, "Meaning of c.", about.format("two"), "a row of two", 1, None),
    ]
    assert said == [("20260131T060000000000Z", "2026-01-31")]


def test_nan_becomes_null_and_is_counted(tmp_path: Path, target: Path) -> None:
    publish(tmp_path, {"one": pl.DataFrame({"a": [1, 2, 3], "b": [float("nan"), float("inf"), None]})})
    connection, done = exported(tmp_path, target)
    with closing(connection):
        assert connection.execute("select b from one order by a").fetchall() == [(None,), (float("inf"),), (None,)]
    assert done.manifest.notes == ("marts.one: 1 NaN values became NULL, since SQLite has no NaN",)


READ_ONLY = """
import ctypes, sqlite3, struct, sys
# Root may write anywhere, as long as it has the capabilities of root.
ctypes.CDLL(None).capset(struct.pack("=Ii", 0x20080522, 0), bytes(24))
print(sqlite3.connect(sys.argv[1]).execute("select count(*) from hostile").fetchone()[0])
"""


def test_it_opens_in_a_read_only_folder_and_needs_no_other_file(out: Path, target: Path) -> None:
    connection, _ = exported(out, target)
    connection.close()
    file = target.resolve() / "latest" / NAME
    file.chmod(0o444)
    file.parent.resolve().chmod(0o555)
    command = [sys.executable, "-c", READ_ONLY, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    file.parent.resolve().chmod(0o755)
    assert done.stdout == f"{hostile().height}\n", done.stderr
    assert [path.name for path in (target / "latest").iterdir()] == [NAME]


def test_the_same_snapshot_gives_the_same_bytes(out: Path, tmp_path: Path) -> None:
    files = []
    for name in ("one", "two"):
        connection, done = exported(out, tmp_path / name)
        connection.close()
        files.append(done.files)
    assert files[0] == files[1]
