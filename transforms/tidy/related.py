"""The rows of related items, of their images and of the images of providers.

A source repeats its related items: each document of a cluster lists all others. Items that several documents have in
common are cast once, and their rows repeated for each of these documents.
"""

from dataclasses import dataclass

import polars as pl

from transforms.fields import IMAGE, PROVIDER_IMAGE, RELATED, Record
from transforms.tidy import child_tables as children

# The name of an item among the distinct ones, in issues.
_ONLY_ITEM = "related[0]"


@dataclass(frozen=True, slots=True)
class SharedRelated:
    """Distinct related items, and the documents that have them.

    Attributes:
        items: a row per distinct item, in the shape of `records.RECORD_SCHEMA`: the item is the only related item of a
            document whose document_id is the number of the item.
        occurrences: a row per related item of a document: item (its number), document_id, path and related_position.
    """

    items: pl.DataFrame
    occurrences: pl.DataFrame


@dataclass(frozen=True, slots=True)
class RelatedRows:
    """The rows of three tables, and the issues of each in the order of records: field by field."""

    items: pl.DataFrame
    item_issues: pl.DataFrame
    images: pl.DataFrame
    image_issues: pl.DataFrame
    provider_images: pl.DataFrame
    provider_image_issues: pl.DataFrame

    def with_shared(self, shared: SharedRelated) -> "RelatedRows":
        """These rows, and those of related items that documents share."""
        rows = related_of(shared.items)
        occurrences = shared.occurrences
        own_and_shared = [self.provider_image_issues, _issues(rows.provider_image_issues, occurrences, PROVIDER_IMAGE)]
        return RelatedRows(
            pl.concat([self.items, _repeated(rows.items, occurrences, "position")]),
            pl.concat([self.item_issues, _issues(rows.item_issues, occurrences, RELATED)]),
            pl.concat([self.images, _repeated(rows.images, occurrences, "related_position")]),
            pl.concat([self.image_issues, _issues(rows.image_issues, occurrences, IMAGE)]),
            pl.concat([self.provider_images, _repeated(rows.provider_images, occurrences, "related_position")]),
            # A document may have issues of both, which alternate field by field.
            pl.concat(own_and_shared).sort(_place_of_field(PROVIDER_IMAGE), maintain_order=True),
        )


def related_of(records: pl.DataFrame) -> RelatedRows:
    """The rows of the related items in records, and the images of all providers in them."""
    items, item_issues = children.related(records)
    images, image_issues = children.related_images(items)
    provider_images, provider_image_issues = children.provider_images(records, items)
    return RelatedRows(items, item_issues, images, image_issues, provider_images, provider_image_issues)


def _repeated(rows: pl.DataFrame, occurrences: pl.DataFrame, position: str) -> pl.DataFrame:
    """The rows of distinct items, once for each document that has them; `position` is that of the item in its list."""
    own = rows.rename({"document_id": "item"}).drop("path", position)
    return own.join(occurrences.rename({"related_position": position}), on="item").select(rows.columns)


def _issues(issues: pl.DataFrame, occurrences: pl.DataFrame, record: Record) -> pl.DataFrame:
    """The issues of distinct items, once for each document that has them, named by their position there."""
    if issues.is_empty():
        return issues
    own = issues.rename({"document_id": "item"}).drop("path").with_row_index("row")
    repeated = own.join(occurrences, on="item").sort(_place_of_field(record), "related_position", "row")
    name = pl.format("related[{}]{}", "related_position", pl.col("field").str.slice(len(_ONLY_ITEM)))
    return repeated.with_columns(name.alias("field")).select(issues.columns)


def _place_of_field(record: Record) -> pl.Expr:
    """The place of the field of an issue, such as related[0].heat, among the declared fields of its record."""
    places = {path: place for place, (path, _) in enumerate(record.scalars)}
    field = pl.col("field").str.extract(r"([^\]]*)\z").str.strip_prefix(".")
    return field.replace_strict(places, return_dtype=pl.Int32)
