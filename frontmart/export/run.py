"""The entry point: from an output folder and a target to what is there after the export."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]

from frontmart.errors import FrontmartError
from frontmart.export.folder import export_to_folder
from frontmart.export.manifest import ExportedFile, ExportManifest
from frontmart.export.object_store import export_to_store
from frontmart.export.plan import ExportRequest, make_plan
from frontmart.export.target import open_target, reason, target_errors
from frontmart.snapshots.store import published
from transforms.redact.credentials import redact_url


@dataclass(frozen=True, slots=True)
class Export:
    """What is at a target after an export.

    Attributes:
        target: the target, without credentials.
        manifest: what is current there.
        is_new: whether the export changed anything, or the target held all of it already.
        pruned: the exports that were removed, the latest first.
    """

    target: str
    manifest: ExportManifest
    is_new: bool
    pruned: list[str]

    @property
    def snapshot_id(self) -> str:
        """The snapshot that is current there."""
        return self.manifest.spec.snapshot_id

    @property
    def files(self) -> tuple[ExportedFile, ...]:
        """What its manifest lists, by path."""
        return self.manifest.files

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {"target": self.target, "is_new": self.is_new, "pruned": self.pruned, **self.manifest.as_json()}


def export(out: Path, target: str, request: ExportRequest | None = None) -> Export:
    """Bring tables of the published snapshot to a target, and make them the current ones there.

    Args:
        out: the folder that holds snapshots/ and the published link.
        target: a folder, or a URL that fsspec knows, such as s3://bucket/folder.
        request: which tables, in which format; all marts as Parquet where None.

    Raises:
        UsageError: for a request that makes no sense, a table or a protocol that does not exist, a protocol whose
            package is not installed, and a target that cannot be written, is something else or holds another format.
        SnapshotError: where nothing is published, or what is has no manifest or is damaged.
        LockedError: where another export holds the target folder.
        FrontmartError: for a target that fails on the way.
    """
    request = request or ExportRequest()
    request.validate()
    plan = make_plan(published(out), request)
    shown = redact_url(target)
    try:
        system, root = open_target(target)
        if isinstance(system, LocalFileSystem):
            manifest, is_new, pruned = export_to_folder(plan, Path(root))
        else:
            manifest, is_new, pruned = export_to_store(plan, system, root.rstrip("/"))
    except target_errors() as error:
        message = f"{shown}: the export failed ({reason(error, target)})"
        raise FrontmartError(
            f"{message}; what was exported before is as it was; see to that and export again"
        ) from None
    return Export(shown, manifest, is_new, pruned)
