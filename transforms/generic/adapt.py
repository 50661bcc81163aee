"""The front matter of a document of any generator -> a record, and the values that no field takes.

Which key fills a field is decided by the declared order of its aliases and by the type of the value alone: nothing is
learnt from other documents, so a build of the changed files gives what a build of all files gives. A value of another
type than its field's stays in the extra, without an issue: it is the idiom of another generator. Only a value under
a key for dates that has the shape of a date, and is none, is an issue.
"""

from dataclasses import dataclass, field
from typing import Final

from transforms.fields import GENERIC_FIELDS, GenericField, GenericKind
from transforms.generic import lists, readers
from transforms.generic.keys import Keys, key_parts
from transforms.generic.paths import document_kind, file_name, folder, matches_any
from transforms.generic.provider import read_provider
from transforms.generic.rules import FieldRules, KeySource
from transforms.parse.dates import date_in_path, is_impossible_date
from transforms.parse.nested import Mapping, dump_json
from transforms.parse.records import RecordBuilder
from transforms.vocabulary import TopicKind

PATH_KEY: Final = ":path"
_KINDS_BY_WORD: Final = {
    "categor": TopicKind.CATEGORY,
    "series": TopicKind.SERIES,
    "section": TopicKind.SECTION,
}
_IMPOSSIBLE: Final = "not a date of the calendar: correct the day or the time"
_SINGLE_READERS: Final = {
    GenericKind.TEXT: readers.as_label,
    GenericKind.URL: readers.as_url,
    GenericKind.FLAG: readers.as_flag,
    GenericKind.STATUS: readers.as_status,
    GenericKind.LANGUAGE: readers.as_language,
    GenericKind.NUMBER: readers.as_number,
    GenericKind.PROVIDER: read_provider,
}


@dataclass(slots=True)
class _Document:
    """A document while its fields are filled."""

    path: str
    keys: Keys
    rules: FieldRules
    builder: RecordBuilder
    values: dict[str, object] = field(default_factory=dict)
    left: Mapping = field(default_factory=dict)
    sources: list[Mapping] = field(default_factory=list)
    has_wrong_date: bool = False

    def fill(self, name: str, value: object, key: str) -> None:
        self.values[name] = value
        self.sources.append({"field": name, "key": key})


def adapt(mapping: Mapping, path: str, builder: RecordBuilder, rules: FieldRules) -> tuple[Mapping, Mapping]:
    """The record of a document in the shape of `records.RECORD_SCHEMA`, and the extra, in the shape of the file.

    Args:
        mapping: the front matter.
        path: the path of the file, relative to the source.
        builder: takes the issues; its filter removes the `secured` keys.
        rules: the keys of each field, and what a mapping file adds.
    """
    cleaned = builder.secured.clean(_with_defaults(mapping, path, rules))
    document = _Document(path, Keys(cleaned), rules, builder)  # type: ignore[arg-type]  # a mapping, as was given
    for each in GENERIC_FIELDS:
        _fill(document, each)
    if "published_at" not in document.values and not document.has_wrong_date and (date := date_in_path(path)):
        document.fill("published_at", date, PATH_KEY)
    columns = _columns(document)  # before the extra is made: a key of a column stays in the extra
    return _record(document) | {"generic": _generic(document, columns)}, document.keys.extra() | document.left


def _with_defaults(mapping: Mapping, path: str, rules: FieldRules) -> Mapping:
    if not rules.defaults:
        return mapping
    defaults: Mapping = {}
    for each in rules.defaults:
        if matches_any(path, (each.glob,)):
            defaults |= dict(each.values)
    return mapping | {key: value for key, value in defaults.items() if mapping.get(key) is None}


def _fill(document: _Document, field_: GenericField) -> None:
    for source in document.rules.sources.get(field_.name, ()):
        if not source.key:
            text = _text_of_source(document.path, source)
            is_taken = text is not None and _take(document, field_, source, (_name_of(source),), text, is_key=False)
            if is_taken and field_.kind is not GenericKind.TOPICS:
                return
            continue
        # A provider may be one of the authors, too: its key may have been taken.
        keys = Keys(document.keys.mapping) if field_.kind is GenericKind.PROVIDER else document.keys
        for path, value in list(keys.find(source.key)):
            if _take(document, field_, source, path, value) and field_.kind is not GenericKind.TOPICS:
                return


def _text_of_source(path: str, source: KeySource) -> str | None:
    if source.is_filename:
        return file_name(path)
    return folder(path, source.folder) if source.folder else source.value


def _name_of(source: KeySource) -> str:
    return ":filename" if source.is_filename else f":folder:{source.folder}" if source.folder else ":value"


def _take(
    document: _Document,
    field_: GenericField,
    source: KeySource,
    path: tuple[str, ...],
    value: object,
    *,
    is_key: bool = True,
) -> bool:
    """Fill a field with a value, if the value is of its kind -> whether it did."""
    key = ".".join(path)
    if field_.kind is GenericKind.DATE:
        is_taken = _take_date(document, field_.name, path, value)
    elif field_.kind in _SINGLE_READERS:
        read = _SINGLE_READERS[field_.kind](value)
        is_taken = read is not None and not (isinstance(read, str) and readers.is_template(read))
        if is_taken:
            document.fill(field_.name, read, key)
    else:
        is_taken = _take_items(document, field_, source, key, value)
    if is_taken and is_key:
        document.keys.take(path)
    return is_taken


def _take_date(document: _Document, name: str, path: tuple[str, ...], value: object) -> bool:
    key = ".".join(path)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if date := readers.as_date(value):
        document.fill(name, date, key)
        return True
    if isinstance(value, str) and is_impossible_date(value):
        document.builder.refuse(key, value, _IMPOSSIBLE)
        document.keys.take(path)
        document.has_wrong_date |= name == "published_at"
    return False


def _take_items(document: _Document, field_: GenericField, source: KeySource, key: str, value: object) -> bool:
    found = _read_items(field_.kind, source, value)
    if found is None:
        return False
    items = document.builder.cut(key, found.items)  # type: ignore[arg-type]
    if field_.kind is GenericKind.TOPICS:
        kind = source.topic_kind or _kind_of_key(key)
        items = [{**item, "topic_kind": kind} for item in items]  # type: ignore[dict-item]
    known = document.values.get(field_.name, [])
    document.fill(field_.name, [*known, *items], key)  # type: ignore[misc]
    if found.left is not None:
        document.left[key] = found.left
    return True


def _read_items(kind: GenericKind, source: KeySource, value: object) -> lists.Items | None:
    if kind is GenericKind.TOPICS:
        return lists.read_topics(value, source.separator, is_section=source.topic_kind is TopicKind.SECTION)
    if kind is GenericKind.AUTHORS:
        return lists.read_authors(value, source.separator or "\n")
    return lists.read_images(value) if kind is GenericKind.IMAGES else lists.read_related(value)


def _kind_of_key(key: str) -> TopicKind:
    """The kind of topics under a key of a mapping file, which may leave it out: by the words in the key."""
    last = key_parts(key)[-1]
    return next((kind for word, kind in _KINDS_BY_WORD.items() if word in last), TopicKind.TAG)


def _columns(document: _Document) -> list[Mapping]:
    """The values of the columns that the mapping file adds, as text."""
    columns: list[Mapping] = []
    for rule in document.rules.columns:
        for path, value in Keys(document.keys.mapping).find(rule.key):
            text = value if isinstance(value, str) else dump_json(value).decode()
            columns.append({"column_name": rule.name, "key": ".".join(path), "type": rule.type, "value": text})
            break
    return columns


def _record(document: _Document) -> Mapping:
    """The values under the keys of `fields.DOCUMENT`."""
    values = document.values
    record = {each.key: values[each.name] for each in GENERIC_FIELDS if each.key and each.name in values}
    record["published"] = "true" if _is_published(values) else "false"
    if "topics" in values:
        record["topics"] = [item["topic"] for item in values["topics"]]  # type: ignore[attr-defined]
    provider: Mapping = {"authors": values["authors"]} if "authors" in values else {}
    provider |= values.get("provider", {})  # type: ignore[call-overload]  # as read_provider gives it
    return record | ({"provider": provider} if provider else {})


def _is_published(values: Mapping) -> bool:
    """Whether a document is published: a document that says nothing about it is."""
    return (
        values.get("is_published", True) is True and not values.get("is_draft") and values.get("status", True) is True
    )


def _generic(document: _Document, columns: list[Mapping]) -> Mapping:
    """The values that only the preset `generic` has, see `records.GENERIC_SCHEMA`."""
    values = document.values
    kind = document_kind(
        document.path,
        document.rules,
        is_dated="published_at" in values or document.has_wrong_date,
        is_draft=not _is_published(values),
    )
    return {
        **{name: values[name] for name in ("slug", "language", "weight") if name in values},
        "document_kind": kind,
        "topic_kinds": [item["topic_kind"] for item in values.get("topics", [])],  # type: ignore[attr-defined]
        "sources": document.sources,
        "columns": columns,
    }
