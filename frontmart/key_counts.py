"""The keys of the files, counted over all documents: those of the extra, and those that filled a field or a column."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import duckdb

from frontmart.mapping.check import ColumnValues
from transforms.generic.keys import key_parts
from transforms.generic.words import words

# The model whose query finds the keys.
EXTRA_VALUES: Final = "staging.extra_values"
# As drift.key_profile, but for URLs and empty values, which are texts and mappings here.
KIND: Final = """
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

# Words in keys that name what a field takes.
_FIELD_WORDS: Final = words(
    "date dates day published publication posted created creation updated modified lastmod "
    "tag tags topic topics category categories keyword keywords subject subjects label labels series section sections "
    "author authors byline writer writers contributor contributors editor editors creator reviewer "
    "image images cover banner thumbnail thumb hero photo picture teaser "
    "title headline subtitle description summary excerpt abstract "
    "url permalink canonical slug lang language locale draft status source publisher provider"
)
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Lists and dates that so many documents have are likely to be topics, authors or dates under another name.
_LIKELY_SHARE: Final = 0.2
# A key of fewer documents is not worth a line of the summary.
_LEAST_SHARE: Final = 0.01
_LEAST_DOCUMENTS: Final = 2
_NAMED: Final = 3


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
        f"select key, {KIND} as kind, count(*) from ({extra_values}) as found "
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


def likely_fields(keys: Iterable[KeyCount], used: Collection[str], document_count: int) -> list[KeyCount]:
    """The unused keys that look like a field: up to three, those of the most documents first, with their usual kind.

    A key looks like one if a word in it says so, or if it holds lists or dates in a fifth of all documents.

    Args:
        keys: the keys of the extra.
        used: the keys that fill a field or a column in some document, or would if no preferred key did.
        document_count: the number of all documents.
    """
    known = {key_parts(key) for key in used}
    found: dict[str, list[KeyCount]] = {}
    for each in keys:
        if each.kind not in ("empty", "null", "mapping") and key_parts(each.key) not in known:
            found.setdefault(each.key, []).append(each)
    usual = [max(counts, key=lambda each: each.documents) for counts in found.values()]
    totals = [KeyCount(each.key, each.kind, sum(one.documents for one in found[each.key])) for each in usual]
    likely = [each for each in totals if _looks_like_a_field(each, document_count)]
    return sorted(likely, key=lambda each: (-each.documents, each.key))[:_NAMED]


def _looks_like_a_field(key: KeyCount, document_count: int) -> bool:
    if key.documents < max(_LEAST_DOCUMENTS, _LEAST_SHARE * document_count):
        return False
    last = key.key.rpartition(".")[2]
    if any(word.lower() in _FIELD_WORDS for word in _WORD.findall(last)):
        return True
    return key.kind in ("list", "date") and key.documents >= _LIKELY_SHARE * document_count
