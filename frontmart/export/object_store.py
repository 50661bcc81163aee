"""Export to an object store, which replaces objects atomically."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from frontmart.export.manifest import ExportedFile, ExportManifest, read_export_manifest
from frontmart.export.plan import SUFFIXES, Plan, verify_hash, verify_size
from frontmart.export.target import target_errors
from frontmart.snapshots.manifest import MANIFEST, hash_file
from transforms.redact.credentials import redact_url


def export_to_store(plan: Plan, system: Any, root: str) -> tuple[ExportManifest, bool, list[str]]:
    """Export to a store -> the manifest there, whether anything was written, and the exports that were removed."""
    from frontmart.export.write import render

    system.invalidate_cache()  # other clients may have written
    place = redact_url(root)
    earlier = read_export_manifest(_content(system, f"{root}/{MANIFEST}"), place)
    plan.require_same_format(earlier, place)
    # A hash would need a download of every file: the manifest and the sizes are compared instead.
    if plan.matches(earlier) and all(_size(system, root, file) == file.bytes for file in earlier.files):
        return earlier, False, []
    listed = set(earlier.files) if earlier else set()
    with TemporaryDirectory(prefix="frontmart-") as folder:
        rendered = None if plan.spec.is_copy else Path(folder)
        manifest = render(plan, rendered) if rendered else plan.copies()
        for file in manifest.files:
            if file not in listed or _size(system, root, file) != file.bytes:
                source = rendered / file.path_within if rendered else _verified_source(plan, file)
                system.put_file(str(source), f"{root}/{file.path}")
                verify_size(_size(system, root, file), file)
    system.pipe_file(f"{root}/{MANIFEST}", manifest.as_bytes())
    return manifest, True, _prune_store(plan, system, root)


def _verified_source(plan: Plan, file: ExportedFile) -> Path:
    source = plan.source_of(file)
    verify_hash(source, hash_file(source), file.sha256)
    return source


def _content(system: Any, path: str) -> bytes | None:
    try:
        return bytes(system.cat_file(path))
    except FileNotFoundError:
        return None


def _size(system: Any, root: str, file: ExportedFile) -> int | None:
    try:
        return int(system.info(f"{root}/{file.path}")["size"])
    except FileNotFoundError:
        return None


def _prune_store(plan: Plan, system: Any, root: str) -> list[str]:
    pruned = []
    with suppress(*target_errors()):
        system.invalidate_cache()
        for name in plan.excess(path.rstrip("/").rpartition("/")[2] for path in system.ls(root, detail=False)):
            if all(path.endswith(SUFFIXES) for path in system.find(f"{root}/{name}")):
                system.rm(f"{root}/{name}", recursive=True)
                pruned.append(name)
    return pruned
