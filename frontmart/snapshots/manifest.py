"""The manifest of a snapshot: the size and SHA-256 of each file, so that damage is found before it is read."""

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from frontmart.errors import SnapshotError
from frontmart.snapshots.atomic import find_temporaries, open_replacements
from frontmart.snapshots.regular import NOT_REGULAR, open_regular

MANIFEST: Final = "manifest.json"
# Removed before a snapshot is published.
_WORK: Final = "work"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
# hashlib releases the GIL. Beyond a few threads, the disk decides.
_HASHING_THREADS: Final = 4
_REBUILD: Final = "run `frontmart build`, which replaces the snapshot, or `frontmart rollback`"


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
    try:
        return _read(folder)
    except _UnreadableError as error:
        raise SnapshotError(f"{folder / MANIFEST}: {error}; {_REBUILD}") from None


def differences(folder: Path) -> list[Difference]:
    """The files of a snapshot that are missing, damaged, unreadable or not in its manifest, sorted by path.

    Raises SnapshotError as `read_manifest` does.
    """
    return _compare(folder, read_manifest(folder))


def find_damage(folder: Path, paths: Collection[str] | None = None) -> list[Difference]:
    """The differences of a snapshot; a manifest that cannot be read is the only one, and not an error.

    Args:
        folder: the folder of the snapshot.
        paths: the files to compare, relative to the folder, with `/`; None for all files.
    """
    try:
        files = _read(folder)
    except _UnreadableError as error:
        return [Difference(MANIFEST, str(error))]
    if paths is None:
        return _compare(folder, files)
    chosen = [file for file in files if file.path in paths]
    unlisted = set(paths) - {file.path for file in chosen}
    return sorted(
        [*_damaged(folder, chosen), *(Difference(path, "is not in the manifest") for path in unlisted)],
        key=lambda difference: difference.path,
    )


class _UnreadableError(Exception):
    """A manifest that is missing or damaged: what is wrong with it."""


def _read(folder: Path) -> list[ManifestFile]:
    try:
        with open_regular(folder / MANIFEST) as content:
            files = [_manifest_file(entry) for entry in json.load(content)["files"]]
        if len({file.path for file in files}) < len(files):
            raise ValueError("a path is listed twice")
    except FileNotFoundError:
        raise _UnreadableError("is missing, as in snapshots of early releases") from None
    except OSError as error:
        raise _UnreadableError(f"{_reason(error)}, so the files cannot be verified") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _UnreadableError("is damaged, so the files cannot be verified") from None
    return sorted(files, key=lambda file: file.path)


def _compare(folder: Path, files: list[ManifestFile]) -> list[Difference]:
    listed = {file.path for file in files}
    unlisted = [Difference(path, "is not in the manifest") for path in _paths(folder) if path not in listed]
    return sorted([*_damaged(folder, files), *unlisted], key=lambda difference: difference.path)


def require_intact(folder: Path, advice: str, paths: Iterable[str] | None = None) -> None:
    """Raise SnapshotError if files of a snapshot, or its manifest, are not as they were written.

    Args:
        folder: the folder of the snapshot.
        advice: what to do next, for the message.
        paths: the files that are about to be read, relative to the folder, with `/`; None for all files.
    """
    damage = find_damage(folder, None if paths is None else frozenset(paths))
    if damage:
        raise SnapshotError(f"{folder}: {summarize(damage)}; {advice}")


def summarize(found: list[Difference]) -> str:
    """The first of some differences, and the number of the others."""
    others = len(found) - 1
    more = "" if not others else " (and 1 more file)" if others == 1 else f" (and {others:,} more files)"
    return f"{found[0].path} {found[0].problem}{more}"


def _damaged(folder: Path, files: list[ManifestFile]) -> list[Difference]:
    """Compare files with their sizes and hashes, several at a time, the largest first."""
    ordered = sorted(files, key=lambda file: -file.bytes)
    with ThreadPoolExecutor(_HASHING_THREADS) as threads:
        problems = list(threads.map(lambda file: _problem(folder, file), ordered))
    return [
        Difference(file.path, problem) for file, problem in zip(ordered, problems, strict=True) if problem is not None
    ]


def hash_file(path: Path) -> str:
    """The SHA-256 of a file, in hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _paths(folder: Path) -> list[str]:
    files = (Path(root, name) for root, _, names in os.walk(folder) for name in names)
    # Path.is_file raises an error for a file in a folder that may not be searched.
    paths = [path.relative_to(folder) for path in files if os.path.isfile(path)]  # noqa: PTH113
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
    os.fsencode(path)  # raises ValueError for a text that no file name can be
    if not is_within or "\0" in file.path or type(file.bytes) is not int or not _SHA256.fullmatch(file.sha256):
        raise ValueError(file.path)
    return file


def _problem(folder: Path, file: ManifestFile) -> str | None:
    try:
        with open_regular(folder / file.path) as content:
            size = os.fstat(content.fileno()).st_size
            if size != file.bytes:
                return f"has {size:,} bytes instead of {file.bytes:,}"
            is_same = hashlib.file_digest(content, "sha256").hexdigest() == file.sha256
        return None if is_same else "has changed since it was written"
    except (FileNotFoundError, NotADirectoryError):
        return "is missing"
    except OSError as error:
        return _reason(error)


def _reason(error: OSError) -> str:
    return NOT_REGULAR if error.strerror == NOT_REGULAR else f"cannot be read ({error.strerror})"
