"""What is asked for, and what it comes to: which tables of the published snapshot, in which format, in which folder."""

import errno
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final, TypeGuard

from frontmart.errors import SnapshotError, UsageError
from frontmart.export.manifest import ExportedFile, ExportedTable, ExportManifest, ExportSpec
from frontmart.snapshots.manifest import ManifestFile, read_manifest
from frontmart.snapshots.store import SNAPSHOT_ID, Snapshot

# A format, and how its files end.
SUFFIXES: Final = {"parquet": ".parquet", "csv": ".csv", "xlsx": ".xlsx", "arrow": ".arrow", "sqlite": ".sqlite"}
# One file holds all tables of these; it is called after the product.
SINGLE_FILES: Final = ("xlsx", "sqlite")
SINGLE_NAME: Final = "frontmart"
PARTITIONS: Final = ("month",)
ALL: Final = "all"
NONE: Final = "none"
# An exported folder: a snapshot's files as they are, or something made from them, told apart by a hash of the spec.
EXPORTED: Final = re.compile(rf"{SNAPSHOT_ID.pattern}(-[0-9a-f]{{8}})?")
_SCHEMAS: Final = {"marts": "marts", "tables": "tidy"}


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is asked for.

    Attributes:
        marts: which marts; none, or the word all, for all of them; the word none for no mart.
        tables: which tidy tables besides; the word all for all of them.
        format: one of SUFFIXES.
        partition_by: `month` for a folder a month; None for whole files.
        is_plain: CSV for programs: no byte order mark, no text changed.
        keep: how many exports stay at the target, 1 or more.
    """

    marts: Sequence[str] = ()
    tables: Sequence[str] = ()
    format: str = "parquet"
    partition_by: str | None = None
    is_plain: bool = False
    keep: int = 3

    def validate(self) -> None:
        """Raise UsageError, naming what is possible, for what cannot be done with any snapshot."""
        if self.keep < 1:
            raise UsageError(f"keep is {self.keep}, but an exported snapshot must stay; give 1 or more")
        if self.format not in SUFFIXES:
            raise UsageError(f"there is no format {self.format!r}; there are {', '.join(SUFFIXES)}")
        if self.partition_by not in (None, *PARTITIONS):
            possible = ", ".join(PARTITIONS)
            raise UsageError(f"exports are not parted by {self.partition_by!r}; they can be by {possible}")
        if self.partition_by and self.format in SINGLE_FILES:
            possible = ", ".join(name for name in SUFFIXES if name not in SINGLE_FILES)
            message = f"{self.format} is one file, which is not parted by {self.partition_by}"
            raise UsageError(f"{message}; use one of {possible}, or leave that out")
        if self.is_plain and self.format != "csv":
            raise UsageError(f"plain is about csv, and {self.format} is plain as it is; leave it out")


@dataclass(frozen=True, slots=True)
class Source:
    """A Parquet file of a snapshot, as it was published."""

    table: ExportedTable
    path: Path
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """The table without its schema, as files, sheets and tables of an export are called."""
        return self.path.stem


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be at a target: these tables of the snapshot, by this spec, and how many exports in all."""

    snapshot: Snapshot
    spec: ExportSpec
    sources: tuple[Source, ...]
    keep: int

    @property
    def folder(self) -> str:
        """What the folder of this export is called: its readers never see files of another spec in it."""
        if self.spec.is_copy:
            return self.snapshot.id
        digest = hashlib.sha256(repr(astuple(self.spec)).encode()).hexdigest()
        return f"{self.snapshot.id}-{digest[:8]}"

    def copies(self) -> ExportManifest:
        """What is at the target where the files of the snapshot arrive as they are."""
        files = [
            ExportedFile(each.name, f"{self.folder}/{each.path.name}", each.bytes, each.sha256, each.table.row_count)
            for each in self.sources
        ]
        tables = tuple(each.table for each in self.sources)
        return ExportManifest(self.spec, self.folder, tables, tuple(sorted(files, key=lambda file: file.path)))

    def source_of(self, file: ExportedFile) -> Path:
        """The published file that is copied to this one."""
        return next(each.path for each in self.sources if each.name == file.table)

    def matches(self, manifest: ExportManifest | None) -> TypeGuard[ExportManifest]:
        """Whether a manifest at the target is of this very export."""
        if manifest is None or manifest.spec != self.spec or manifest.folder != self.folder:
            return False
        return not self.spec.is_copy or manifest == self.copies()

    def require_same_format(self, manifest: ExportManifest | None, shown: str) -> None:
        """Raise UsageError where a target holds another format: its readers would find nothing they can open."""
        if manifest and manifest.spec.format != self.spec.format:
            message = f"{shown}: holds an export as {manifest.spec.format}, not {self.spec.format}"
            raise UsageError(f"{message}; give another target, or remove its manifest.json to change what it holds")

    def excess(self, names: Iterable[str]) -> list[str]:
        """Those of the names at a target that are exports to remove."""
        exports = sorted(filter(EXPORTED.fullmatch, names), reverse=True)
        return [name for name in exports[self.keep :] if name != self.folder]


def make_plan(snapshot: Snapshot, request: ExportRequest) -> Plan:
    """What is to be at a target.

    Raises UsageError for a table that does not exist, and SnapshotError for a snapshot that does not say what it holds.
    """
    from frontmart.version import VERSION

    try:
        run = json.loads(snapshot.run_file.read_bytes())
        as_of = str(run["as_of_date"])
        known = {each.table.name: each for each in _sources(snapshot, run["rows"])}
    except (ValueError, KeyError, TypeError):
        raise SnapshotError(f"{snapshot.run_file}: is damaged; run `frontmart build --full`") from None
    marts = _chosen(known, "marts", "mart", request.marts or (ALL,))
    tables = _chosen(known, "tidy", "tidy table", request.tables or (NONE,))
    sources = (*marts, *tables)
    if not sources:
        raise UsageError("there is nothing to export; name a mart or a tidy table")
    spec = ExportSpec(
        snapshot_id=snapshot.id,
        as_of_date=as_of,
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


def _chosen(known: dict[str, Source], schema: str, kind: str, names: Sequence[str]) -> list[Source]:
    there = {each.name: each for name, each in known.items() if name.startswith(f"{schema}.")}
    wanted = set(there) if ALL in names else set(names) - {NONE}
    unknown = sorted(wanted - there.keys())
    if unknown:
        raise UsageError(f"there is no {kind} {', '.join(unknown)}; there are {', '.join(there)}")
    return [there[name] for name in sorted(wanted)]


def verify_hash(source: Path, sha256: str, expected: str) -> None:
    """Raise SnapshotError where what was read of a snapshot is not what was published."""
    if sha256 != expected:
        message = f"{source}: is not what was published, and was not exported"
        raise SnapshotError(f"{message}; run `frontmart rollback` or `frontmart build --full`")


def verify_size(size: int | None, file: ExportedFile) -> None:
    """Raise OSError where a file did not arrive as a whole; None for one that did not arrive at all."""
    if size != file.bytes:
        raise OSError(errno.EIO, f"{size} bytes arrived instead of {file.bytes}", file.path)
