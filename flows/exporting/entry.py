"""The entry point: from an output folder and a target to what is there after the export."""

from collections.abc import Sequence
from pathlib import Path

from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]

from flows.errors import FrontmartError, UsageError
from flows.exporting.folder import export_to_folder
from flows.exporting.plan import Export, planned
from flows.exporting.store import export_to_store
from flows.exporting.target import opened, reason, target_errors, without_credentials
from flows.snapshots import published


def export(out: Path, target: str, marts: Sequence[str] | None = None, keep: int = 3) -> Export:
    """Copy the published marts to a target, and make them the current ones there.

    Args:
        out: the folder that holds snapshots/ and the published link.
        target: a folder, or a URL that fsspec knows, such as s3://bucket/folder.
        marts: which marts; None, or none, for all.
        keep: how many snapshots stay at the target, 1 or more.

    Raises:
        UsageError: for a mart or a protocol that does not exist, a protocol whose package is not installed, and a
            target that cannot be written or is something else.
        SnapshotError: where nothing is published, or what is has no manifest or is damaged.
        LockedError: where another export holds the target folder.
        FrontmartError: for a target that fails on the way.
    """
    if keep < 1:
        raise UsageError(f"keep is {keep}, but an exported snapshot must stay; give 1 or more")
    plan = planned(published(out), marts, keep)
    shown = without_credentials(target)
    try:
        system, root = opened(target)
        if isinstance(system, LocalFileSystem):
            is_new, pruned = export_to_folder(plan, Path(root))
        else:
            is_new, pruned = export_to_store(plan, system, root.rstrip("/"))
    except target_errors() as error:
        message = f"{shown}: the export failed ({reason(error, target)})"
        raise FrontmartError(
            f"{message}; what was exported before is as it was; see to that and export again"
        ) from None
    return Export(plan.snapshot.id, shown, plan.files, is_new, pruned)
