"""The declared fields agree with the schemas of the tables, and nothing else names a field."""

from collections import Counter

from transforms.fields import DOCUMENT, Kind, declared_fields, source_keys
from transforms.parse.records import RECORD_SCHEMA
from transforms.tables import TABLES

# Columns that are computed, or come from the path, the body or the position in a list.
DERIVED = {
    "documents": {
        *("document_id", "path", "collection", "canonical_url", "url_host", "is_suppressed", "provider_id"),
        *("body_chars", "body_words", "is_text_repaired", "is_repaired", "content_hash", "extra"),
        *("slug", "language", "weight", "document_kind"),  # of the preset generic, whose fields are another list
    },
    "document_topics": {"document_id", "position", "topic_id", "topic_kind"},
    "document_images": {"document_id", "position", "host"},
    "related_items": {"document_id", "position", "canonical_url", "provider_id"},
    "related_images": {"document_id", "related_position", "position", "host"},
    "provider_images": {"document_id", "related_position", "position", "provider_id"},
}


def test_every_column_of_a_table_is_declared_or_derived() -> None:
    declared: dict[str, set[str]] = {}
    for table, column in source_keys():
        declared.setdefault(table, set()).add(column)
    expected = {
        table: set(TABLES[table].column_names()) - DERIVED.get(table, {"document_id", "position"}) for table in declared
    }
    assert declared == expected
    assert set(declared) == set(TABLES) - {"files", "rejects", "field_issues", "field_sources", "document_columns"}


def test_every_field_has_a_key_and_a_name_of_its_own() -> None:
    fields = declared_fields()
    assert max(Counter(field.key for field in fields).values()) == 1
    names = Counter(field.name for field in fields if not field.is_in_list and field.kind is not Kind.MAPPING)
    assert max(names.values()) == 1


def test_fields_within_mappings_and_lists_have_the_key_with_those_above_it() -> None:
    by_key = {field.key: field for field in declared_fields()}
    author, width = by_key["provider.authors[].name"], by_key["related[].provider.images[].width"]
    assert (author.table_name, author.column_name, author.parent_key) == ("document_authors", "name", None)
    assert (width.table_name, width.column_name, width.value_kind) == ("provider_images", "width", "number")
    assert by_key["ratings.count"].parent_key == "ratings"
    assert by_key["topics[]"].column_name == "topic"
    assert by_key["related[].provider.name"].parent_key == "related[].provider"


def test_lists_that_share_a_table_share_its_columns() -> None:
    assert source_keys()["provider_images", "url"] == ["provider.images[].url", "related[].provider.images[].url"]


def test_a_record_has_every_declared_key_but_the_secret() -> None:
    assert {field.key for field in DOCUMENT.fields} - set(RECORD_SCHEMA) == {"secured"}
