"""Exporting the published marts to a folder or an object store, for readers that cannot reach the snapshots.

    <target>/<snapshot id>/<mart>.parquet
    <target>/manifest.json                    which snapshot is current: its files with size, hash and rows
    <target>/latest -> <snapshot id>          in a folder only

Files come first and the manifest last, each whole or not at all: an export that is cut short leaves what was exported
before, and the next one goes on from there. Earlier snapshots stay for readers that are still at them.
"""

from flows.exporting.entry import export
from flows.exporting.plan import Export

__all__ = ["Export", "export"]
