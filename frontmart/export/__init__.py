"""Export marts, the star schema and tidy tables of the published snapshot to a folder or an object store.

    <target>/<snapshot id>/<mart>.parquet           copies of the snapshot's files, or
    <target>/<snapshot id>-<hash of the spec>/...   files in another format, by month, or with the star schema
    <target>/<an export>/datapackage.json           relations, with the star schema and a file per table
    <target>/manifest.json                          the current export: its files with size, hash and row count
    <target>/latest -> <the current export>         in a folder only

Files are written first and the manifest last, each atomically: an export that is cut short leaves the previous export
current, and the next one continues it. Earlier exports stay for their readers, up to a number.
"""

from frontmart.export.plan import ExportRequest
from frontmart.export.run import Export, export

__all__ = ["Export", "ExportRequest", "export"]
