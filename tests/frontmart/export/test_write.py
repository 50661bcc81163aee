"""Exports that are made from a snapshot: whole or not there, of one snapshot, and made once."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from polars.testing import assert_frame_equal

from frontmart.errors import FrontmartError, SnapshotError, UsageError
from frontmart.export import ExportRequest, export, write
from frontmart.export.plan import make_plan
from frontmart.export.tables import open_tables
from frontmart.formats import EXPORT_FORMATS, FORMATS, csv
from frontmart.snapshots.store import published, roll_back
from tests.frontmart.export.conftest import hostile, publish

LATER = "20260201T060000000000Z"
# A few months, so that there are folders to be killed between.
DATED = hostile().select("row_id", "text", "day_date")
PARTITIONED = [name for name in EXPORT_FORMATS if FORMATS[name].is_partitioned]


def read_export(target: Path) -> str:
    """The snapshot that is current at a target: link and manifest agree, and every file is as the manifest says."""
    manifest = json.loads((target / "manifest.json").read_text())
    for file in manifest["files"]:
        content = (target / file["path"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"]), file["path"]
    return str(manifest["snapshot_id"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """An output folder with two snapshots, the first of which is published."""
    publish(tmp_path / "two", {"dated": DATED})
    first = published(tmp_path / "two").id
    publish(tmp_path / "two", {"dated": DATED.head(7)}, id_=LATER)
    roll_back(tmp_path / "two", first)
    return tmp_path / "two"


KILLED = """
import os, signal, sys
from pathlib import Path
import filelock, duckdb, polars, pyarrow.dataset, xlsxwriter
from frontmart.export import ExportRequest, export, write

out, target, step, file_format, partition_by = *sys.argv[1:3], int(sys.argv[3]), sys.argv[4], sys.argv[5] or None
seen = 0

def count(event, arguments):
    global seen
    is_step = event in ("os.mkdir", "os.rename", "os.symlink") or event == "open" and arguments[2] & os.O_CREAT
    if is_step and str(arguments[1 if event == "os.symlink" else 0]).startswith(target + "/"):
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1

sys.addaudithook(count)
export(Path(out), target, ExportRequest(format=file_format, partition_by=partition_by))
print(seen)
"""


# A process a step takes its time: the tests kill a few, `FRONTMART_EVERY_STEP=1 pytest` all.
EVERY_STEP = "FRONTMART_EVERY_STEP" in os.environ


@pytest.mark.parametrize(("file_format", "partition_by"), [("csv", "month"), ("sqlite", ""), ("xlsx", "")])
def test_an_export_that_is_killed_leaves_a_whole_one_and_the_next_needs_no_clean_up(
    two: Path, tmp_path: Path, file_format: str, partition_by: str
) -> None:
    request = ExportRequest(format=file_format, partition_by=partition_by or None)
    before = tmp_path / "before"
    first = export(two, str(before), request)
    roll_back(two, LATER)

    def killed_at(step: int) -> subprocess.CompletedProcess[str]:
        """The state after an export was killed before a step: the target is whole, and the next export completes."""
        target = tmp_path / f"killed-{step}"
        shutil.copytree(before, target, symlinks=True)
        command = [sys.executable, "-c", KILLED, str(two), str(target), str(step), file_format, partition_by]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == (0 if step == 999 else -9), done.stderr
        assert read_export(target) == (LATER if step == 999 else first.snapshot_id)
        again = export(two, str(target), request)
        assert read_export(target) == LATER
        assert names(target) == sorted([first.manifest.folder, again.manifest.folder, "latest", "manifest.json"])
        return done

    count = int(killed_at(999).stdout)
    # Before the manifest is in its place; before the link is, and before the folder is: and half way there.
    for step in range(count) if EVERY_STEP else sorted({count // 3, count - 5, count - 1}):
        killed_at(step)


def test_a_snapshot_that_is_removed_while_it_is_exported_arrives_whole(two: Path) -> None:
    snapshot = published(two)
    plan = make_plan(snapshot, ExportRequest(format="csv"))
    with open_tables(plan.sources) as (table,):
        shutil.rmtree(snapshot.folder)
        roll_back(two, LATER)
        rows = pl.concat([pl.DataFrame(batch) for batch in table.batches()])
    assert_frame_equal(rows, DATED)


def test_the_same_export_again_makes_nothing(out: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = ExportRequest(format="sqlite")
    first = export(out, str(target), request)
    monkeypatch.setattr(write, "render", None)
    again = export(out, str(target), request)
    assert (again.is_new, again.manifest) == (False, first.manifest)


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "arrow", "sqlite"])
def test_what_was_damaged_at_the_target_is_made_again(out: Path, target: Path, file_format: str) -> None:
    request = ExportRequest(format=file_format)
    first = export(out, str(target), request)
    (target / first.files[0].path).write_bytes(b"damaged")
    assert export(out, str(target), request).is_new
    assert read_export(target) == first.snapshot_id
    assert not export(out, str(target), request).is_new


def test_another_selection_gets_a_folder_of_its_own_so_that_readers_of_the_first_are_not_disturbed(
    tmp_path: Path, target: Path
) -> None:
    publish(tmp_path, {"one": DATED, "two": DATED})
    first = export(tmp_path, str(target), ExportRequest(format="xlsx", marts=["one"]))
    with (target / "latest" / "frontmart.xlsx").open("rb") as reader:
        second = export(tmp_path, str(target), ExportRequest(format="xlsx"))
        assert hashlib.sha256(reader.read()).hexdigest() == first.files[0].sha256
    assert first.manifest.folder != second.manifest.folder
    assert (target / "latest").readlink() == Path(second.manifest.folder)
    assert (target / first.files[0].path).is_file()


def test_a_target_has_exports_of_one_format(out: Path, target: Path) -> None:
    export(out, str(target), ExportRequest(format="csv"))
    with pytest.raises(UsageError) as caught:
        export(out, str(target), ExportRequest(format="xlsx"))
    assert str(caught.value) == (
        f"{target}: has an export in the format csv, not xlsx; give another target, or remove its manifest.json "
        "to change the format"
    )
    (target / "manifest.json").unlink()
    assert export(out, str(target), ExportRequest(format="xlsx")).is_new


def test_old_exports_are_removed_and_other_folders_stay(two: Path, target: Path) -> None:
    (target / "20000101T000000000000Z-0123abcd").mkdir(parents=True)
    (target / "20000101T000000000000Z-0123abcd" / "notes.txt").touch()
    request = ExportRequest(format="csv", partition_by="month", keep=1)
    first = export(two, str(target), request)
    roll_back(two, LATER)
    second = export(two, str(target), request)
    assert second.pruned == [first.manifest.folder]
    assert names(target) == sorted(
        ["20000101T000000000000Z-0123abcd", second.manifest.folder, "latest", "manifest.json"]
    )


def test_a_mart_that_was_damaged_since_it_was_published_is_not_exported(out: Path, target: Path) -> None:
    mart = published(out).marts / "hostile.parquet"
    mart.write_bytes(mart.read_bytes()[:-1] + b"?")
    with pytest.raises(SnapshotError, match=r"hostile\.parquet: has changed since it was published and was not"):
        export(out, str(target), ExportRequest(format="csv"))
    assert names(target) == []


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import filelock
from frontmart.export import ExportRequest, export
from frontmart.errors import FrontmartError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
# The limit would cut a .pyc file short, too, for every process after this one.
sys.dont_write_bytecode = True
resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
try:
    export(Path(sys.argv[1]), sys.argv[2], ExportRequest(format=sys.argv[3], partition_by=sys.argv[4] or None))
except FrontmartError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("file_format", "partition_by"),
    [("csv", ""), ("csv", "month"), ("xlsx", ""), ("arrow", ""), ("sqlite", ""), ("parquet", "month")],
)
def test_a_full_disk_is_reported_and_leaves_nothing_behind(
    out: Path, target: Path, file_format: str, partition_by: str
) -> None:
    publish(out, {"large": pl.DataFrame({"a": range(9_000), "b": map(hash, range(9_000))})}, id_=LATER)
    command = [sys.executable, "-c", FULL_DISK, str(out), str(target), file_format, partition_by]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.startswith(f"{target}: the export failed ("), done.stderr
    assert done.stdout.endswith("; the previous export is unchanged; correct the cause and export again\n")
    assert names(target) == []


def test_an_object_store_gets_what_a_folder_gets(out: Path, target: Path) -> None:
    system = MemoryFileSystem()
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    request = ExportRequest(format="csv", partition_by="month")
    in_folder = export(out, str(target), request)
    in_store = export(out, "memory://bucket", request)
    assert in_store.manifest == in_folder.manifest
    for file in in_store.files:
        assert hashlib.sha256(system.cat_file(f"/bucket/{file.path}")).hexdigest() == file.sha256
    assert system.cat_file("/bucket/manifest.json") == (target / "manifest.json").read_bytes()
    assert not export(out, "memory://bucket", request).is_new
    system.store.clear()
    system.pseudo_dirs[:] = [""]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (ExportRequest(format="pdf"), f"unknown format 'pdf'; use one of {', '.join(EXPORT_FORMATS)}"),
        (ExportRequest(partition_by="year"), "exports cannot be partitioned by 'year'; use month"),
        (
            ExportRequest(format="xlsx", partition_by="month"),
            f"xlsx is one file for all tables, which cannot be partitioned; use one of {', '.join(PARTITIONED)}, "
            "or leave out the partitioning",
        ),
        (ExportRequest(is_plain=True), "plain applies to csv only, and the format is parquet; leave it out"),
        (ExportRequest(tables=["topics"]), "unknown tidy table topics; use documents"),
        (ExportRequest(marts=["none"]), "there is nothing to export; name a mart, a star table or a tidy table"),
    ],
)
def test_invalid_options_are_reported_with_the_valid_ones(
    tmp_path: Path, target: Path, request_: ExportRequest, message: str
) -> None:
    publish(tmp_path, {"one": DATED}, {"documents": DATED})
    with pytest.raises(UsageError) as caught:
        export(tmp_path, str(target), request_)
    assert str(caught.value) == message
    assert not target.exists()


def test_tidy_tables_come_alone_if_no_mart_is_asked_for(tmp_path: Path, target: Path) -> None:
    publish(tmp_path, {"one": DATED}, {"documents": DATED})
    done = export(tmp_path, str(target), ExportRequest(marts=["none"], tables=["all"]))
    assert [file.path_within for file in done.files] == ["documents.parquet"]
    assert_frame_equal(pl.read_parquet(target / "latest" / "documents.parquet"), DATED)


def test_an_error_of_a_library_is_reported_as_one_of_the_target(
    out: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise pl.exceptions.ComputeError("no room")

    monkeypatch.setattr(csv, "write_batches", fail)
    with pytest.raises(FrontmartError, match=r"the export failed \(ComputeError: no room\); the previous export"):
        export(out, str(target), ExportRequest(format="csv"))
    assert names(target) == []
