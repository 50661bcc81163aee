"""Plan an export: the requested tables and format, and the files and folder that result."""

import errno
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final, TypeGuard

from frontmart.errors import SnapshotError, UsageError
from frontmart.export.manifest import ExportedFile, ExportedTable, ExportManifest, ExportSpec
from frontmart.formats import EXPORT_FORMATS, FORMATS
from frontmart.snapshots.ids import SNAPSHOT_ID
from frontmart.snapshots.manifest import ManifestFile, read_manifest
from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import Snapshot

# Endings of exported files.
SUFFIXES: Final = tuple(FORMATS[name].suffix for name in EXPORT_FORMATS)
# The name of a file with all tables.
SINGLE_NAME: Final = "frontmart"
PARTITIONS: Final = ("month",)
ALL: Final = "all"
NONE: Final = "none"
# The name of an export's folder: the id of the snapshot, and a hash of the spec unless files are copied as they are.
EXPORTED: Final = re.compile(rf"{SNAPSHOT_ID.pattern}(-[0-9a-f]{{8}})?")
_SCHEMAS: Final = {"marts": "marts", "tables": "tidy"}


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The tables to export, and how.

    Attributes:
        marts: the marts; empty or `all` for all of them, `none` for no mart.
        tables: the tidy tables; `all` for all of them.
        format: one of EXPORT_FORMATS.
        partition_by: `month` for a folder per month; None for a file per table.
        is_plain: whether CSV is written for programs: without a byte order mark, texts unchanged.
        keep: the number of exports to keep at the target, 1 or more.
    """

    marts: Sequence[str] = ()
    tables: Sequence[str] = ()
    format: str = "parquet"
    partition_by: str | None = None
    is_plain: bool = False
    keep: int = 3

    def validate(self) -> None:
        """Raise UsageError for options that no snapshot can satisfy; the message lists the valid ones."""
        if self.keep < 1:
            raise UsageError(f"keep is {self.keep}, but at least one export must stay; give 1 or more")
        if self.format not in EXPORT_FORMATS:
            raise UsageError(f"unknown format {self.format!r}; use one of {', '.join(EXPORT_FORMATS)}")
        if self.partition_by not in (None, *PARTITIONS):
            possible = ", ".join(PARTITIONS)
            raise UsageError(f"exports cannot be partitioned by {self.partition_by!r}; use {possible}")
        if self.partition_by and not FORMATS[self.format].is_partitioned:
            possible = ", ".join(name for name in EXPORT_FORMATS if FORMATS[name].is_partitioned)
            message = f"{self.format} is one file for all tables, which cannot be partitioned"
            raise UsageError(f"{message}; use one of {possible}, or leave out the partitioning")
        if self.is_plain and self.format != "csv":
            raise UsageError(f"plain applies to csv only, and the format is {self.format}; leave it out")


@dataclass(frozen=True, slots=True)
class Source:
    """A Parquet file of a snapshot, as its manifest lists it."""

    table: ExportedTable
    path: Path
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """The table without its schema: the name of its file, sheet or table in an export."""
        return self.path.stem


@dataclass(frozen=True, slots=True)
class Plan:
    """An export to make: the tables of a snapshot, the spec, and the number of exports to keep."""

    snapshot: Snapshot
    spec: ExportSpec
    sources: tuple[Source, ...]
    keep: int

    @property
    def folder(self) -> str:
        """The name of the folder, unique to the spec, so that its readers never see files of another spec."""
        if self.spec.is_copy:
            return self.snapshot.id
        digest = hashlib.sha256(repr(astuple(self.spec)).encode()).hexdigest()
        return f"{self.snapshot.id}-{digest[:8]}"

    def copies(self) -> ExportManifest:
        """The manifest of an export that copies the files of the snapshot as they are."""
        files = [
            ExportedFile(each.name, f"{self.folder}/{each.path.name}", each.bytes, each.sha256, each.table.row_count)
            for each in self.sources
        ]
        tables = tuple(each.table for each in self.sources)
        return ExportManifest(self.spec, self.folder, tables, tuple(sorted(files, key=lambda file: file.path)))

    def source_of(self, file: ExportedFile) -> Path:
        """The published file that an exported one is copied from."""
        return next(each.path for each in self.sources if each.name == file.table)

    def matches(self, manifest: ExportManifest | None) -> TypeGuard[ExportManifest]:
        """Whether a manifest describes this export."""
        if manifest is None or manifest.spec != self.spec or manifest.folder != self.folder:
            return False
        return not self.spec.is_copy or manifest == self.copies()

    def require_same_format(self, manifest: ExportManifest | None, target: str) -> None:
        """Raise UsageError if the target has an export in another format, which its readers rely on."""
        if manifest and manifest.spec.format != self.spec.format:
            message = f"{target}: has an export in the format {manifest.spec.format}, not {self.spec.format}"
            raise UsageError(f"{message}; give another target, or remove its manifest.json to change the format")

    def excess(self, names: Iterable[str]) -> list[str]:
        """The exports to remove, given the names at a target."""
        exports = sorted(filter(EXPORTED.fullmatch, names), reverse=True)
        return [name for name in exports[self.keep :] if name != self.folder]


def make_plan(snapshot: Snapshot, request: ExportRequest) -> Plan:
    """Plan an export of a snapshot.

    Raises UsageError for a table that does not exist, and SnapshotError for a snapshot whose `run.json` is damaged.
    """
    from frontmart.version import VERSION

    run = read_run(snapshot)
    try:
        known = {each.table.name: each for each in _sources(snapshot, run["rows"])}
    except KeyError:
        raise SnapshotError(f"{snapshot.run_file}: is damaged; run `frontmart build`, which replaces it") from None
    marts = _choose(known, "marts", "mart", request.marts or (ALL,))
    tables = _choose(known, "tidy", "tidy table", request.tables or (NONE,))
    sources = (*marts, *tables)
    if not sources:
        raise UsageError("there is nothing to export; name a mart or a tidy table")
    spec = ExportSpec(
        snapshot_id=snapshot.id,
        as_of_date=run["as_of_date"],
        frontmart_version=VERSION,
        format=request.format,
        partition_by=request.partition_by,
        is_plain=request.is_plain,
        tables=tuple(each.table.name for each in sources),
    )
    return Plan(snapshot, spec, sources, request.keep)


def _sources(snapshot: Snapshot, rows: dict[str, int]) -> Iterator[Source]:
    for file in read_manifest(snapshot.folder):
        path = snapshot.folder / file.path
        schema = _schema(path, snapshot, file)
        if schema:
            name = f"{schema}.{path.stem}"
            yield Source(ExportedTable(name, rows[name]), path, file.bytes, file.sha256)


def _schema(path: Path, snapshot: Snapshot, file: ManifestFile) -> str | None:
    is_table = path.suffix == ".parquet" and path.parent.parent == snapshot.folder
    return _SCHEMAS.get(file.path.partition("/")[0]) if is_table else None


def _choose(known: dict[str, Source], schema: str, kind: str, names: Sequence[str]) -> list[Source]:
    options = {each.name: each for name, each in known.items() if name.startswith(f"{schema}.")}
    wanted = set(options) if ALL in names else set(names) - {NONE}
    unknown = sorted(wanted - options.keys())
    if unknown:
        raise UsageError(f"unknown {kind} {', '.join(unknown)}; use {', '.join(options)}")
    return [options[name] for name in sorted(wanted)]


def verify_hash(source: Path, sha256: str, expected: str) -> None:
    """Raise SnapshotError if a file of a snapshot changed since it was published."""
    if sha256 != expected:
        message = f"{source}: has changed since it was published and was not exported"
        raise SnapshotError(f"{message}; run `frontmart rollback` or `frontmart build --full`")


def verify_size(size: int | None, file: ExportedFile) -> None:
    """Raise OSError if a file did not arrive completely; its size is None if it did not arrive at all."""
    if size != file.bytes:
        raise OSError(errno.EIO, f"{size} bytes arrived instead of {file.bytes}", file.path)
