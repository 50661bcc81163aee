"""The keys of the files, counted over all documents: those of the extra, and those that filled a field or a column."""

from dataclasses import dataclass
from typing import Final

import duckdb

# As drift.key_profile, but for URLs and empty values, which are texts and mappings here.
_KIND: Final = """
case
    when structure is not null then structure
    when value < '!' and trim(value) = '' then 'empty'
    when value < ':' and regexp_full_match(value, '[-+]?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?') then 'number'
    when value < ':' and regexp_full_match(
        value,
        '([0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{4})([T: ][0-9][0-9:.Z +-]*)?'
    ) then 'date'
    when strlen(value) <= 5 and lower(value) in ('true', 'false', 'yes', 'no') then 'flag'
    else 'text'
end"""


@dataclass(frozen=True, slots=True)
class KeyCount:
    """A key, with those above it, a kind of its values, and the number of documents with one.

    The kinds are text, number, date, flag, list, mapping, empty and null.
    """

    key: str
    kind: str
    documents: int


def extra_keys(con: duckdb.DuckDBPyConnection, extra_values: str) -> list[KeyCount]:
    """The keys of documents.extra outside of lists, by key and kind.

    Args:
        con: a database with tidy.documents.
        extra_values: the query of the model staging.extra_values.
    """
    rows = con.execute(
        f"select key, {_KIND} as kind, count(*) from ({extra_values}) as found "
        "where not contains(key, '[]') group by key, kind order by key, kind"
    ).fetchall()
    return [KeyCount(*row) for row in rows]


def used_keys(con: duckdb.DuckDBPyConnection) -> set[str]:
    """The keys that are no longer in the extra: those that filled a field, and those of refused values."""
    rows = con.execute(
        "select distinct key from tidy.field_sources where not starts_with(key, ':') "
        "union select distinct split_part(field, '[', 1) from tidy.field_issues"
    ).fetchall()
    return {key for (key,) in rows}


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """The values of an added column: how many, how many of them are readable, and the first that is not."""

    name: str
    type: str
    count: int
    readable: int
    unreadable: str | None
    path: str | None


def column_values(con: duckdb.DuckDBPyConnection) -> list[ColumnValues]:
    """The added columns that have values, in the order of the mapping file."""
    rows = con.execute(
        "select columns.column_name, columns.type, count(*), count(typed_value), "
        "arg_min(rows.value, documents.path) filter (where typed_value is null), "
        "min(documents.path) filter (where typed_value is null) "
        "from tidy.added_columns as columns "
        "inner join tidy.document_columns as rows on rows.column_name = columns.column_name "
        "inner join tidy.documents as documents on documents.document_id = rows.document_id "
        "group by columns.position, columns.column_name, columns.type order by columns.position"
    ).fetchall()
    return [ColumnValues(*row) for row in rows]
