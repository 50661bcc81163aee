"""The manifest of an export: the snapshot, the spec, the size, hash and rows of each file, and the earlier exports."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeVar

from frontmart.errors import UsageError
from frontmart.snapshots.ids import SNAPSHOT_ID
from frontmart.snapshots.manifest import MANIFEST

# The format of the manifest. An older version of Frontmart refuses to replace a manifest of a newer format.
VERSION: Final = 2
# The name of an export's folder: the id of the snapshot, a hash of the spec unless files are copied as they are, and
# the number of a repetition, for a snapshot that comes back to a store after its folder was removed there.
EXPORTED: Final = re.compile(rf"(?P<snapshot_id>{SNAPSHOT_ID.pattern})(-[0-9a-f]{{8}})?(-r(?P<repeat>[0-9]+))?")
_OWN_KEYS: Final = {"snapshot_id", "files"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A mart, star table or tidy table at a target: its full name, its rows, and the column that splits it."""

    name: str
    row_count: int
    partition_column: str | None = None


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file at a target.

    Attributes:
        table: the table in the file, without schema; None if the file has all tables, or describes the other files.
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
        """Whether all files are files of the snapshot, copied as they are."""
        return self.has_published_files and not self.has_star

    @property
    def has_published_files(self) -> bool:
        """Whether marts and tidy tables are copied as they are."""
        return self.format == "parquet" and self.partition_by is None

    @property
    def has_star(self) -> bool:
        """Whether tables of the star schema are among the tables: they are in the warehouse alone, and are written."""
        return any(name.startswith("core.") for name in self.tables)


@dataclass(frozen=True, slots=True)
class History:
    """What a manifest has of the manifests before it: enough to remove exports without a lock.

    Attributes:
        sequence: the number of manifests written at the target, this one included.
        exports: the folders that are kept, the latest snapshot first. Any other may be removed at any time.
        newest_snapshot_id: the newest snapshot that was ever exported to the target; empty if there is none.
    """

    sequence: int = 0
    exports: tuple[str, ...] = ()
    newest_snapshot_id: str = ""

    @classmethod
    def from_names(cls, names: Iterable[str]) -> "History":
        """The history of a target without a manifest, or with one that is damaged or has none, from its folders."""
        found = {name: match for name in names if (match := EXPORTED.fullmatch(name))}
        return cls(
            sequence=max((int(match["repeat"] or 0) for match in found.values()), default=0),
            exports=tuple(sorted(found, reverse=True)),
            newest_snapshot_id=max((match["snapshot_id"] for match in found.values()), default=""),
        )

    def followed_by(self, folder: str, snapshot_id: str, keep: int) -> "History":
        """The history with one more export, which is kept however old it is; of the others only the latest are."""
        exports = sorted({*self.exports, folder}, reverse=True)
        return History(
            sequence=self.sequence + 1,
            exports=tuple(name for place, name in enumerate(exports) if place < keep or name == folder),
            newest_snapshot_id=max(self.newest_snapshot_id, snapshot_id),
        )

    def can_remove(self, name: str) -> bool:
        """Whether a folder is an export that is not kept, and that no export can be writing or will ever write again.

        An export that is running uses a kept folder, one of a snapshot newer than all before, or the next repetition.
        """
        match = EXPORTED.fullmatch(name)
        if match is None or name in self.exports:
            return False
        return match["snapshot_id"] <= self.newest_snapshot_id and int(match["repeat"] or 0) <= self.sequence


@dataclass(frozen=True, slots=True)
class ExportManifest:
    """The current export at a target.

    Attributes:
        spec: the tables and how they were written.
        folder: the folder of the files, relative to the target.
        tables: the tables, in the order of the spec.
        files: every file, by path.
        notes: sentences on values that the format does not represent exactly, and on tables without partitions.
        history: the manifests before; empty if a version before 0.2 wrote it.
    """

    spec: ExportSpec
    folder: str
    tables: tuple[ExportedTable, ...]
    files: tuple[ExportedFile, ...]
    notes: tuple[str, ...] = ()
    history: History = History()

    def as_json(self) -> dict[str, Any]:
        """The content of the file."""
        spec = asdict(self.spec)
        del spec["tables"]
        return {
            "manifest_version": VERSION,
            **spec,
            "folder": self.folder,
            "tables": [asdict(table) for table in self.tables],
            "files": [asdict(file) for file in self.files],
            "notes": list(self.notes),
            "sequence": self.history.sequence,
            "exports": list(self.history.exports),
            "newest_snapshot_id": self.history.newest_snapshot_id,
        }

    def as_bytes(self) -> bytes:
        """The file as JSON."""
        return (json.dumps(self.as_json(), indent=2, ensure_ascii=False) + "\n").encode()


def read_export_manifest(content: bytes | None, place: str) -> ExportManifest | None:
    """Parse the manifest at a target; None if there is none or it is damaged.

    Raises UsageError for a file that is not the manifest of an export, or is one of a later version of Frontmart.
    """
    try:
        entries = json.loads(content or b"{}")
        if entries and not set(entries) >= _OWN_KEYS:
            raise UsageError(f"{place}/{MANIFEST}: is not the manifest of an export; give another target")
        version = entries.get("manifest_version", 1) if entries else None
        if isinstance(version, int) and version > VERSION:
            message = f"{place}/{MANIFEST}: is of a later version of Frontmart ({entries.get('frontmart_version')})"
            raise UsageError(f"{message}; upgrade Frontmart, or give another target")
        return _parse_manifest(entries) if entries else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return None


def _parse_manifest(entries: dict[str, Any]) -> ExportManifest:
    """Parse a manifest. Raises ValueError, TypeError or KeyError for one that is damaged."""
    history = History()
    if "manifest_version" in entries:
        history = History(
            _typed(entries["sequence"], int),
            tuple(_typed(name, str) for name in _typed(entries["exports"], list)),
            _typed(entries["newest_snapshot_id"], str),
        )
    tables = tuple(_parse_table(**table) for table in _typed(entries["tables"], list))
    spec = ExportSpec(
        snapshot_id=_typed(entries["snapshot_id"], str),
        as_of_date=_typed(entries["as_of_date"], str),
        frontmart_version=_typed(entries["frontmart_version"], str),
        format=_typed(entries["format"], str),
        partition_by=_optional(entries["partition_by"]),
        is_plain=_typed(entries["is_plain"], bool),
        tables=names_of(tables),
    )
    files = tuple(_parse_file(**file) for file in _typed(entries["files"], list))
    notes = tuple(_typed(note, str) for note in _typed(entries["notes"], list))
    return ExportManifest(spec, _typed(entries["folder"], str), tables, files, notes, history)


def _parse_table(name: str, row_count: int, partition_column: str | None) -> ExportedTable:
    return ExportedTable(_typed(name, str), _typed(row_count, int), _optional(partition_column))


def _parse_file(table: str | None, path: str, bytes: int, sha256: str, row_count: int) -> ExportedFile:  # noqa: A002
    return ExportedFile(
        _optional(table), _typed(path, str), _typed(bytes, int), _typed(sha256, str), _typed(row_count, int)
    )


def _optional(value: object) -> str | None:
    return None if value is None else _typed(value, str)


def _typed(value: object, type_: type[T]) -> T:
    """The value, if it is of a type. Raises TypeError otherwise."""
    if type(value) is not type_:
        raise TypeError(value)
    return value


def names_of(tables: Sequence[ExportedTable]) -> tuple[str, ...]:
    """The full names of tables."""
    return tuple(table.name for table in tables)
