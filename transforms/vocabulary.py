"""The closed sets of words in the tidy tables."""

from enum import StrEnum


class FileOutcome(StrEnum):
    """The outcome of a file: the values of `files.outcome`."""

    DOCUMENT = "document"
    REJECT = "reject"
    SKIPPED = "skipped"


class Reason(StrEnum):
    """The reason why a file is rejected: the values of `rejects.reason`."""

    UNREADABLE = "unreadable"
    NOT_UNICODE = "not_unicode"
    UNCLOSED_FENCE = "unclosed_fence"
    INVALID_YAML = "invalid_yaml"
    INVALID_TOML = "invalid_toml"
    INVALID_JSON = "invalid_json"
    NOT_A_MAPPING = "not_a_mapping"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY_VALUES = "too_many_values"
    TOO_MANY_ALIASES = "too_many_aliases"
    CRASHED = "crashed"


class Preset(StrEnum):
    """A way of reading front matter: which keys become which columns, and which columns the tables have."""

    SMARTABLE = "smartable"  # the schema of one publisher, each key under its declared name
    GENERIC = "generic"  # the keys of Hugo, Jekyll, Zola, Astro, Obsidian, Docusaurus and others


class DocumentKind(StrEnum):
    """The place of a document in a site: the values of `documents.document_kind`."""

    POST = "post"
    PAGE = "page"
    SECTION = "section"
    DRAFT = "draft"


class TopicKind(StrEnum):
    """The kind of key that a topic comes from: the values of `document_topics.topic_kind`."""

    TAG = "tag"
    CATEGORY = "category"
    SERIES = "series"
    SECTION = "section"


class ColumnType(StrEnum):
    """The type of a column that a mapping file adds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    TIMESTAMP = "timestamp"
    URL = "url"
