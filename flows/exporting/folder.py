"""Exporting to a folder: each file is written aside, then moved into its place; one export at a time."""

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from flows.durable import sync
from flows.errors import LockedError, UsageError
from flows.exporting.plan import ExportedFile, Plan, file_name, hold_to_hash, hold_to_size, listed_files
from flows.manifest import MANIFEST, hash_file
from flows.snapshots import SNAPSHOT_ID

LATEST: Final = "latest"
_CHUNK: Final = 1 << 20
# What a killed export leaves in a folder: a snapshot, link or manifest on its way to its place.
_ASIDE: Final = re.compile(rf"\.({SNAPSHOT_ID.pattern}|{LATEST}|{re.escape(MANIFEST)})-[0-9a-f]{{16}}")
# How a file system says that it has no links.
_NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


def export_to_folder(plan: Plan, root: Path) -> tuple[bool, list[str]]:
    """Whether anything was changed, and which snapshots were removed."""
    manifest, link = root / MANIFEST, root / LATEST
    if root.resolve().is_relative_to(plan.snapshot.folder.parent.resolve()):
        raise UsageError(f"{root}: lies among the snapshots themselves; give another target")
    if link.exists() and not link.is_symlink():
        raise UsageError(f"{link}: is in the way, since the latest export is a link here; move it elsewhere")
    earlier = manifest.read_bytes() if manifest.is_file() else None
    listed_files(earlier, str(root))
    is_new = earlier != plan.manifest or bool(_missing(plan, root))
    if not is_new and link.is_symlink() and link.readlink() == Path(plan.snapshot.id):
        return False, []
    with hold_target(root):
        _clear(root)
        _copy_missing(plan, root)
        _point_to(link, plan.snapshot.id)
        _replace(manifest, plan.manifest)
        return is_new, _prune_folder(plan, root)


@contextmanager
def hold_target(root: Path) -> Iterator[None]:
    """Hold a target folder, so that one export at a time writes it; the lock dies with its process."""
    from filelock import FileLock, Timeout

    lock = FileLock(root / ".lock", timeout=0)
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise LockedError(f"{root}: another export holds this folder; wait for it to end") from None
    except OSError as error:
        message = f"{root}: is no folder that can be written to ({error.strerror})"
        raise UsageError(f"{message}; give another target") from None
    try:
        yield
    finally:
        lock.release()


def _clear(root: Path) -> None:
    """Remove what killed exports left; nothing refers to it."""
    for path in root.iterdir():
        if _ASIDE.fullmatch(path.name):
            _remove(path)


def _missing(plan: Plan, root: Path) -> list[ExportedFile]:
    return [file for file in plan.files if not _is_whole(root / file.path, file)]


def _is_whole(path: Path, file: ExportedFile) -> bool:
    return path.is_file() and path.stat().st_size == file.bytes and hash_file(path) == file.sha256


def _copy_missing(plan: Plan, root: Path) -> None:
    """Copy the marts that are not whole at the target: all of them aside, then into their place."""
    missing = _missing(plan, root)
    if not missing:
        return
    folder = root / plan.snapshot.id
    aside = _aside(folder)
    aside.mkdir()
    try:
        for file in missing:
            _copy(plan.source(file), aside / file_name(file), file)
        sync(aside)
        if folder.is_dir():
            for file in missing:
                (aside / file_name(file)).replace(root / file.path)
            sync(folder)
        else:
            aside.rename(folder)
        sync(root)
    finally:
        _remove(aside)


def _copy(source: Path, path: Path, file: ExportedFile) -> None:
    digest = hashlib.sha256()
    with source.open("rb") as reader, path.open("xb") as writer:
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    hold_to_hash(source, file, digest.hexdigest())
    hold_to_size(path.stat().st_size, file)


def _point_to(link: Path, id_: str) -> None:
    aside = _aside(link)
    try:
        aside.symlink_to(id_)
    except OSError as error:
        if error.errno in _NO_LINKS:
            return  # the manifest says what the link would
        raise
    aside.replace(link)


def _replace(path: Path, content: bytes) -> None:
    aside = _aside(path)
    with aside.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync(path.parent)


def _prune_folder(plan: Plan, root: Path) -> list[str]:
    pruned = []
    for id_ in plan.excess(path.name for path in root.iterdir()):
        folder = root / id_
        # What holds anything else is no export. What cannot be removed now is tried again by the next export.
        with suppress(OSError):
            if all(path.suffix == ".parquet" for path in folder.iterdir()):
                _remove(folder.rename(_aside(folder)))
                pruned.append(id_)
    return pruned


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}-{secrets.token_hex(8)}")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
