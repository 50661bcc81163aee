"""Parquet files of a warehouse: the same input gives the same bytes, plain, sorted, compressed and described."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from frontmart.catalog.models import read_models
from frontmart.errors import FrontmartError
from frontmart.warehouse.database import open_warehouse
from frontmart.warehouse.materialize import run_models
from frontmart.warehouse.parquet import export_marts, export_parquet, export_tidy
from tests.sql.frames import SQL, corpus, document, model_of, warehouse_of
from transforms.tables import TABLES
from transforms.vocabulary import Preset

MODELS = read_models(SQL)
MARTS = [model for model in MODELS if model.layer == "marts"]


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(tmp_path / "it.duckdb", temp_directory=tmp_path / "spill") as opened:
        yield opened


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def two_exports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same documents in another order, with another number of threads."""
    folders = []
    for threads, documents in ((1, corpus(400)), (4, corpus(400)[::-1])):
        folder = tmp_path_factory.mktemp("export")
        with warehouse_of(folder, documents) as con:
            con.execute(f"set threads = {threads}")
            export_tidy(con, folder / "tables", Preset.GENERIC)
            export_marts(con, MODELS, folder / "marts")
        folders.append(folder)
    return folders[0], folders[1]


def test_the_same_input_gives_the_same_bytes(two_exports: tuple[Path, Path]) -> None:
    first, second = two_exports
    for part in ("tables", "marts"):
        assert digests(first / part) == digests(second / part)
    assert set(digests(first / "tables")) == {f"{name}.parquet" for name in TABLES}
    assert set(digests(first / "marts")) == {f"{mart.name}.parquet" for mart in MARTS}


def test_many_row_groups_and_threads_give_the_same_bytes(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    query = "select range as a, md5(range::varchar) as b from range(400_000)"
    run_models(con, [model_of(query)])
    columns = {"a": "A.", "b": "B."}
    for number in range(3):
        con.execute(f"set threads = {number * 3 + 1}")
        folder = tmp_path / str(number)
        export_parquet(
            con,
            "core.it",
            folder / "it.parquet",
            key=("b",),
            description="D.",
            grain="g.",
            columns=columns,
            types={"a": "BIGINT", "b": "VARCHAR"},
            constraints={},
        )
    assert pq.ParquetFile(tmp_path / "0" / "it.parquet").num_row_groups == 4
    assert len({tuple(digests(tmp_path / str(number)).items()) for number in range(3)}) == 1


def test_a_parquet_file_has_its_description(two_exports: tuple[Path, Path]) -> None:
    for mart in MARTS:
        file = pq.ParquetFile(two_exports[0] / "marts" / f"{mart.name}.parquet")
        metadata = {name.decode(): value.decode() for name, value in (file.metadata.metadata or {}).items()}
        assert metadata["description"] == mart.description
        assert metadata["grain"] == mart.grain
        assert json.loads(metadata["key"]) == list(mart.key)
        assert json.loads(metadata["columns"]) == mart.columns


def test_a_parquet_file_is_plain_sorted_and_compressed(two_exports: tuple[Path, Path]) -> None:
    plain = {"string", "int64", "int32", "double", "bool", "date32[day]", "timestamp[us]"}
    for path in sorted(two_exports[0].rglob("*/*.parquet")):
        if path.parent.parent.name == "fragments":
            continue
        file = pq.ParquetFile(path)
        assert {str(field.type) for field in file.schema_arrow} <= plain, path
        if file.metadata.num_rows:
            column = file.metadata.row_group(0).column(0)
            assert column.compression == "ZSTD"
            assert column.statistics.has_min_max
    for mart in MARTS:
        keys = pl.read_parquet(two_exports[0] / "marts" / f"{mart.name}.parquet", columns=list(mart.key)).rows()
        assert keys == sorted(keys)


def test_what_was_written_is_described_for_the_data_package(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, [document("a", topics=["AI"])]) as con:
        written = {mart.name: mart for mart in export_marts(con, MODELS, tmp_path / "marts")}
    assert list(written) == sorted(mart.name for mart in MARTS)
    coverage = written["coverage_by_topic"]
    assert (coverage.path, coverage.row_count, coverage.key) == ("marts/coverage_by_topic.parquet", 1, ("topic_id",))
    assert list(coverage.types) == list(coverage.columns)
    assert coverage.types["mean_heat"] == "DOUBLE"


def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    run_models(con, [model_of("select 1 as a, 2 as b")])
    (tmp_path / "it.parquet").mkdir()
    with pytest.raises(FrontmartError, match=r"it\.parquet cannot be written: .*Check disk space"):
        export_parquet(
            con,
            "core.it",
            tmp_path / "it.parquet",
            key=("a",),
            description="D.",
            grain="g.",
            columns={"a": "A."},
            types={"a": "INTEGER", "b": "INTEGER"},
            constraints={},
        )
