"""Export tables of the published snapshot to a target."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]

from frontmart.errors import FrontmartError
from frontmart.export.folder import export_to_folder
from frontmart.export.manifest import ExportedFile, ExportManifest
from frontmart.export.object_store import export_to_store
from frontmart.export.plan import ExportRequest, Planner
from frontmart.export.target import open_target, reason, target_errors
from transforms.redact.credentials import redact_url


@dataclass(frozen=True, slots=True)
class Export:
    """The result of an export.

    Attributes:
        target: the target, without credentials.
        manifest: the manifest at the target.
        is_new: whether anything was written; False if the target was up to date.
        pruned: the exports that were removed, the latest first.
    """

    target: str
    manifest: ExportManifest
    is_new: bool
    pruned: list[str]

    @property
    def snapshot_id(self) -> str:
        """The exported snapshot."""
        return self.manifest.spec.snapshot_id

    @property
    def files(self) -> tuple[ExportedFile, ...]:
        """The files at the target, sorted by path."""
        return self.manifest.files

    def as_json(self) -> dict[str, Any]:
        """The JSON object that `--json` prints."""
        return {"target": self.target, "is_new": self.is_new, "pruned": self.pruned, **self.manifest.as_json()}


def export(out: Path, target: str, request: ExportRequest | None = None) -> Export:
    """Export tables of the published snapshot to a target, and make them the current export there.

    Args:
        out: the folder that holds snapshots/ and the published link.
        target: a folder, or a URL that fsspec knows, such as s3://bucket/folder.
        request: the tables and the format; None for all marts and the star schema as Parquet.

    Raises:
        UsageError: for invalid options, an unknown table or protocol, a protocol whose package is not installed, and
            a target that cannot be written, is inside the source or the output folder, or has other files, an export in
            another format or one of a later version.
        SnapshotError: if nothing is published, or the published snapshot is damaged or has no manifest.
        LockedError: if another export is running in the target folder, or has made a newer snapshot current meanwhile.
        FrontmartError: if the target fails during the export.
    """
    request = request or ExportRequest()
    request.validate()
    planner = Planner(out, request)
    place = redact_url(target)
    try:
        system, root = open_target(target)
        if isinstance(system, LocalFileSystem):
            manifest, is_new, pruned = export_to_folder(planner, Path(root))
        else:
            manifest, is_new, pruned = export_to_store(planner, system, root.rstrip("/"))
    except target_errors() as error:
        message = f"{place}: the export failed ({reason(error, target)})"
        raise FrontmartError(
            f"{message}; the previous export is unchanged; correct the cause and export again"
        ) from None
    return Export(place, manifest, is_new, pruned)
