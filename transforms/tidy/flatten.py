"""Documents as JSON lines -> the tidy tables."""

from functools import cache
from typing import TYPE_CHECKING, Final

import polars as pl
from polars.datatypes import DataTypeClass

from transforms.fields import DOCUMENT, Items, Record
from transforms.parse.records import RECORD_SCHEMA
from transforms.tables import TABLES
from transforms.tidy import child_tables as children
from transforms.tidy.added_columns import added_columns
from transforms.tidy.documents import documents
from transforms.tidy.related import SharedRelated, related_of

if TYPE_CHECKING:
    import pyarrow as pa

# The lists whose items get columns that are no fields of theirs, such as topic_id; each has a function of its own.
_WITH_MORE_COLUMNS: Final = ("document_topics", "document_images", "related_items")


def read_records(lines: bytes) -> pl.DataFrame:
    """Records, a line of JSON each -> a frame in the shape of `records.RECORD_SCHEMA`, with every scalar as text.

    Arrow reads JSON of a known schema in a quarter of the time that Polars takes.
    """
    if not lines:
        return pl.DataFrame(schema=RECORD_SCHEMA)
    from pyarrow import BufferReader, json

    parsing = json.ParseOptions(explicit_schema=_arrow_schema(), unexpected_field_behavior="error")
    # A line must not cross blocks, so everything is one block.
    reading = json.ReadOptions(use_threads=False, block_size=len(lines) + 1)
    table = json.read_json(BufferReader(lines), reading, parsing)
    return pl.DataFrame(pl.from_arrow(table)).select(RECORD_SCHEMA.names()).cast(RECORD_SCHEMA)


@cache
def _arrow_schema() -> "pa.Schema":
    import pyarrow as pa

    return pa.schema([(name, _arrow(dtype)) for name, dtype in RECORD_SCHEMA.items()])


def _arrow(dtype: pl.DataType | DataTypeClass) -> "pa.DataType":
    """The Arrow type of a field of a record: the basic types, which are all that Arrow's JSON reader takes."""
    import pyarrow as pa

    if isinstance(dtype, pl.Struct):
        return pa.struct([(field.name, _arrow(field.dtype)) for field in dtype.fields])
    if isinstance(dtype, pl.List):
        return pa.list_(_arrow(dtype.inner))
    if dtype == pl.Int64:
        return pa.int64()
    return pa.bool_() if dtype == pl.Boolean else pa.string()


def tidy_tables(records: pl.DataFrame, shared: SharedRelated | None = None) -> dict[str, pl.DataFrame]:
    """Flatten records into a frame per table: all of `tables.TABLES` but files and rejects.

    Each frame has the columns of its schema, in that order; the order of rows is undefined. Every list item of a file
    becomes a row of its table, or of field_issues.

    Args:
        records: a row per document.
        shared: the related items of documents whose record has none of them, if there are any.
    """
    document_rows, document_issues = documents(records)
    image_rows, image_issues = children.images(records)
    related = related_of(records)
    if shared:
        related = related.with_shared(shared)
    author_rows, author_issues = children.authors(records)
    plain_rows, plain_issues = _plain_lists(records)
    column_rows, column_issues = added_columns(records)
    issues = [
        *(document_issues, image_issues, related.item_issues, related.image_issues, related.provider_image_issues),
        *(author_issues, *plain_issues, column_issues),
    ]
    frames = {
        **plain_rows,
        "documents": document_rows,
        "document_topics": children.topics(records),
        "document_images": image_rows,
        "related_items": related.items,
        "related_images": related.images,
        "provider_images": related.provider_images,
        "document_authors": author_rows,
        "field_sources": children.generic_items(records, "sources"),
        "document_columns": column_rows,
        "field_issues": children.field_issues(records, issues),
    }
    return {name: frame.select(TABLES[name].column_names()) for name, frame in frames.items()}


def _plain_lists(records: pl.DataFrame) -> tuple[dict[str, pl.DataFrame], list[pl.DataFrame]]:
    """The rows of each list at the top of a file whose table has only the fields of its items; and the issues.

    A list that is declared in `fields.DOCUMENT` needs nothing else.
    """
    rows: dict[str, pl.DataFrame] = {}
    issues: list[pl.DataFrame] = []
    for each in DOCUMENT.fields:
        if not isinstance(each, Items) or each.table in _WITH_MORE_COLUMNS:
            continue
        if isinstance(each.item, Record):
            rows[each.table], refused = children.listed(records, each.key, each.item)
            issues.append(refused)
        else:
            rows[each.table] = children.texts(records, each.key, each.item)
    return rows, issues


def validate(frames: dict[str, pl.DataFrame]) -> None:
    """Check every frame with rows against its declared schema. Raises the ValidationError of `schema`."""
    for table, frame in frames.items():
        if not frame.is_empty():
            TABLES[table].validate(frame)
