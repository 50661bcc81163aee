"""CSV as in RFC 4180, in the dialects of `data`: exact values for programs, or safe to open in a spreadsheet."""

import codecs
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, Final

import polars as pl
import pyarrow as pa

from frontmart.errors import UsageError
from frontmart.formats.data import CsvDialect, QueryResult, Values, WriteOptions
from frontmart.formats.spreadsheet_text import count_formulas, neutralise, neutralise_text

_BATCH_ROWS: Final = 10_000
# A batch exists four times in memory while it is written, and Polars ends the process if there is no memory left.
_BATCH_CHARACTERS: Final = 32_000_000
_MOST_CHARACTERS: Final = 100_000_000
# A space where ISO 8601 has a T, which Excel would not read; a fraction of a second only if there is one.
_TIME: Final = "%Y-%m-%d %H:%M:%S%.f"


def write_rows(result: QueryResult, file: BinaryIO, options: WriteOptions) -> list[str]:
    """Write a query result to a CSV file with a header -> a note if it has texts that look like formulas.

    NULL is nothing between two commas, an empty text is `""`, lists and structs are JSON. Raises UsageError for a row
    with more than _MOST_CHARACTERS of text.
    """
    dialect = options.csv
    _write_header(result.columns, file, dialect)
    formula_count = 0
    for rows in _batches(result.rows):
        frame, texts = _frame_of(result.columns, rows)
        formula_count += count_formulas(frame, texts)
        _write(neutralise(frame, texts) if dialect.is_neutralised else frame, file, dialect)
    if dialect.is_neutralised or not formula_count:
        return []
    subject = "1 text begins" if formula_count == 1 else f"{formula_count:,} texts begin"
    return [f"{subject} like a formula; --spreadsheet keeps a spreadsheet from computing it"]


def _batches(rows: Iterator[Values]) -> Iterator[list[Values]]:
    """Rows in lists of limited size."""
    batch: list[Values] = []
    size = 0
    for row in rows:
        characters = sum(len(value) for value in row if isinstance(value, str))
        if characters > _MOST_CHARACTERS:
            message = f"a row has {characters:,} characters, and CSV takes {_MOST_CHARACTERS:,}"
            raise UsageError(f"{message}; select a part of the text, as with left(text, 1000), or write Parquet")
        batch.append(row)
        size += characters
        if len(batch) == _BATCH_ROWS or size > _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def write_batches(schema: pa.Schema, batches: Iterable[pa.RecordBatch], file: BinaryIO, options: WriteOptions) -> int:
    """Write record batches to a CSV file with a header -> the number of rows.

    NULL is nothing between two commas, an empty text is `""`.
    """
    row_count = 0
    _write_header(schema.names, file, options.csv)
    for batch in batches:
        frame = pl.DataFrame(batch)
        _write(neutralise(frame) if options.csv.is_neutralised else frame, file, options.csv)
        row_count += batch.num_rows
    return row_count


def _frame_of(columns: Sequence[str], rows: Sequence[Values]) -> tuple[pl.DataFrame, list[str]]:
    """Rows as a frame of texts, and the columns with texts, also in lists, rather than numbers or times."""
    values = dict(zip(columns, zip(*rows, strict=True), strict=True))
    frame = pl.DataFrame(
        {name: [_text(value) for value in column] for name, column in values.items()},
        schema=dict.fromkeys(columns, pl.String),
    )
    return frame, [
        name for name, column in values.items() if any(isinstance(value, str | list | Mapping) for value in column)
    ]


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _write_header(columns: Iterable[str], file: BinaryIO, dialect: CsvDialect) -> None:
    if dialect.has_byte_order_mark:
        file.write(codecs.BOM_UTF8)
    names = [neutralise_text(name) if dialect.is_neutralised else name for name in columns]
    _write(pl.DataFrame(schema=dict.fromkeys(names, pl.String)), file, dialect, is_header=True)


def _write(frame: pl.DataFrame, file: BinaryIO, dialect: CsvDialect, *, is_header: bool = False) -> None:
    text = frame.write_csv(include_header=is_header, line_terminator=dialect.line_end, datetime_format=_TIME)
    file.write(text.encode())
