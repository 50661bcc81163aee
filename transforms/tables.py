"""The declared schema of every tidy table: grain, key, columns, types, units and rules.

There is a class per table. Its docstring starts with the grain; the description of a column becomes its COMMENT in the
warehouse and its entry in `datapackage.json`, with the key that the column comes from added (see `fields.py`). `_at`
columns are UTC without a time zone, because DuckDB and BI tools show TIMESTAMPTZ in the time zone of the session.
"""

from typing import ClassVar, Final

import polars as pl

from transforms.schema import Bool, Column, Datetime, Enum, Float64, Int32, Int64, Schema, String
from transforms.vocabulary import DocumentKind, FileOutcome, Preset, Reason, TopicKind


def _id(description: str = "The document: 16 hex digits, a 64-bit hash of its path.") -> Column:
    return String(primary_key=True, regex="^[0-9a-f]{16}$", description=description)


def _position(of: str) -> Column:
    return Int32(primary_key=True, min=0, description=f"0-based position of the {of} in the file.")


def _text(description: str) -> Column:
    return String(nullable=True, description=description)


def _required(description: str) -> Column:
    return String(description=description)


def _count(description: str) -> Column:
    return Int64(nullable=True, description=description)


def _flag(description: str, *, nullable: bool = False) -> Column:
    return Bool(nullable=nullable, description=description)


def _at(description: str) -> Column:
    return Datetime(nullable=True, description=f"{description} (UTC).")


class Documents(Schema):
    """A file with front matter."""

    document_id = _id()
    path = String(unique=True, description="Path relative to the source folder, with `/`.")
    collection = _text("First folder of the path, without its underscore; NULL at the top of the source.")
    title = _text("Title, its encoding repaired and its HTML entities unescaped.")
    name = _text("Name of a person, community or organisation, which have a name instead of a title.")
    excerpt = _text("Summary, its encoding repaired and its HTML entities unescaped.")
    category = _text("Category as written, such as news.")
    type = _text("Type of document as written, such as article, video, course or profile.")
    published_at = _at("Time of publication")
    updated_at = _at("Time of the last update")
    original_url = _text("URL of the original as written, without credentials; may be an empty string.")
    web_url = _text("URL of the page as written, without credentials; may be an empty string.")
    amp_url = _text("URL of the page for mobile devices as written, without credentials.")
    canonical_url = _text(
        "The web URL, or the original URL if there is none, without tracking parameters, default port, credentials "
        "and fragment, scheme and host in lower case; NULL instead of empty."
    )
    url_host = _text(
        "Host of the canonical URL, in lower case; NULL for URLs without one (relative, `javascript:`, `data:`)."
    )
    quality = _count("Quality score: a count without upper limit, not a percentage; may be 0.")
    heat = _count("Heat score: a count without upper limit; NULL for the -1 that marks a suppressed document.")
    is_suppressed = _flag("Whether heat was -1: a member of a cluster that is represented by the head of the cluster.")
    is_published = _flag("Whether it is published; NULL if not given. False is a normal state.", nullable=True)
    is_removed = _flag("Whether it was removed; NULL if not given.", nullable=True)
    price = _text("Price as written, such as Free.")
    duration_seconds = Float64(nullable=True, min=0, description="Length of a video or course, in seconds.")
    rating_count = _count("Number of ratings.")
    rating_average = Float64(nullable=True, description="Mean rating, on the scale of its platform.")
    member_count = _count("Number of members of a community.")
    locale = _text("Locale as written, such as en-us.")
    provider_id = _text("The provider: `domain/name-slug`; NULL if the file names no provider.")
    provider_name = _text("Name of the provider, percent-decoded.")
    provider_domain = _text("Domain of the provider, in lower case: a platform, which may have many providers.")
    body_chars = Int64(min=0, description="Length of the text after the front matter, in characters.")
    body_words = Int64(min=0, description="Length of the text after the front matter, in words.")
    has_secured = _flag("Whether the file has a `secured` key, in any spelling; its value is never stored.")
    is_text_repaired = _flag("Whether the encoding of the title or excerpt was repaired.")
    is_repaired = _flag("Whether a line of the file was repaired before parsing, see field_issues.")
    content_hash = _required(
        "Hash of the front matter without `secured` and credentials, and of the body; 32 hex digits."
    )
    slug = _text("Slug of the page as written.")
    language = _text("Language as written in the file, such as en or pt-BR; NULL if not given.")
    weight = Float64(nullable=True, description="Position among its siblings as written; lower comes first.")
    document_kind = _text(f"Place in the site: {', '.join(DocumentKind)}.")
    extra = _text(
        "The values that no column takes, without credentials, as a JSON object in the shape of the file; NULL if none."
    )

    # Heat -1 marks a suppressed document and is not a score.
    RULES: ClassVar = {"a suppressed document has no heat": ~pl.col("is_suppressed") | pl.col("heat").is_null()}


class DocumentTopics(Schema):
    """A topic of a document."""

    document_id = _id()
    position = _position("topic")
    topic_id = _required("Slug of the topic, equal for spellings that differ in case or white space.")
    topic = _required("The topic as written.")
    topic_kind = _text(f"Kind of key that the topic comes from: {', '.join(TopicKind)}.")


class DocumentImages(Schema):
    """An image of a document."""

    document_id = _id()
    position = _position("image")
    url = _text("URL of the image as written, without credentials.")
    host = _text("Host of the URL, in lower case; NULL for a relative URL.")
    width = _count("Width in pixels.")
    height = _count("Height in pixels.")
    is_cached = _flag("Whether the image is cached; NULL if not given.", nullable=True)
    title = _text("Title of the image.")
    attribution = _text("Credit of the image as written.")


class RelatedItems(Schema):
    """A related article as a document lists it: a copy, which may be stale."""

    document_id = _id()
    position = _position("related item")
    title = _text("Title in this copy, its encoding repaired and its HTML entities unescaped.")
    excerpt = _text("Summary in this copy, its encoding repaired and its HTML entities unescaped.")
    published_at = _at("Time of publication of the related article")
    web_url = _text("URL of the related article as written, without credentials; may be an empty string.")
    canonical_url = _text("The web URL in canonical form, as in documents; NULL instead of empty.")
    type = _text("Type of the related article as written.")
    quality = _count("Quality score in this copy.")
    heat = _count("Heat score in this copy; NULL for -1.")
    provider_id = _text("The provider: `domain/name-slug`.")
    provider_name = _text("Name of the provider, percent-decoded.")
    provider_domain = _text("Domain of the provider, in lower case.")


class RelatedImages(Schema):
    """An image of a related item of a document."""

    document_id = _id()
    related_position = _position("related item")
    position = _position("image within the related item")
    url = _text("URL of the image as written, without credentials.")
    host = _text("Host of the URL, in lower case; NULL for a relative URL.")
    width = _count("Width in pixels.")
    height = _count("Height in pixels.")
    is_cached = _flag("Whether the image is cached; NULL if not given.", nullable=True)
    title = _text("Title of the image.")
    attribution = _text("Credit of the image as written.")


class ProviderImages(Schema):
    """An image of a provider, as given by a document or a related item of the provider."""

    document_id = _id()
    related_position = Int32(
        primary_key=True,
        min=-1,
        description="0-based position of the related item with the provider; -1 for the provider of the document.",
    )
    position = _position("image")
    provider_id = _text("The provider: `domain/name-slug`.")
    url = _text("URL of the image as written, without credentials.")
    width = _count("Width in pixels.")
    height = _count("Height in pixels.")


class DocumentAuthors(Schema):
    """An author, named by the provider of a document."""

    document_id = _id()
    position = _position("author")
    name = _text("Name of the author as written.")
    url = _text("URL of the author as written, without credentials.")


class DocumentActions(Schema):
    """An action that a document offers, such as a download."""

    document_id = _id()
    position = _position("action")
    url = _text("URL of the action as written, without credentials; may be `javascript:`, so do not follow it blindly.")
    type = _text("Type of action as written, such as download.")
    title = _text("Label of the action.")
    attribution = _text("Provider of the action as written.")


class DocumentLevels(Schema):
    """A level of difficulty of a document."""

    document_id = _id()
    position = _position("level")
    level = _required("The level as written, such as Beginner.")


class DocumentItems(Schema):
    """A member of a collection."""

    document_id = _id()
    position = _position("item")
    item = _required("Path of the member as written, without its extension.")


class FieldSources(Schema):
    """A key of a document that filled a field, or a part of its path that did."""

    document_id = _id()
    position = _position("field within the document")
    field = _required("The field: a column of documents, or topics, images, authors or related.")
    key = _required("The key in the file with those above it, as written, such as extra.updated; `:path` for its path.")


class DocumentColumns(Schema):
    """A value of a column that the mapping file adds."""

    document_id = _id()
    column_name = String(primary_key=True, description="Name of the column in the mapping file.")
    value = _required("The value as written, without credentials; JSON for a list or mapping.")
    typed_value = _text(
        "The value as text that casts to the type of the column, such as 2021-04-20 22:38:00; NULL if it is unreadable."
    )


class Files(Schema):
    """A file seen under the source."""

    document_id = _id("16 hex digits, a 64-bit hash of the path.")
    path = String(unique=True, description="Path relative to the source folder, with `/`.")
    size = Int64(min=0, description="Size in bytes.")
    mtime_ns = Int64(description="Time of the last modification, in nanoseconds since 1970 (UTC).")
    ctime_ns = Int64(description="Time of the last change of content or attributes, in nanoseconds since 1970 (UTC).")
    inode = Int64(min=0, description="Number of the file in its file system (the lower 63 bits).")
    content_hash = _text("As in documents; NULL for a file that is not a document.")
    outcome = Enum(FileOutcome, description="Outcome of the file: document, reject or skipped (no front matter).")


class Rejects(Schema):
    """A rejected file."""

    document_id = _id("16 hex digits, a 64-bit hash of the path.")
    path = String(unique=True, description="Path relative to the source folder, with `/`.")
    reason = Enum(Reason, description=f"Reason for the rejection: {', '.join(Reason)}.")
    message = _required("The problem, and what to do next.")
    line = _count("1-based line of the problem in the file; NULL if it has no line.")
    column = _count("1-based column in that line; NULL if there is none.")


class FieldIssues(Schema):
    """A value that was refused, or whose line was repaired before parsing."""

    document_id = _id()
    position = _position("issue within the document")
    path = _required("Path relative to the source folder, with `/`.")
    field = _required("The key in the file with those above it, such as `images[0].width`.")
    value = _text("The value as written, without credentials and `secured`; JSON for a list or mapping.")
    problem = _required("The problem with the value, or the repair.")


def polars_schema(schema: type[Schema]) -> pl.Schema:
    """The columns of a table and their Polars types."""
    return pl.Schema({name: column.dtype for name, column in schema.columns().items()})


TABLES: dict[str, type[Schema]] = {
    "documents": Documents,
    "document_topics": DocumentTopics,
    "document_images": DocumentImages,
    "related_items": RelatedItems,
    "related_images": RelatedImages,
    "provider_images": ProviderImages,
    "document_authors": DocumentAuthors,
    "document_actions": DocumentActions,
    "document_levels": DocumentLevels,
    "document_items": DocumentItems,
    "field_sources": FieldSources,
    "document_columns": DocumentColumns,
    "files": Files,
    "rejects": Rejects,
    "field_issues": FieldIssues,
}


# Tables and columns that only the preset `generic` fills. The files of other presets do without them.
_GENERIC_TABLES: Final = ("field_sources", "document_columns")
_GENERIC_COLUMNS: Final = {
    "documents": ("slug", "language", "weight", "document_kind"),
    "document_topics": ("topic_kind",),
}


def stored_columns(preset: Preset) -> dict[str, list[str]]:
    """The tidy tables that are stored for a preset, each with its stored columns, in order."""
    is_generic = preset is Preset.GENERIC
    return {
        name: [each for each in schema.column_names() if is_generic or each not in _GENERIC_COLUMNS.get(name, ())]
        for name, schema in TABLES.items()
        if is_generic or name not in _GENERIC_TABLES
    }
