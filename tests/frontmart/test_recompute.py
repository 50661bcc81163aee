"""Verify --deep: a table that is not what its models make of the tidy tables is found, though its hash is right."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from frontmart.errors import SnapshotError
from frontmart.recompute import TableDifference, recompute
from frontmart.run import Run
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.store import Snapshot, published
from frontmart.verify import verify

MODELS = "what its model makes of the tidy tables"


def change_warehouse(out: Path, statement: str) -> Snapshot:
    snapshot = published(out)
    with duckdb.connect(snapshot.warehouse) as con:
        con.execute(statement)
    write_manifest(snapshot.folder)
    return snapshot


def test_an_intact_snapshot_is_good_and_every_table_was_compared(out: Path, sample: Run) -> None:
    found = verify(out, str(sample.snapshot_id), deep=True)
    assert found.is_good
    assert found.recomputation is not None
    assert (found.recomputation.differences, found.recomputation.skipped) == ([], None)
    marts = [name for name in sample.model_rows if name.startswith("marts.")]
    assert found.recomputation.table_count == len(sample.table_rows) + len(sample.model_rows) + len(marts)


def test_rows_that_were_changed_added_or_lost_in_any_place_are_found(out: Path) -> None:
    mart = published(out).marts / "topic_pairs.parquet"
    rows = pl.read_parquet(mart)
    rows.with_columns(pl.col("article_count") + (pl.int_range(pl.len()) == 1).cast(pl.Int64)).write_parquet(mart)
    report = published(out).marts / "provider_report.parquet"
    providers = pl.read_parquet(report)
    providers[2:].write_parquet(report)
    change_warehouse(out, "insert into core.dim_topics from core.dim_topics order by topic_id limit 1")
    found = recompute(published(out), "1GB")
    first_pair, first_provider = rows.row(1, named=True), providers.row(0, named=True)
    topic = rows_of(out, "select min(topic_id) from core.dim_topics")
    assert sorted(found.differences, key=lambda each: each.table) == [
        TableDifference("warehouse.duckdb", "core.dim_topics", 1, {"topic_id": topic}, MODELS),
        TableDifference(
            "marts/provider_report.parquet", "marts.provider_report", 2,
            {"provider_id": first_provider["provider_id"]}, MODELS,
        ),
        TableDifference(
            "marts/topic_pairs.parquet", "marts.topic_pairs", 1,
            {name: first_pair[name] for name in ("topic_id_a", "topic_id_b")}, MODELS,
        ),
    ]  # fmt: skip
    problem = f"core.dim_topics: 1 row differs from {MODELS}, the first with topic_id = {topic}"
    assert problem in [each.problem for each in verify(out, deep=True).findings]


def rows_of(out: Path, query: str) -> object:
    with duckdb.connect(published(out).warehouse, read_only=True) as con:
        row = con.execute(query).fetchone()
    return row[0] if row else None


def test_tidy_tables_of_the_warehouse_are_compared_with_their_files(out: Path) -> None:
    snapshot = change_warehouse(
        out, "delete from tidy.document_topics where document_id = (select min(document_id) from tidy.document_topics)"
    )
    found = recompute(snapshot, "1GB").differences
    assert [(each.path, each.table, each.origin) for each in found] == [
        ("warehouse.duckdb", "tidy.document_topics", "tables/document_topics.parquet")
    ]


def test_a_snapshot_of_other_models_is_compared_as_far_as_possible(out: Path) -> None:
    run = published(out).run_file
    run.write_text(run.read_text().replace('"models": "', '"models": "other'))
    write_manifest(published(out).folder)
    found = verify(out, deep=True)
    assert found.is_good
    assert found.recomputation is not None
    assert found.recomputation.skipped == (
        "its models are not those of the installed version and settings, so they were not run again"
    )


def test_a_damaged_file_is_not_opened(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mart = published(out).marts / "topic_pairs.parquet"
    mart.write_bytes(bytes(mart.stat().st_size))
    monkeypatch.setattr("frontmart.verify.recompute", pytest.fail)
    found = verify(out, deep=True)
    assert (found.recomputation, [each.path for each in found.findings]) == (None, ["marts/topic_pairs.parquet"])


def test_an_unknown_snapshot_is_an_error(out: Path) -> None:
    with pytest.raises(SnapshotError, match="there is no snapshot nosuch; see `frontmart snapshots`"):
        verify(out, "nosuch")
