"""The manifest of an export: which snapshot is current at a target, as what, and each file with size, hash and rows."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from frontmart.errors import UsageError
from frontmart.snapshots.manifest import MANIFEST

_OWN_KEYS: Final = {"snapshot_id", "files"}


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A mart or tidy table at a target: its full name, its rows, and the column whose months part it, if any."""

    name: str
    row_count: int
    partition_column: str | None = None


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file at a target.

    Attributes:
        table: the table that it holds or is a part of, without schema; None where one file holds all of them.
        path: relative to the target, with `/`.
        bytes: its size.
        sha256: its hash, in hex digits.
        row_count: the rows in it, of all its tables.
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
    """What decides the bytes of an export. Two exports of one spec hold the same.

    Attributes:
        snapshot_id: the snapshot that is exported.
        as_of_date: the UTC day that it describes.
        frontmart_version: the version that exports.
        format: parquet, csv, xlsx, arrow or sqlite.
        partition_by: month, or None for whole files.
        is_plain: whether CSV is for programs, without what makes it safe to open in Excel.
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
        """Whether the files of the snapshot are exported as they are."""
        return self.format == "parquet" and self.partition_by is None


@dataclass(frozen=True, slots=True)
class ExportManifest:
    """What is at a target.

    Attributes:
        spec: what was exported, and how.
        folder: where the files are, relative to the target.
        tables: the tables, in the order of the spec.
        files: every file, by path.
        notes: what a reader has to know of this export: what its format could not hold, what was not parted.
    """

    spec: ExportSpec
    folder: str
    tables: tuple[ExportedTable, ...]
    files: tuple[ExportedFile, ...]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What stands in the file."""
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
        """The file."""
        return (json.dumps(self.as_json(), indent=2, ensure_ascii=False) + "\n").encode()


def read_export_manifest(content: bytes | None, place: str) -> ExportManifest | None:
    """What the manifest at a target says; None where there is none, or it is damaged.

    Raises UsageError for the manifest of something else.
    """
    try:
        found = json.loads(content or b"{}")
        if found and not set(found) >= _OWN_KEYS:
            raise UsageError(f"{place}/{MANIFEST}: is not the manifest of an export; give another target")
        return _manifest(found) if found else None
    except (ValueError, TypeError, KeyError):
        return None


def _manifest(found: dict[str, Any]) -> ExportManifest:
    tables = tuple(ExportedTable(**table) for table in found.pop("tables"))
    files = tuple(_file(**file) for file in found.pop("files"))
    folder, notes = str(found.pop("folder")), tuple(found.pop("notes"))
    return ExportManifest(ExportSpec(**found, tables=names_of(tables)), folder, tables, files, notes)


def _file(table: str | None, path: str, bytes: int, sha256: str, row_count: int) -> ExportedFile:  # noqa: A002
    """A file as a manifest lists it. Raises ValueError or TypeError where it lists no such thing."""
    return ExportedFile(table and str(table), str(path), int(bytes), str(sha256), int(row_count))


def names_of(tables: Sequence[ExportedTable]) -> tuple[str, ...]:
    """The full names of tables."""
    return tuple(table.name for table in tables)
