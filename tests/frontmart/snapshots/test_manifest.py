"""The manifest of a snapshot lists its files, and damaged files are reported."""

import hashlib
import json
from pathlib import Path

import pytest

from frontmart.errors import SnapshotError
from frontmart.snapshots import manifest
from frontmart.snapshots.manifest import Difference, ManifestFile, add_file, differences, read_manifest, write_manifest

A, B = hashlib.sha256(b"a mart").hexdigest(), hashlib.sha256(b"{}").hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A staged snapshot, with a work folder that is never published."""
    for name, content in {"marts/a.parquet": b"a mart", "run.json": b"{}", "work/fragments/0": b"rows"}.items():
        path = tmp_path / "snapshot" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    write_manifest(tmp_path / "snapshot")
    return tmp_path / "snapshot"


def write(folder: Path, files: object) -> None:
    (folder / "manifest.json").write_text(json.dumps({"files": files}))


def test_it_lists_every_file_but_itself_and_the_work_by_path(folder: Path) -> None:
    assert json.loads((folder / "manifest.json").read_text()) == {
        "files": [
            {"path": "marts/a.parquet", "bytes": 6, "sha256": A},
            {"path": "run.json", "bytes": 2, "sha256": B},
        ]
    }
    assert read_manifest(folder) == [ManifestFile("marts/a.parquet", 6, A), ManifestFile("run.json", 2, B)]


def test_written_again_it_is_the_same_and_lists_no_manifest(folder: Path) -> None:
    first = (folder / "manifest.json").read_bytes()
    write_manifest(folder)
    assert (folder / "manifest.json").read_bytes() == first
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "marts", "run.json", "work"]


def test_a_folder_without_files_has_an_empty_manifest(tmp_path: Path) -> None:
    write_manifest(tmp_path)
    assert (read_manifest(tmp_path), differences(tmp_path)) == ([], [])


def test_names_that_are_not_ascii_or_not_utf8_are_listed(tmp_path: Path) -> None:
    for name in (b"\xc3\xa4 b", b"\xff"):
        (tmp_path / Path(name.decode("utf-8", "surrogateescape"))).touch()
    write_manifest(tmp_path)
    assert [file.path for file in read_manifest(tmp_path)] == ["ä b", "\udcff"]
    assert differences(tmp_path) == []


def test_a_snapshot_as_it_was_written_has_no_differences(folder: Path) -> None:
    assert differences(folder) == []


def test_a_missing_truncated_changed_or_unknown_file_is_reported(folder: Path) -> None:
    for name in ("gone", "short", "changed", "replaced", "as it was"):
        (folder / name).write_text("0123456789")
    write_manifest(folder)
    (folder / "gone").unlink()
    (folder / "short").write_text("012")
    (folder / "changed").write_text("0123456780")
    (folder / "replaced").unlink()
    (folder / "replaced").mkdir()
    (folder / "marts" / "b.parquet").touch()
    assert differences(folder) == [
        Difference("changed", "has changed since it was written"),
        Difference("gone", "is missing"),
        Difference("marts/b.parquet", "is not in the manifest"),
        Difference("replaced", "is not a regular file"),
        Difference("short", "has 3 bytes instead of 10"),
    ]


def test_a_flipped_bit_anywhere_is_found(folder: Path) -> None:
    file = folder / "marts" / "a.parquet"
    for place in range(6):
        content = bytearray(b"a mart")
        content[place] ^= 1
        file.write_bytes(content)
        assert differences(folder) == [Difference("marts/a.parquet", "has changed since it was written")]


def test_a_file_that_cannot_be_read_is_reported_rather_than_raised(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> None:
        if path.name != "manifest.json":
            raise OSError(5, "Input/output error")

    open_regular = manifest.open_regular
    monkeypatch.setattr(manifest, "open_regular", lambda path: fail(path) or open_regular(path))
    problem = "cannot be read (Input/output error)"
    assert differences(folder) == [Difference("marts/a.parquet", problem), Difference("run.json", problem)]


def test_a_snapshot_older_than_manifests_says_how_to_get_one(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    for read in (read_manifest, differences):
        with pytest.raises(SnapshotError, match=r"manifest\.json: is missing, .*; run `frontmart build`, which"):
            read(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"\xff\xfe\xfd", b"null", b"[]", b"{}", b'{"files": 1}', b'{"files": [1]}', b'{"files": [{}]}',
        b'{"files": [{"path": "a", "bytes": 1}]}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_manifest_that_is_damaged_says_what_to_do(folder: Path, content: bytes) -> None:
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(SnapshotError, match=r"manifest\.json: is damaged, .*; run `frontmart build`, which"):
        read_manifest(folder)


@pytest.mark.parametrize(
    "entry",
    [
        {"path": "../run.json"}, {"path": "/etc/hostname"}, {"path": ""}, {"path": "."}, {"path": 1},
        {"bytes": "2"}, {"bytes": True}, {"bytes": None}, {"sha256": "x"}, {"sha256": 1}, {"sha256": A.upper()},
    ],
    ids=str,
)  # fmt: skip
def test_a_manifest_with_an_invalid_path_is_damaged(folder: Path, entry: dict[str, object]) -> None:
    write(folder, [{"path": "run.json", "bytes": 2, "sha256": B} | entry])
    with pytest.raises(SnapshotError, match="is damaged"):
        read_manifest(folder)


def test_what_a_newer_release_adds_to_an_entry_is_passed_over(folder: Path) -> None:
    write(folder, [{"path": "run.json", "bytes": 2, "sha256": B, "rows": 7}])
    assert read_manifest(folder) == [ManifestFile("run.json", 2, B)]


def test_a_file_that_comes_later_is_listed_and_what_was_damaged_since_stays_so(folder: Path) -> None:
    (folder / "marts" / "a.parquet").write_bytes(b"a ruin")
    for content in (b"<p>1", b"<p>two"):
        add_file(folder, "report.html", content)
        listed = ManifestFile("report.html", len(content), hashlib.sha256(content).hexdigest())
        assert read_manifest(folder) == [
            ManifestFile("marts/a.parquet", 6, A),
            listed,
            ManifestFile("run.json", 2, B),
        ]
    assert differences(folder) == [Difference("marts/a.parquet", "has changed since it was written")]


def test_temporary_files_of_a_killed_process_are_not_differences_and_are_removed(folder: Path) -> None:
    left = (".report.html-0123456789abcdef", ".manifest.json-fedcba9876543210", ".another-0123456789abcdef")
    for name in left:
        (folder / name).write_bytes(b"<p>")
    assert differences(folder) == []
    add_file(folder, "report.html", b"<p>whole")
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == [left[2]]
