"""Export to a folder: files are staged in a temporary folder, then moved into place; one export at a time."""

import errno
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from frontmart.errors import UsageError
from frontmart.export.manifest import EXPORTED, ExportedFile, ExportManifest, History, read_export_manifest
from frontmart.export.plan import SUFFIXES, Plan, Planner, Result
from frontmart.export.source import copy_source
from frontmart.snapshots.atomic import find_temporaries, open_replacement, replace_link, temporary_sibling
from frontmart.snapshots.fsync import make_folders, sync, sync_tree
from frontmart.snapshots.lock import SNAPSHOTS, lock_folder
from frontmart.snapshots.manifest import MANIFEST, hash_file

LATEST: Final = "latest"
# Names in a target folder that a killed export may leave a temporary sibling of: an export, the link, the manifest.
_REPLACED: Final = rf"{EXPORTED.pattern}|{LATEST}|{re.escape(MANIFEST)}"
# Errors of file systems without symbolic links.
_NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


def export_to_folder(planner: Planner, root: Path) -> Result:
    """Export to a folder -> the manifest there, whether anything was written, and the exports that were removed.

    Raises:
        LockedError: if another export is writing the folder, or has just made a newer snapshot current.
        UsageError: for a folder that cannot be written, is part of the input or output, or has other files.
        SnapshotError: for a file of the snapshot that is damaged.
    """
    _require_outside(root, planner.out / SNAPSHOTS, "the snapshots in")
    found = _read_manifest(root)
    current = planner.with_plan(lambda plan: _current(plan, found, root))
    if current:
        return current, False, []
    with lock_target(root):
        return planner.with_plan(lambda plan: _export(plan, root, found))


def _current(plan: Plan, found: ExportManifest | None, root: Path) -> ExportManifest | None:
    """The manifest at the target, if there is nothing to do. Raises UsageError for a target that will not do."""
    _require_outside(root, plan.input_folder, "the source")
    if root.resolve() == plan.snapshot.folder.parent.parent.resolve():
        raise UsageError(f"{root}: is the output folder itself; give another target, such as a folder in it")
    link = root / LATEST
    if link.exists() and not link.is_symlink():
        raise UsageError(f"{link}: is in the way of the link to the latest export; move it elsewhere")
    plan.require_same_format(found, str(root))
    is_current = plan.matches(found) and link.is_symlink() and link.readlink() == Path(found.folder)
    return found if found and is_current and not _missing(found.files, root) else None


def _export(plan: Plan, root: Path, found: ExportManifest | None) -> Result:
    """Export while the folder is locked; `found` is the manifest before the lock."""
    earlier = _read_manifest(root)
    if earlier != found:
        plan.require_newest(earlier, str(root))
    if current := _current(plan, earlier, root):
        return current, False, []
    for temporary in find_temporaries(root, _REPLACED):
        _remove(temporary)
    is_intact = plan.matches(earlier) and not _missing(earlier.files, root)
    manifest = earlier if earlier and is_intact else _write_files(plan, root)
    manifest = replace(
        manifest, history=_history(earlier, root).followed_by(manifest.folder, plan.snapshot.id, plan.keep)
    )
    _link_latest(root / LATEST, manifest.folder)
    with open_replacement(root / MANIFEST) as file:
        file.write(manifest.as_bytes())
    return manifest, not is_intact, _prune(manifest.history, root)


def _read_manifest(root: Path) -> ExportManifest | None:
    path = root / MANIFEST
    return read_export_manifest(path.read_bytes() if path.is_file() else None, str(root))


def _require_outside(root: Path, folder: Path | None, name: str) -> None:
    """Raise UsageError for a target in a folder that builds read or write."""
    if folder and root.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"{root}: is inside {name} {folder}; give another target")


def _history(earlier: ExportManifest | None, root: Path) -> History:
    """The history of the target, whose exports are those that are there, since nobody else can be removing them."""
    there = History.from_names(path.name for path in root.iterdir())
    return replace(earlier.history, exports=there.exports) if earlier and earlier.history.sequence else there


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
            source = plan.source_of(file)
            copy_source(source.path, source.bytes, source.sha256, stage / file.path_within)
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


def _link_latest(link: Path, folder: str) -> None:
    try:
        replace_link(link, folder)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise  # without links, readers find the folder in the manifest


def _prune(history: History, root: Path) -> list[str]:
    """Remove the exports that are not kept -> their names, the latest first."""
    pruned = []
    for name in sorted(filter(history.can_remove, (path.name for path in root.iterdir())), reverse=True):
        folder = root / name
        # A folder with any other file is not an export. A removal that fails is repeated by the next export.
        with suppress(OSError):
            if all(path.name.endswith(SUFFIXES) for path in folder.rglob("*") if not path.is_dir()):
                _remove(folder.rename(temporary_sibling(folder)))
                pruned.append(name)
    return pruned


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
