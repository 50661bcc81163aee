"""The declared fields of a document: key in the file, kind of value, and the table and column that take it.

This is the only place that names them. `DOCUMENT` declares the keys of the preset `smartable`, `GENERIC_FIELDS` those
of the preset `generic`, which has several for a field. The shape of records, the casts, `tidy.fields` (and through it
the models that count fields) and the dictionary all derive from it. To add a field with a single value, add a line here
and its column to the schema of its table in `tables.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import Final

from transforms.vocabulary import TopicKind


class Kind(StrEnum):
    """The kind of value of a field. `tidy.casts` has the parser of each."""

    TEXT = "text"
    PROSE = "prose"  # text for people: its encoding is repaired and its HTML entities are unescaped
    URL = "url"
    INTEGER = "integer"
    COUNT = "count"  # an integer of 0 or more
    NUMBER = "number"
    PIXELS = "pixels"  # an integer above 0
    FLAG = "flag"
    TIMESTAMP = "timestamp"
    DURATION = "duration"
    SECRET = "secret"  # noqa: S105  (never stored: its column says only that there is one)
    MAPPING = "mapping"
    LIST = "list"


# The kinds as the key profile counts them. It derives the kind of values without a column from how they are written.
_VALUE_KINDS: Final = {
    Kind.PROSE: "text",
    Kind.INTEGER: "number",
    Kind.COUNT: "number",
    Kind.PIXELS: "number",
    Kind.TIMESTAMP: "date",
    Kind.DURATION: "text",
    Kind.SECRET: "text",
}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A key with a single value.

    Attributes:
        key: the key in the file.
        kind: the kind of value.
        column: the column of the table; the key if not given.
        is_profiled: whether the key profile counts it. False for fields that it never counted: counting them would
            report them as new keys to everyone who upgrades.
    """

    key: str
    kind: Kind
    column: str = ""
    is_profiled: bool = True

    @property
    def column_name(self) -> str:
        """The column of the table."""
        return self.column or self.key


@dataclass(frozen=True, slots=True)
class Nested:
    """A key with a mapping, whose fields become columns of the same table."""

    key: str
    record: "Record"


@dataclass(frozen=True, slots=True)
class Items:
    """A key with a list, of which each item becomes a row of a table.

    Attributes:
        key: the key in the file.
        table: the tidy table.
        item: the fields of an item that is a mapping, or the column that takes an item that is a single value.
        name: the name of the list in marts.field_completeness; the key if not given.
    """

    key: str
    table: str
    item: "Record | str"
    name: str = ""


Field = Scalar | Nested | Items


@dataclass(frozen=True)
class Record:
    """The fields of a mapping.

    Attributes:
        single: the key that takes a single value that a file has in place of the mapping.
        fields: the fields, in the order in which their issues are reported.
    """

    single: str
    fields: tuple[Field, ...]

    @cached_property
    def scalars(self) -> tuple[tuple[str, Scalar], ...]:
        """The stored single values of the mapping and of mappings within it, each with its path, such as ratings.count.

        Those within lists are not among them: they belong to other tables.
        """
        return tuple(self._scalars())

    def _scalars(self) -> Iterator[tuple[str, Scalar]]:
        for field in self.fields:
            if isinstance(field, Nested):
                yield from ((f"{field.key}.{path}", scalar) for path, scalar in field.record.scalars)
            elif isinstance(field, Scalar) and field.kind is not Kind.SECRET:
                yield field.key, field


_SIZES: Final = (Scalar("width", Kind.PIXELS), Scalar("height", Kind.PIXELS))

PROVIDER_IMAGE: Final = Record("url", (Scalar("url", Kind.URL), *_SIZES))

IMAGE: Final = Record(
    "url",
    (
        *PROVIDER_IMAGE.fields,
        Scalar("isCached", Kind.FLAG, "is_cached"),
        Scalar("title", Kind.TEXT, is_profiled=False),
        Scalar("attribution", Kind.TEXT, is_profiled=False),
    ),
)

# The provider of a related item. That of a document has authors as well.
_PROVIDER: Final = Record(
    "name",
    (
        Scalar("name", Kind.TEXT, "provider_name"),
        Scalar("domain", Kind.TEXT, "provider_domain"),
        Items("images", "provider_images", PROVIDER_IMAGE, "provider_images"),
    ),
)

AUTHOR: Final = Record("name", (Scalar("name", Kind.TEXT), Scalar("url", Kind.URL)))

ACTION: Final = Record(
    "url",
    (
        Scalar("url", Kind.URL),
        Scalar("type", Kind.TEXT),
        Scalar("title", Kind.TEXT),
        Scalar("attribution", Kind.TEXT),
    ),
)

RELATED: Final = Record(
    "webUrl",
    (
        Scalar("title", Kind.PROSE),
        Scalar("excerpt", Kind.PROSE, is_profiled=False),
        Scalar("publishedDateTime", Kind.TIMESTAMP, "published_at"),
        Scalar("webUrl", Kind.URL, "web_url"),
        Scalar("type", Kind.TEXT),
        Scalar("quality", Kind.INTEGER),
        Scalar("heat", Kind.INTEGER, is_profiled=False),
        Nested("provider", _PROVIDER),
        Items("images", "related_images", IMAGE),
    ),
)

DOCUMENT: Final = Record(
    "title",
    (
        Scalar("title", Kind.PROSE),
        Scalar("name", Kind.TEXT),
        Scalar("excerpt", Kind.PROSE),
        Scalar("category", Kind.TEXT),
        Scalar("type", Kind.TEXT),
        Scalar("publishedDateTime", Kind.TIMESTAMP, "published_at"),
        Scalar("updatedDateTime", Kind.TIMESTAMP, "updated_at"),
        Scalar("originalUrl", Kind.URL, "original_url"),
        Scalar("webUrl", Kind.URL, "web_url"),
        Scalar("ampWebUrl", Kind.URL, "amp_url"),
        Scalar("quality", Kind.INTEGER),
        Scalar("heat", Kind.INTEGER),
        Scalar("published", Kind.FLAG, "is_published"),
        Scalar("removed", Kind.FLAG, "is_removed"),
        Scalar("price", Kind.TEXT),
        Scalar("length", Kind.DURATION, "duration_seconds"),
        Nested(
            "ratings",
            Record(
                "average",
                (
                    Scalar("count", Kind.COUNT, "rating_count"),
                    Scalar("average", Kind.NUMBER, "rating_average"),
                ),
            ),
        ),
        Scalar("members", Kind.COUNT, "member_count"),
        Scalar("locale", Kind.TEXT),
        Nested("provider", Record("name", (*_PROVIDER.fields, Items("authors", "document_authors", AUTHOR)))),
        Scalar("secured", Kind.SECRET, "has_secured"),
        Items("topics", "document_topics", "topic"),
        Items("images", "document_images", IMAGE),
        Items("related", "related_items", RELATED),
        Items("actions", "document_actions", ACTION),
        Items("levels", "document_levels", "level"),
        Items("items", "document_items", "item"),
    ),
)


class GenericKind(StrEnum):
    """The kind of value of a field of the preset `generic`; `transforms.generic` has the reader of each.

    A key whose value is of another kind does not fill the field.
    """

    TEXT = "text"  # a text that is not empty
    DATE = "date"  # a date or a time
    URL = "url"  # an absolute URL, or a path on the site
    FLAG = "flag"
    STATUS = "status"  # a word such as draft or published
    LANGUAGE = "language"  # an ISO 639-1 code, with or without a region
    NUMBER = "number"
    TOPICS = "topics"  # a list, or a text with commas
    AUTHORS = "authors"  # names, or mappings with a name
    IMAGES = "images"  # paths or URLs of images, or mappings with one
    RELATED = "related"  # URLs, or mappings with a title or URL


@dataclass(frozen=True, slots=True)
class Alias:
    """A key that can fill a field.

    Attributes:
        key: the key in the file, with those above it: extra.updated. Case, `-`, `_` and spaces do not matter; a last
            part `*` is any key of a mapping.
        topic_kind: of the topics under it.
    """

    key: str
    topic_kind: TopicKind | None = None


@dataclass(frozen=True, slots=True)
class GenericField:
    """A field of the preset `generic`: the first alias whose value is of its kind fills it; for topics, all do.

    Attributes:
        name: the name of the field in mapping files: the column of documents, or the list.
        kind: the kind of value.
        aliases: the keys, the preferred first.
        key: the key of `DOCUMENT` that takes the value; empty for a field that the preset `smartable` does not have.
    """

    name: str
    kind: GenericKind
    aliases: tuple[Alias, ...]
    key: str = ""


def _aliases(keys: str, topic_kind: TopicKind | None = None) -> tuple[Alias, ...]:
    return tuple(Alias(key, topic_kind) for key in keys.split())


GENERIC_FIELDS: Final = (
    GenericField("title", GenericKind.TEXT, _aliases("title headline page_title"), "title"),
    GenericField("name", GenericKind.TEXT, _aliases("name"), "name"),
    GenericField(
        "excerpt",
        GenericKind.TEXT,
        _aliases(
            "excerpt summary description teaser spoiler subtitle lead deck dek abstract tldr seo_description "
            "meta.description metadata.description seo.description extra.description extra.summary"
        ),
        "excerpt",
    ),
    GenericField("type", GenericKind.TEXT, _aliases("type content_type"), "type"),
    GenericField(
        "published_at",
        GenericKind.DATE,
        _aliases(
            "date publish_date pub_date pub_datetime date_published published_at published_date published_date_time "
            "published_time publication_date published publish posted posted_at posted_on date.published date.created "
            "extra.date created created_at created_date creation_date date_created created_on extra.created issued"
        ),
        "publishedDateTime",
    ),
    GenericField(
        "updated_at",
        GenericKind.DATE,
        _aliases(
            "updated lastmod last_modified_at last_modified modified modified_at modified_date date_modified "
            "mod_datetime modified_time updated_at updated_date updated_date_time update_date date_updated updated_on "
            "last_updated last_update last_update.date last_edited extra.updated date.updated date.modified revised"
        ),
        "updatedDateTime",
    ),
    GenericField("web_url", GenericKind.URL, _aliases("url permalink web_url path"), "webUrl"),
    GenericField(
        "original_url",
        GenericKind.URL,
        _aliases(
            "canonical canonical_url original_url metadata.canonical meta.canonical seo.canonical extra.canonical "
            "extra.canonical_url"
        ),
        "originalUrl",
    ),
    GenericField("is_published", GenericKind.FLAG, _aliases("published publish is_published"), "published"),
    GenericField("is_draft", GenericKind.FLAG, _aliases("draft is_draft")),
    GenericField("status", GenericKind.STATUS, _aliases("status post_status")),
    GenericField("slug", GenericKind.TEXT, _aliases("slug")),
    GenericField("language", GenericKind.LANGUAGE, _aliases("lang language locale extra.lang")),
    GenericField(
        "weight",
        GenericKind.NUMBER,
        _aliases("weight order position sidebar_position nav_order menu_order sort_order extra.weight"),
    ),
    GenericField(
        "topics",
        GenericKind.TOPICS,
        (
            *_aliases("tags tag taxonomies.tags topics topic subjects", TopicKind.TAG),
            *_aliases("categories category taxonomies.categories", TopicKind.CATEGORY),
            *_aliases("series taxonomies.series", TopicKind.SERIES),
            *_aliases("section sections", TopicKind.SECTION),
            *_aliases("keywords meta.keywords taxonomies.*", TopicKind.TAG),
        ),
        "topics",
    ),
    GenericField(
        "authors",
        GenericKind.AUTHORS,
        _aliases("authors author by byline writers writer creators creator extra.authors extra.author meta.author"),
    ),
    GenericField(
        "images",
        GenericKind.IMAGES,
        _aliases(
            "image images cover cover_image featured_image feature_image hero_image banner_image preview_image "
            "main_image post_image header_image title_image social_image share_image og_image meta_image twitter_image "
            "banner hero thumbnail thumb feature poster cover.image cover.src cover.url image.path header.teaser "
            "header.image header.overlay_image header.og_image hero.image banner.image featured.image extra.image "
            "extra.cover extra.banner extra.cover.image extra.thumbnail meta.image metadata.image seo.image"
        ),
        "images",
    ),
    GenericField(
        "related", GenericKind.RELATED, _aliases("related see_also related_posts related_articles"), "related"
    ),
    # Nobody but the mapping file says which key holds it: `author`, `source` and `company` are often no publisher.
    GenericField("provider", GenericKind.TEXT, ()),
)


# The tables whose columns the key profile counts. Of the other lists it counts only that a document has them.
_PROFILED_TABLES: Final = ("documents", "document_images", "related_items")


@dataclass(frozen=True, slots=True)
class DeclaredField:
    """A field with its full key: a row of `tidy.fields`.

    Attributes:
        key: the key with those above it, such as ratings.count; `[]` marks a position in a list, as in images[].width.
        parent_key: the mapping that the key is in; None at the top of the file and of a list item.
        table_name: the table that takes it.
        column_name: the column that takes it; None for mappings and lists.
        name: the column, or for a list its name in marts.field_completeness; for a mapping its key.
        kind: the kind of value.
        value_kind: the kind of value as the key profile counts it.
        is_profiled: whether the key profile counts it.
        is_in_list: whether a document can have several values, because the field is part of a list item.
    """

    key: str
    parent_key: str | None
    table_name: str
    column_name: str | None
    name: str
    kind: Kind
    value_kind: str
    is_profiled: bool
    is_in_list: bool


def declared_fields() -> list[DeclaredField]:
    """Every declared field, mappings and lists included, in the order of the declaration."""
    return list(_declared(DOCUMENT, "documents", "", None))


@cache
def source_keys() -> dict[tuple[str, str], list[str]]:
    """The keys of the file that become each column, by table and column; several where lists share a table."""
    found: dict[tuple[str, str], list[str]] = {}
    for field in declared_fields():
        if field.column_name:
            found.setdefault((field.table_name, field.column_name), []).append(field.key)
    return found


def _declared(record: Record, table: str, prefix: str, parent: str | None) -> Iterator[DeclaredField]:
    for field in record.fields:
        key = prefix + field.key
        if isinstance(field, Scalar):
            column = field.column_name
            yield _field(key, parent, table, column, column, field.kind, is_profiled=field.is_profiled)
        elif isinstance(field, Nested):
            yield _field(key, parent, table, None, field.key, Kind.MAPPING)
            yield from _declared(field.record, table, f"{key}.", key)
        else:
            yield _field(key, parent, field.table, None, field.name or field.key, Kind.LIST)
            if isinstance(field.item, Record):
                yield from _declared(field.item, field.table, f"{key}[].", None)
            else:
                yield _field(f"{key}[]", None, field.table, field.item, field.item, Kind.TEXT)


def _field(
    key: str, parent: str | None, table: str, column: str | None, name: str, kind: Kind, *, is_profiled: bool = True
) -> DeclaredField:
    is_counted = is_profiled and (table in _PROFILED_TABLES or column is None)
    return DeclaredField(
        key, parent, table, column, name, kind, _VALUE_KINDS.get(kind, kind.value), is_counted, is_in_list="[]" in key
    )
