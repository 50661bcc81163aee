"""The copy of the base warehouse that a build of few changes starts from: when one is made, and what became of it.

The copy is in the staged snapshot; nothing is ever written to a file of the base.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from frontmart.catalog.features import Feature
from frontmart.catalog.models import Model
from frontmart.snapshots.store import Snapshot
from frontmart.warehouse.table_changes import TableChanges

# With fewer files, to run all models takes no longer than to find out which need not run.
_FEWEST_FILES: Final = 5_000
# If more of the files changed, most tables change, and so does most of each.
_MOST_CHANGED: Final = 0.2
# Nearly all models read the rows that a file adds or removes: to run these and compare their rows with the former ones
# takes as long as to run all models.
_MAY_COME_OR_GO: Final = False
# Rows that are replaced leave holes in the file, which the next build fills: it grows to some two times what it needs.
# A file with more blocks than this, for each block that is used, is not copied: the build then writes a new one.
_MOST_BLOCKS: Final = 3.0


@dataclass(slots=True)
class Update:
    """A build that changes a copy of the base warehouse instead of filling an empty one.

    Attributes:
        base: the base snapshot, all of whose files are as they were written.
        passed: the names of the checks that found no rows in it.
        features: the features that its marts were made for; None if they are not known.
        changes: what differs from it so far.
        shared: the Parquet files that are those of the base, relative to the snapshot.
    """

    base: Snapshot
    passed: frozenset[str]
    features: frozenset[Feature] | None
    changes: TableChanges
    shared: list[str] = field(default_factory=list)

    def has_passed(self, check: Model) -> bool:
        """Whether a check found no rows in the base snapshot, and reads nothing that changed."""
        return check.name in self.passed and not self.changes.affect(check)

    def parquet(self, table: str, path: str) -> Path | None:
        """The Parquet file of the base with a table, given its path in the snapshot; None if the table changed."""
        if self.changes.of(table):
            return None
        self.shared.append(path)
        return self.base.folder / path

    def as_json(self) -> dict[str, object]:
        """The value of `update` in run.json."""
        return {
            "base_snapshot_id": self.base.id,
            "models_run": sorted(self.changes.models_run),
            "shared_files": sorted(self.shared),
        }


def is_worth_updating(files: int, changed_files: Mapping[str, int]) -> bool:
    """Whether so few of so many files changed that to update the base warehouse takes less time than to fill a new one.

    Args:
        files: the number of files in the base snapshot.
        changed_files: how many files of the source are `read` and `unchanged`, and how many of the base are `gone`.
    """
    read, unchanged, gone = (changed_files[name] for name in ("read", "unchanged", "gone"))
    come = read + unchanged + gone - files
    is_same = _MAY_COME_OR_GO or come == gone == 0
    return is_same and files >= _FEWEST_FILES and read + gone <= _MOST_CHANGED * files


def is_compact(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the file of the open warehouse has so few holes that it is worth to be changed further."""
    row = con.execute(
        "select total_blocks, used_blocks from pragma_database_size() where database_name = current_database()"
    ).fetchone()
    return row is not None and row[0] <= _MOST_BLOCKS * row[1]
