"""The first rows of a query result, up to a number of rows and of bytes."""

from dataclasses import dataclass

from frontmart.agents.limits import MOST_LEVELS
from frontmart.agents.text import json_text
from frontmart.errors import UsageError
from frontmart.formats.data import QueryResult


@dataclass(frozen=True, slots=True)
class FirstRows:
    """Rows, and whether they are all.

    Attributes:
        rows: one mapping of column name to value per row.
        note: why there are no more; empty if these are all.
    """

    rows: list[dict[str, object]]
    note: str


def first_rows(result: QueryResult, most_rows: int, most_bytes: int) -> FirstRows:
    """Read a result until it ends, or would have more than `most_rows` rows or `most_bytes` bytes of JSON.

    Raises UsageError if the names of the columns alone, or one row, take more, and for a value that is nested deeper
    than MOST_LEVELS.
    """
    size = len(json_text(dict(zip(result.columns, result.types, strict=True))).encode())
    if size > most_bytes:
        raise UsageError(f"the names of the columns take more than {most_bytes:,} bytes; select fewer columns")
    rows: list[dict[str, object]] = []
    for values in result.rows:
        if len(rows) == most_rows:
            return FirstRows(
                rows, f"only the first {most_rows:,} rows: aggregate, filter, or page with LIMIT and OFFSET"
            )
        row = dict(zip(result.columns, values, strict=True))
        if _is_deeper(row, MOST_LEVELS):
            raise UsageError(f"a value is nested more than {MOST_LEVELS} levels deep; cast it to VARCHAR")
        size += len(json_text(row).encode()) + 1
        if size > most_bytes:
            if not rows:
                advice = "select fewer columns, or a part of a text, as with left(title, 200)"
                raise UsageError(f"the first row takes more than {most_bytes:,} bytes; {advice}")
            cut = f"only the first {len(rows):,} rows, since an answer has at most {most_bytes:,} bytes"
            return FirstRows(rows, f"{cut}: select fewer columns or rows")
        rows.append(row)
    return FirstRows(rows, "")


def _is_deeper(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    return not levels or any(
        _is_deeper(each, levels - 1) for each in (value.values() if isinstance(value, dict) else value)
    )
