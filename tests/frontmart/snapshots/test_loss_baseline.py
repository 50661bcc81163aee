"""The baseline of a loss: the published snapshot of the same source, whatever is damaged."""

import json
import shutil
from pathlib import Path

import pytest

from frontmart.snapshots.loss_baseline import LossBaseline, find_loss_baseline
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.run_log import append_run

FIRST, SECOND, THIRD = (f"2026013{day}T060000000000Z" for day in range(3))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    return tmp_path / "source"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def record(out: Path, id_: str, documents: int, source: Path, *, published: bool = True) -> Path:
    """Write the record of a snapshot as a build does, and publish it -> its run.json."""
    folder = out / "snapshots" / id_
    folder.mkdir(parents=True)
    entry = {"snapshot_id": id_, "document_count": documents, "source_path": str(source), "outcome": "published"}
    (folder / "run.json").write_text(json.dumps(entry | {"as_of_date": "2026-01-31", "source": "source", "rows": {}}))
    write_manifest(folder)
    append_run(out, entry | {"run_id": id_, "started_at": "2026-01-31T06:00:00+00:00"})
    if published:
        (out / "published").unlink(missing_ok=True)
        (out / "published").symlink_to(f"snapshots/{id_}")
    return folder / "run.json"


def test_where_nothing_was_published_there_is_none(out: Path, source: Path) -> None:
    assert find_loss_baseline(out, source) is None
    (out / "snapshots").mkdir(parents=True)
    assert find_loss_baseline(out, source) is None


def test_it_is_the_published_snapshot_after_a_rollback_too(out: Path, source: Path) -> None:
    record(out, FIRST, 10, source)
    record(out, SECOND, 30, source)
    assert find_loss_baseline(out, source) == LossBaseline(SECOND, 30)
    (out / "published").unlink()
    (out / "published").symlink_to(f"snapshots/{FIRST}")
    assert find_loss_baseline(out, source) == LossBaseline(FIRST, 10)


def test_a_published_snapshot_of_another_source_is_none(out: Path, source: Path, tmp_path: Path) -> None:
    record(out, FIRST, 10, source)
    record(out, SECOND, 30, tmp_path / "other")
    assert find_loss_baseline(out, source) is None
    assert find_loss_baseline(out, tmp_path / "other") == LossBaseline(SECOND, 30)


def test_a_source_is_the_same_under_any_name(
    out: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(out, FIRST, 10, source)
    (tmp_path / "link").symlink_to(source)
    monkeypatch.chdir(tmp_path)
    for name in (Path("source"), Path("link"), tmp_path / "link", Path("out/../source")):
        assert find_loss_baseline(out, name) == LossBaseline(FIRST, 10), name
    monkeypatch.chdir(source)
    assert find_loss_baseline(out, Path()) == LossBaseline(FIRST, 10)
    monkeypatch.chdir("/")
    assert find_loss_baseline(out, Path("source")) is None


def test_a_link_that_now_leads_elsewhere_is_the_same_source(out: Path, source: Path, tmp_path: Path) -> None:
    link, empty = tmp_path / "current", tmp_path / "empty"
    empty.mkdir()
    link.symlink_to(source)
    record(out, FIRST, 10, link)
    link.unlink()
    link.symlink_to(empty)
    assert find_loss_baseline(out, link) == LossBaseline(FIRST, 10)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"a": 1}', "\x00", '{"document_count": "10"}', "[" * 100_000])
def test_a_damaged_record_is_replaced_by_that_of_another_snapshot_then_of_the_run_log(
    out: Path, source: Path, tmp_path: Path, damage: str
) -> None:
    first = record(out, FIRST, 10, source)
    record(out, SECOND, 20, tmp_path / "other")
    third = record(out, THIRD, 30, source)
    third.write_text(damage)
    assert find_loss_baseline(out, source) == LossBaseline(FIRST, 10)
    first.write_text(damage)
    assert find_loss_baseline(out, source) == LossBaseline(THIRD, 30)
    (out / "runs.jsonl").write_text('{"a": 1}\n{\n[]\n{"outcome": "published", "document_count": 3}\n')
    assert find_loss_baseline(out, source) is None


def test_no_flipped_bit_of_a_record_hides_a_loss(out: Path, source: Path) -> None:
    run_file = record(out, FIRST, 10, source)
    whole = run_file.read_bytes()
    for place in range(len(whole)):
        run_file.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        assert find_loss_baseline(out, source) == LossBaseline(FIRST, 10), place


def test_a_published_snapshot_that_is_gone_hides_no_loss(out: Path, source: Path) -> None:
    record(out, FIRST, 10, source)
    record(out, SECOND, 30, source)
    shutil.rmtree(out / "snapshots" / SECOND)
    assert find_loss_baseline(out, source) == LossBaseline(FIRST, 10)
    (out / "published").unlink()
    assert find_loss_baseline(out, source) == LossBaseline(FIRST, 10)
    shutil.rmtree(out / "snapshots")
    assert find_loss_baseline(out, source) == LossBaseline(SECOND, 30)


def test_records_of_version_0_1_name_their_source_as_it_was_given(
    out: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_file = record(out, FIRST, 10, source)
    run = json.loads(run_file.read_text())
    del run["source_path"]
    run_file.write_text(json.dumps(run))
    write_manifest(run_file.parent)
    monkeypatch.chdir(tmp_path)
    assert find_loss_baseline(out, source) == LossBaseline(FIRST, 10)
    assert find_loss_baseline(out, tmp_path / "other") is None
