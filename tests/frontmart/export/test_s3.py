"""Exports with s3fs to a server that speaks S3, on this machine."""

import json
from collections.abc import Iterator
from pathlib import Path

import fsspec
import polars as pl
import pytest
from s3fs import S3FileSystem

from frontmart.errors import FrontmartError, LockedError
from frontmart.export import ExportRequest, export
from frontmart.export.versioned import ReplacedError, Version, read_version, replace_version
from tests.frontmart.export.conftest import publish

pytestmark = pytest.mark.slow

OLD, NEW = "20260131T060000000000Z", "20260201T060000000000Z"
TARGET = "s3://bucket/a b"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    # Slow to import, which every worker would do.
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture
def s3(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3FileSystem]:
    """The file system that an export to s3:// opens; its bucket is called `bucket` and is empty."""
    options = {"endpoint_url": server, "key": "key", "secret": "secret", "client_kwargs": {"region_name": "us-east-1"}}
    monkeypatch.setitem(fsspec.config.conf, "s3", options)
    S3FileSystem.clear_instance_cache()
    system = fsspec.filesystem("s3", **options)
    system.call_s3("create_bucket", Bucket="bucket")
    yield system
    system.rm("bucket", recursive=True)
    S3FileSystem.clear_instance_cache()


@pytest.fixture
def outs(tmp_path: Path) -> dict[str, Path]:
    folders = {id_: tmp_path / id_ for id_ in (OLD, NEW)}
    for id_, folder in folders.items():
        publish(folder, {name: pl.DataFrame({"row_id": [id_]}) for name in ("first", "second")}, id_=id_)
    return folders


def read(s3: S3FileSystem) -> str:
    """The current snapshot, all of whose files are there."""
    s3.invalidate_cache()
    manifest = json.loads(s3.cat_file("bucket/a b/manifest.json"))
    assert [s3.info(f"bucket/a b/{file['path']}")["size"] for file in manifest["files"]] == [
        file["bytes"] for file in manifest["files"]
    ]
    return str(manifest["snapshot_id"])


def test_a_version_is_replaced_once(s3: S3FileSystem) -> None:
    path = "bucket/object"
    missing = read_version(s3, path)
    assert missing == Version(None, None)
    replace_version(s3, path, b"first", missing)
    first = read_version(s3, path)
    assert (first.content, bool(first.tag)) == (b"first", True)
    replace_version(s3, path, b"second", first)
    for stale in (missing, first):
        with pytest.raises(ReplacedError):
            replace_version(s3, path, b"third", stale)
    s3.rm_file(path)
    with pytest.raises(ReplacedError):
        replace_version(s3, path, b"third", first)
    assert not s3.exists(path)


@pytest.mark.parametrize("before", [None, b"before"])
def test_the_server_refuses_a_version_that_was_replaced_at_the_last_moment(
    s3: S3FileSystem, monkeypatch: pytest.MonkeyPatch, before: bytes | None
) -> None:
    """Another writer comes between the comparison and the write."""
    path = "bucket/object"
    if before:
        s3.pipe_file(path, before)
    found = read_version(s3, path)
    pipe_file = s3.pipe_file

    def overtaken(*arguments: object, **condition: object) -> None:
        pipe_file(path, b"other")
        pipe_file(*arguments, **condition)

    monkeypatch.setattr(s3, "pipe_file", overtaken)
    with pytest.raises(ReplacedError):
        replace_version(s3, path, b"own", found)
    assert s3.cat_file(path) == b"other"


def test_a_write_whose_answer_was_lost_and_that_is_sent_again_is_one_write(
    s3: S3FileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe_file = s3.pipe_file

    def twice(*arguments: object, **condition: object) -> None:
        pipe_file(*arguments, **condition)
        pipe_file(*arguments, **condition)

    monkeypatch.setattr(s3, "pipe_file", twice)
    replace_version(s3, "bucket/object", b"own", Version(None, None))
    assert s3.cat_file("bucket/object") == b"own"


def test_exports_are_written_kept_repaired_and_removed(outs: dict[str, Path], s3: S3FileSystem) -> None:
    assert export(outs[OLD], TARGET).is_new
    assert not export(outs[OLD], TARGET).is_new
    file = export(outs[NEW], TARGET, ExportRequest(keep=1))
    assert (file.pruned, read(s3)) == ([OLD], NEW)
    path = f"bucket/a b/{file.files[0].path}"
    s3.pipe_file(path, bytes(file.files[0].bytes))
    assert not export(outs[NEW], TARGET).is_new
    assert export(outs[NEW], TARGET, ExportRequest(checksum=True)).is_new
    assert s3.cat_file(path) == (outs[NEW] / "published" / "marts" / "first.parquet").read_bytes()
    assert export(outs[OLD], TARGET).manifest.folder == f"{OLD}-r4"
    assert read(s3) == OLD


def test_an_export_that_is_paused_before_it_writes_the_manifest_does_not_go_back(
    outs: dict[str, Path], s3: S3FileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe_file = s3.pipe_file

    def overtaken(*arguments: object, **condition: object) -> None:
        monkeypatch.setattr(s3, "pipe_file", pipe_file)
        assert export(outs[NEW], TARGET, ExportRequest(keep=1)).is_new
        pipe_file(*arguments, **condition)

    monkeypatch.setattr(s3, "pipe_file", overtaken)
    with pytest.raises(LockedError, match=f"another export has just made the newer snapshot {NEW} current"):
        export(outs[OLD], TARGET)
    assert read(s3) == NEW


def test_a_bucket_that_does_not_exist_is_reported(outs: dict[str, Path], s3: S3FileSystem) -> None:
    with pytest.raises(FrontmartError, match=r"^s3://nowhere/x: the export failed \(FileNotFoundError"):
        export(outs[OLD], "s3://nowhere/x")
