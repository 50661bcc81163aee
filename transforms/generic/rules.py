"""The rules by which the preset `generic` reads documents: the declared aliases, or what a mapping file has instead."""

from dataclasses import dataclass, field
from typing import Final

from transforms.fields import GENERIC_FIELDS
from transforms.vocabulary import TopicKind


@dataclass(frozen=True, slots=True)
class KeySource:
    """A key that can fill a field, as `fields.Alias`, or what the field is filled from instead of a key.

    Attributes:
        key: the key in the file, with those above it; empty for the other sources.
        topic_kind: of the topics under the key.
        separator: splits a text into topics or authors; a comma if empty.
        is_filename: the file name without its date and extension.
        folder: the folder at this place of the path, 1 for the first; 0 for none.
        value: a constant.
    """

    key: str = ""
    topic_kind: TopicKind | None = None
    separator: str = ""
    is_filename: bool = False
    folder: int = 0
    value: str = ""


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """A column that the mapping file adds: its name, the key with those above it, and its type (a `fields.Kind`)."""

    name: str
    key: str
    type: str


@dataclass(frozen=True, slots=True)
class PathDefaults:
    """Values for the documents whose path matches a glob, where they have no value of their own."""

    glob: str
    values: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class FieldRules:
    """The rules of the preset `generic`. Workers get them pickled.

    Attributes:
        sources: the sources of each field, by the name of the field, the preferred first.
        include: globs of the documents that are posts; none if the rules for paths and dates decide.
        exclude: globs of the documents that are not posts.
        defaults: values by path, the last that matches counts.
        columns: the added columns.
    """

    sources: dict[str, tuple[KeySource, ...]]
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    defaults: tuple[PathDefaults, ...] = ()
    columns: tuple[ColumnRule, ...] = field(default=())


DEFAULT_RULES: Final = FieldRules(
    {each.name: tuple(KeySource(alias.key, alias.topic_kind) for alias in each.aliases) for each in GENERIC_FIELDS}
)
