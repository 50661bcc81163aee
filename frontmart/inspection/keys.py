"""The keys of a source: in how many documents, with which kinds of values, some samples, and what they are used as."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import duckdb

from frontmart.key_counts import KIND
from transforms.fields import Kind, declared_fields
from transforms.generic.keys import key_parts
from transforms.generic.rules import ColumnRule
from transforms.vocabulary import Preset

_SAMPLES: Final = 3
_SAMPLE_LENGTH: Final = 60


@dataclass(slots=True)
class KeyUse:
    """A key of the files.

    Attributes:
        key: the key with those above it, as written.
        documents: the documents that have it.
        kinds: the documents with a value of each kind (text, number, date, flag, list, mapping, empty, null), the most
            frequent first.
        samples: up to three values, the most frequent first, each cut to 60 characters; of a list its items.
        used_as: the documents in which it fills each field or added column.
        part_of: the mapping that it is in, if that fills a field.
        refused: the documents in which its value is a field issue, and fills nothing.
    """

    key: str
    documents: int
    kinds: dict[str, int]
    samples: list[str] = field(default_factory=list)
    used_as: dict[str, int] = field(default_factory=dict)
    part_of: str = ""
    refused: int = 0

    @property
    def unused(self) -> int:
        """The documents in which it has a value and fills nothing."""
        if self.part_of:
            return 0
        without_value = self.kinds.get("empty", 0) + self.kinds.get("null", 0)
        return max(0, self.documents - without_value - self.refused - max(self.used_as.values(), default=0))


def load_key_values(con: duckdb.DuckDBPyConnection, extra_values: str) -> None:
    """Create the temporary table key_values: document_id, key, structure, value, is_item of all values and list items.

    Args:
        con: a database with tidy.documents.
        extra_values: the query of the model staging.extra_values.
    """
    con.execute(
        "create temp table key_values as "
        "select document_id, rtrim(key, '[]') as key, structure, left(value, 100) as value, ends_with(key, '[]') "
        f"as is_item from ({extra_values}) as found where not contains(rtrim(key, '[]'), '[]')"
    )


def read_keys(con: duckdb.DuckDBPyConnection, preset: Preset, columns: tuple[ColumnRule, ...]) -> list[KeyUse]:
    """All keys, those of the most documents first. Needs `load_key_values`."""
    found: dict[str, KeyUse] = {}
    rows = con.execute(
        f"select key, {KIND} as kind, count(*) as documents from key_values where not is_item "
        "group by key, kind order by key, documents desc, kind"
    ).fetchall()
    for key, kind, documents in rows:
        use = found.setdefault(key, KeyUse(key, 0, {}))
        use.kinds[kind] = documents
        use.documents += documents
    for key, samples in _samples(con).items():
        found[key].samples = samples
    uses = _declared_uses(con) if preset is Preset.SMARTABLE else _uses(con)
    for key, use in found.items():
        use.used_as = dict(uses.get(key, {}))
        if preset is Preset.GENERIC and not use.used_as:
            use.part_of = _used_parent(key, uses)
    for key, refused in _refused(con).items():
        if key in found:
            found[key].refused = refused
    _add_columns(con, found, columns)
    return sorted(found.values(), key=lambda each: (-each.documents, each.key))


def _used_parent(key: str, uses: Mapping[str, object]) -> str:
    parts = key.split(".")
    parents = (".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))
    return next((parent for parent in parents if parent in uses), "")


def _samples(con: duckdb.DuckDBPyConnection) -> Mapping[str, list[str]]:
    rows = con.execute(
        "select key, list(value order by documents desc, value) from ("
        "select key, value, count(*) as documents from key_values "
        "where structure is null and trim(value) <> '' group by key, value "
        "qualify row_number() over (partition by key order by documents desc, value) <= ?) group by key",
        [_SAMPLES],
    ).fetchall()
    return {key: [_cut(value) for value in values] for key, values in rows}


def _cut(value: str) -> str:
    return value if len(value) <= _SAMPLE_LENGTH else value[: _SAMPLE_LENGTH - 3] + "..."


def _uses(con: duckdb.DuckDBPyConnection) -> Mapping[str, dict[str, int]]:
    """The documents in which each key fills each field, with the preset `generic`."""
    rows = con.execute(
        "select key, field, count(distinct document_id) as documents from tidy.field_sources "
        "where not starts_with(key, ':') group by key, field order by documents desc, field"
    ).fetchall()
    uses: dict[str, dict[str, int]] = {}
    for key, name, documents in rows:
        uses.setdefault(key, {})[name] = documents
    return uses


def _declared_uses(con: duckdb.DuckDBPyConnection) -> Mapping[str, dict[str, int]]:
    """The documents in which each declared key has a value that was not refused, with the preset `smartable`."""
    fields = [each for each in declared_fields() if not each.is_in_list and each.kind is not Kind.MAPPING]
    names = {each.key: each.name for each in fields}
    rows = con.execute(
        "select key, count(*) from key_values "
        "where not is_item and structure is distinct from 'null' and structure is distinct from 'empty' "
        "and (structure is not null or trim(value) <> '') "
        "and (document_id, key) not in (select document_id, field from tidy.field_issues) group by key"
    ).fetchall()
    return {key: {names[key]: documents} for key, documents in rows if key in names}


def _refused(con: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    rows = con.execute(
        "select issues.field, count(distinct issues.document_id) from tidy.field_issues as issues "
        "anti join tidy.field_sources as sources "
        "on sources.document_id = issues.document_id and sources.key = issues.field "
        # Issues of values that are stored nevertheless.
        "where not starts_with(issues.problem, 'duplicate key') and not starts_with(issues.problem, 'a URL with ') "
        "group by issues.field"
    ).fetchall()
    return dict(rows)


def _add_columns(con: duckdb.DuckDBPyConnection, found: Mapping[str, KeyUse], columns: tuple[ColumnRule, ...]) -> None:
    counts = con.execute("select column_name, count(*) from tidy.document_columns group by column_name").fetchall()
    by_name = dict(counts)
    for column in columns:
        parts = key_parts(column.key)
        for each in found.values():
            if key_parts(each.key) == parts and column.name in by_name:
                each.used_as[f"column {column.name}"] = by_name[column.name]
