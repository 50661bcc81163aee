"""Open the tables of an export.

Each Parquet file is opened once, verified against its hash and read through the same handle, and tables of the star
schema are read from the warehouse, which is verified and then opened once: all tables of an export are those of one
snapshot, even if another one is published or this one removed meanwhile.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from frontmart.catalog.headers import Reference
from frontmart.catalog.models import Model
from frontmart.catalog.relations import relations
from frontmart.errors import SnapshotError
from frontmart.export.plan import Source
from frontmart.export.source import open_source, verify_source
from frontmart.formats.data import BATCH_ROWS, ExportTable
from frontmart.shipped_sql import shipped_sql
from frontmart.warehouse.read_only import open_read_only
from frontmart.warehouse.statements import column_types, quote_names, quote_table


@contextmanager
def open_tables(sources: Sequence[Source]) -> Iterator[list[ExportTable]]:
    """Open the tables of a plan for the block. Raises SnapshotError for a file that changed since it was published."""
    models = {model.full_name: model for model in shipped_sql().models}
    related = relations([source.table.name for source in sources], models)
    with ExitStack() as stack:
        star = _open_star([source for source in sources if source.is_star], models, related, stack)
        yield [
            star[source.table.name] if source.is_star else _open_file(source, models, related, stack)
            for source in sources
        ]


_Related = Mapping[str, tuple[Reference, ...]]


def _open_file(source: Source, models: Mapping[str, Model], related: _Related, stack: ExitStack) -> ExportTable:
    file = stack.enter_context(open_source(source.path, source.bytes, source.sha256))
    reader = stack.enter_context(pq.ParquetFile(file))
    metadata = {name.decode(): text.decode() for name, text in (reader.metadata.metadata or {}).items()}
    schema = reader.schema_arrow.remove_metadata()
    model = models.get(source.table.name)
    try:
        return ExportTable(
            name=source.name,
            full_name=source.table.name,
            description=metadata["description"],
            grain=metadata["grain"],
            key=tuple(json.loads(metadata["key"])),
            columns={name: json.loads(metadata["columns"])[name] for name in schema.names},
            schema=schema,
            row_count=reader.metadata.num_rows,
            references=tuple(each for each in related[source.table.name] if set(each.columns) <= set(schema.names)),
            # A mart leaves out the columns of what its corpus lacks.
            order=tuple(each for each in model.order if each.column in schema.names) if model else (),
            _read=lambda: reader.iter_batches(batch_size=BATCH_ROWS),
        )
    except (KeyError, ValueError):
        message = f"{source.path}: has no descriptions of its columns"
        raise SnapshotError(f"{message}; run `frontmart build --full` and export again") from None


def _open_star(
    sources: Sequence[Source], models: Mapping[str, Model], related: _Related, stack: ExitStack
) -> dict[str, ExportTable]:
    """The tables of the star schema, by full name. Raises SnapshotError if this version describes other columns."""
    if not sources:
        return {}
    warehouse = sources[0]
    verify_source(warehouse.path, warehouse.bytes, warehouse.sha256)
    con = stack.enter_context(open_read_only(warehouse.path))
    types = column_types(con)
    found = {}
    for source in sources:
        model = models[source.table.name]
        if list(types.get(model.full_name, {})) != list(model.columns):
            raise _other_columns(source.path, model)
        found[model.full_name] = _star_table(source, model, related[model.full_name], con)
    return found


def _star_table(
    source: Source, model: Model, references: tuple[Reference, ...], con: duckdb.DuckDBPyConnection
) -> ExportTable:
    query = f"select {quote_names(model.columns)} from {quote_table(model.full_name)}"

    def read() -> Iterator[pa.RecordBatch]:
        # A cursor of its own, because a connection has one result at a time.
        with con.cursor() as cursor:
            yield from cursor.sql(f"{query} order by {quote_names(model.key)}").to_arrow_reader(BATCH_ROWS)

    return ExportTable(
        name=source.name,
        full_name=model.full_name,
        description=model.description,
        grain=model.grain,
        key=model.key,
        columns=dict(model.columns),
        schema=con.sql(f"{query} limit 0").to_arrow_table().schema.remove_metadata(),
        row_count=source.table.row_count,
        references=references,
        order=model.order,
        _read=read,
    )


def _other_columns(warehouse: Path, model: Model) -> SnapshotError:
    message = f"{warehouse}: {model.full_name} has other columns than this version of Frontmart describes"
    return SnapshotError(f"{message}; run `frontmart build`, which makes it anew, and export again")
