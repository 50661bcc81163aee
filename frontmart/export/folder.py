"""Exporting to a folder: each file is written aside, then moved into its place; one export at a time."""

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from frontmart.errors import LockedError, UsageError
from frontmart.export.manifest import ExportedFile, Manifest, read_manifest
from frontmart.export.plan import EXPORTED, SUFFIXES, Plan, verify_hash, verify_size
from frontmart.snapshots.fsync import sync, sync_tree
from frontmart.snapshots.manifest import MANIFEST, hash_file

LATEST: Final = "latest"
_CHUNK: Final = 1 << 20
# What a killed export leaves in a folder: an export, link or manifest on its way to its place.
_ASIDE: Final = re.compile(rf"\.({EXPORTED.pattern}|{LATEST}|{re.escape(MANIFEST)})-[0-9a-f]{{16}}")
# How a file system says that it has no links.
_NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


def export_to_folder(plan: Plan, root: Path) -> tuple[Manifest, bool, list[str]]:
    """What is current in the folder, whether anything was changed, and which exports were removed."""
    path, link = root / MANIFEST, root / LATEST
    if root.resolve().is_relative_to(plan.snapshot.folder.parent.resolve()):
        raise UsageError(f"{root}: lies among the snapshots themselves; give another target")
    if link.exists() and not link.is_symlink():
        raise UsageError(f"{link}: is in the way, since the latest export is a link here; move it elsewhere")
    earlier = read_manifest(path.read_bytes() if path.is_file() else None, str(root))
    plan.require_same_format(earlier, str(root))
    current = earlier if plan.matches(earlier) and not _missing(earlier.files, root) else None
    if current and link.is_symlink() and link.readlink() == Path(plan.folder):
        return current, False, []
    with lock_target(root):
        _clear(root)
        manifest = current or _bring(plan, root)
        _point_to(link, plan.folder)
        _replace(path, manifest.as_bytes())
        return manifest, current is None, _prune_folder(plan, root)


@contextmanager
def lock_target(root: Path) -> Iterator[None]:
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


def _missing(files: Sequence[ExportedFile], root: Path) -> list[ExportedFile]:
    return [file for file in files if not _is_whole(root / file.path, file)]


def _is_whole(path: Path, file: ExportedFile) -> bool:
    return path.is_file() and path.stat().st_size == file.bytes and hash_file(path) == file.sha256


def _bring(plan: Plan, root: Path) -> Manifest:
    """Copy or make what is not whole at the target: all of it aside, then into its place."""
    from frontmart.export.write import render

    manifest = plan.copies() if plan.spec.is_copy else None
    if manifest and not _missing(manifest.files, root):
        return manifest
    folder = root / plan.folder
    aside = _aside(folder)
    aside.mkdir()
    try:
        manifest = _copied(plan, manifest, root, aside) if manifest else render(plan, aside)
        sync_tree(aside)
        if folder.is_dir():
            for file in _missing(manifest.files, root):
                (root / file.path).parent.mkdir(parents=True, exist_ok=True)
                (aside / file.path_within).replace(root / file.path)
            sync_tree(folder)
        else:
            aside.rename(folder)
        sync(root)
    finally:
        _remove(aside)
    return manifest


def _copied(plan: Plan, manifest: Manifest, root: Path, aside: Path) -> Manifest:
    for file in _missing(manifest.files, root):
        _copy(plan.source_of(file), aside / file.path_within, file)
    return manifest


def _copy(source: Path, path: Path, file: ExportedFile) -> None:
    digest = hashlib.sha256()
    with source.open("rb") as reader, path.open("xb") as writer:
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            writer.write(chunk)
    verify_hash(source, digest.hexdigest(), file.sha256)
    verify_size(path.stat().st_size, file)


def _point_to(link: Path, folder: str) -> None:
    aside = _aside(link)
    try:
        aside.symlink_to(folder)
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
    for name in plan.excess(path.name for path in root.iterdir()):
        folder = root / name
        # What holds anything else is no export. What cannot be removed now is tried again by the next export.
        with suppress(OSError):
            if all(path.suffix in SUFFIXES.values() for path in folder.rglob("*") if not path.is_dir()):
                _remove(folder.rename(_aside(folder)))
                pruned.append(name)
    return pruned


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}-{secrets.token_hex(8)}")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
