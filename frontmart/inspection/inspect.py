"""Inspect a source: read all of its files, and count what is there and what was understood of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from frontmart.catalog.models import read_query
from frontmart.catalog.sql_folder import SQL
from frontmart.inspection.extract import Extracted, extract_all
from frontmart.inspection.keys import KeyUse, load_key_values, read_keys
from frontmart.key_counts import EXTRA_VALUES, column_values
from frontmart.mapping.check import find_idle_entries, find_unreadable_columns
from frontmart.mapping.read import MappingFile
from frontmart.presets import PresetChoice
from frontmart.runners import Runner
from frontmart.settings import Settings
from transforms.fields import GENERIC_FIELDS, Kind, declared_fields
from transforms.vocabulary import DocumentKind, Preset

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a source has.

    Attributes:
        source: the folder.
        preset: the preset that its files were read with.
        mapping: the mapping file; None without one.
        files: rows of extension, outcome (document, skipped or reject) and files.
        documents: the number of documents.
        document_kinds: the number of documents of each kind; empty for the preset smartable.
        keys: the keys of the documents, those of the most documents first.
        fields: rows of field, documents and keys (each key with the number of documents in which it fills the field).
        mixed_folders: rows of folder, dated and undated: folders with posts in which undated documents are no posts,
            though no rule says so.
        rejects: rows of reason, files and example: a path and a message.
        field_issues: rows of field, problem, values and example: a path and the value.
        mapping_problems: the entries of the mapping file with which a build would fail; a sentence each.
    """

    source: Path
    preset: PresetChoice
    mapping: MappingFile | None
    files: list[Row]
    documents: int
    document_kinds: dict[str, int]
    keys: list[KeyUse]
    fields: list[Row]
    mixed_folders: list[Row]
    rejects: list[Row]
    field_issues: list[Row]
    mapping_problems: list[str]

    def as_json(self) -> Row:
        """The object that `frontmart inspect --json` prints."""
        return {
            "source": str(self.source),
            "preset": self.preset.as_json(),
            "mapping": self.mapping and str(self.mapping.path),
            "files": self.files,
            "documents": self.documents,
            "document_kinds": self.document_kinds,
            "keys": [{**asdict(each), "unused": each.unused} for each in self.keys],
            "fields": self.fields,
            "mixed_folders": self.mixed_folders,
            "rejects": self.rejects,
            "field_issues": self.field_issues,
            "mapping_problems": self.mapping_problems,
        }


def inspect_source(settings: Settings, runner: Runner) -> Inspection:
    """Inspect `settings.source` with the preset and the mapping file that a first build of it would take.

    Raises as `extract.extract_all`.
    """
    with extract_all(settings, runner) as extracted:
        con = extracted.con
        load_key_values(con, read_query(SQL, EXTRA_VALUES))
        preset = extracted.preset.preset
        rules = extracted.mapping.rules if extracted.mapping else None
        keys = read_keys(con, preset, rules.columns if rules else ())
        is_generic = preset is Preset.GENERIC
        return Inspection(
            source=settings.source,
            preset=extracted.preset,
            mapping=extracted.mapping,
            files=_rows(con, _FILES),
            documents=_rows(con, "select count(*) as documents from tidy.documents")[0]["documents"],
            document_kinds=_document_kinds(con) if is_generic else {},
            keys=keys,
            fields=_fields(con) if is_generic else _declared(keys),
            mixed_folders=_rows(con, _MIXED) if is_generic and not (rules and (rules.include or rules.exclude)) else [],
            rejects=_rows(con, _REJECTS),
            field_issues=_rows(con, _ISSUES),
            mapping_problems=_mapping_problems(extracted, keys),
        )


_FILES = """
select lower(regexp_extract(path, '[.][^./]+$')) as extension, outcome, count(*) as files
from tidy.files
group by extension, outcome
order by files desc, extension, outcome
"""

# A folder is mixed if posts are in it and documents that would be posts, had they a date.
_MIXED = """
with placed as (
    select
        coalesce(nullif(regexp_extract(path, '^(.*)/[^/]*$', 1), ''), '.') as folder,
        document_kind,
        published_at is not null as is_dated
    from tidy.documents
)

select
    folder,
    count(*) filter (where document_kind = 'post') as dated,
    count(*) filter (where document_kind = 'page' and not is_dated) as undated
from placed
group by folder
having dated > 0 and undated > 0
order by least(dated, undated) desc, folder
"""

_REJECTS = """
select reason, count(*) as files, arg_min(path || ': ' || message, path) as example
from tidy.rejects
group by reason
order by files desc, reason
"""

_ISSUES = r"""
select
    regexp_replace(field, '\[[0-9]+\]', '[]', 'g') as field,
    regexp_replace(problem, '[0-9][0-9,]*', 'N', 'g') as problem,
    count(*) as values,
    arg_min(path || ': ' || coalesce(left(value, 60), 'null'), path) as example
from tidy.field_issues
group by all
order by values desc, field, problem
"""

_SOURCES = """
select field, key, count(distinct document_id) as documents
from tidy.field_sources
group by field, key
order by field, documents desc, key
"""


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    cursor = con.execute(query)
    names = [name for name, *_ in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _document_kinds(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    rows = _rows(con, "select document_kind, count(*) as documents from tidy.documents group by document_kind")
    counts = {row["document_kind"]: row["documents"] for row in rows}
    return {kind.value: counts[kind] for kind in DocumentKind if kind in counts}


def _fields(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """The fields of the preset `generic`, in the order of their declaration, those without a key too."""
    totals = dict(
        con.execute("select field, count(distinct document_id) from tidy.field_sources group by field").fetchall()
    )
    keys: dict[str, dict[str, int]] = {}
    for row in _rows(con, _SOURCES):
        keys.setdefault(row["field"], {})[row["key"]] = row["documents"]
    return [
        {"field": each.name, "documents": totals.get(each.name, 0), "keys": keys.get(each.name, {})}
        for each in GENERIC_FIELDS
    ]


def _declared(keys: Sequence[KeyUse]) -> list[Row]:
    """The fields of the preset `smartable`, each with its one key."""
    used = {each.key: each.used_as for each in keys}
    rows = []
    for each in declared_fields():
        if not each.is_in_list and each.kind not in (Kind.MAPPING, Kind.SECRET):
            count = used.get(each.key, {}).get(each.name, 0)
            rows.append({"field": each.name, "documents": count, "keys": {each.key: count} if count else {}})
    return rows


def _mapping_problems(extracted: Extracted, keys: Sequence[KeyUse]) -> list[str]:
    if extracted.mapping is None:
        return []
    # Values by path are no keys of the files, but count as such.
    defaults = {key for each in extracted.mapping.rules.defaults for key, _ in each.values}
    paths = [path for (path,) in extracted.con.execute("select path from tidy.documents order by path").fetchall()]
    idle = find_idle_entries(extracted.mapping, defaults | {each.key for each in keys}, paths)
    return [*idle, *find_unreadable_columns(column_values(extracted.con))]
