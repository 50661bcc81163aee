"""Exporting the published marts, and tidy tables if asked, to a folder or an object store, in the format readers want.

    <target>/<snapshot id>/<mart>.parquet           the files of the snapshot as they are, or
    <target>/<snapshot id>-<spec>/...             what was made of them: see `formats`
    <target>/manifest.json                          which of these is current: its files with size, hash and rows
    <target>/latest -> <the current one>            in a folder only

Files come first and the manifest last, each whole or not at all: an export that is cut short leaves what was exported
before, and the next one goes on from there. Earlier exports stay for readers that are still at them.
"""

from frontmart.export.plan import ExportRequest
from frontmart.export.run import Export, export

__all__ = ["Export", "ExportRequest", "export"]
