"""The manifest of an export: the snapshot, the spec, and the size, hash and rows of each file."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from frontmart.errors import UsageError
from frontmart.snapshots.manifest import MANIFEST

_OWN_KEYS: Final = {"snapshot_id", "files"}


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A mart or tidy table at a target: its full name, its row count, and the column it is partitioned by, if any."""

    name: str
    row_count: int
    partition_column: str | None = None


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file at a target.

    Attributes:
        table: the table in the file, without schema; None if the file has all tables.
        path: relative to the target, with `/`.
        bytes: the size.
        sha256: the hash, in hex digits.
        row_count: the number of rows, of all tables in the file.
    """

    table: str | None
    path: str
    bytes: int
    sha256: str
    row_count: int

    @property
    def path_within(self) -> str:
        """The path relative to the folder of the export."""
        return self.path.partition("/")[2]


@dataclass(frozen=True, slots=True)
class ExportSpec:
    """Everything that decides the bytes of an export: two exports of one spec have the same files.

    Attributes:
        snapshot_id: the exported snapshot.
        as_of_date: the UTC day that the snapshot describes.
        frontmart_version: the version that exports.
        format: the file format, such as csv.
        partition_by: month, or None for a file per table.
        is_plain: whether CSV is written for programs rather than for spreadsheets.
        tables: the tables by full name, in order.
    """

    snapshot_id: str
    as_of_date: str
    frontmart_version: str
    format: str
    partition_by: str | None
    is_plain: bool
    tables: tuple[str, ...]

    @property
    def is_copy(self) -> bool:
        """Whether the files of the snapshot are copied as they are."""
        return self.format == "parquet" and self.partition_by is None


@dataclass(frozen=True, slots=True)
class ExportManifest:
    """The current export at a target.

    Attributes:
        spec: the tables and how they were written.
        folder: the folder of the files, relative to the target.
        tables: the tables, in the order of the spec.
        files: every file, by path.
        notes: sentences on values that the format does not represent exactly, and on tables without partitions.
    """

    spec: ExportSpec
    folder: str
    tables: tuple[ExportedTable, ...]
    files: tuple[ExportedFile, ...]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The content of the file."""
        spec = asdict(self.spec)
        del spec["tables"]
        return {
            **spec,
            "folder": self.folder,
            "tables": [asdict(table) for table in self.tables],
            "files": [asdict(file) for file in self.files],
            "notes": list(self.notes),
        }

    def as_bytes(self) -> bytes:
        """The file as JSON."""
        return (json.dumps(self.as_json(), indent=2, ensure_ascii=False) + "\n").encode()


def read_export_manifest(content: bytes | None, place: str) -> ExportManifest | None:
    """Parse the manifest at a target; None if there is none or it is damaged.

    Raises UsageError for a file that is not the manifest of an export.
    """
    try:
        entries = json.loads(content or b"{}")
        if entries and not set(entries) >= _OWN_KEYS:
            raise UsageError(f"{place}/{MANIFEST}: is not the manifest of an export; give another target")
        return _parse_manifest(entries) if entries else None
    except (ValueError, TypeError, KeyError):
        return None


def _parse_manifest(entries: dict[str, Any]) -> ExportManifest:
    tables = tuple(ExportedTable(**table) for table in entries.pop("tables"))
    files = tuple(_parse_file(**file) for file in entries.pop("files"))
    folder, notes = str(entries.pop("folder")), tuple(entries.pop("notes"))
    return ExportManifest(ExportSpec(**entries, tables=names_of(tables)), folder, tables, files, notes)


def _parse_file(table: str | None, path: str, bytes: int, sha256: str, row_count: int) -> ExportedFile:  # noqa: A002
    """Parse an entry of a manifest. Raises ValueError or TypeError for one that is not valid."""
    return ExportedFile(table and str(table), str(path), int(bytes), str(sha256), int(row_count))


def names_of(tables: Sequence[ExportedTable]) -> tuple[str, ...]:
    """The full names of tables."""
    return tuple(table.name for table in tables)
