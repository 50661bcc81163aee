"""A build upon a damaged snapshot: one warning, every file read again, and a whole snapshot published in its place."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from frontmart.errors import SnapshotError
from frontmart.incremental import find_base_snapshot
from frontmart.presets import PresetChoice
from frontmart.run import Run
from frontmart.settings import Settings
from frontmart.snapshots.baseline import Baseline, find_baseline
from frontmart.snapshots.manifest import find_damage, require_intact, write_manifest
from frontmart.snapshots.store import Snapshot, published, roll_back
from frontmart.verify import verify
from frontmart.warehouse import previous
from tests.sample import SAMPLE, build_quietly
from transforms.vocabulary import Preset

pytestmark = pytest.mark.usefixtures("few_models")

REPLACED = "the snapshot is damaged, and all files are read again to replace it"


def flip(path: Path) -> None:
    """Flip a bit in the middle of a file, and keep its times."""
    times = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def replace_by(kind: str) -> Callable[[Path], None]:
    def replace(path: Path) -> None:
        content = path.read_bytes()
        path.unlink()
        match kind:
            case "folder":
                path.mkdir()
            case "pipe":
                os.mkfifo(path)
            case "link":
                copy = path.parents[1] / f".{path.name}"  # not below a folder that the manifest covers
                copy.write_bytes(content)
                path.symlink_to(copy)
            case "nothing":
                pass

    return replace


def heals(out: Path, capfd: pytest.CaptureFixture[str], **settings: Any) -> Run:
    """Build the sample again: it warns once, reads every file, and publishes a snapshot that is good."""
    before = published(out).id
    capfd.readouterr()
    run = build_quietly(SAMPLE, out, **settings)
    assert (run.outcome, run.changed_files["unchanged"]) == ("published", 0)
    assert [f"frontmart: warning: {line}" for line in run.warnings] == capfd.readouterr().err.splitlines()
    assert len(run.warnings) == 1, run.warnings
    assert run.snapshot_id != before
    assert json.loads(published(out).run_file.read_text())["warnings"] == run.warnings
    assert verify(out).is_good
    assert build_quietly(SAMPLE, out, **{**settings, "full": False}).outcome == "unchanged"
    return run


@pytest.mark.parametrize(
    "name",
    ["warehouse.duckdb", "run.json", "manifest.json", "marts/field_completeness.parquet", "tables/files.parquet"],
)
def test_a_flipped_bit_in_any_file_is_healed_though_no_source_file_changed(
    out: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = published(out).folder
    flip(folder / name)
    (warning,) = heals(out, capfd).warnings
    assert warning.startswith(f"{folder}: ")
    assert name in warning or name == "manifest.json"
    assert warning.endswith(f"; {REPLACED}")


@pytest.mark.parametrize("kind", ["folder", "pipe", "link", "nothing"])
@pytest.mark.parametrize("name", ["warehouse.duckdb", "run.json", "manifest.json", "tables/documents.parquet"])
def test_a_file_that_is_replaced_by_something_else_is_damage(out: Path, name: str, kind: str) -> None:
    snapshot, warnings = published(out), list[str]()
    replace_by(kind)(snapshot.folder / name)
    assert find_baseline(out, warnings.append) == Baseline(snapshot.id, None)
    (warning,) = warnings
    if name == "run.json" and kind != "link":
        assert warning == f"{out}/published: its snapshot {snapshot.id} is missing or incomplete; {REPLACED}"
    else:
        problem = "is missing" if kind == "nothing" else "is not a regular file"
        assert warning.startswith(f"{snapshot.folder}: {name} {problem}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read any file")
@pytest.mark.parametrize("name", ["", "tables", "marts/field_completeness.parquet", "manifest.json"])
def test_what_may_not_be_read_is_damage(out: Path, name: str) -> None:
    snapshot, warnings = published(out), list[str]()
    mode = (snapshot.folder / name).stat().st_mode
    (snapshot.folder / name).chmod(0)
    try:
        assert find_baseline(out, warnings.append) == Baseline(snapshot.id, None)
    finally:
        (snapshot.folder / name).chmod(mode)
    assert len(warnings) == 1


def test_several_damaged_files_are_one_warning(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = published(out).folder
    for name in ("marts/run_history.parquet", "marts/field_completeness.parquet", "warehouse.duckdb"):
        flip(folder / name)
    problem = "marts/field_completeness.parquet has changed since it was written (and 2 more files)"
    assert heals(out, capfd).warnings == [f"{folder}: {problem}; {REPLACED}"]


def test_a_full_build_says_it_too_and_is_not_compared_with_what_is_damaged(
    out: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("a damaged warehouse was opened")

    before = published(out)
    flip(before.warehouse)
    monkeypatch.setattr(previous, "open_read_only", fail)
    heals(out, capfd, full=True)
    with duckdb.connect(published(out).warehouse, read_only=True) as con:
        found = con.execute("select previous_snapshot_id, is_comparable from tidy.comparison").fetchall()
    assert found == [(before.id, False)]


def test_a_published_link_that_leads_nowhere_is_healed(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(published(out).folder)
    run = build_quietly(SAMPLE, out)
    assert (run.outcome, len(run.warnings)) == ("published", 1)
    assert capfd.readouterr().err.count("\n") == 1
    assert build_quietly(SAMPLE, out).outcome == "unchanged"


@pytest.mark.parametrize(
    ("key", "value"),
    [("started_at", None), ("started_at", 5), ("started_at", "x"), ("started_at", "2026-01-01T00:00:00"),
     ("as_of_date", [1]), ("as_of_date", "0000-99-99"), ("fingerprint", []), ("fingerprint", {"rows": 1}),
     ("files", None), ("files", {"seen": "1"}), ("files", {"seen": 10**400}), ("rows", []), ("checks", {"a": 1}),
     ("checks", [1]), ("seconds", {"load": float("nan")}), ("snapshot_id", 1),
     ("preset", {"name": "other", "chosen_by": "vote", "votes": None}), ("preset", "generic")],
)  # fmt: skip
def test_a_run_json_of_wrong_types_that_the_manifest_confirms_is_no_base(out: Path, key: str, value: object) -> None:
    snapshot, warnings = published(out), list[str]()
    run = json.loads(snapshot.run_file.read_text())
    settings = Settings.load(source=SAMPLE, out=out)
    baseline, choice = find_baseline(out, pytest.fail), PresetChoice(Preset.SMARTABLE, "setting")
    assert find_base_snapshot(settings, run["fingerprint"], baseline, choice, pytest.fail) is not None
    snapshot.run_file.write_text(json.dumps(run | {key: value}))
    write_manifest(snapshot.folder)
    baseline = find_baseline(out, pytest.fail)
    assert find_base_snapshot(settings, run["fingerprint"], baseline, choice, warnings.append) is None
    (warning,) = warnings
    assert warning.startswith(f"{snapshot.folder}: cannot be reused (")
    assert warning.endswith("); all files are read again to replace it")


@pytest.mark.parametrize("name", ["run.json", "marts/field_completeness.parquet"])
def test_a_damaged_snapshot_is_not_published_again(out: Path, name: str) -> None:
    first = published(out)
    build_quietly(SAMPLE, out, full=True)
    second = published(out)
    flip(first.folder / name)
    for id_ in (None, first.id):
        with pytest.raises(SnapshotError, match=rf"{first.id}: {name} has changed since it was written; publish"):
            roll_back(out, id_)
    assert published(out) == second


def test_files_that_an_export_reads_can_be_checked_by_themselves(out: Path) -> None:
    folder = published(out).folder
    flip(folder / "marts/field_completeness.parquet")
    require_intact(folder, "advice", ["marts/run_history.parquet", "run.json"])
    for paths in (["marts/field_completeness.parquet", "run.json"], None):
        with pytest.raises(SnapshotError, match=r"completeness\.parquet has changed since it was written; advice"):
            require_intact(folder, "advice", paths)
    with pytest.raises(SnapshotError, match=r"marts/new\.parquet is not in the manifest; advice"):
        require_intact(folder, "advice", ["marts/new.parquet"])


def test_a_manifest_without_the_warehouse_is_damaged(out: Path) -> None:
    snapshot, warnings = published(out), list[str]()
    snapshot.warehouse.unlink()
    write_manifest(snapshot.folder)
    assert find_damage(snapshot.folder) == []
    assert find_baseline(out, warnings.append) == Baseline(snapshot.id, None)
    assert warnings == [f"{snapshot.folder}: warehouse.duckdb is missing; {REPLACED}"]


def test_a_snapshot_that_is_whole_is_no_warning(out: Path) -> None:
    snapshot = published(out)
    assert find_baseline(out, pytest.fail) == Baseline(snapshot.id, Snapshot(snapshot.id, snapshot.folder))
    assert find_baseline(out / "empty", pytest.fail) is None


def test_a_run_log_of_other_lines_is_one_warning_and_blocks_nothing(
    out: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    content = b'{"a":1}\n'
    log = out / "runs.jsonl"
    first = log.read_bytes()
    log.write_bytes(first + first + content)
    run = build_quietly(SAMPLE, out, full=True)
    (warning,) = run.warnings
    assert warning.startswith(f"{log}: 2 lines are not a run, the first is line 2; ")
    assert capfd.readouterr().err == f"frontmart: warning: {warning}\n"
    assert log.read_bytes().startswith(first + first + content)
    assert build_quietly(SAMPLE, out).warnings == []  # a build without a change reads no log
