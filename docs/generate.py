"""Write docs/dictionary.md and docs/lineage.svg: `python -m docs.generate data/raw docs`, or `make docs`."""

import datetime as dt
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from frontmart.catalog.column_origins import column_origins
from frontmart.catalog.models import read_functions, read_models
from frontmart.catalog.sql_folder import SQL
from frontmart.dictionary.examples import examples
from frontmart.dictionary.lineage_svg import lineage_svg
from frontmart.dictionary.markdown import dictionary
from frontmart.dictionary.tables import read_tables
from frontmart.pipeline import build
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.snapshots.store import published
from frontmart.terminal.progress import Console
from frontmart.warehouse.read_only import open_read_only

# Fixed, because examples would otherwise differ from day to day and from checkout to checkout.
_AS_OF: Final = dt.date(2026, 1, 31)
_MODIFIED_AT: Final = dt.datetime(2026, 1, 31, tzinfo=dt.UTC).timestamp()
# Of a file, which nobody can set.
_STATUS: Final = {"ctime_ns": "1769817600000000000", "inode": "1048577"}


def write_docs(source: Path, docs: Path) -> None:
    """Build a source in a temporary folder, and write the dictionary and the lineage picture from it into `docs`."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(source, Path(folder) / "source"))
        for path in copy.rglob("*"):
            os.utime(path, (_MODIFIED_AT, _MODIFIED_AT))
        settings = Settings.load(source=copy, out=Path(folder) / "out", as_of=_AS_OF)
        build(settings, LocalRunner(Console(is_quiet=True), settings.workers))
        write_dictionary(published(settings.out).warehouse, docs)


def write_dictionary(warehouse: Path, docs: Path) -> None:
    """Write the dictionary, with examples from a warehouse, and the lineage picture into `docs`."""
    tables = read_tables(SQL)
    with open_read_only(warehouse) as con:
        found = {table.full_name: examples(con, table) for table in tables}
    found["tidy.files"] |= _STATUS
    origins = column_origins(read_models(SQL))
    text = dictionary(tables, found, origins, read_functions(SQL), picture="lineage.svg")
    (docs / "dictionary.md").write_text(text, encoding="utf-8")
    (docs / "lineage.svg").write_text(lineage_svg(tables), encoding="utf-8")


if __name__ == "__main__":
    write_docs(*map(Path, sys.argv[1:]))
