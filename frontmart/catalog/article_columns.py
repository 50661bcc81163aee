"""The model marts.article_columns: a typed column for each that the mapping file adds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from frontmart.catalog.headers import Reference
from frontmart.catalog.models import Model
from transforms.generic.rules import ColumnRule
from transforms.vocabulary import ColumnType

_DUCKDB_TYPES: Final = {
    ColumnType.INTEGER: "bigint",
    ColumnType.NUMBER: "double",
    ColumnType.FLAG: "boolean",
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "timestamp",
}
_DOCUMENT: Final = {
    "document_id": "The document.",
    "path": "Path relative to the source folder, with `/`.",
}


def article_columns(columns: Sequence[ColumnRule]) -> Model | None:
    """The model of the added columns, in their order; None without columns.

    Args:
        columns: the columns of the mapping file. Their names are valid SQL identifiers once quoted.
    """
    if not columns:
        return None
    return Model(
        layer="marts",
        name="article_columns",
        path=Path("sql/marts/article_columns.sql"),
        sql=_sql(columns),
        description="The columns that the mapping file adds, each with the values of its key in the type given there.",
        grain="A document.",
        key=("document_id",),
        columns=_DOCUMENT | {each.name: _sentence(each) for each in columns},
        severity=None,
        reads=frozenset({"staging.documents", "staging.document_columns"}),
        references=(Reference(("document_id",), "tidy.documents"),),
        nullable=frozenset(each.name for each in columns),
    )


def _sql(columns: Sequence[ColumnRule]) -> str:
    values = ",\n".join(f"    {_value(each)} as {_quoted(each.name)}" for each in columns)
    return (
        f"select\n    documents.document_id,\n    documents.path,\n{values}\n"
        "from staging.documents as documents\n"
        "left join staging.document_columns as columns on columns.document_id = documents.document_id\n"
        "group by documents.document_id, documents.path"
    )


def _value(column: ColumnRule) -> str:
    text = f"max(columns.typed_value) filter (where columns.column_name = '{column.name}')"
    type_ = _DUCKDB_TYPES.get(column.type)
    return f"cast({text} as {type_})" if type_ else text


def _quoted(name: str) -> str:
    return f'"{name}"'


def _sentence(column: ColumnRule) -> str:
    key = f"From `{column.key}`; NULL if absent or unreadable."
    return f"{column.description.strip()} {key}".strip()
