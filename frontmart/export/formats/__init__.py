"""The formats of an export. How values arrive in each:

| format | a file | NULL | empty text | dates, times | booleans |
| --- | --- | --- | --- | --- | --- |
| parquet | a table, or a month of one | NULL | empty | DATE, TIMESTAMP | BOOLEAN |
| arrow | likewise | null | empty | date32, timestamp[us] | bool |
| csv | likewise | nothing | `""` | 2026-01-31, 2026-01-31 06:00:00 | true, false |
| sqlite | all tables | NULL | empty | text as in csv | 1, 0 |
| xlsx | all tables | no cell | a cell with no text | numbers shown as dates | TRUE, FALSE |
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from frontmart.export.formats.arrow import write_arrow
from frontmart.export.formats.csv import write_csv
from frontmart.export.formats.parquet import write_parquet
from frontmart.export.formats.sqlite import write_sqlite
from frontmart.export.formats.xlsx import write_xlsx
from frontmart.export.manifest import ExportSpec
from frontmart.export.tables import ExportTable

# Writes rows of a table to a file -> how many.
Writer = Callable[[ExportTable, Iterator[pa.RecordBatch], Path, ExportSpec], int]
# Writes all tables to a file -> what the format could not hold as it is, a sentence each.
WholeWriter = Callable[[Sequence[ExportTable], Path, ExportSpec], list[str]]

WRITERS: Final[Mapping[str, Writer]] = {"parquet": write_parquet, "csv": write_csv, "arrow": write_arrow}
WHOLE_WRITERS: Final[Mapping[str, WholeWriter]] = {"sqlite": write_sqlite, "xlsx": write_xlsx}
