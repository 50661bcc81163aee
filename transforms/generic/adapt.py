"""The front matter of a document of any generator -> a record, and the values that no field takes.

Which key fills a field is decided by the declared order of its aliases and by the type of the value alone: nothing is
learnt from other documents, so a build of the changed files gives what a build of all files gives. A value of another
type than its field's stays in the extra, without an issue: it is the idiom of another generator. Only a value under
a key for dates that has the shape of a date, and is none, is an issue.
"""

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from transforms.fields import GENERIC_FIELDS, GenericField, GenericKind
from transforms.generic import lists, readers
from transforms.generic.keys import KeyIndex, Match, Path, fold, put_back, without
from transforms.generic.paths import document_kind, file_name, folder, matches_any
from transforms.generic.provider import read_provider
from transforms.generic.rules import FieldRules, KeySource
from transforms.parse.dates import date_in_path, is_impossible_date
from transforms.parse.frontmatter import MakeRecord
from transforms.parse.nested import Mapping, dump_json
from transforms.parse.records import RecordBuilder
from transforms.redact.text import redact_text
from transforms.vocabulary import TopicKind

PATH_KEY: Final = ":path"
# Before the name of an added column, where the names of fields are; no field has it.
_COLUMN: Final = "column "
_KINDS_BY_WORD: Final = {
    "categor": TopicKind.CATEGORY,
    "series": TopicKind.SERIES,
    "section": TopicKind.SECTION,
}
_SINGLE_READERS: Final = {
    GenericKind.TEXT: readers.as_label,
    GenericKind.URL: readers.as_url,
    GenericKind.FLAG: readers.as_flag,
    GenericKind.STATUS: readers.as_status,
    GenericKind.LANGUAGE: readers.as_language,
    GenericKind.NUMBER: readers.as_number,
    GenericKind.PROVIDER: read_provider,
}


# The names in the record of the fields that take texts; topics have a key for each.
_RECORD_NAMES: Final = {each.name: each.key for each in GENERIC_FIELDS if each.key and each.name != "topics"} | {
    "slug": "generic.slug",
    "authors": "provider.authors",
    "provider": "provider.name",
}
# Without one of these characters a key has neither credentials nor a `secured` key.
_UNUSUAL: Final = re.compile("[:/=]")


@dataclass(slots=True)
class _Document:
    """A document while its fields are filled."""

    path: str
    mapping: Mapping
    matches: dict[str, list[Match]]
    keyless: dict[str, list[tuple[int, KeySource]]]
    rules: FieldRules
    builder: RecordBuilder
    taken: set[Path] = field(default_factory=set)
    values: dict[str, object] = field(default_factory=dict)
    left: list[tuple[Path, object]] = field(default_factory=list)
    sources: list[Mapping] = field(default_factory=list)
    has_wrong_date: bool = False

    def fill(self, name: str, value: object, key: str) -> None:
        self.values[name] = value
        self.sources.append({"field": name, "key": key})


def adapter(rules: FieldRules) -> MakeRecord:
    """A function that turns front matter into a record by these rules; make one for many documents.

    Its record has the shape of `records.RECORD_SCHEMA`, and its extra the shape of the file.
    """
    index = KeyIndex(rules.sources | {_COLUMN + each.name: (KeySource(each.key),) for each in rules.columns})

    keyless = {
        name: [(place, source) for place, source in enumerate(sources) if not source.key]
        for name, sources in rules.sources.items()
        if not all(source.key for source in sources)
    }

    def make_record(mapping: Mapping, path: str, builder: RecordBuilder) -> tuple[Mapping, Mapping]:
        cleaned: Mapping = builder.secured.clean(_with_defaults(mapping, path, rules))  # type: ignore[assignment]
        return _adapt(_Document(path, cleaned, index.matches(cleaned), keyless, rules, builder))

    return make_record


def _adapt(document: _Document) -> tuple[Mapping, Mapping]:
    path, cleaned, builder = document.path, document.mapping, document.builder
    for each in GENERIC_FIELDS:
        _fill(document, each)
    if "published_at" not in document.values and not document.has_wrong_date and (date := date_in_path(path)):
        document.fill("published_at", date, PATH_KEY)
    extra = without(cleaned, document.taken)
    for above, left in document.left:
        put_back(extra, above, left)
    builder.names = partial(_names, document)
    return _record(document) | {"generic": _generic(document)}, extra


def _with_defaults(mapping: Mapping, path: str, rules: FieldRules) -> Mapping:
    if not rules.defaults:
        return mapping
    defaults: Mapping = {}
    for each in rules.defaults:
        if matches_any(path, (each.glob,)):
            defaults |= dict(each.values)
    return mapping | {key: value for key, value in defaults.items() if mapping.get(key) is None}


def _fill(document: _Document, field_: GenericField) -> None:
    takes_all = field_.kind is GenericKind.TOPICS
    # A provider may be one of the authors, too: its key may have been taken.
    may_share = field_.kind is GenericKind.PROVIDER
    for match in _candidates(document, field_.name):
        is_free = may_share or match.path not in document.taken
        if is_free and _take(document, field_, match) and not takes_all:
            return


def _candidates(document: _Document, name: str) -> list[Match]:
    """What can fill a field, the preferred first: keys of the document, parts of its path and constants."""
    matches = document.matches.get(name, [])
    keyless = [
        Match(name, place, source, (_name_of(source),), text)
        for place, source in document.keyless.get(name, ())
        if (text := _text_of_source(document.path, source)) is not None
    ]
    return sorted([*matches, *keyless], key=lambda match: match.place) if keyless else matches


def _text_of_source(path: str, source: KeySource) -> str | None:
    if source.is_filename:
        return file_name(path)
    return folder(path, source.folder) if source.folder else source.value


def _name_of(source: KeySource) -> str:
    return ":filename" if source.is_filename else f":folder:{source.folder}" if source.folder else ":value"


def _take(document: _Document, field_: GenericField, match: Match) -> bool:
    """Fill a field with a value, if the value is of its kind -> whether it did."""
    if field_.kind is GenericKind.DATE:
        is_taken = _take_date(document, match)
    elif field_.kind in _SINGLE_READERS:
        is_taken = _take_single(document, field_, match)
    else:
        is_taken = _take_items(document, field_, match)
    if is_taken and match.source.key and _is_whole(field_, match.value):
        document.taken.add(match.path)
    return is_taken


def _is_whole(field_: GenericField, value: object) -> bool:
    """Whether a field takes all of a value. If not, it stays in the extra, as statuses and targets of links do."""
    if field_.kind is GenericKind.STATUS:
        return False
    return field_.kind is not GenericKind.TEXT or not readers.is_wikilink_with_target(value)


def _take_single(document: _Document, field_: GenericField, match: Match) -> bool:
    read = _SINGLE_READERS[field_.kind](match.value)
    if read is None or (isinstance(read, str) and readers.is_template(read)):
        return False
    document.fill(field_.name, read, match.key)
    return True


def _take_date(document: _Document, match: Match) -> bool:
    value = match.value[0] if isinstance(match.value, list) and len(match.value) == 1 else match.value
    if date := readers.as_date(value):
        document.fill(match.field, date, match.key)
        return True
    if isinstance(value, str) and is_impossible_date(value):
        line = document.builder.line_of(match.key)
        place = f" (line {line})" if line else ""
        document.builder.refuse(match.key, value, f"no such date or time{place}: correct it")
        document.taken.add(match.path)
        document.has_wrong_date |= match.field == "published_at"
    return False


def _take_items(document: _Document, field_: GenericField, match: Match) -> bool:
    found = _read_items(field_.kind, match.source, match.value)
    if found is None:
        return False
    items = document.builder.cut(match.key, found.items)  # type: ignore[arg-type]
    if field_.kind is GenericKind.TOPICS:
        kind = match.source.topic_kind or _kind_of_key(match.path[-1])
        items = [{**item, "topic_kind": kind, "key": match.key} for item in items]  # type: ignore[dict-item]
    known: list[object] = document.values.setdefault(field_.name, [])  # type: ignore[assignment]
    known.extend(items)
    document.sources.append({"field": field_.name, "key": match.key})
    if found.left is not None:
        document.left.append((match.path, found.left))
    return True


def _read_items(kind: GenericKind, source: KeySource, value: object) -> lists.Items | None:
    if kind is GenericKind.TOPICS:
        return lists.read_topics(value, source.separator, is_section=source.topic_kind is TopicKind.SECTION)
    if kind is GenericKind.AUTHORS:
        return lists.read_authors(value, source.separator or "\n")
    return lists.read_images(value) if kind is GenericKind.IMAGES else lists.read_related(value)


def _kind_of_key(key: str) -> TopicKind:
    """The kind of topics under a key of a mapping file, which may leave it out: by the words in the key."""
    return next((kind for word, kind in _KINDS_BY_WORD.items() if word in fold(key)), TopicKind.TAG)


def _columns(document: _Document) -> list[Mapping]:
    """The values of the columns that the mapping file adds, as text; the keys stay in the extra, or fill a field."""
    columns: list[Mapping] = []
    for rule in document.rules.columns:
        for match in document.matches.get(_COLUMN + rule.name, [])[:1]:
            text = match.value if isinstance(match.value, str) else dump_json(match.value).decode()
            stored = redact_text(text)
            document.builder.is_redacted |= stored != text
            if stored is not None:
                columns.append({"column_name": rule.name, "key": match.key, "type": rule.type, "value": stored})
    return columns


def _names(document: _Document) -> dict[str, str]:
    """The keys of the file for the parts of the record that can have a value which must not be stored."""
    keys = {str(source["field"]): str(source["key"]) for source in document.sources}
    names = {_RECORD_NAMES[name]: key for name, key in keys.items() if name in _RECORD_NAMES}
    topics: list[Mapping] = document.values.get("topics", [])  # type: ignore[assignment]
    return names | {f"topics[{place}]": str(item["key"]) for place, item in enumerate(topics)}


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


def _storable_key(document: _Document, key: str) -> str:
    """A key without credentials; few can have any, as the aliases of all fields are known but for `*`."""
    if not _UNUSUAL.search(key):
        return key
    stored = redact_text(key) or "?"
    document.builder.is_redacted |= stored != key
    return stored


def _is_published(values: Mapping) -> bool:
    """Whether a document is published: a document that says nothing about it is."""
    return (
        values.get("is_published", True) is True and not values.get("is_draft") and values.get("status", True) is True
    )


def _generic(document: _Document) -> Mapping:
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
        "sources": [{**each, "key": _storable_key(document, str(each["key"]))} for each in document.sources],
        "columns": _columns(document),
    }
