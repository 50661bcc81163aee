"""The declared schema of every tidy table: grain, key, columns, types, units and rules.

One class a table. A class's docstring starts with its grain; a column's description becomes its COMMENT
in the warehouse and its entry in `datapackage.json`. `_at` columns are UTC without a time zone, because
TIMESTAMPTZ renders by the session's time zone in DuckDB and in BI tools.
"""

from typing import TYPE_CHECKING

import polars as pl

from transforms.vocabulary import FileOutcome, Reason

if TYPE_CHECKING:
    import dataframely as dy
else:
    from transforms._dataframely import dataframely as dy


def _id(description: str = "The document: 16 hex digits, a 64-bit hash of its path.") -> dy.String:
    return dy.String(primary_key=True, regex="^[0-9a-f]{16}$", description=description)


def _position(of: str) -> dy.Int32:
    return dy.Int32(primary_key=True, min=0, description=f"0-based place of the {of}, as in the file.")


def _text(description: str) -> dy.String:
    return dy.String(nullable=True, description=description)


def _required(description: str) -> dy.String:
    return dy.String(description=description)


def _count(description: str) -> dy.Int64:
    return dy.Int64(nullable=True, description=description)


def _flag(description: str, *, nullable: bool = False) -> dy.Bool:
    return dy.Bool(nullable=nullable, description=description)


def _at(description: str) -> dy.Datetime:
    return dy.Datetime(nullable=True, time_unit="us", description=f"{description} (UTC).")


class Documents(dy.Schema):
    """A file with front matter."""

    document_id = _id()
    path = dy.String(unique=True, description="Path relative to the source folder, with `/`.")
    collection = _text("First folder of the path, without its underscore; NULL at the top of the source.")
    title = _text("Title, its encoding repaired and its HTML entities unescaped.")
    name = _text("Name, which people, communities and organisations have instead of a title.")
    excerpt = _text("Summary, its encoding repaired and its HTML entities unescaped.")
    category = _text("Category as written, such as news.")
    type = _text("Kind of document as written, such as article, video, course or profile.")
    published_at = _at("When it was published")
    updated_at = _at("When it was last updated")
    original_url = _text("`originalUrl` as written, less credentials; an empty string where the file has one.")
    web_url = _text("`webUrl` as written, less credentials; an empty string where the file has one.")
    amp_url = _text("`ampWebUrl` as written, less credentials: the page for mobile devices.")
    canonical_url = _text(
        "The web URL, or else the original one, without tracking parameters, default port, credentials and "
        "fragment, scheme and host in lower case; NULL rather than empty."
    )
    url_host = _text("Host of the canonical URL, in lower case; NULL where it leads nowhere (`javascript:`, `data:`).")
    quality = _count("Quality score: an open-ended count, not a percentage; may be 0.")
    heat = _count("Heat score: an open-ended count; NULL for the -1 that marks a suppressed document.")
    is_suppressed = _flag("Whether heat was -1: a member of a cluster that its head stands for.")
    is_published = _flag("`published`; NULL where the file does not say. False is a normal state.", nullable=True)
    is_removed = _flag("`removed`; NULL where the file does not say.", nullable=True)
    price = _text("Price as written, such as Free.")
    duration_seconds = dy.Float64(nullable=True, min=0, description="Length of a video or course, in seconds.")
    rating_count = _count("How many ratings there are.")
    rating_average = dy.Float64(nullable=True, description="Mean rating, on the scale of its platform.")
    member_count = _count("Members of a community.")
    locale = _text("Locale as written, such as en-us.")
    provider_id = _text("The provider: `domain/name-slug`; NULL where the file names no provider.")
    provider_name = _text("Name of the provider, percent-encoding undone.")
    provider_domain = _text("Domain of the provider, in lower case: a platform, which may carry many providers.")
    body_chars = dy.Int64(min=0, description="Length of the text behind the front matter, in characters.")
    body_words = dy.Int64(min=0, description="Length of the text behind the front matter, in words.")
    has_secured = _flag("Whether the file has a `secured` key, in any spelling; its value is never stored.")
    is_text_repaired = _flag("Whether the encoding of the title or excerpt was repaired.")
    is_repaired = _flag("Whether a line of the file had to be repaired to be read, see field_issues.")
    content_hash = _required(
        "Hash of what the file means: front matter less `secured` and credentials, and body; 32 hex digits."
    )
    extra = _text(
        "What no column takes, less credentials, as a JSON object in the shape of the file; NULL where nothing is left."
    )

    @dy.rule()
    def a_suppressed_document_has_no_heat(cls) -> pl.Expr:  # noqa: N805
        """Heat -1 marks a suppressed document and is no temperature."""
        return ~pl.col("is_suppressed") | pl.col("heat").is_null()


class DocumentTopics(dy.Schema):
    """A topic of a document."""

    document_id = _id()
    position = _position("topic")
    topic_id = _required("Slug of the case-folded topic, one to one with it.")
    topic = _required("The topic as written.")


class DocumentImages(dy.Schema):
    """An image of a document."""

    document_id = _id()
    position = _position("image")
    url = _text("URL of the image as written, less credentials.")
    host = _text("Host of the URL, in lower case; NULL for a relative URL.")
    width = _count("Width in pixels.")
    height = _count("Height in pixels.")
    is_cached = _flag("`isCached`; NULL where the file does not say.", nullable=True)
    title = _text("Title of the image.")
    attribution = _text("Who the image is credited to.")


class RelatedItems(dy.Schema):
    """A related story as written out in a document: a copy, which may be stale."""

    document_id = _id()
    position = _position("related item")
    title = _text("Title in this copy, its encoding repaired and its HTML entities unescaped.")
    excerpt = _text("Summary in this copy, its encoding repaired and its HTML entities unescaped.")
    published_at = _at("When the related story was published")
    web_url = _text("`webUrl` as written, less credentials; an empty string where the file has one.")
    canonical_url = _text("The web URL in canonical form, as in documents; NULL rather than empty.")
    type = _text("Kind of story as written.")
    quality = _count("Quality score in this copy.")
    heat = _count("Heat score in this copy; NULL for -1.")
    provider_id = _text("The provider: `domain/name-slug`.")
    provider_name = _text("Name of the provider, percent-encoding undone.")
    provider_domain = _text("Domain of the provider, in lower case.")


class RelatedImages(dy.Schema):
    """An image of a related item of a document."""

    document_id = _id()
    related_position = _position("related item")
    position = _position("image within the related item")
    url = _text("URL of the image as written, less credentials.")
    host = _text("Host of the URL, in lower case; NULL for a relative URL.")
    width = _count("Width in pixels.")
    height = _count("Height in pixels.")
    is_cached = _flag("`isCached`; NULL where the file does not say.", nullable=True)
    title = _text("Title of the image.")
    attribution = _text("Who the image is credited to.")


class ProviderImages(dy.Schema):
    """An image of a provider, as one sighting of that provider (a document or a related item) gives it."""

    document_id = _id()
    related_position = dy.Int32(
        primary_key=True,
        min=-1,
        description="0-based place of the related item that names the provider; -1 for the document's own provider.",
    )
    position = _position("image")
    provider_id = _text("The provider: `domain/name-slug`.")
    url = _text("URL of the image as written, less credentials.")
    width = _count("Width in pixels.")
    height = _count("Height in pixels.")


class DocumentAuthors(dy.Schema):
    """An author that a document's provider entry names."""

    document_id = _id()
    position = _position("author")
    name = _text("Name of the author as written.")
    url = _text("URL of the author as written, less credentials.")


class DocumentActions(dy.Schema):
    """Something that a document offers to do, such as a download."""

    document_id = _id()
    position = _position("action")
    url = _text("Where the action leads, as written, less credentials; may be `javascript:`, so no link to follow.")
    type = _text("Kind of action as written, such as download.")
    title = _text("Label of the action.")
    attribution = _text("Who offers the action.")


class DocumentLevels(dy.Schema):
    """A level of difficulty of a document."""

    document_id = _id()
    position = _position("level")
    level = _required("The level as written, such as Beginner.")


class DocumentItems(dy.Schema):
    """A member of a collection."""

    document_id = _id()
    position = _position("item")
    item = _required("Path of the member as written, without its extension.")


class Files(dy.Schema):
    """A file seen under the source."""

    document_id = _id("16 hex digits, a 64-bit hash of the path.")
    path = dy.String(unique=True, description="Path relative to the source folder, with `/`.")
    size = dy.Int64(min=0, description="Size in bytes.")
    mtime_ns = dy.Int64(description="When the file was last modified, in nanoseconds since 1970 (UTC).")
    content_hash = _text("As in documents; NULL for a file that is no document.")
    outcome = dy.Enum(FileOutcome, description="Outcome of the file: document, reject or skipped (no front matter).")


class Rejects(dy.Schema):
    """A file refused."""

    document_id = _id("16 hex digits, a 64-bit hash of the path.")
    path = dy.String(unique=True, description="Path relative to the source folder, with `/`.")
    reason = dy.Enum(Reason, description=f"Reason for the rejection: {', '.join(Reason)}.")
    message = _required("What was wrong and what to do next.")
    line = _count("1-based line of the file where the trouble is; NULL where it has none.")
    column = _count("1-based column of that line; NULL where it has none.")


class FieldIssues(dy.Schema):
    """A value refused, or read only after the line it stands in was repaired."""

    document_id = _id()
    position = _position("issue within the document")
    path = _required("Path relative to the source folder, with `/`.")
    field = _required("The field as in the file, such as `images[0].width`.")
    value = _text("The value, as written, less credentials and `secured`; JSON where it is a list or a mapping.")
    problem = _required("Why it was refused, or what was repaired.")


def polars_schema(schema: type[dy.Schema]) -> pl.Schema:
    """The columns of a table and their Polars types as stored: an enum is stored as text, which every tool reads."""
    return pl.Schema(
        {
            name: pl.String() if isinstance(column.dtype, pl.Enum) else column.dtype
            for name, column in schema.columns().items()
        }
    )


TABLES: dict[str, type[dy.Schema]] = {
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
    "files": Files,
    "rejects": Rejects,
    "field_issues": FieldIssues,
}
