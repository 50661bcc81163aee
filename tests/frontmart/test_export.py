"""Exports: complete or absent, with earlier exports still readable, and without secrets."""

import errno
import hashlib
import json
import shutil
import subprocess
import sys
import threading
import types
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import fsspec
import polars as pl
import pytest
from fsspec import AbstractFileSystem
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given
from hypothesis import strategies as st

from frontmart.errors import FrontmartError, LockedError, SnapshotError, UsageError
from frontmart.export import Export, ExportRequest, folder
from frontmart.export import export as export_request
from frontmart.export.folder import lock_target
from frontmart.export.manifest import (
    ExportedFile,
    ExportedTable,
    ExportManifest,
    ExportSpec,
    History,
    read_export_manifest,
)
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.store import published, roll_back
from frontmart.version import VERSION
from tests.sample import AS_OF, SAMPLE, mart_names
from transforms.redact.credentials import redact_url

TWO = ("provider_report", "topic_pairs")
LATER = [f"2999010{day}T000000000000Z" for day in range(1, 6)]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "target"


@pytest.fixture
def memory() -> Iterator[MemoryFileSystem]:
    """An object store, empty."""
    system = MemoryFileSystem()
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


def export(out: Path, target: str, marts: Sequence[str] = (), keep: int = 3) -> Export:
    """Export marts as published, as most of these tests do."""
    return export_request(out, target, ExportRequest(marts=marts, star=["none"], keep=keep))


def publish_next(out: Path, id_: str) -> None:
    """Publish a snapshot with other rows in topic_pairs."""
    before = published(out)
    folder = before.folder.with_name(id_)
    shutil.copytree(before.folder, folder)
    with (folder / "marts" / "topic_pairs.parquet").open("ab") as file:
        file.write(id_.encode())
    write_manifest(folder)
    roll_back(out, id_)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def expected_files(out: Path, marts: tuple[str, ...] = ()) -> tuple[ExportedFile, ...]:
    snapshot = published(out)
    rows = json.loads(snapshot.run_file.read_text())["rows"]
    return tuple(
        ExportedFile(
            table=path.stem,
            path=f"{snapshot.id}/{path.name}",
            bytes=path.stat().st_size,
            sha256=digest(path),
            row_count=rows[f"marts.{path.stem}"],
        )
        for path in sorted(snapshot.marts.iterdir())
        if not marts or path.stem in marts
    )


def expected_export(out: Path, target: str, *, is_new: bool) -> Export:
    """The result of an export of all marts as published."""
    id_, files = published(out).id, expected_files(out)
    tables = tuple(ExportedTable(f"marts.{file.table}", file.row_count) for file in files)
    recipe = ExportSpec(id_, AS_OF.isoformat(), VERSION, "parquet", None, False, tuple(table.name for table in tables))
    manifest = ExportManifest(recipe, id_, tables, files, (), History(1, (id_,), id_))
    return Export(target, manifest, is_new=is_new, pruned=[])


def read_export(target: Path) -> str:
    """The snapshot that is current at a target, all of whose files are as its manifest says."""
    manifest = json.loads((target / "manifest.json").read_text())
    assert manifest["files"]
    for file in manifest["files"]:
        content = (target / file["path"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"]), file["path"]
    return str(manifest["snapshot_id"])


def state(folder: Path) -> list[tuple[str, int, int]]:
    stats = [(str(path), path.lstat()) for path in sorted(folder.rglob("*"))]
    return [(path, stat.st_size, stat.st_mtime_ns) for path, stat in stats]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


# What is exported


def test_every_mart_arrives_as_it_was_published_and_the_manifest_says_so(out: Path, target: Path) -> None:
    id_, files = published(out).id, expected_files(out)
    assert export(out, str(target)) == expected_export(out, str(target), is_new=True)
    assert json.loads((target / "manifest.json").read_text()) == {
        "manifest_version": 2,
        "snapshot_id": id_,
        "as_of_date": AS_OF.isoformat(),
        "frontmart_version": VERSION,
        "format": "parquet",
        "partition_by": None,
        "is_plain": False,
        "folder": id_,
        "tables": [{"name": f"marts.{f.table}", "row_count": f.row_count, "partition_column": None} for f in files],
        "files": [
            {"table": f.table, "path": f.path, "bytes": f.bytes, "sha256": f.sha256, "row_count": f.row_count}
            for f in files
        ],
        "notes": [],
        "sequence": 1,
        "exports": [id_],
        "newest_snapshot_id": id_,
    }
    assert names(target) == sorted([id_, "latest", "manifest.json"])
    assert {path.name: digest(path) for path in (target / id_).iterdir()} == {
        f"{file.table}.parquet": file.sha256 for file in files
    }
    assert sorted(file.table for file in files) == mart_names()


def test_the_rows_that_the_manifest_counts_are_in_the_files(out: Path, target: Path) -> None:
    exported = export(out, str(target))
    rows = {file.table: pl.read_parquet(target / file.path).height for file in exported.files}
    assert rows == {file.table: file.row_count for file in exported.files}


def test_only_the_marts_that_were_named_arrive_each_once(out: Path, target: Path) -> None:
    exported = export(out, str(target), ["topic_pairs", "provider_report", "topic_pairs"])
    assert exported.files == expected_files(out, TWO)
    assert names(target / exported.snapshot_id) == ["provider_report.parquet", "topic_pairs.parquet"]


def test_no_name_means_every_mart(out: Path, target: Path) -> None:
    assert export(out, str(target), []).files == expected_files(out)


def test_an_unknown_mart_is_told_with_those_that_there_are(out: Path, target: Path) -> None:
    with pytest.raises(UsageError) as caught:
        export(out, str(target), ["topics", "documents", "topic_pairs"])
    assert str(caught.value) == (f"unknown mart documents, topics; use {', '.join(mart_names())}")
    assert not target.exists()


DAMAGE = {
    "missing": "is missing",
    "cut short": "has 100 bytes instead of {size:,}",
    "changed": "has changed since it was published",
}


@pytest.mark.parametrize("partition_by", [None, "month"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_mart_that_was_damaged_since_it_was_published_is_not_exported(
    out: Path, target: Path, damage: str, partition_by: str | None
) -> None:
    export(out, str(target))
    first = published(out).id
    publish_next(out, LATER[0])
    mart = published(out).marts / "topic_pairs.parquet"
    content = bytearray(mart.read_bytes())
    mart.unlink()
    if damage != "missing":
        content[50] ^= 1
        mart.write_bytes(content[:100] if damage == "cut short" else content)
    for place in (str(target), "memory://damaged"):
        with pytest.raises(SnapshotError) as caught:
            export_request(out, place, ExportRequest(star=["none"], partition_by=partition_by))
        assert str(caught.value) == (
            f"{mart}: {DAMAGE[damage].format(size=len(content))} and was not exported; "
            "run `frontmart build`, which repairs it, and export again"
        )
    assert read_export(target) == first
    assert names(target) == sorted([first, "latest", "manifest.json"])


def test_a_record_of_the_build_that_was_changed_is_not_believed(out: Path, target: Path) -> None:
    """The row counts of the manifest are from there."""
    run_file = published(out).run_file
    run = json.loads(run_file.read_text())
    run["rows"]["marts.topic_pairs"] += 1
    run_file.write_text(json.dumps(run, indent=2))
    with pytest.raises(SnapshotError, match=r"run\.json: has .* and was not exported; run `frontmart build`"):
        export(out, str(target))


def test_a_manifest_that_lost_a_mart_is_not_believed(out: Path, target: Path) -> None:
    manifest = published(out).folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"marts/topic_pairs.parquet"', '"martz/topic_pairs.parquet"'))
    with pytest.raises(SnapshotError, match=r"manifest\.json: does not list marts\.topic_pairs; run `frontmart build`"):
        export(out, str(target))


def test_a_snapshot_without_a_manifest_says_how_to_get_one(out: Path, target: Path) -> None:
    (published(out).folder / "manifest.json").unlink()
    with pytest.raises(SnapshotError, match=r"manifest\.json: is missing, .*; run `frontmart build`, which replaces"):
        export(out, str(target))


@pytest.mark.parametrize("content", ["", "{}", "[]"])
def test_a_snapshot_whose_run_is_damaged_says_what_to_do(out: Path, target: Path, content: str) -> None:
    published(out).run_file.write_text(content)
    with pytest.raises(SnapshotError, match=r"run\.json: is damaged; run `frontmart build`, which replaces it"):
        export(out, str(target))


def test_a_folder_without_a_published_snapshot_is_reported(tmp_path: Path, target: Path) -> None:
    with pytest.raises(SnapshotError, match="nothing is published here"):
        export(tmp_path, str(target))


# Again, and the next snapshot


def test_the_same_snapshot_again_changes_nothing_and_says_so(out: Path, target: Path) -> None:
    export(out, str(target))
    before = state(target)
    assert export(out, str(target)) == expected_export(out, str(target), is_new=False)
    assert state(target) == before


def test_the_next_snapshot_becomes_the_current_one_and_the_one_before_stays(out: Path, target: Path) -> None:
    first = export(out, str(target)).snapshot_id
    with (target / "latest" / "topic_pairs.parquet").open("rb") as reader:
        publish_next(out, LATER[0])
        assert export(out, str(target)).is_new
        assert len(reader.read()) == (target / first / "topic_pairs.parquet").stat().st_size
    assert read_export(target) == LATER[0]
    assert (target / "latest").readlink() == Path(LATER[0])
    assert names(target / first) == names(target / LATER[0])
    assert digest(target / first / "topic_pairs.parquet") != digest(target / "latest" / "topic_pairs.parquet")


def test_after_a_rollback_the_earlier_snapshot_is_current_again_and_is_not_copied(out: Path, target: Path) -> None:
    first = export(out, str(target)).snapshot_id
    copied = state(target / first)
    publish_next(out, LATER[0])
    export(out, str(target))
    roll_back(out)
    assert export(out, str(target)).is_new
    assert (read_export(target), (target / "latest").readlink()) == (first, Path(first))
    assert state(target / first) == copied


def test_more_marts_of_the_same_snapshot_join_those_that_are_there(out: Path, target: Path) -> None:
    id_ = export(out, str(target), TWO).snapshot_id
    first = state(target / id_)
    assert export(out, str(target)).is_new
    assert read_export(target) == id_
    assert names(target / id_) == [f"{mart}.parquet" for mart in mart_names()]
    assert set(first) <= set(state(target / id_))
    assert names(target) == sorted([id_, "latest", "manifest.json"])


@pytest.mark.parametrize("damage", ["gone", "cut short", "changed", "all gone"])
def test_what_was_damaged_at_the_target_is_mended(out: Path, target: Path, damage: str) -> None:
    id_ = export(out, str(target)).snapshot_id
    file = target / id_ / "topic_pairs.parquet"
    size = file.stat().st_size
    file.unlink()
    if damage == "all gone":
        shutil.rmtree(target / id_)
    elif damage != "gone":
        file.write_bytes(bytes(size if damage == "changed" else size // 2))
    assert export(out, str(target)).is_new
    assert read_export(target) == id_
    assert not export(out, str(target)).is_new


UNLIKE = b'{"path": ["x"], "bytes": {}, "sha256": 1, "table": {}, "row_count": null}'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"5",
        b"[]",
        b'{"snapshot_id": 1, "files": 2}',
        b'{"snapshot_id": 1, "files": [], "tables": [], "folder": 1, "notes": []}',
        b'{"snapshot_id": 1, "files": [' + UNLIKE + b'], "tables": [], "folder": 1, "notes": []}',
    ],
)
def test_a_damaged_manifest_is_mended(out: Path, target: Path, content: bytes) -> None:
    id_ = export(out, str(target)).snapshot_id
    (target / "manifest.json").write_bytes(content)
    assert export(out, str(target)).is_new
    assert read_export(target) == id_


def test_a_manifest_of_a_later_version_is_not_replaced(out: Path, target: Path, memory: MemoryFileSystem) -> None:
    export(out, str(target))
    manifest = json.loads((target / "manifest.json").read_text())
    content = json.dumps(manifest | {"manifest_version": 3, "frontmart_version": "9.1", "shards": 5}).encode()
    (target / "manifest.json").write_bytes(content)
    memory.pipe_file("/bucket/manifest.json", content)
    publish_next(out, LATER[0])
    for place, shown in ((str(target), str(target)), ("memory://bucket", "/bucket")):
        with pytest.raises(UsageError) as caught:
            export(out, place)
        assert str(caught.value) == (
            f"{shown}/manifest.json: is of a later version of Frontmart (9.1); "
            "upgrade Frontmart, or give another target"
        )
    assert (target / "manifest.json").read_bytes() == memory.cat_file("/bucket/manifest.json") == content


def test_a_manifest_of_the_version_before_is_read(out: Path, target: Path, memory: MemoryFileSystem) -> None:
    for place, root in ((str(target), None), ("memory://bucket", "/bucket")):
        id_ = export(out, place, TWO).snapshot_id
        content = (target / "manifest.json").read_bytes() if root is None else memory.cat_file("/bucket/manifest.json")
        new = ("manifest_version", "sequence", "exports", "newest_snapshot_id")
        old = json.dumps({key: value for key, value in json.loads(content).items() if key not in new}).encode()
        (target / "manifest.json").write_bytes(old) if root is None else memory.pipe_file("/bucket/manifest.json", old)
        assert not export(out, place, TWO).is_new
        assert export(out, place).manifest.history == History(1, (id_,), id_)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
def test_any_manifest_is_read_or_refused_in_one_line(data: st.DataObject) -> None:
    file = {"table": "t", "path": "a/t.parquet", "bytes": 1, "sha256": "0", "row_count": 1}
    manifest = ExportManifest(ExportSpec("a", "b", "c", "csv", None, False, ()), "a", (), (ExportedFile(**file),))
    entries = manifest.as_json()
    for key in data.draw(st.lists(st.sampled_from(sorted(entries)), max_size=3)):
        entries[key] = data.draw(JSON)
    if data.draw(st.booleans()):
        entries["files"] = [file | data.draw(st.dictionaries(st.sampled_from(sorted(file)), JSON))]
    try:
        found = read_export_manifest(json.dumps(entries).encode(), "here")
    except UsageError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert found is None or found.as_json() == json.loads(json.dumps(entries)) | {"manifest_version": 2}


@pytest.mark.parametrize("content", [b"[" * 100_000, b"\xff", b'{"a": 1e999}', b'"snapshot_id files"', b"nul", b"null"])
def test_content_that_is_hardly_json_is_damaged_or_of_something_else(content: bytes) -> None:
    try:
        assert read_export_manifest(content, "here") is None
    except UsageError as error:
        assert str(error) == "here/manifest.json: is not the manifest of an export; give another target"  # noqa: PT017


@pytest.mark.parametrize("link", [None, "nowhere"])
def test_a_link_that_is_gone_or_wrong_is_mended(out: Path, target: Path, link: str | None) -> None:
    id_ = export(out, str(target)).snapshot_id
    (target / "latest").unlink()
    if link:
        (target / "latest").symlink_to(link)
    assert not export(out, str(target)).is_new
    assert (target / "latest").readlink() == Path(id_)


def test_a_file_system_without_links_is_exported_to_without_one(
    out: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    id_ = export(out, str(target)).snapshot_id
    assert read_export(target) == id_
    assert names(target) == [id_, "manifest.json"]
    assert not export(out, str(target)).is_new


# How many stay


def test_only_so_many_snapshots_stay_and_what_else_lies_there_is_left_alone(out: Path, target: Path) -> None:
    first = export(out, str(target)).snapshot_id
    (target / "notes").mkdir()
    other = target / "20000101T000000000000Z"
    other.mkdir()
    (other / "warehouse.duckdb").touch()
    pruned = []
    for id_ in LATER[:3]:
        publish_next(out, id_)
        pruned.append(export(out, str(target), TWO, keep=2).pruned)
    assert pruned == [[], [first], [LATER[0]]]
    assert names(target) == sorted([other.name, LATER[1], LATER[2], "latest", "manifest.json", "notes"])
    assert read_export(target) == LATER[2]


def test_the_current_snapshot_stays_however_old_it_is(out: Path, target: Path) -> None:
    first = export(out, str(target), TWO).snapshot_id
    publish_next(out, LATER[0])
    export(out, str(target), TWO)
    roll_back(out)
    assert export(out, str(target), TWO, keep=1).pruned == []
    assert read_export(target) == first


def test_three_stay_where_nothing_else_is_said(out: Path, target: Path) -> None:
    for id_ in LATER:
        publish_next(out, id_)
        export(out, str(target), TWO)
    assert names(target) == sorted([*LATER[2:], "latest", "manifest.json"])


def test_at_least_one_must_stay(out: Path, target: Path) -> None:
    with pytest.raises(UsageError, match=r"keep is 0, .*give 1 or more"):
        export(out, str(target), keep=0)


# Cut short

KILLED = """
import os, signal, sys
from pathlib import Path
import filelock
from frontmart.export import ExportRequest, export

out, target, step = sys.argv[1], sys.argv[2], int(sys.argv[3])
seen = 0

def count(event, arguments):
    global seen
    is_step = event in ("os.mkdir", "os.rename", "os.symlink") or event == "open" and arguments[2] & os.O_CREAT
    if is_step and str(arguments[1 if event == "os.symlink" else 0]).startswith(target + "/"):
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1

sys.addaudithook(count)
export(Path(out), target, ExportRequest(marts=["provider_report", "topic_pairs"]))
print(seen)
"""


def in_a_child(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_export_that_is_killed_at_any_step_leaves_a_whole_one_and_the_next_needs_no_clean_up(
    out: Path, tmp_path: Path
) -> None:
    before = tmp_path / "before"
    first = export(out, str(before), TWO).snapshot_id
    publish_next(out, LATER[0])
    found = []
    for step in range(100):
        target = tmp_path / f"killed-{step}"
        shutil.copytree(before, target, symlinks=True)
        done = in_a_child(KILLED, out, target, step)
        found.append(read_export(target))
        assert names(target / "latest") == ["provider_report.parquet", "topic_pairs.parquet"]
        assert export(out, str(target), TWO).is_new == (found[-1] == first)
        assert read_export(target) == LATER[0]
        assert names(target) == sorted([first, LATER[0], "latest", "manifest.json"])
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr
    # The lock, the folder, two files, the folder in its place, the link and the manifest, temporary and then in place.
    assert (step, done.stdout) == (9, "9\n")
    assert found == [first] * 9 + [LATER[0]]


def test_a_first_export_that_is_killed_between_two_files_leaves_no_manifest(out: Path, target: Path) -> None:
    target.mkdir()
    assert in_a_child(KILLED, out, target, 3).returncode == -9
    assert [name for name in names(target) if not name.startswith(f".{published(out).id}-")] == []
    assert len(names(target)) == 1
    export(out, str(target))
    assert names(target) == sorted([published(out).id, "latest", "manifest.json"])


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import filelock
from frontmart.export import ExportRequest, export

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
# The limit would cut a .pyc file short, too, for every process after this one.
sys.dont_write_bytecode = True
resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
export(Path(sys.argv[1]), sys.argv[2], ExportRequest(star=["none"]))
"""


def test_a_disk_that_is_full_leaves_what_was_there_and_nothing_else(out: Path, target: Path) -> None:
    first = export(out, str(target), TWO).snapshot_id
    publish_next(out, LATER[0])
    before = state(target)
    done = in_a_child(FULL_DISK, out, target)
    assert done.stderr.splitlines()[-1] == (
        f"frontmart.errors.FrontmartError: {target}: the export failed (OSError: [Errno 27] File too large); "
        "the previous export is unchanged; correct the cause and export again"
    )
    assert [entry for entry in state(target) if not entry[0].endswith(".lock")] == [
        entry for entry in before if not entry[0].endswith(".lock")
    ]
    assert read_export(target) == first


def test_a_reader_never_meets_half_an_export(out: Path, target: Path) -> None:
    export(out, str(target), TWO)
    publish_next(out, LATER[0])
    trouble: list[str] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            try:
                read_export(target)
                assert len(names(target / "latest")) == 2
            except (OSError, ValueError, AssertionError) as error:
                trouble.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(20):
            roll_back(out, LATER[0] if number % 2 == 0 else None)
            assert export(out, str(target), TWO).is_new
    finally:
        is_over.set()
        for reader in readers:
            reader.join()
    assert trouble == []


def test_one_export_at_a_time_writes_a_folder(out: Path, target: Path) -> None:
    with lock_target(target), pytest.raises(LockedError, match="another export holds the lock of this folder; wait"):
        export(out, str(target))
    assert export(out, str(target)).is_new


@pytest.mark.parametrize("has_earlier", [False, True])
def test_an_export_that_waits_for_the_lock_while_a_newer_one_runs_does_not_go_back(
    out: Path, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_earlier: bool
) -> None:
    """Its snapshot is the older one: another output folder, or a snapshot that was published when it began."""
    newer = tmp_path / "newer"
    shutil.copytree(out, newer, symlinks=True)
    if has_earlier:
        export(out, str(target), TWO)
    publish_next(newer, LATER[0])

    def overtaken(root: Path) -> AbstractContextManager[None]:
        monkeypatch.setattr(folder, "lock_target", lock_target)
        assert export(newer, str(target), keep=1).is_new
        return lock_target(root)

    monkeypatch.setattr(folder, "lock_target", overtaken)
    with pytest.raises(LockedError) as caught:
        export(out, str(target))
    assert str(caught.value) == (
        f"{target}: another export has just made the newer snapshot {LATER[0]} current; "
        f"export again to replace it with {published(out).id}"
    )
    assert read_export(target) == LATER[0]
    assert export(out, str(target)).is_new
    assert read_export(target) == published(out).id


def test_an_export_that_waits_for_the_lock_while_a_build_publishes_and_is_exported_has_nothing_to_do(
    out: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(root: Path) -> AbstractContextManager[None]:
        monkeypatch.setattr(folder, "lock_target", lock_target)
        publish_next(out, LATER[0])
        assert export(out, str(target), keep=1).is_new
        return lock_target(root)

    export(out, str(target), TWO)
    monkeypatch.setattr(folder, "lock_target", overtaken)
    assert not export(out, str(target)).is_new
    assert read_export(target) == LATER[0]


# Targets that will not do


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/export"])
def test_a_target_that_is_no_folder_is_a_usage_error(out: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(UsageError, match=r"cannot be written \(.+\); give another target$"):
        export(out, str(tmp_path / place))
    assert (tmp_path / "file").read_text() == "precious"


READ_ONLY = """
import ctypes, struct, sys
from pathlib import Path
import filelock
from frontmart.export import ExportRequest, export

# Root may write anywhere, as long as it has the capabilities of root.
ctypes.CDLL(None).capset(struct.pack("=Ii", 0x20080522, 0), bytes(24))
print(export(Path(sys.argv[1]), sys.argv[2], ExportRequest(star=["none"])).is_new)
"""


def test_a_target_that_can_only_be_read_is_a_usage_error_unless_it_holds_all(out: Path, target: Path) -> None:
    export(out, str(target))
    for mode in (0o555, 0o755):
        target.chmod(mode)
        assert in_a_child(READ_ONLY, out, target).stdout == "False\n"
    before = state(target)
    publish_next(out, LATER[0])
    target.chmod(0o555)
    (target / ".lock").chmod(0o444)
    done = in_a_child(READ_ONLY, out, target)
    target.chmod(0o755)
    assert done.stderr.splitlines()[-1] == (
        f"frontmart.errors.UsageError: {target}/.lock: cannot be written (Permission denied); give another target"
    )
    assert state(target) == before


def test_a_folder_where_the_link_belongs_is_not_overwritten(out: Path, target: Path) -> None:
    (target / "latest").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"latest: is in the way .*move it elsewhere"):
        export(out, str(target))
    assert names(target) == ["latest"]


def test_the_manifest_of_something_else_is_not_overwritten(out: Path, target: Path, memory: MemoryFileSystem) -> None:
    target.mkdir()
    (target / "manifest.json").write_text('{"name": "a web site"}')
    memory.pipe_file("/site/manifest.json", b'["a web site"]')
    for place in (str(target), "memory://site"):
        with pytest.raises(UsageError, match=r"manifest\.json: is not the manifest of an export; give another target"):
            export(out, place)
    assert (names(target), memory.find("/site")) == (["manifest.json"], ["/site/manifest.json"])


@pytest.mark.parametrize("place", ["snapshots", "published", "snapshots/below"])
def test_snapshots_are_not_exported_over_themselves(out: Path, place: str) -> None:
    before = state(out)
    with pytest.raises(UsageError) as caught:
        export(out, str(out / place))
    assert str(caught.value) == f"{out / place}: is inside the snapshots in {out}/snapshots; give another target"
    assert state(out) == before


def test_nothing_is_exported_beside_the_snapshots_but_a_folder_there_will_do(out: Path) -> None:
    before = state(out)
    with pytest.raises(UsageError) as caught:
        export(out, f"{out}/.")
    assert str(caught.value) == f"{out}: is the output folder itself; give another target, such as a folder in it"
    assert state(out) == before
    export(out, str(out / "exports"))
    assert read_export(out / "exports") == published(out).id


def test_nothing_is_exported_into_the_source(out: Path) -> None:
    for place in (SAMPLE, SAMPLE / "exports", SAMPLE / ".." / SAMPLE.name):
        with pytest.raises(UsageError) as caught:
            export(out, str(place))
        assert str(caught.value) == f"{place}: is inside the source {SAMPLE}; give another target"
    assert not (SAMPLE / "exports").exists()


def test_a_link_into_the_output_folder_is_no_way_around(out: Path, target: Path) -> None:
    target.symlink_to(out / "snapshots")
    with pytest.raises(UsageError, match="is inside the snapshots in"):
        export(out, str(target))


@pytest.mark.parametrize("place", ["", " "])
def test_an_empty_target_is_not_the_current_folder(out: Path, place: str) -> None:
    with pytest.raises(UsageError, match="the target is empty; give a folder"):
        export(out, place)


def test_folders_are_also_called_by_url_and_by_relative_path(
    out: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(target.parent)
    assert [export(out, place).is_new for place in (f"file://{target}", "target", "./target/")] == [True, False, False]
    assert read_export(target) == published(out).id


def test_an_unknown_protocol_is_a_usage_error(out: Path) -> None:
    with pytest.raises(UsageError) as caught:
        export(out, "gopher://somewhere")
    assert str(caught.value) == (
        "gopher://somewhere: is not a valid target (ValueError: Protocol not known: gopher); "
        "give a folder, or a URL such as s3://bucket/folder"
    )


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("foo://x", "ValueError"),
        ("cached://x", "ValueError"),
        ("reference://x", "TypeError"),
        ("generic://x", "TypeError"),
        ("dir://x", "AttributeError"),
    ],
)
def test_a_protocol_that_a_url_does_not_suffice_for_is_a_usage_error(out: Path, place: str, error: str) -> None:
    with pytest.raises(UsageError, match=rf"^{place}: is not a valid target \({error}: .*; give a folder"):
        export(out, place)


def test_a_protocol_whose_package_is_missing_says_what_to_install(out: Path) -> None:
    fsspec.register_implementation("nas", "no_such_nas.NasFileSystem", errtxt="Install no_such_nas to access a NAS")
    with pytest.raises(UsageError) as caught:
        export(out, "nas://user:hush@host/marts")
    assert str(caught.value) == (
        "nas://***@host/marts: Install no_such_nas to access a NAS, with `python -m pip install no_such_nas`"
    )


# Object stores


def objects(memory: MemoryFileSystem, root: str) -> dict[str, str]:
    return {path: hashlib.sha256(memory.cat_file(path)).hexdigest() for path in memory.find(root)}


def read_store(memory: MemoryFileSystem, root: str) -> str:
    manifest = json.loads(memory.cat_file(f"{root}/manifest.json"))
    found = objects(memory, root)
    assert all(found[f"{root}/{file['path']}"] == file["sha256"] for file in manifest["files"])
    return str(manifest["snapshot_id"])


@pytest.mark.parametrize("root", ["/bucket/marts", ""])
def test_an_object_store_gets_the_same_files_and_manifest(
    out: Path, target: Path, memory: MemoryFileSystem, root: str
) -> None:
    export(out, str(target))
    files = expected_files(out)
    place = f"memory:/{root or '/'}"
    assert export(out, place) == expected_export(out, place, is_new=True)
    assert objects(memory, root) == {f"{root}/manifest.json": digest(target / "manifest.json")} | {
        f"{root}/{file.path}": file.sha256 for file in files
    }


def test_a_store_that_holds_all_of_it_is_not_written_to(
    out: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(out, "memory://bucket")
    before = objects(memory, "/bucket")
    for write in ("put_file", "pipe_file", "rm", "rm_file"):
        monkeypatch.setattr(MemoryFileSystem, write, None, raising=False)
    assert export(out, "memory://bucket") == expected_export(out, "memory://bucket", is_new=False)
    assert objects(memory, "/bucket") == before


def test_the_manifest_comes_behind_the_files(
    out: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    put_file, pipe_file = MemoryFileSystem.put_file, MemoryFileSystem.pipe_file
    monkeypatch.setattr(
        MemoryFileSystem, "put_file", lambda self, source, path: (written.append(path), put_file(self, source, path))
    )
    monkeypatch.setattr(
        MemoryFileSystem, "pipe_file", lambda self, path, data: (written.append(path), pipe_file(self, path, data))
    )
    id_ = export(out, "memory://bucket", TWO).snapshot_id
    assert written == [f"/bucket/{id_}/{mart}.parquet" for mart in TWO] + ["/bucket/manifest.json"]


@pytest.mark.parametrize("count", range(10))
def test_a_store_that_fails_between_files_keeps_what_was_exported_before(
    out: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    first = export(out, "memory://bucket").snapshot_id
    publish_next(out, LATER[0])
    left = iter(range(count))
    put_file = MemoryFileSystem.put_file

    def put_or_fail(self: MemoryFileSystem, source: str, path: str) -> None:
        if next(left, None) is None:
            raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        put_file(self, source, path)

    with monkeypatch.context() as patch:
        patch.setattr(MemoryFileSystem, "put_file", put_or_fail)
        with pytest.raises(
            FrontmartError, match=r"memory://bucket: the export failed \(ConnectionResetError: .*is unchanged"
        ):
            export(out, "memory://bucket")
    assert read_store(memory, "/bucket") == first
    assert export(out, "memory://bucket").is_new
    assert read_store(memory, "/bucket") == LATER[0]


def test_an_object_that_arrived_short_fails_the_export(
    out: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(MemoryFileSystem, "put_file", lambda self, _, path: self.pipe_file(path, b"PAR1"))
        with pytest.raises(FrontmartError, match=r"4 bytes arrived instead of \d+: '\w+/provider_report\.parquet'"):
            export(out, "memory://bucket", TWO)
    assert not memory.exists("/bucket/manifest.json")


@pytest.mark.parametrize("content", [None, b"PAR1"])
def test_a_missing_or_truncated_object_is_written_again(
    out: Path, memory: MemoryFileSystem, content: bytes | None
) -> None:
    id_ = export(out, "memory://bucket").snapshot_id
    path = f"/bucket/{id_}/topic_pairs.parquet"
    memory.rm(path)
    if content:
        memory.pipe_file(path, content)
    assert export(out, "memory://bucket").is_new
    assert read_store(memory, "/bucket") == id_


def test_a_corrupt_object_of_the_right_size_is_found_and_written_again_with_checksum(
    out: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported = export(out, "memory://bucket")
    corrupt, missing = exported.files[2], exported.files[5]
    memory.pipe_file(f"/bucket/{corrupt.path}", bytes(corrupt.bytes))
    memory.rm(f"/bucket/{missing.path}")
    written: list[str] = []
    put_file = MemoryFileSystem.put_file
    monkeypatch.setattr(
        MemoryFileSystem, "put_file", lambda self, source, path: (written.append(path), put_file(self, source, path))
    )
    repaired = export_request(out, "memory://bucket", ExportRequest(star=["none"], checksum=True))
    assert (repaired.is_new, repaired.files) == (True, exported.files)
    assert written == [f"/bucket/{file.path}" for file in (corrupt, missing)]
    assert read_store(memory, "/bucket") == exported.snapshot_id
    assert not export_request(out, "memory://bucket", ExportRequest(star=["none"], checksum=True)).is_new


def test_without_checksum_a_corrupt_object_of_the_right_size_is_not_read(out: Path, memory: MemoryFileSystem) -> None:
    file = export(out, "memory://bucket").files[0]
    memory.pipe_file(f"/bucket/{file.path}", bytes(file.bytes))
    assert not export(out, "memory://bucket").is_new


def test_a_store_that_spoils_what_it_gets_fails_an_export_with_checksum(
    out: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        MemoryFileSystem,
        "put_file",
        lambda self, source, path: self.pipe_file(path, bytes(Path(source).stat().st_size)),
    )
    with pytest.raises(FrontmartError, match=r"did not arrive as it was sent: '\w+/\w+\.parquet'"):
        export_request(out, "memory://bucket", ExportRequest(star=["none"], checksum=True))
    assert not memory.exists("/bucket/manifest.json")


def test_an_object_that_is_not_in_the_manifest_is_written_again(out: Path, memory: MemoryFileSystem) -> None:
    """Its size is right, but an export that was cut short may have left it."""
    file = expected_files(out)[0]
    memory.pipe_file(f"/bucket/{file.path}", bytes(file.bytes))
    assert export(out, "memory://bucket").is_new
    assert read_store(memory, "/bucket") == published(out).id


def test_only_missing_objects_are_written(out: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    export(out, "memory://bucket", TWO)
    written: list[str] = []
    put_file = MemoryFileSystem.put_file
    monkeypatch.setattr(
        MemoryFileSystem, "put_file", lambda self, source, path: (written.append(path), put_file(self, source, path))
    )
    exported = export(out, "memory://bucket")
    assert written == [f"/bucket/{file.path}" for file in exported.files if file.table not in TWO]


def test_older_snapshots_in_a_store_are_removed_beyond_the_limit(out: Path, memory: MemoryFileSystem) -> None:
    first = export(out, "memory://bucket", TWO).snapshot_id
    memory.pipe_file("/bucket/20000101T000000000000Z/warehouse.duckdb", b"precious")
    pruned = []
    for id_ in LATER[:3]:
        publish_next(out, id_)
        pruned.append(export(out, "memory://bucket", TWO, keep=2).pruned)
    assert pruned == [[], [first], [LATER[0]]]
    assert {path.split("/")[2] for path in memory.find("/bucket")} == {
        "20000101T000000000000Z", LATER[1], LATER[2], "manifest.json",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["a*", "a?", "a[bc]", "a b", "ä%20#x", "a+b&c=d", "{a}", "~"])
def test_a_target_with_special_characters_is_written_and_pruned_and_its_neighbours_are_not(
    out: Path, memory: MemoryFileSystem, name: str
) -> None:
    first = export(out, "memory://bucket/ab", TWO).snapshot_id
    export(out, f"memory://bucket/{name}", TWO)
    publish_next(out, LATER[0])
    assert export(out, f"memory://bucket/{name}", TWO, keep=1).pruned == [first]
    assert (read_store(memory, "/bucket/ab"), read_store(memory, f"/bucket/{name}")) == (first, LATER[0])
    assert {path.split("/")[3] for path in memory.find(f"/bucket/{name}")} == {LATER[0], "manifest.json"}


def test_a_snapshot_that_comes_back_after_its_removal_gets_a_folder_that_was_never_used(
    out: Path, memory: MemoryFileSystem
) -> None:
    """Another exporter may still be removing the one that was."""
    first = export(out, "memory://bucket", TWO, keep=1).snapshot_id
    publish_next(out, LATER[0])
    assert export(out, "memory://bucket", TWO, keep=1).pruned == [first]
    roll_back(out, first)
    back = export(out, "memory://bucket", TWO, keep=1)
    assert (back.manifest.folder, back.pruned) == (f"{first}-r3", [])
    assert back.manifest.history == History(3, (LATER[0], f"{first}-r3"), LATER[0])
    assert read_store(memory, "/bucket") == first
    assert not export(out, "memory://bucket", TWO, keep=1).is_new


def test_what_a_killed_export_left_in_a_store_is_removed_by_the_next_one(out: Path, memory: MemoryFileSystem) -> None:
    memory.pipe_file(f"/bucket/{LATER[1]}/topic_pairs.parquet", b"PAR1")  # newer: it may be running
    memory.pipe_file("/bucket/manifest.json", b"damaged")
    export(out, "memory://bucket", TWO)
    publish_next(out, LATER[0])
    memory.pipe_file("/bucket/20000101T000000000000Z/topic_pairs.parquet", b"PAR1")
    assert export(out, "memory://bucket", TWO).pruned == ["20000101T000000000000Z"]


def test_a_store_that_lets_nobody_remove_anything_is_exported_to(
    out: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Access Denied")

    monkeypatch.setattr(MemoryFileSystem, "rm_file", refuse)
    export(out, "memory://bucket", TWO)
    publish_next(out, LATER[0])
    assert export(out, "memory://bucket", TWO, keep=1).pruned == []
    assert read_store(memory, "/bucket") == LATER[0]


def test_an_object_where_the_target_belongs_fails_the_export_and_stays(out: Path, memory: MemoryFileSystem) -> None:
    memory.pipe_file("/bucket", b"precious")
    with pytest.raises(FrontmartError, match=r"^memory://bucket: the export failed \("):
        export(out, "memory://bucket")
    assert objects(memory, "") == {"/bucket": hashlib.sha256(b"precious").hexdigest()}


def test_a_store_that_can_only_be_read_is_told(out: Path) -> None:
    fsspec.register_implementation("archive", ReadOnly, clobber=True)
    with pytest.raises(FrontmartError, match=r"^archive://marts: the export failed \(NotImplementedError"):
        export(out, "archive://marts")


def test_what_the_package_of_a_store_raises_is_told_too(
    out: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoCredentialsError(Exception):
        """As of botocore: no OSError."""

    module = types.ModuleType("botocore.exceptions")
    module.BotoCoreError = NoCredentialsError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "botocore.exceptions", module)

    def refuse(*_: object) -> bytes:
        raise NoCredentialsError("Unable to locate\ncredentials")

    monkeypatch.setattr(MemoryFileSystem, "cat_file", refuse)
    with pytest.raises(FrontmartError, match=r"failed \(NoCredentialsError: Unable to locate credentials\)"):
        export(out, "memory://bucket")


# Credentials


class ReadOnly(AbstractFileSystem):  # type: ignore[misc]
    """An empty store that can only be read."""

    protocol = "archive"

    def cat_file(self, path: str, *_: object, **__: object) -> bytes:
        raise FileNotFoundError(path)

    def info(self, path: str, **_: object) -> dict[str, object]:
        raise FileNotFoundError(path)

    def _open(self, *_: object, **__: object) -> None:
        raise NotImplementedError


class Talkative(MemoryFileSystem):  # type: ignore[misc]
    """A store whose errors repeat the URL with its credentials."""

    protocol = "talkative"
    error: type[Exception] = OSError

    def pipe_file(self, path: str, *_: object, **__: object) -> None:
        raise self.error(f"cannot write {path} for user:hush@host?sig=secret")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("s3://bucket/a:b@c/d", "s3://bucket/a:b@c/d"),
        ("s3://bucket/marts?versionId=hush", "s3://bucket/marts?***"),
        ("ftp://user:hush@host/marts", "ftp://***@host/marts"),
        ("ftp://user:hu/s?h@host/marts", "ftp://***@host/marts"),
        ("ftp://user:hu@sh@host:21/marts", "ftp://***@host:21/marts"),
        ("ftp://user:hu/\nsh@host/marts?hu\nsh", "ftp://***@host/marts?***"),
        ("https://hush@host/marts", "https://***@host/marts"),
        ("https://hush:@host/marts?sig=hush&x=a@b", "https://***@b"),
        ("simplecache::ftp://user:hush@host/marts", "simplecache::ftp://***@host/marts"),
        ("folder with a:b@c?", "folder with a:b@c?"),
    ],
)
def test_a_target_is_shown_without_its_credentials(given: str, shown: str) -> None:
    assert redact_url(given) == shown
    assert "hush" not in shown


@pytest.mark.parametrize("error", [OSError, PermissionError, ValueError, NotImplementedError])
def test_an_error_does_not_repeat_the_credentials_of_its_target(
    out: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    fsspec.register_implementation("talkative", Talkative, clobber=True)
    monkeypatch.setattr(Talkative, "error", error)
    with pytest.raises(FrontmartError) as caught:
        export(out, "talkative://user:hush@host/marts?sig=secret")
    assert str(caught.value) == (
        f"talkative://***@host/marts?***: the export failed ({error.__name__}); "
        "the previous export is unchanged; correct the cause and export again"
    )
    assert caught.value.__suppress_context__


def test_a_url_that_makes_no_sense_is_told_without_its_credentials(out: Path) -> None:
    with pytest.raises(UsageError) as caught:
        export(out, "gopher://user:hush@host/marts")
    assert "hush" not in str(caught.value)


def test_credentials_are_in_no_file_and_no_result(out: Path, memory: MemoryFileSystem) -> None:
    exported = export(out, "memory://user:hush@host/marts")
    assert exported.target == "memory://***@host/marts"
    assert "hush" not in repr(exported)
    contents = [memory.cat_file(path) for path in memory.find("")]
    assert len(contents) == len(mart_names()) + 1
    assert not any(b"hush" in content for content in contents)
