"""The manifest of a snapshot: the size and SHA-256 of each file, so that damage is found before it is read."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from frontmart.errors import SnapshotError
from frontmart.snapshots.atomic import find_temporaries, open_replacements

MANIFEST: Final = "manifest.json"
# Removed before a snapshot is published.
_WORK: Final = "work"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """A file as it was written: its path relative to the snapshot, with `/`, its size in bytes and its hash."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that differs from its manifest, and how."""

    path: str
    problem: str


def write_manifest(folder: Path) -> None:
    """Write the manifest of a staged snapshot: every file below its folder except the manifest itself and `work/`.

    After this call only `add_file` may change the files of the snapshot. `publish` syncs the manifest with them.
    """
    (folder / MANIFEST).write_bytes(_content([_described(folder, path) for path in _paths(folder)]))


def add_file(folder: Path, name: str, content: bytes) -> None:
    """Write a file into a published snapshot, or replace it, and update its entry in the manifest.

    All other entries stay as they are, so that damage to their files is still found. A process that is killed between
    the two replacements leaves an outdated entry, which the next call corrects. The caller holds the lock of the output
    folder. Raises SnapshotError as `read_manifest` does.
    """
    for temporary in find_temporaries(folder, f"{re.escape(name)}|{re.escape(MANIFEST)}"):
        temporary.unlink()
    others = [file for file in read_manifest(folder) if file.path != name]
    added = ManifestFile(name, len(content), hashlib.sha256(content).hexdigest())
    with open_replacements(folder / name, folder / MANIFEST) as (file, manifest):
        file.write(content)
        manifest.write(_content(sorted([*others, added], key=lambda each: each.path)))


def _content(files: list[ManifestFile]) -> bytes:
    return (json.dumps({"files": [asdict(file) for file in files]}, indent=2) + "\n").encode()


def read_manifest(folder: Path) -> list[ManifestFile]:
    """The files that the manifest of a snapshot lists, sorted by path.

    Raises SnapshotError for a manifest that is damaged, or missing as in snapshots of releases before 0.1.0.
    """
    path = folder / MANIFEST
    try:
        files = [_manifest_file(entry) for entry in json.loads(path.read_bytes())["files"]]
    except FileNotFoundError:
        message = f"{path}: is missing, as in snapshots of early releases"
        raise SnapshotError(f"{message}; `frontmart build --full` publishes one with a manifest") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        message = f"{path}: is damaged, so the files cannot be verified"
        raise SnapshotError(f"{message}; run `frontmart rollback` or `frontmart build --full`") from None
    return sorted(files, key=lambda file: file.path)


def differences(folder: Path) -> list[Difference]:
    """The files of a snapshot that are missing, damaged, unreadable or not in its manifest, sorted by path.

    Raises SnapshotError as `read_manifest` does.
    """
    listed = {file.path: file for file in read_manifest(folder)}
    damaged = [Difference(path, problem) for path, file in listed.items() if (problem := _problem(folder, file))]
    unlisted = [Difference(path, "is not in the manifest") for path in _paths(folder) if path not in listed]
    return sorted([*damaged, *unlisted], key=lambda difference: difference.path)


def hash_file(path: Path) -> str:
    """The SHA-256 of a file, in hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _paths(folder: Path) -> list[str]:
    paths = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    # Names that begin with a dot are temporary files.
    return sorted(
        path.as_posix() for path in paths if path.parts[0][0] != "." and path.parts[0] not in (_WORK, MANIFEST)
    )


def _described(folder: Path, path: str) -> ManifestFile:
    file = folder / path
    return ManifestFile(path, file.stat().st_size, hash_file(file))


def _manifest_file(entry: Any) -> ManifestFile:
    """Parse an entry of the manifest. Raises ValueError, KeyError or TypeError for one that is not valid."""
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
        return None if hash_file(path) == file.sha256 else "has changed since it was written"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
