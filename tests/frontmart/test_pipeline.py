"""Builds from end to end: files in, a published snapshot out."""

import hashlib
import json
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from benchmarks.corpus import write_corpus
from frontmart import steps
from frontmart.errors import ChecksFailedError
from frontmart.pipeline import build
from frontmart.run import Run
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.snapshots.store import list_snapshots, published
from frontmart.terminal.progress import Console
from frontmart.warehouse.checks import CheckResult
from tests.sample import AS_OF, SAMPLE, build_quietly, mart_names

ARTICLE = """---
title: "Lanes for Penhollow"
type: article
publishedDateTime: 2026-01-{day:02d}T08:00:00Z
webUrl: "https://penhollowcourier.example/lanes/{number}"
provider:
  name: Penhollow Courier
  domain: penhollowcourier.example
topics:
  - Lanes
secured: "{secured}"
---
"""
SECURED = "c2VjcmV0LXRoYXQtbXVzdC1ub3QtbGVhaw=="


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for number in range(5):
        text = ARTICLE.format(day=number + 1, number=number, secured=SECURED)
        (folder / f"article-{number}.md").write_text(text)
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.parquet"))}


def query(out: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(out / "published" / "warehouse.duckdb", read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_the_sample_is_accounted_for_file_by_file(sample: Run) -> None:
    files = sample.files
    assert files["seen"] == 200 == files["document"] + files["reject"] + files["skipped"]
    assert query(sample.out, "select count(*) from tidy.documents") == [(files["document"],)]
    assert query(sample.out, "select count(*) from tidy.rejects") == [(files["reject"],)]
    assert files["reject"] > 0
    assert files["skipped"] > 0


def test_a_snapshot_has_all_promised_files_and_tables(sample: Run) -> None:
    folder = published(sample.out).folder
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert names >= {"warehouse.duckdb", "datapackage.json", "run.json", "manifest.json"}
    built = {f"tables/{name.split('.')[1]}.parquet" for name in sample.table_rows if name.startswith("tidy.")}
    marts = {f"marts/{name}.parquet" for name in mart_names()}
    assert names == {"warehouse.duckdb", "datapackage.json", "run.json", "manifest.json"} | built | marts


def test_parquet_files_have_the_rows_of_the_warehouse_in_key_order(sample: Run) -> None:
    folder = published(sample.out).folder
    frame = pl.read_parquet(folder / "tables" / "document_topics.parquet")
    columns = ", ".join(frame.columns)
    rows = query(sample.out, f"select {columns} from tidy.document_topics order by document_id, position")
    assert frame.rows() == rows
    assert frame.rows() == sorted(rows)


def test_the_same_input_and_day_give_the_same_marts_byte_for_byte(sample: Run, tmp_path: Path) -> None:
    again = build_quietly(SAMPLE, tmp_path / "again")
    assert digests(again.out / "published" / "marts") == digests(sample.out / "published" / "marts")


@pytest.mark.usefixtures("few_models")
def test_worker_processes_change_nothing(tmp_path: Path) -> None:
    write_corpus(tmp_path / "source", 4_000, 11)
    one = build_quietly(tmp_path / "source", tmp_path / "one", workers=1)
    two = build_quietly(tmp_path / "source", tmp_path / "two", workers=2)
    assert digests(one.out / "published" / "marts") == digests(two.out / "published" / "marts")
    assert digests(one.out / "published" / "tables") == digests(two.out / "published" / "tables")


def test_an_empty_folder_builds_empty_tables(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    run = build_quietly(tmp_path / "source", tmp_path / "out", allow_empty=True)
    assert run.files == {"seen": 0, "document": 0, "reject": 0, "skipped": 0}
    assert query(run.out, "select count(*) from marts.coverage_by_topic") == [(0,)]


def test_secured_is_in_no_file_that_a_build_writes(source: Path, tmp_path: Path) -> None:
    run = build_quietly(source, tmp_path / "out")
    assert query(run.out, "select count(*) from tidy.documents where has_secured") == [(5,)]
    for path in run.out.rglob("*"):
        if path.is_file():
            assert SECURED.encode() not in path.read_bytes(), path


@pytest.mark.usefixtures("few_models")
def test_a_failed_error_check_publishes_nothing_and_names_the_rows(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build_quietly(source, tmp_path / "out")
    failing = CheckResult("lanes_are_wide", "error", "Every lane is wide.", 1, [{"lane": "narrow"}])
    monkeypatch.setattr(steps, "run_all_checks", lambda *_: [failing])
    with pytest.raises(ChecksFailedError, match=r"lanes_are_wide: Every lane is wide\. \(1 rows.*narrow"):
        build_quietly(source, tmp_path / "out", full=True)
    assert published(tmp_path / "out").id == first.snapshot_id
    assert len(list_snapshots(tmp_path / "out")) == 1


@pytest.mark.usefixtures("few_models")
def test_run_history_has_all_earlier_runs_including_failed_ones(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build_quietly(source, tmp_path / "out")
    assert query(first.out, "select count(*) from marts.run_history") == [(0,)]
    with monkeypatch.context() as patch:
        patch.setattr(steps, "run_all_checks", lambda *_: [CheckResult("never", "error", "Never.", 1, [{}])])
        with pytest.raises(ChecksFailedError):
            build_quietly(source, tmp_path / "out", full=True)
    build_quietly(source, tmp_path / "out", full=True)
    rows = query(first.out, "select snapshot_id, outcome, file_count from marts.run_history order by started_at")
    assert rows == [(first.snapshot_id, "published", 5), (None, "checks_failed", 5)]


@pytest.mark.usefixtures("few_models")
def test_old_snapshots_are_pruned(source: Path, tmp_path: Path) -> None:
    runs = [build_quietly(source, tmp_path / "out", keep_snapshots=2, full=True) for _ in range(3)]
    assert [snapshot.id for snapshot in list_snapshots(tmp_path / "out")] == [runs[2].snapshot_id, runs[1].snapshot_id]


@pytest.mark.usefixtures("few_models")
def test_run_json_says_what_was_seen_done_and_published(source: Path, tmp_path: Path) -> None:
    run = build_quietly(source, tmp_path / "out")
    kept = json.loads(published(run.out).run_file.read_text())
    assert kept["outcome"] == "published"
    assert kept["snapshot_id"] == run.snapshot_id
    assert kept["as_of_date"] == AS_OF.isoformat()
    assert kept["files"] == {"seen": 5, "document": 5, "reject": 0, "skipped": 0}
    assert {"list", "extract", "load", "model", "check", "write"} <= set(kept["seconds"])


@pytest.mark.usefixtures("few_models")
def test_a_source_that_moves_changes_no_identity(source: Path, tmp_path: Path) -> None:
    first = build_quietly(source, tmp_path / "first")
    moved = shutil.move(source, tmp_path / "elsewhere")
    second = build(
        Settings.load(source=Path(moved), out=tmp_path / "second", as_of=AS_OF), LocalRunner(Console(is_quiet=True))
    )
    ids = "select document_id, content_hash from tidy.documents order by 1"
    assert query(first.out, ids) == query(second.out, ids)


def test_a_build_sends_lineage_events_of_its_outputs(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    run = build_quietly(SAMPLE, tmp_path / "out", lineage=str(events))
    sent = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    assert [event["eventType"] for event in sent] == ["START", "COMPLETE"]
    marts = [Path(output["name"]).stem for output in sent[-1]["outputs"] if "/marts/" in output["name"]]
    assert sorted(marts) == mart_names()
    assert run.snapshot_id
