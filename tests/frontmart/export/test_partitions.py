"""Exports by month: folders as Hive has them, which all readers take for one table."""

import datetime as dt
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.dataset as ds
import pytest
from polars.testing import assert_frame_equal

from frontmart.export import ExportRequest, export
from frontmart.export.partitions import partition_column
from frontmart.export.plan import make_plan
from frontmart.export.tables import open_tables
from frontmart.run import Run
from frontmart.snapshots.store import published
from tests.frontmart.export.conftest import publish

DAYS = [dt.date(2026, 1, 31), None, dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1), None]
DATED = pl.DataFrame({"id": ["a", "b", "c", "d", "e", "f"], "day_date": DAYS, "n": range(6)})
NO_MONTH = "__HIVE_DEFAULT_PARTITION__"


def exported(out: Path, target: Path, file_format: str = "parquet", **given: list[str]) -> tuple[Path, tuple[str, ...]]:
    done = export(out, str(target), ExportRequest(format=file_format, partition_by="month", **given))
    return target / "latest", done.manifest.notes


@pytest.fixture
def out(tmp_path: Path) -> Path:
    publish(tmp_path / "out", {"dated": DATED, "timeless": pl.DataFrame({"id": ["a"], "n": [1]})})
    return tmp_path / "out"


@pytest.mark.parametrize("file_format", ["parquet", "csv", "arrow"])
def test_each_month_has_a_folder_and_a_table_without_a_date_is_one_file_with_a_note(
    out: Path, target: Path, file_format: str
) -> None:
    folder, notes = exported(out, target, file_format)
    months = ("2025-12", "2026-01", "2026-02", NO_MONTH)
    expected = [f"dated/month={month}/part-0.{file_format}" for month in months]
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert found == sorted([*expected, f"timeless.{file_format}"])
    assert notes == ("marts.timeless has no date and is not partitioned",)


def test_the_manifest_says_which_column_parts_and_how_many_rows_each_file_has(out: Path, target: Path) -> None:
    manifest = export(out, str(target), ExportRequest(partition_by="month")).manifest
    assert {table.name: table.partition_column for table in manifest.tables} == {
        "marts.dated": "day_date",
        "marts.timeless": None,
    }
    assert {file.path_within: file.row_count for file in manifest.files} == {
        "dated/month=2025-12/part-0.parquet": 1,
        "dated/month=2026-01/part-0.parquet": 2,
        "dated/month=2026-02/part-0.parquet": 1,
        f"dated/month={NO_MONTH}/part-0.parquet": 2,
        "timeless.parquet": 1,
    }


def expected() -> pl.DataFrame:
    return DATED.with_columns(month=pl.col("day_date").dt.strftime("%Y-%m"))


def test_duckdb_polars_and_pyarrow_read_the_folders_as_one_table(out: Path, target: Path) -> None:
    folder = exported(out, target)[0] / "dated"
    in_duckdb = duckdb.sql(f"from read_parquet('{folder}/*/*.parquet', hive_partitioning = true) order by id").pl()
    assert_frame_equal(in_duckdb, expected())
    in_polars = pl.read_parquet(f"{folder}/**/*.parquet", hive_partitioning=True).sort("id")
    assert_frame_equal(in_polars, expected())
    partitioning = ds.partitioning(flavor="hive")
    in_arrow = ds.dataset(folder, partitioning=partitioning).to_table()
    assert_frame_equal(pl.DataFrame(in_arrow).sort("id"), expected())


def test_a_month_can_be_read_without_the_others(out: Path, target: Path) -> None:
    folder = exported(out, target)[0] / "dated"
    query = f"from read_parquet('{folder}/*/*.parquet', hive_partitioning = true) where month >= '2026-01' order by id"
    assert duckdb.sql(query).pl()["id"].to_list() == ["a", "d", "e"]


def test_the_sample_comes_back_from_its_months(sample: Run, target: Path) -> None:
    folder, _ = exported(sample.out, target, tables=["documents"], star=["none"])
    parted = sorted(path.name for path in folder.iterdir() if path.is_dir())
    assert parted == [
        "activity", "article_life", "author_over_time", "collection_health", "coverage_by_topic_over_time", "documents",
        "glitches", "lead_changes", "link_decay", "provider_bursts", "provider_over_time", "run_history",
        "share_of_voice", "take_downs", "title_terms", "topic_bursts", "topic_changes", "write_noise",
    ]  # fmt: skip
    for name in parted:
        (source,) = sample.out.glob(f"published/*/{name}.parquet")
        table = pl.read_parquet(source)
        read = pl.read_parquet(f"{folder}/{name}/**/*.parquet", hive_partitioning=False)
        assert_frame_equal(read, table, check_row_order=False)


def test_a_table_without_rows_still_has_a_file_that_says_what_its_columns_are(tmp_path: Path, target: Path) -> None:
    publish(tmp_path, {"dated": DATED.clear()})
    folder, _ = exported(tmp_path, target)
    assert_frame_equal(pl.read_parquet(folder / "dated" / f"month={NO_MONTH}" / "part-0.parquet"), DATED.clear())


def test_the_partition_column_is_a_date_of_the_key_or_else_one_outside_of_a_span(sample: Run) -> None:
    plan = make_plan(published(sample.out), ExportRequest(tables=["all"]))
    with open_tables(plan.sources) as tables:
        columns = {table.full_name: partition_column(table) for table in tables}
    assert {name: column for name, column in columns.items() if column} == {
        "core.articles": "published_at",
        "marts.activity": "activity_date",
        "marts.article_life": "gone_at",
        "marts.author_over_time": "period_start_date",
        "marts.collection_health": "period_start_date",
        "marts.coverage_by_topic_over_time": "period_start_date",
        "marts.glitches": "glitched_at",
        "marts.lead_changes": "changed_at",
        "marts.link_decay": "vanished_at",
        "marts.provider_bursts": "first_week_start_date",
        "marts.provider_over_time": "period_start_date",
        "marts.run_history": "started_at",
        "marts.share_of_voice": "period_start_date",
        "marts.take_downs": "taken_down_at",
        "marts.title_terms": "window_start_date",
        "marts.topic_bursts": "first_week_start_date",
        "marts.topic_changes": "period_start_date",
        "marts.write_noise": "period_start_date",
        "tidy.documents": "published_at",
        "tidy.related_items": "published_at",
    }


def test_the_same_snapshot_gives_the_same_bytes(out: Path, tmp_path: Path) -> None:
    request = ExportRequest(partition_by="month")
    one, two = (export(out, str(tmp_path / name), request).files for name in ("one", "two"))
    assert one == two
