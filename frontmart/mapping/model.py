"""The grammar of a mapping file, from which the errors and the JSON Schema for editors are derived."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag, create_model

from transforms.fields import GENERIC_FIELDS, GenericField, GenericKind

DEFAULT: Final = ":default"
FILENAME: Final = ":filename"
FOLDER_PATTERN: Final = r"^:?folder:[1-9][0-9]?$"
# Columns that the table of the added columns has anyway.
RESERVED: Final = ("document_id", "path")
COLUMN_NAME: Final = r"^[a-z][a-z0-9_]{0,62}$"
TYPES: Final = ("text", "integer", "number", "flag", "date", "timestamp", "url")
# The members of unions, which pydantic adds to the place of an error.
TAGS: Final = ("one key", "list of keys", "key with options", "constant", "one type", "type with options")

_Text = Annotated[str, StringConstraints(min_length=1)]
_Type = Literal["text", "integer", "number", "flag", "date", "timestamp", "url"]
_TopicKind = Literal["tag", "category", "series", "section"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class KeyOptions(_Strict):
    """A key of the files, with options."""

    key: _Text = Field(description="The key, with those above it: extra.updated.")


class AuthorKey(KeyOptions):
    """A key of the files with authors."""

    separator: _Text | None = Field(None, description="Text between the names, such as `;` (default: one name).")


class TopicKey(KeyOptions):
    """A key of the files with topics."""

    kind: _TopicKind | None = Field(None, description="Kind of the topics (default: from the words in the key).")
    separator: _Text | None = Field(None, description="Text between the topics, such as a space (default: a comma).")


class Constant(_Strict):
    """A value that is the same for all documents."""

    value: _Text = Field(description="The value.")


class Articles(_Strict):
    """The documents that are posts, by their path."""

    include: list[_Text] = Field([], description="Globs of posts: posts/** is every file below the folder posts.")
    exclude: list[_Text] = Field([], description="Globs of documents that are no posts, though they are included.")


class PathDefaults(_Strict):
    """Values for the documents whose path matches a glob, where they have no value of their own."""

    path: _Text = Field(description="Glob of the documents: posts/** is every file below the folder posts.")
    values: dict[str, Any] = Field(min_length=1, description="The keys and values, as they would be in the file.")


class Column(_Strict):
    """A column of marts.article_columns."""

    type: _Type = Field(description="Type of the column.")
    key: _Text | None = Field(None, description="The key, with those above it (default: the name of the column).")
    description: str = Field("", description="Meaning of the column, for the data package.")


def _source_tag(value: object) -> str | None:
    """The member of the union that a source of a field is meant to be."""
    if isinstance(value, str):
        return "one key"
    if isinstance(value, list):
        return "list of keys"
    if isinstance(value, dict):
        return "constant" if "value" in value else "key with options"
    return None


def _column_tag(value: object) -> str | None:
    return "one type" if isinstance(value, str) else "type with options" if isinstance(value, dict) else None


_OPTIONS: Final = {GenericKind.TOPICS: TopicKey, GenericKind.AUTHORS: AuthorKey}


def _sources(field: GenericField) -> Any:
    """The type of a field: a key, a key with options, a constant, or a list of these."""
    options: Any = _OPTIONS.get(field.kind, KeyOptions)
    one: Any = (
        Annotated[_Text, Tag("one key")]
        | Annotated[options, Tag("key with options")]
        | Annotated[Constant, Tag("constant")]
    )
    item = Annotated[one, Discriminator(_source_tag)]
    several = Annotated[Annotated[list[item], Field(min_length=1)], Tag("list of keys")]
    return Annotated[one | several, Discriminator(_source_tag)]


def _description(field: GenericField) -> str:
    aliases = ", ".join(alias.key for alias in field.aliases[:6])
    more = ", ..." if len(field.aliases) > 6 else ""
    return f"Keys that fill {field.name}, the preferred first (default: {aliases or 'none'}{more})."


_DEFINITIONS: Final[dict[str, Any]] = {
    field.name: (_sources(field) | None, Field(None, description=_description(field))) for field in GENERIC_FIELDS
}
Fields: Any = create_model(
    "Fields",
    __base__=_Strict,
    __doc__="The keys that fill each field; a list replaces the declared keys of its field.",
    **_DEFINITIONS,
)

_ColumnType = Annotated[Annotated[_Type, Tag("one type")] | Annotated[Column, Tag("type with options")],
                        Discriminator(_column_tag)]  # fmt: skip


class MappingModel(_Strict):
    """A mapping file."""

    fields: Fields = Field(Fields(), description="The keys that fill each field.")
    articles: Articles = Field(Articles(include=[], exclude=[]), description="The documents that are posts.")
    defaults: list[PathDefaults] = Field([], description="Values by path; of several, the last that matches counts.")
    columns: dict[Annotated[str, StringConstraints(pattern=COLUMN_NAME)], _ColumnType] = Field(
        {}, description="Columns of marts.article_columns, each with its type."
    )
