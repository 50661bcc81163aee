"""Documents as JSON lines -> every tidy table."""

import polars as pl

from transforms import children
from transforms.documents import documents
from transforms.records import RECORD_SCHEMA
from transforms.tables import TABLES


def read_records(lines: bytes) -> pl.DataFrame:
    """Records, one a line of JSON -> a frame in the shape of `records.RECORD_SCHEMA`, every scalar as text."""
    return pl.read_ndjson(lines, schema=RECORD_SCHEMA) if lines else pl.DataFrame(schema=RECORD_SCHEMA)


def tidy_tables(records: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Flatten records into one frame a table: all of `tables.TABLES` but files and rejects.

    Each frame holds the columns that its schema declares, in that order, and rows in the order of its key's document
    in `records`. Every list item of the file is a row, or a row of field_issues.
    """
    document_rows, document_issues = documents(records)
    image_rows, image_issues = children.images(records)
    related_rows, related_issues = children.related(records)
    related_image_rows, related_image_issues = children.related_images(related_rows)
    provider_image_rows, provider_image_issues = children.provider_images(records, related_rows)
    issues = [document_issues, image_issues, related_issues, related_image_issues, provider_image_issues]
    frames = {
        "documents": document_rows,
        "document_topics": children.topics(records),
        "document_images": image_rows,
        "related_items": related_rows,
        "related_images": related_image_rows,
        "provider_images": provider_image_rows,
        "document_authors": children.structs(records, pl.col("provider").struct.field("authors")),
        "document_actions": children.structs(records, pl.col("actions")),
        "document_levels": children.texts(records, "levels", "level"),
        "document_items": children.texts(records, "items", "item"),
        "field_issues": children.field_issues(records, issues),
    }
    return {name: frame.select(TABLES[name].column_names()) for name, frame in frames.items()}


def validate(frames: dict[str, pl.DataFrame]) -> None:
    """Hold every frame to its declared schema. Raises dataframely's ValidationError, which names the rules broken."""
    for name, frame in frames.items():
        TABLES[name].validate(frame)
