"""What the published snapshot tells of its files, for a build to compare itself with, whatever code built it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from frontmart.catalog.inputs import INPUTS
from frontmart.errors import FrontmartError, SnapshotError
from frontmart.snapshots.store import Snapshot, published, published_id
from frontmart.warehouse.read_only import open_read_only
from frontmart.warehouse.statements import quote_names

# The models that profile the files: drift.<name> of one build is tidy.previous_<name> of the next.
PROFILES: Final = ("key_profile", "volume_profile")
# Where version 0.1 has them. Remove once no snapshot of that version is left to compare with.
_FORMER: Final = {"key_profile": "core.key_profile", "volume_profile": "core.subject_profile"}

Columns = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Previous:
    """The snapshot that is published when a build begins.

    Attributes:
        snapshot_id: the snapshot.
        profiles: the columns of each of its profiles, by name; empty if it has none.
        documents: its tidy table of documents, a Parquet file; None likewise.
    """

    snapshot_id: str
    profiles: Mapping[str, Columns] = field(default_factory=dict)
    documents: Path | None = None


def read_previous(out: Path) -> Previous | None:
    """The published snapshot of an output folder; None where nothing is published.

    One that is gone, damaged or older than profiles is no error: there is nothing to compare with, and the build
    says so.
    """
    try:
        id_ = published_id(out)
    except SnapshotError:
        return None
    try:
        snapshot = published(out)
        return Previous(id_, _read_profiles(snapshot), snapshot.tables / "documents.parquet")
    except (FrontmartError, duckdb.Error):
        return Previous(id_)


def _read_profiles(snapshot: Snapshot) -> dict[str, Columns]:
    """The profiles in a warehouse; in a connection of its own, which a damaged file may take down."""
    with open_read_only(snapshot.warehouse) as warehouse:
        return {name: read_profile(warehouse, name) for name in PROFILES}


def read_profile(warehouse: duckdb.DuckDBPyConnection, name: str) -> Columns:
    """The columns of drift.<name>, as tidy.previous_<name> has them. Raises duckdb.Error where it has others."""
    columns = INPUTS[f"previous_{name}"].column_names()
    table = f"drift.{name}" if _has_drift(warehouse) else _FORMER[name]
    rows = warehouse.execute(f"select {quote_names(columns)} from {table} order by all").fetchall()
    return [[row[place] for row in rows] for place in range(len(columns))]


def _has_drift(warehouse: duckdb.DuckDBPyConnection) -> bool:
    query = "select 1 from duckdb_schemas() where schema_name = 'drift' and database_name = current_database()"
    return warehouse.execute(query).fetchone() is not None
