"""Turn the values of a mapping file into the rules by which documents are read."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from frontmart.errors import UsageError
from frontmart.mapping.explain import explain, place_of
from frontmart.mapping.model import (
    DEFAULT,
    FILENAME,
    FOLDER_PATTERN,
    RESERVED,
    AuthorKey,
    Column,
    Constant,
    KeyOptions,
    MappingModel,
    TopicKey,
)
from transforms.fields import GENERIC_FIELDS, GenericField
from transforms.generic.keys import key_parts
from transforms.generic.rules import DEFAULT_RULES, ColumnRule, FieldRules, KeySource, PathDefaults
from transforms.parse.nested import as_text
from transforms.vocabulary import ColumnType, TopicKind

# Pairs of a place in the file, such as `[fields] topics`, and what is there.
Places = tuple[tuple[str, str], ...]


def mapping_rules(path: Path, values: Mapping[str, Any]) -> tuple[FieldRules, Places, Places]:
    """The rules of a mapping file, its keys and its globs, see `read.MappingFile`.

    Args:
        path: the file, for errors.
        values: its values.

    Raises:
        UsageError: naming the file, the place in it and the remedy, for values that are not as the grammar has them.
    """
    try:
        model = MappingModel.model_validate(values)
    except ValidationError as error:
        raise UsageError(f"{path}: {explain(error)}") from None
    listed = {field.name: getattr(model.fields, field.name) for field in GENERIC_FIELDS}
    sources = dict(DEFAULT_RULES.sources)
    keys: list[tuple[str, str]] = []
    for field in GENERIC_FIELDS:
        given = listed[field.name]
        if given is not None:
            own = list(_sources(path, field, given if isinstance(given, list) else [given]))
            sources[field.name] = tuple(source for _, source in own)
            keys += [(place, source.key) for place, source in own if place and source.key]
    columns = tuple(_column(path, name, given) for name, given in model.columns.items())
    keys += [(f"[columns] {rule.name}", rule.key) for rule in columns]
    rules = FieldRules(
        sources=sources,
        include=tuple(model.articles.include),
        exclude=tuple(model.articles.exclude),
        defaults=tuple(
            PathDefaults(each.path, tuple((key, as_text(value)) for key, value in each.values.items()))
            for each in model.defaults
        ),
        columns=columns,
    )
    return rules, tuple(keys), tuple(_globs(rules))


def _globs(rules: FieldRules) -> Iterator[tuple[str, str]]:
    yield from (("[articles] include", glob) for glob in rules.include)
    yield from (("[articles] exclude", glob) for glob in rules.exclude)
    for number, each in enumerate(rules.defaults):
        yield place_of(("defaults", number, "path")), each.glob


def _sources(path: Path, field: GenericField, given: list[Any]) -> Iterator[tuple[str, KeySource]]:
    """The sources of a field, each with its place in the file; without a place if `:default` stands for it."""
    place = f"[fields] {field.name}"
    for each in given:
        if isinstance(each, Constant):
            yield place, KeySource(value=each.value)
        elif isinstance(each, KeyOptions):
            kind = TopicKind(each.kind) if isinstance(each, TopicKey) and each.kind else _declared_kind(field, each.key)
            separator = each.separator or "" if isinstance(each, AuthorKey | TopicKey) else ""
            yield place, KeySource(each.key, kind, separator)
        elif each == DEFAULT:
            yield from (("", source) for source in DEFAULT_RULES.sources[field.name])
        elif each == FILENAME:
            yield place, KeySource(is_filename=True)
        elif re.match(FOLDER_PATTERN, each):
            yield place, KeySource(folder=int(each.rpartition(":")[2]))
        elif each.startswith(":"):
            message = f"{path}: {place}: unknown source {each!r}"
            raise UsageError(f"{message}; write :filename, folder:1, :default or a key of the files")
        else:
            yield place, KeySource(each, _declared_kind(field, each))


def _declared_kind(field: GenericField, key: str) -> TopicKind | None:
    """The kind of topics that a key is declared with, if it is."""
    parts = key_parts(key)
    return next((alias.topic_kind for alias in field.aliases if key_parts(alias.key) == parts), None)


def _column(path: Path, name: str, given: str | Column) -> ColumnRule:
    if name in RESERVED:
        raise UsageError(f"{path}: [columns] {name}: every table of columns has it; give it another name, with a key")
    if isinstance(given, Column):
        return ColumnRule(name, given.key or name, ColumnType(given.type), given.description)
    return ColumnRule(name, name, ColumnType(given))
