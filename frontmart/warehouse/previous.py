"""The published snapshot as the baseline of drift: its profiles and documents, of any version of Frontmart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from frontmart.catalog.inputs import INPUTS
from frontmart.errors import FrontmartError
from frontmart.snapshots.baseline import Baseline
from frontmart.snapshots.store import Snapshot
from frontmart.warehouse.read_only import open_read_only
from frontmart.warehouse.statements import quote_names

# The models that profile the files: drift.<name> of one build is tidy.previous_<name> of the next.
PROFILES: Final = ("key_profile", "volume_profile")
# Where version 0.1 has them. Remove once no snapshot of that version is left to compare with.
_FORMER: Final = {"key_profile": "core.key_profile", "volume_profile": "core.subject_profile"}

Columns = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class PreviousSnapshot:
    """The snapshot that is published when a build starts.

    Attributes:
        snapshot_id: its id.
        profiles: the columns of each of its profiles, by name; empty if they cannot be read.
        documents: Parquet file of its documents; None if the profiles cannot be read.
    """

    snapshot_id: str
    profiles: Mapping[str, Columns] = field(default_factory=dict)
    documents: Path | None = None


def read_previous(baseline: Baseline | None) -> PreviousSnapshot | None:
    """Read the profiles of the published snapshot; None if nothing is published.

    A snapshot that is damaged or older than profiles is not an error: it has no profiles, and a check warns. The
    warehouse of a damaged snapshot is not opened: a damaged file can end the process.
    """
    if baseline is None:
        return None
    snapshot = baseline.snapshot
    if snapshot is None:
        return PreviousSnapshot(baseline.snapshot_id)
    try:
        return PreviousSnapshot(snapshot.id, _read_profiles(snapshot), snapshot.tables / "documents.parquet")
    except (FrontmartError, duckdb.Error):
        return PreviousSnapshot(snapshot.id)


def _read_profiles(snapshot: Snapshot) -> dict[str, Columns]:
    """Read the profiles of a warehouse, in a connection of its own: a damaged file can invalidate the connection."""
    with open_read_only(snapshot.warehouse) as warehouse:
        return {name: read_profile(warehouse, name) for name in PROFILES}


def read_profile(warehouse: duckdb.DuckDBPyConnection, name: str) -> Columns:
    """Read the columns of drift.<name> that tidy.previous_<name> has. Raises duckdb.Error if one is missing."""
    columns = INPUTS[f"previous_{name}"].column_names()
    table = f"drift.{name}" if _has_drift(warehouse) else _FORMER[name]
    rows = warehouse.execute(f"select {quote_names(columns)} from {table} order by all").fetchall()
    return [[row[place] for row in rows] for place in range(len(columns))]


def _has_drift(warehouse: duckdb.DuckDBPyConnection) -> bool:
    query = "select 1 from duckdb_schemas() where schema_name = 'drift' and database_name = current_database()"
    return warehouse.execute(query).fetchone() is not None
