"""Reading published snapshots: the record of a build may be damaged."""

import json
from pathlib import Path

import pytest

from frontmart.errors import SnapshotError
from frontmart.snapshots.read import read_all_runs, read_run
from frontmart.snapshots.store import Snapshot

RUN = {"snapshot_id": "20260101T000000000001Z", "as_of_date": "2026-01-01", "rows": {"tidy.documents": 3}}
DAMAGED = [b"", b"[]", b"{}", b"null", b'{"rows', b"\xff", b"[" * 100_000, json.dumps(RUN | {"rows": []}).encode()]


def snapshot_of(out: Path, content: bytes) -> Snapshot:
    snapshot = Snapshot(str(RUN["snapshot_id"]), out / "snapshots" / str(RUN["snapshot_id"]))
    snapshot.folder.mkdir(parents=True)
    snapshot.run_file.write_bytes(content)
    return snapshot


def test_the_record_of_a_build_is_the_content_of_its_file(tmp_path: Path) -> None:
    assert read_run(snapshot_of(tmp_path, json.dumps(RUN).encode())) == RUN
    assert read_all_runs(tmp_path) == [RUN | {"is_damaged": False}]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_record_is_an_error_and_its_snapshot_is_listed_by_its_id(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SnapshotError, match=r"run\.json: is damaged; run `frontmart build`, which replaces it"):
        read_run(snapshot_of(tmp_path, content))
    assert read_all_runs(tmp_path) == [{"snapshot_id": RUN["snapshot_id"], "is_damaged": True}]
