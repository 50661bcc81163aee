"""Exporting to an object store, where a file that is put is there as a whole or not at all."""

from contextlib import suppress
from typing import Any

from flows.exporting.plan import ExportedFile, Plan, hold_to_hash, hold_to_size, listed_files
from flows.exporting.target import target_errors, without_credentials
from flows.manifest import MANIFEST, hash_file


def export_to_store(plan: Plan, system: Any, root: str) -> tuple[bool, list[str]]:
    """Whether anything was changed, and which snapshots were removed."""
    system.invalidate_cache()  # others write there too
    earlier = _content(system, f"{root}/{MANIFEST}")
    listed = listed_files(earlier, without_credentials(root))
    # To hash what is there would be to fetch it: the manifest and the size have to do.
    missing = [file for file in plan.files if file not in listed or _size(system, root, file) != file.bytes]
    if not missing and earlier == plan.manifest:
        return False, []
    for file in missing:
        source = plan.source(file)
        hold_to_hash(source, file, hash_file(source))
        system.put_file(str(source), f"{root}/{file.path}")
        hold_to_size(_size(system, root, file), file)
    system.pipe_file(f"{root}/{MANIFEST}", plan.manifest)
    return True, _prune_store(plan, system, root)


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
        for id_ in plan.excess(path.rstrip("/").rpartition("/")[2] for path in system.ls(root, detail=False)):
            if all(path.endswith(".parquet") for path in system.find(f"{root}/{id_}")):
                system.rm(f"{root}/{id_}", recursive=True)
                pruned.append(id_)
    return pruned
