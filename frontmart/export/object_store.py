"""Export to an object store, which replaces objects atomically.

Several exporters may write one store at once. Each reads the manifest first, then the snapshot that is published, and
replaces the manifest only if it is still the one that it read. It writes to a folder that nobody can be removing (see
`Plan.after`) and removes only folders that nobody can be writing (see `History.can_remove`), so that the manifest never
lists a file that is removed.
"""

import errno
import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from frontmart.errors import LockedError
from frontmart.export.manifest import ExportedFile, ExportManifest, History, read_export_manifest
from frontmart.export.plan import SUFFIXES, Plan, Planner, Result, verify_size
from frontmart.export.source import verify_source
from frontmart.export.target import target_errors
from frontmart.export.versioned import ReplacedError, Version, read_version, replace_version
from frontmart.snapshots.manifest import MANIFEST
from transforms.redact.credentials import redact_url

# Each failed attempt means that another export has succeeded.
_ATTEMPTS: Final = 10


def export_to_store(planner: Planner, system: Any, root: str) -> Result:
    """Export to a store -> the manifest there, whether anything was written, and the exports that were removed.

    Args:
        planner: the request, and where the snapshot is published.
        system: the fsspec file system of the store.
        root: the path of the target in it.

    Raises:
        LockedError: if another export makes a newer snapshot current meanwhile, or others keep on writing the target.
        UsageError: for a target that has other files, or an export in another format or of a later version.
        SnapshotError: for a file of the snapshot that is damaged.
    """
    target = _Target(system, root, planner.request.checksum)
    for attempt in range(_ATTEMPTS):
        found = target.read_manifest()
        with suppress(ReplacedError):
            return planner.with_plan(partial(_export, target=target, found=found, is_first=attempt == 0))
    raise LockedError(f"{redact_url(root)}: other exports keep replacing {MANIFEST}; wait until they end")


@dataclass(frozen=True, slots=True)
class _Target:
    """A path in a store, and how its files are compared."""

    system: Any
    root: str
    checksum: bool

    def path(self, name: str) -> str:
        return f"{self.root}/{name}"

    def read_manifest(self) -> Version:
        return read_version(self.system, self.path(MANIFEST))

    def names(self) -> list[str]:
        """The names of the folders and files at the target."""
        self.system.invalidate_cache()
        try:
            return [path.rstrip("/").rpartition("/")[2] for path in self.system.ls(self.root, detail=False)]
        except FileNotFoundError:
            return []

    def size(self, file: ExportedFile) -> int | None:
        """The size of a file in bytes; None if it is missing."""
        try:
            return int(self.system.info(self.path(file.path))["size"])
        except FileNotFoundError:
            return None

    def is_intact(self, file: ExportedFile) -> bool:
        """Whether a file is there as its manifest lists it."""
        if self.size(file) != file.bytes:
            return False
        if not self.checksum:
            return True
        with self.system.open(self.path(file.path), "rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256


def _export(plan: Plan, target: _Target, found: Version, *, is_first: bool) -> Result:
    """Export a plan. Raises ReplacedError if the manifest is no longer the one that was found."""
    place = redact_url(target.root)
    earlier = read_export_manifest(found.content, place)
    if not is_first:
        plan.require_newest(earlier, place)
    plan.require_same_format(earlier, place)
    if plan.matches(earlier) and all(map(target.is_intact, earlier.files)):
        return earlier, False, []
    history = earlier.history if earlier else History()
    if not history.sequence:
        history = History.from_names(target.names())
    plan = plan.after(history)
    manifest, uploaded = _upload(plan, target, set(earlier.files) if earlier else set())
    manifest = replace(manifest, history=history.followed_by(plan.folder, plan.snapshot.id, plan.keep))
    _require_all_there(manifest, uploaded, target, found)
    replace_version(target.system, target.path(MANIFEST), manifest.as_bytes(), found)
    return manifest, True, _prune(manifest.history, target)


def _require_all_there(manifest: ExportManifest, uploaded: set[str], target: _Target, found: Version) -> None:
    """Raise OSError for a file that did not arrive, or ReplacedError if another export may have removed it since."""
    target.system.invalidate_cache()
    sizes = {file: target.size(file) for file in manifest.files}
    if any(size != file.bytes for file, size in sizes.items()) and target.read_manifest() != found:
        raise ReplacedError
    for file, size in sizes.items():
        verify_size(size, file)
        if target.checksum and file.path in uploaded and not target.is_intact(file):
            raise OSError(errno.EIO, "did not arrive as it was sent", file.path)


def _upload(plan: Plan, target: _Target, listed: set[ExportedFile]) -> tuple[ExportManifest, set[str]]:
    """Write the files that are not intact at the target -> the manifest, and the paths of these files.

    One that the manifest there does not list counts as damaged: an export that was cut short may have left it.
    """
    from frontmart.export.write import render

    uploaded = set()
    with TemporaryDirectory(prefix="frontmart-") as folder:
        rendered = None if plan.spec.is_copy else Path(folder)
        manifest = render(plan, rendered) if rendered else plan.copies()
        for file in manifest.files:
            if file not in listed or not target.is_intact(file):
                source = rendered / file.path_within if rendered else _verified_source(plan, file)
                target.system.put_file(str(source), target.path(file.path))
                uploaded.add(file.path)
    return manifest, uploaded


def _verified_source(plan: Plan, file: ExportedFile) -> Path:
    source = plan.source_of(file)
    verify_source(source.path, source.bytes, source.sha256)
    return source.path


def _prune(history: History, target: _Target) -> list[str]:
    """Remove the exports that are not kept -> their names, the latest first.

    Files are removed one by one, because other methods of fsspec take a path for a pattern, which may match other
    folders. A removal that fails is repeated by the next export.
    """
    pruned = []
    with suppress(*target_errors()):
        for name in sorted(filter(history.can_remove, target.names()), reverse=True):
            paths = target.system.find(target.path(name))
            # A folder with any other file is not an export.
            if paths and all(path.endswith(SUFFIXES) for path in paths):
                for path in paths:
                    target.system.rm_file(path)
                pruned.append(name)
    return pruned
