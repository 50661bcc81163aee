"""Documents -> the tidy tables."""

from collections.abc import Sequence

import polars as pl

from transforms.parse.outcomes import Document
from transforms.tidy.flatten import read_records, tidy_tables
from transforms.tidy.related import SharedRelated


def tables_of(documents: Sequence[Document]) -> dict[str, pl.DataFrame]:
    """The tidy tables of documents, see `flatten.tidy_tables`."""
    records = read_records(b"\n".join([document.line for document in documents]))
    return tidy_tables(records, _shared(documents, records))


def _shared(documents: Sequence[Document], records: pl.DataFrame) -> SharedRelated | None:
    """The related items that the lines of documents do not have."""
    numbers = [[item.number for item in document.related] for document in documents]
    if not any(numbers):
        return None
    distinct = {item.number: item.record for document in documents for item in document.related}
    lines = [b'{"document_id":"%d","path":"","related":[%b]}' % each for each in distinct.items()]
    lists = records.select("document_id", "path", item=pl.Series(numbers, dtype=pl.List(pl.Int64)))
    listed = lists.filter(pl.col("item").list.len() > 0)
    placed = listed.with_columns(related_position=pl.int_ranges(pl.col("item").list.len(), dtype=pl.Int32))
    occurrences = placed.explode("item", "related_position").with_columns(pl.col("item").cast(pl.String))
    return SharedRelated(read_records(b"\n".join(lines)), occurrences)
