"""The tables of schema tidy, from which the models start: the tidy tables, and those that a build adds about itself."""

import inspect
from typing import Final

import polars as pl

from frontmart.catalog.features import Feature
from frontmart.catalog.headers import Reference
from frontmart.catalog.history_inputs import HISTORY_INPUTS
from transforms.fields import Kind, source_keys
from transforms.schema import Bool, Column, Date, Datetime, Enum, Float64, Int32, Int64, Schema, String
from transforms.tables import TABLES
from transforms.vocabulary import ColumnType, Preset

RUN_OUTCOMES: Final = ("published", "kept", "checks_failed", "failed")
DOCUMENT_TYPE: Final = "Kind of document as written; `(none)` for documents without a type."


class Build(Schema):
    """The build; always one row."""

    as_of_date = Date(primary_key=True, description="The UTC day that the build describes.")
    frontmart_version = String(description="The version of Frontmart that made the build.")
    is_as_of_given = Bool(
        description="Whether as_of_date was given (`--as-of`); otherwise it is the day on which the build ran."
    )
    preset = Enum(Preset, description=f"The preset that the files were read with: {' or '.join(Preset)}.")
    features = String(
        description="The features that articles have, separated by commas; marts leave out the columns that need "
        f"another: {', '.join(Feature)}."
    )
    is_searchable = Bool(description="Whether the articles are indexed for the macro search (setting search).")


def _count(description: str) -> Column:
    return Int64(nullable=True, description=f"{description}; NULL if the run ended before it was known.")


def _seconds(step: str) -> Column:
    return Float64(nullable=True, description=f"Duration of {step}, in seconds; NULL if unknown.")


class Runs(Schema):
    """An earlier run. A build never contains its own run, so that the same input gives the same bytes."""

    run_id = String(primary_key=True, description="The run.")
    snapshot_id = String(
        nullable=True, description="The snapshot that the run published, or kept under a tag; NULL if there is none."
    )
    started_at = Datetime(description="Start of the run (UTC).")
    as_of_date = Date(nullable=True, description="The UTC day that the run described; NULL if unknown.")
    outcome = Enum(
        RUN_OUTCOMES, description=f"Outcome of the run: {', '.join(RUN_OUTCOMES[:-1])} or {RUN_OUTCOMES[-1]}."
    )
    frontmart_version = String(nullable=True, description="The version of Frontmart that ran; NULL if unknown.")
    file_count = _count("Files seen")
    document_count = _count("Files that became documents")
    reject_count = _count("Files rejected")
    skipped_count = _count("Files without front matter")
    failed_check_count = _count("Checks that found rows, warnings included")
    total_seconds = _seconds("the whole run")
    list_seconds = _seconds("listing the source")
    extract_seconds = _seconds("reading the files")
    load_seconds = _seconds("loading the tidy tables")
    model_seconds = _seconds("running the models")
    check_seconds = _seconds("running the checks")
    publish_seconds = _seconds("writing Parquet files and, if asked for, the report, and publishing")


class Comparison(Schema):
    """The snapshot that a build is compared with, and the thresholds of drift warnings; always one row."""

    drift_share = Float64(
        primary_key=True, description="Setting drift_share: the smallest relative change that is a warning (0..1)."
    )
    drift_count = Int64(description="Setting drift_count: the smallest change, in documents, that is a warning.")
    previous_snapshot_id = String(
        nullable=True, description="The snapshot that was published when the build began; NULL if there was none."
    )
    is_comparable = Bool(description="Whether that snapshot has profiles of its files; if not, nothing is compared.")


class PreviousKeyProfile(Schema):
    """A document type, a key and a kind of value, in the previous snapshot: its drift.key_profile."""

    document_type = String(primary_key=True, description=DOCUMENT_TYPE)
    key = String(primary_key=True, description="The key as files write it, below its parents, such as provider.name.")
    value_kind = String(primary_key=True, description="The kind of value, or `any` or `value` for sums of kinds.")
    document_count = Int64(description="Documents of the type with such a value under the key.")


class PreviousVolumeProfile(Schema):
    """An outcome, document type, collection, topic or provider, in the previous snapshot: its drift.volume_profile."""

    aspect = String(
        primary_key=True, description="Kind of subject: outcome, document_type, collection, topic or provider."
    )
    subject = String(primary_key=True, description="The outcome, type, collection, topic_id or provider_id.")
    label = String(description="Display name of the subject.")
    document_count = Int64(description="Documents of the subject; for an outcome, files.")


class ChangedDocuments(Schema):
    """A document type with documents that are new or whose content changed since the previous snapshot."""

    document_type = String(primary_key=True, description=DOCUMENT_TYPE)
    document_count = Int64(description="Documents of the type that are new or changed.")


class Fields(Schema):
    """A declared field of a document, of a mapping in it or of an item of a list; see transforms/fields.py."""

    key = String(
        primary_key=True,
        description="The key in the files with those above it, such as ratings.count; `[]` marks a position in a list, "
        "as in images[].width.",
    )
    parent_key = String(
        nullable=True, description="The mapping that the key is in; NULL at the top of the file and of a list item."
    )
    table_name = String(description="The tidy table that takes the field.")
    column_name = String(nullable=True, description="The column that takes it; NULL for mappings and lists.")
    name = String(description="The column, for a list its name in marts.field_completeness, for a mapping its key.")
    kind = Enum(Kind, description=f"The kind of value: {', '.join(Kind)}.")
    value_kind = String(
        description="The kind of value as the key profile counts it: number, date, flag, url, text, list or mapping."
    )
    is_profiled = Bool(description="Whether the key profile counts the field.")
    is_in_list = Bool(description="Whether a document can have it several times, because it is part of a list item.")


class AuthorNames(Schema):
    """A spelling of a name in document_authors, blank names excepted."""

    name = String(primary_key=True, description="The name as written.")
    author_id = String(description="Slug of the name, equal for spellings that differ in case or white space.")


class ArticleKinds(Schema):
    """A document and the kind of article that it is, or would be if it were coverage; made by sql/kinds."""

    document_id = String(primary_key=True, regex="^[0-9a-f]{16}$", description="The document.")
    kind = String(
        description="Kind of article: news, learning, event, download, newsletter or other. Decided by the first of "
        "these whose name is known, see docs/kinds.md: the type; news, if the category or a folder of the path is; the "
        "deepest folder; the category. The category counts with the preset `smartable` alone, and the folder of a file "
        "called `index` or `readme` does not count, since it has the name of the document. If none is known, a "
        "document with a published_at is news if its preset is `generic` or its type is article, in any case; all "
        "others are other. An event is something to attend, such as a webinar, not what core.events has."
    )


class ArticleEvents(Schema):
    """A news article with a date, and its event; made by transforms/events of what the queries of sql/events read."""

    document_id = String(primary_key=True, regex="^[0-9a-f]{16}$", description="The article.")
    event_id = String(
        regex="^[0-9a-f]{16}$",
        description="The event that the article reports: the document_id of its earliest article by published_at; NULL "
        "for an article that is not news or has no date.",
    )


ALIAS_KINDS: Final = ("organisation", "topic")


class Aliases(Schema):
    """An entry of the reviewed file of organisations and topics (setting organisations)."""

    kind = Enum(ALIAS_KINDS, primary_key=True, description=f"Kind of the alias: {' or '.join(ALIAS_KINDS)}.")
    alias = String(
        primary_key=True, description="A provider_id or an organisation_id by rule, or a topic_id, that is replaced."
    )
    target = String(description="The organisation_id or the topic_id that replaces it.")


class AddedColumns(Schema):
    """A column that the mapping file adds: a column of marts.article_columns."""

    position = Int32(primary_key=True, min=0, description="0-based position of the column in the mapping file.")
    column_name = String(unique=True, description="Name of the column.")
    key = String(description="The key in the files, with those above it, such as extra.team.")
    type = Enum(ColumnType, description=f"The type of the column: {', '.join(ColumnType)}.")
    description = String(description="Meaning of the column, from the mapping file; may be empty.")


INPUTS: Final[dict[str, type[Schema]]] = {
    **TABLES,
    "author_names": AuthorNames,
    "article_kinds": ArticleKinds,
    "article_events": ArticleEvents,
    "fields": Fields,
    "added_columns": AddedColumns,
    "aliases": Aliases,
    "build": Build,
    "runs": Runs,
    "comparison": Comparison,
    "previous_key_profile": PreviousKeyProfile,
    "previous_volume_profile": PreviousVolumeProfile,
    "changed_documents": ChangedDocuments,
    **HISTORY_INPUTS,
}

_DUCKDB_TYPES: Final[dict[pl.DataType, str]] = {
    pl.String(): "VARCHAR",
    pl.Int32(): "INTEGER",
    pl.Int64(): "BIGINT",
    pl.Float64(): "DOUBLE",
    pl.Boolean(): "BOOLEAN",
    pl.Date(): "DATE",
    pl.Datetime("us"): "TIMESTAMP",
}

_TO_DOCUMENT: Final = (Reference(("document_id",), "tidy.documents"),)
_TO_FILE: Final = (Reference(("document_id",), "tidy.files"),)
# The tidy tables whose rows do not belong to a document alone.
_REFERENCES: Final[dict[str, tuple[Reference, ...]]] = {
    "documents": _TO_FILE,
    "rejects": _TO_FILE,
    "related_images": (*_TO_DOCUMENT, Reference(("document_id", "related_position"), "tidy.related_items")),
    "files": (),
}
_TO_STEP: Final = (Reference(("step",), "tidy.steps"),)
_AT_A_STEP: Final = ("document_changes", "writes")


def references(name: str) -> tuple[Reference, ...]:
    """The foreign keys of an input table: rows refer to their document or step, documents and rejects to their file."""
    if name in _AT_A_STEP:
        return _TO_STEP
    return _REFERENCES.get(name, _TO_DOCUMENT) if name in TABLES else ()


def duckdb_types(schema: type[Schema]) -> dict[str, str]:
    """The columns of an input table and their DuckDB types, in order."""
    return {name: _DUCKDB_TYPES[column.dtype] for name, column in schema.columns().items()}


def description(schema: type[Schema]) -> str:
    """The docstring of a schema, which begins with its grain."""
    return inspect.cleandoc(schema.__doc__ or "")


def column_descriptions(schema: type[Schema]) -> dict[str, str]:
    """The description of each column of an input table, in order; in a tidy table, with the keys it comes from."""
    table = next((name for name, known in TABLES.items() if known is schema), "")
    keys = source_keys()
    return {
        name: f"{column.description or ''}{_from_keys(keys.get((table, name), []))}"
        for name, column in schema.columns().items()
    }


def _from_keys(keys: list[str]) -> str:
    names = " and ".join(f"`{key}`" for key in keys)
    return f" From {names}." if names else ""


def key(schema: type[Schema]) -> tuple[str, ...]:
    """The primary key of an input table; its rows are sorted by it."""
    return tuple(schema.primary_key())
