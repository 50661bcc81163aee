"""Every table that the models start from: the tidy tables, and those that a build adds from what it knows itself."""

import inspect
from typing import TYPE_CHECKING, Final

import polars as pl

from frontmart.catalog.headers import Reference
from transforms.fields import Kind, source_keys
from transforms.tables import TABLES

if TYPE_CHECKING:
    import dataframely as dy
else:
    from transforms._dataframely import dataframely as dy


class Build(dy.Schema):
    """The build itself: always one row."""

    as_of_date = dy.Date(primary_key=True, description="The UTC day that the build describes.")
    frontmart_version = dy.String(description="The version of Frontmart that made the build.")


def _count(description: str) -> dy.Int64:
    return dy.Int64(nullable=True, description=f"{description}; NULL where the run ended before it knew.")


def _seconds(of: str) -> dy.Float64:
    return dy.Float64(nullable=True, description=f"How long {of} took, in seconds; NULL where unknown.")


class Runs(dy.Schema):
    """An earlier run: a build never holds its own, so that the same input gives the same bytes."""

    run_id = dy.String(primary_key=True, description="The run.")
    snapshot_id = dy.String(nullable=True, description="The snapshot that it published; NULL where it published none.")
    started_at = dy.Datetime(time_unit="us", description="When it started (UTC).")
    as_of_date = dy.Date(nullable=True, description="The UTC day that it described.")
    outcome = dy.String(description="What became of it: published, checks_failed or failed.")
    frontmart_version = dy.String(nullable=True, description="The version of Frontmart that ran.")
    file_count = _count("Files seen")
    document_count = _count("Files that became documents")
    reject_count = _count("Files refused")
    skipped_count = _count("Files without front matter")
    failed_check_count = _count("Checks that found rows, warnings included")
    total_seconds = _seconds("the whole run")
    list_seconds = _seconds("listing the source")
    extract_seconds = _seconds("reading the files")
    load_seconds = _seconds("loading the tidy tables")
    model_seconds = _seconds("running the models")
    check_seconds = _seconds("running the checks")
    publish_seconds = _seconds("writing Parquet and publishing")


class Comparison(dy.Schema):
    """What the build is compared with, and beyond what a change is worth a warning: always one row."""

    drift_share = dy.Float64(primary_key=True, description="Share (0..1) by which a count must change at least.")
    drift_count = dy.Int64(description="How many documents a change must concern at least.")
    previous_snapshot_id = dy.String(
        nullable=True, description="The snapshot that was published when the build began; NULL where none was."
    )
    is_comparable = dy.Bool(description="Whether that snapshot told what its files held.")


class PreviousKeyProfile(dy.Schema):
    """A type of document, a key and a kind of value in the snapshot published before, see core.key_profile."""

    document_type = dy.String(primary_key=True, description="Kind of document as written, or `(none)`.")
    key = dy.String(primary_key=True, description="The key as the files called it.")
    value_kind = dy.String(primary_key=True, description="The kind of value, or a sum of kinds.")
    document_count = dy.Int64(description="Documents of the type with such a value under the key.")


class PreviousSubjectProfile(dy.Schema):
    """An outcome, type, collection, topic or provider in the snapshot published before, see core.subject_profile."""

    aspect = dy.String(primary_key=True, description="What the subject is.")
    subject = dy.String(primary_key=True, description="The outcome, type, collection, topic_id or provider_id.")
    label = dy.String(description="What people call it.")
    document_count = dy.Int64(description="Documents that it stood for; files in the case of an outcome.")


class ChangedDocuments(dy.Schema):
    """A type of document of which some are new, or mean something else than in the snapshot published before."""

    document_type = dy.String(primary_key=True, description="Kind of document as written, or `(none)`.")
    document_count = dy.Int64(description="Documents of the type that are new or changed.")


class Fields(dy.Schema):
    """A declared field of a document, of a mapping in it or of an item of a list; see transforms/fields.py."""

    key = dy.String(
        primary_key=True,
        description="The key in the files with those above it, such as ratings.count; `[]` stands for the place in a "
        "list, as in images[].width.",
    )
    parent_key = dy.String(
        nullable=True, description="The mapping that the key is in; NULL at the top of the file and of a list item."
    )
    table_name = dy.String(description="The tidy table that takes the field.")
    column_name = dy.String(nullable=True, description="The column that takes it; NULL for mappings and lists.")
    name = dy.String(description="The column, for a list its name in marts.field_completeness, for a mapping its key.")
    kind = dy.Enum(Kind, description=f"The kind of value: {', '.join(Kind)}.")
    value_kind = dy.String(
        description="The kind of value as the key profile counts it: number, date, flag, url, text, list or mapping."
    )
    is_profiled = dy.Bool(description="Whether the key profile counts the field.")
    is_in_list = dy.Bool(description="Whether a document can have it several times, because it is part of a list item.")


INPUTS: Final[dict[str, type[dy.Schema]]] = {
    **TABLES,
    "fields": Fields,
    "build": Build,
    "runs": Runs,
    "comparison": Comparison,
    "previous_key_profile": PreviousKeyProfile,
    "previous_subject_profile": PreviousSubjectProfile,
    "changed_documents": ChangedDocuments,
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

_OF_A_DOCUMENT: Final = (Reference(("document_id",), "tidy.documents"),)
_OF_A_FILE: Final = (Reference(("document_id",), "tidy.files"),)
# Of the tidy tables, those that are not of a document alone.
_REFERENCES: Final[dict[str, tuple[Reference, ...]]] = {
    "documents": _OF_A_FILE,
    "rejects": _OF_A_FILE,
    "related_images": (*_OF_A_DOCUMENT, Reference(("document_id", "related_position"), "tidy.related_items")),
    "files": (),
}


def references(name: str) -> tuple[Reference, ...]:
    """The tables whose keys an input table holds: every item is one of a document, every document one of a file."""
    return _REFERENCES.get(name, _OF_A_DOCUMENT) if name in TABLES else ()


def duckdb_types(schema: type[dy.Schema]) -> dict[str, str]:
    """The columns of an input table and their DuckDB types, in order."""
    return {name: _duckdb_type(column.dtype) for name, column in schema.columns().items()}


def _duckdb_type(dtype: pl.DataType) -> str:
    # An enum of DuckDB is a type of its own, which no BI tool and no older Parquet reader expects.
    return "VARCHAR" if isinstance(dtype, pl.Enum) else _DUCKDB_TYPES[dtype]


def description(schema: type[dy.Schema]) -> str:
    """What a row of an input table is."""
    return inspect.cleandoc(schema.__doc__ or "")


def column_descriptions(schema: type[dy.Schema]) -> dict[str, str]:
    """What each column of an input table holds, in order; of a tidy table also the keys that it comes from."""
    table = next((name for name, known in TABLES.items() if known is schema), "")
    keys = source_keys()
    return {
        name: f"{column.description or ''}{_from_keys(keys.get((table, name), []))}"
        for name, column in schema.columns().items()
    }


def _from_keys(keys: list[str]) -> str:
    names = " and ".join(f"`{key}`" for key in keys)
    return f" From {names}." if names else ""


def key(schema: type[dy.Schema]) -> tuple[str, ...]:
    """The columns that tell one row of an input table from another; its rows are sorted by them."""
    return tuple(schema.primary_key())
