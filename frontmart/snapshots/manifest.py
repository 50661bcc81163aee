"""The manifest of a snapshot: each of its files with size and hash, so that damage is found before it is read."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from frontmart.errors import SnapshotError
from frontmart.snapshots.fsync import sync

MANIFEST: Final = "manifest.json"
# Removed before a snapshot is published.
_WORK: Final = "work"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """A file as it was written: its path relative to the snapshot, with `/`, its size and its hash in hex digits."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that is not as its manifest says, and what is wrong with it."""

    path: str
    problem: str


def write_manifest(folder: Path) -> None:
    """Write the manifest of a snapshot, staged or published: every file below it but the manifest and `work/`.

    No file of the snapshot may change after that, except through `relist`.
    """
    _aside(folder).unlink(missing_ok=True)
    _write_aside(folder, [_described(folder, path) for path in _paths(folder)]).replace(folder / MANIFEST)


def relist(folder: Path, aside: Path, name: str) -> None:
    """Move a file that was written aside to its place in a published snapshot, and list it in the manifest there.

    All other entries stay as they are: a file that was damaged since must not pass for whole. The two moves follow each
    other at once, and a kill between them is mended by the next call. Raises SnapshotError as `read_manifest` does.

    Args:
        folder: of the snapshot, which no other process writes meanwhile.
        aside: the file, in that folder under another name.
        name: what it is to be called there.
    """
    others = [file for file in read_manifest(folder) if file.path not in (name, aside.name)]
    listed = ManifestFile(name, aside.stat().st_size, hash_file(aside))
    manifest = _write_aside(folder, sorted([*others, listed], key=lambda file: file.path))
    for path in (aside, manifest):
        sync(path)
    aside.replace(folder / name)
    manifest.replace(folder / MANIFEST)
    sync(folder)


def _write_aside(folder: Path, files: list[ManifestFile]) -> Path:
    aside = _aside(folder)
    aside.write_text(json.dumps({"files": [asdict(file) for file in files]}, indent=2) + "\n", encoding="utf-8")
    return aside


def _aside(folder: Path) -> Path:
    return folder / f".{MANIFEST}"


def read_manifest(folder: Path) -> list[ManifestFile]:
    """The files of a snapshot as they were written, by path.

    Raises SnapshotError for a manifest that is missing, as in snapshots older than manifests, or damaged.
    """
    path = folder / MANIFEST
    try:
        files = [_manifest_file(entry) for entry in json.loads(path.read_bytes())["files"]]
    except FileNotFoundError:
        message = f"{path}: is missing; a snapshot built before there were manifests has none"
        raise SnapshotError(f"{message}, and `frontmart build --full` publishes one that has") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        message = f"{path}: is damaged, so that nothing says what the files should be"
        raise SnapshotError(f"{message}; run `frontmart rollback` or `frontmart build --full`") from None
    return sorted(files, key=lambda file: file.path)


def differences(folder: Path) -> list[Difference]:
    """Every file of a snapshot that is missing, damaged, unreadable or not in its manifest, by path.

    Raises SnapshotError as `read_manifest` does.
    """
    listed = {file.path: file for file in read_manifest(folder)}
    damaged = [Difference(path, problem) for path, file in listed.items() if (problem := _problem(folder, file))]
    strange = [Difference(path, "is not in the manifest") for path in _paths(folder) if path not in listed]
    return sorted([*damaged, *strange], key=lambda difference: difference.path)


def hash_file(path: Path) -> str:
    """The SHA-256 of a file, in hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _paths(folder: Path) -> list[str]:
    paths = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    # What begins with a dot is on its way to its place, or was when a process was killed.
    return sorted(
        path.as_posix() for path in paths if path.parts[0][0] != "." and path.parts[0] not in (_WORK, MANIFEST)
    )


def _described(folder: Path, path: str) -> ManifestFile:
    file = folder / path
    return ManifestFile(path, file.stat().st_size, hash_file(file))


def _manifest_file(entry: Any) -> ManifestFile:
    """A file as the manifest lists it. Raises ValueError, KeyError or TypeError where it lists no such thing."""
    file = ManifestFile(entry["path"], entry["bytes"], entry["sha256"])
    path = PurePosixPath(file.path)
    is_within = bool(path.parts) and not path.is_absolute() and ".." not in path.parts
    if not is_within or type(file.bytes) is not int or not _SHA256.fullmatch(file.sha256):
        raise ValueError(file.path)
    return file


def _problem(folder: Path, file: ManifestFile) -> str | None:
    path = folder / file.path
    try:
        if not path.is_file():
            return "is missing"
        size = path.stat().st_size
        if size != file.bytes:
            return f"has {size:,} bytes instead of {file.bytes:,}"
        return None if hash_file(path) == file.sha256 else "holds other bytes than were written"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
