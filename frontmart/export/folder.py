"""Export to a folder: files are staged in a temporary folder, then moved into place; one export at a time."""

import errno
import hashlib
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from frontmart.errors import UsageError
from frontmart.export.manifest import ExportedFile, ExportManifest, read_export_manifest
from frontmart.export.plan import EXPORTED, SUFFIXES, Plan, verify_hash, verify_size
from frontmart.snapshots.atomic import find_temporaries, open_replacement, replace_link, temporary_sibling
from frontmart.snapshots.fsync import make_folders, sync, sync_tree
from frontmart.snapshots.lock import lock_folder
from frontmart.snapshots.manifest import MANIFEST, hash_file

LATEST: Final = "latest"
_CHUNK_BYTES: Final = 1 << 20
# Names in a target folder that a killed export may leave a temporary sibling of: an export, the link, the manifest.
_REPLACED: Final = rf"{EXPORTED.pattern}|{LATEST}|{re.escape(MANIFEST)}"
# Errors of file systems without symbolic links.
_NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


def export_to_folder(plan: Plan, root: Path) -> tuple[ExportManifest, bool, list[str]]:
    """Export to a folder -> the manifest there, whether anything was written, and the exports that were removed."""
    path, link = root / MANIFEST, root / LATEST
    if root.resolve().is_relative_to(plan.snapshot.folder.parent.resolve()):
        raise UsageError(f"{root}: is inside the folder of the snapshots; give another target")
    if link.exists() and not link.is_symlink():
        raise UsageError(f"{link}: is in the way of the link to the latest export; move it elsewhere")
    earlier = read_export_manifest(path.read_bytes() if path.is_file() else None, str(root))
    plan.require_same_format(earlier, str(root))
    current = earlier if plan.matches(earlier) and not _missing(earlier.files, root) else None
    if current and link.is_symlink() and link.readlink() == Path(plan.folder):
        return current, False, []
    with lock_target(root):
        for temporary in find_temporaries(root, _REPLACED):
            _remove(temporary)
        manifest = current or _write_files(plan, root)
        _link_latest(link, plan.folder)
        with open_replacement(path) as file:
            file.write(manifest.as_bytes())
        return manifest, current is None, _prune_folder(plan, root)


@contextmanager
def lock_target(root: Path) -> Iterator[None]:
    """Lock a target folder for an export; create it if it does not exist. Raises as `lock_folder` does."""
    with lock_folder(root, "export", "give another target", prepare=lambda: make_folders(root)):
        yield


def _missing(files: Sequence[ExportedFile], root: Path) -> list[ExportedFile]:
    """The files that are not at the target, or are not as the manifest lists them."""
    return [file for file in files if not _is_intact(root / file.path, file)]


def _is_intact(path: Path, file: ExportedFile) -> bool:
    return path.is_file() and path.stat().st_size == file.bytes and hash_file(path) == file.sha256


def _write_files(plan: Plan, root: Path) -> ExportManifest:
    """Copy or render the files that are missing at the target: all of them staged, then moved into place."""
    from frontmart.export.write import render

    copies = plan.copies() if plan.spec.is_copy else None
    if copies and not _missing(copies.files, root):
        return copies
    folder = root / plan.folder
    stage = temporary_sibling(folder)
    stage.mkdir()
    try:
        manifest = copies or render(plan, stage)
        for file in _missing(copies.files, root) if copies else ():
            _copy(plan.source_of(file), stage / file.path_within, file)
        sync_tree(stage)
        if folder.is_dir():
            for file in _missing(manifest.files, root):
                (root / file.path).parent.mkdir(parents=True, exist_ok=True)
                (stage / file.path_within).replace(root / file.path)
            sync_tree(folder)
        else:
            stage.rename(folder)
        sync(root)
    finally:
        _remove(stage)
    return manifest


def _copy(source: Path, path: Path, file: ExportedFile) -> None:
    digest = hashlib.sha256()
    with source.open("rb") as reader, path.open("xb") as writer:
        while chunk := reader.read(_CHUNK_BYTES):
            digest.update(chunk)
            writer.write(chunk)
    verify_hash(source, digest.hexdigest(), file.sha256)
    verify_size(path.stat().st_size, file)


def _link_latest(link: Path, folder: str) -> None:
    try:
        replace_link(link, folder)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise  # without links, readers find the folder in the manifest


def _prune_folder(plan: Plan, root: Path) -> list[str]:
    pruned = []
    for name in plan.excess(path.name for path in root.iterdir()):
        folder = root / name
        # A folder with any other file is not an export. A removal that fails is repeated by the next export.
        with suppress(OSError):
            if all(path.suffix in SUFFIXES for path in folder.rglob("*") if not path.is_dir()):
                _remove(folder.rename(temporary_sibling(folder)))
                pruned.append(name)
    return pruned


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
