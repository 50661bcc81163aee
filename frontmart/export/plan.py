"""Plan an export: the requested tables and format, and the files and folder that result."""

import errno
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Final, TypeGuard, TypeVar

from frontmart.errors import LockedError, SnapshotError, UsageError
from frontmart.export.manifest import EXPORTED, ExportedFile, ExportedTable, ExportManifest, ExportSpec, History
from frontmart.export.source import verify_source
from frontmart.formats import EXPORT_FORMATS, FORMATS
from frontmart.snapshots.manifest import MANIFEST, ManifestFile, read_manifest
from frontmart.snapshots.read import read_published, read_run
from frontmart.snapshots.store import Snapshot

# Files that describe those of an export.
DATA_PACKAGE: Final = "datapackage.json"
MALLOY: Final = "frontmart.malloy"
# Endings of exported files.
SUFFIXES: Final = (*(FORMATS[name].suffix for name in EXPORT_FORMATS), DATA_PACKAGE, MALLOY)
# The name of a file with all tables.
SINGLE_NAME: Final = "frontmart"
PARTITIONS: Final = ("month",)
ALL: Final = "all"
NONE: Final = "none"
T = TypeVar("T")

_SCHEMAS: Final = {"marts": "marts", "tables": "tidy"}
STAR: Final = "core"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The tables to export, and how.

    Attributes:
        marts: the marts; empty or `all` for all of them, `none` for no mart.
        tables: the tidy tables; `all` for all of them.
        star: the tables of the star schema; `all` for all of them, `none` for no table. Empty for all of them with all
            marts, and none with chosen ones.
        format: one of EXPORT_FORMATS.
        partition_by: `month` for a folder per month; None for a file per table.
        is_plain: whether CSV is written for programs: without a byte order mark, texts unchanged.
        keep: the number of exports to keep at the target, 1 or more.
        checksum: whether files in an object store are compared by content, which downloads them, and not by size.
            Files in a folder always are.
    """

    marts: Sequence[str] = ()
    tables: Sequence[str] = ()
    star: Sequence[str] = ()
    format: str = "parquet"
    partition_by: str | None = None
    is_plain: bool = False
    keep: int = 3
    checksum: bool = False

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
    """A table of a snapshot, and its file as the manifest lists it: a Parquet file, or the warehouse for the star."""

    table: ExportedTable
    path: Path
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """The table without its schema: the name of its file, sheet or table in an export."""
        return self.table.name.rpartition(".")[2]

    @property
    def is_star(self) -> bool:
        """Whether it is a table of the star schema, which is in the warehouse alone."""
        return self.table.name.startswith(f"{STAR}.")


@dataclass(frozen=True, slots=True)
class Plan:
    """An export to make.

    Attributes:
        snapshot: the snapshot.
        input_folder: the folder that the snapshot was built from, if its record names one.
        spec: the tables and how they are written.
        sources: the tables of the snapshot.
        keep: the number of exports to keep.
        repeat: the number at the end of the folder's name; 0 for none.
    """

    snapshot: Snapshot
    input_folder: Path | None
    spec: ExportSpec
    sources: tuple[Source, ...]
    keep: int
    repeat: int = 0

    @property
    def folder(self) -> str:
        """The name of the folder, unique to the spec, so that its readers never see files of another spec."""
        return f"{self.name}-r{self.repeat}" if self.repeat else self.name

    @property
    def name(self) -> str:
        """The name of the folder without the repetition."""
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

    def source_of(self, file: ExportedFile) -> Source:
        """The published file that an exported one is copied from."""
        return next(each for each in self.sources if each.name == file.table)

    def matches(self, manifest: ExportManifest | None) -> TypeGuard[ExportManifest]:
        """Whether a manifest describes this export, in whichever repetition."""
        if manifest is None or manifest.spec != self.spec:
            return False
        repeat = self._repeat_of(manifest.folder)
        if repeat is None or not self.spec.is_copy:
            return repeat is not None
        return replace(manifest, history=History()) == replace(self, repeat=repeat).copies()

    def require_same_format(self, manifest: ExportManifest | None, target: str) -> None:
        """Raise UsageError if the target has an export in another format, which its readers rely on."""
        if manifest and manifest.spec.format != self.spec.format:
            message = f"{target}: has an export in the format {manifest.spec.format}, not {self.spec.format}"
            raise UsageError(f"{message}; give another target, or remove its manifest.json to change the format")

    def require_newest(self, current: ExportManifest | None, target: str) -> None:
        """Raise LockedError if an export that ran at the same time as this one has made a newer snapshot current.

        One that ended before this one started does not count: after a rollback, an older snapshot is what is wanted.
        """
        if current and current.spec.snapshot_id > self.snapshot.id:
            message = f"{target}: another export has just made the newer snapshot {current.spec.snapshot_id} current"
            raise LockedError(f"{message}; export again to replace it with {self.snapshot.id}")

    def after(self, history: History) -> "Plan":
        """The plan with a folder that no other process can be removing: a kept one, or one never used before."""
        kept = [repeat for name in history.exports if (repeat := self._repeat_of(name)) is not None]
        if kept:
            return replace(self, repeat=max(kept))
        is_newest = self.snapshot.id > history.newest_snapshot_id
        return replace(self, repeat=0 if is_newest else history.sequence + 1)

    def _repeat_of(self, folder: str) -> int | None:
        """The repetition that a folder of this export is, 0 for the first; None for the folder of another export."""
        match = EXPORTED.fullmatch(folder)
        repeat = int(match["repeat"] or 0) if match else 0
        return repeat if folder == replace(self, repeat=repeat).folder else None


# The manifest at a target, whether anything was written, and the exports that were removed.
Result = tuple[ExportManifest, bool, list[str]]


@dataclass(frozen=True, slots=True)
class Planner:
    """A request for the snapshot that is published in an output folder at the moment of the export."""

    out: Path
    request: ExportRequest

    def with_plan(self, use: Callable[[Plan], T]) -> T:
        """Call a function with the plan, once more if a build prunes the snapshot during the call -> its result.

        Raises SnapshotError if nothing is published, and as `make_plan` does.
        """
        return read_published(self.out, lambda snapshot: use(make_plan(snapshot, self.request)))


def make_plan(snapshot: Snapshot, request: ExportRequest) -> Plan:
    """Plan an export of a snapshot.

    Raises UsageError for a table that does not exist, and SnapshotError for a snapshot whose `run.json` or manifest is
    damaged.
    """
    from frontmart.version import VERSION

    run = read_run(snapshot)
    files = read_manifest(snapshot.folder)
    for file in files:
        if snapshot.folder / file.path == snapshot.run_file:
            verify_source(snapshot.run_file, file.bytes, file.sha256)
    try:
        known = {each.table.name: each for each in _sources(snapshot, files, run["rows"])}
    except KeyError:
        raise SnapshotError(f"{snapshot.run_file}: is damaged; run `frontmart build`, which replaces it") from None
    exportable = tuple(f"{schema}." for schema in _SCHEMAS.values())
    if missing := sorted(name for name in run["rows"].keys() - known.keys() if name.startswith(exportable)):
        message = f"{snapshot.folder / MANIFEST}: does not list {', '.join(missing)}"
        raise SnapshotError(f"{message}; run `frontmart build`, which replaces it, and export again")
    marts = _choose(known, "marts", "mart", request.marts or (ALL,))
    star = _choose(_star_sources(snapshot, files, run["rows"]), STAR, "star table", _star_names(request))
    tables = _choose(known, "tidy", "tidy table", request.tables or (NONE,))
    sources = (*marts, *star, *tables)
    if not sources:
        raise UsageError("there is nothing to export; name a mart, a star table or a tidy table")
    spec = ExportSpec(
        snapshot_id=snapshot.id,
        as_of_date=run["as_of_date"],
        frontmart_version=VERSION,
        format=request.format,
        partition_by=request.partition_by,
        is_plain=request.is_plain,
        tables=tuple(each.table.name for each in sources),
    )
    input_folder = run.get("source")
    return Plan(
        snapshot=snapshot,
        input_folder=Path(input_folder) if isinstance(input_folder, str) else None,
        spec=spec,
        sources=sources,
        keep=request.keep,
    )


def _sources(snapshot: Snapshot, files: Sequence[ManifestFile], rows: dict[str, int]) -> Iterator[Source]:
    for file in files:
        path = snapshot.folder / file.path
        schema = _schema(path, snapshot, file)
        if schema:
            name = f"{schema}.{path.stem}"
            yield Source(ExportedTable(name, rows[name]), path, file.bytes, file.sha256)


def _star_names(request: ExportRequest) -> Sequence[str]:
    """The star comes with all marts, and with chosen ones if it is asked for."""
    has_all_marts = not request.marts or ALL in request.marts
    return request.star or ((ALL,) if has_all_marts else (NONE,))


def _star_sources(snapshot: Snapshot, files: Sequence[ManifestFile], rows: dict[str, int]) -> dict[str, Source]:
    """The tables of the star schema in a snapshot, by full name; none if it has no warehouse."""
    from frontmart.shipped_sql import shipped_sql

    warehouse = next((file for file in files if snapshot.folder / file.path == snapshot.warehouse), None)
    if warehouse is None:
        return {}
    return {
        model.full_name: Source(
            ExportedTable(model.full_name, rows[model.full_name]), snapshot.warehouse, warehouse.bytes, warehouse.sha256
        )
        for model in sorted(shipped_sql().models, key=lambda model: model.name)
        if model.role and model.full_name in rows
    }


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


def verify_size(size: int | None, file: ExportedFile) -> None:
    """Raise OSError if a file did not arrive completely; its size is None if it did not arrive at all."""
    if size != file.bytes:
        raise OSError(errno.EIO, f"{size} bytes arrived instead of {file.bytes}", file.path)
