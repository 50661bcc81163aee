"""The lists of a document as a comparison reads them: what an item is called, and what else it has.

Items are matched by their names, not by their places: an item that is inserted at the front does not make all items
behind it differ.
"""

from dataclasses import dataclass
from typing import Final

_URL: Final = "coalesce(item.url, '')"
# The item of related_items that an image belongs to, if any, before the image itself.
_RELATED: Final = "coalesce(related.canonical_url, nullif(related.web_url, ''), related.title, '')"


@dataclass(frozen=True, slots=True)
class ListField:
    """A child table of documents as a field of its document.

    Attributes:
        table: the tidy table.
        field: the name of the field in a difference.
        name: SQL for the name of an item, over `item`, a row of the table, and `related`, the related item it is in.
        places: the columns that order the items of a document.
        is_ordered: whether items in another order are a difference of this field.
        ignored: columns that are parts of the key, of the document, or derived from the name.
    """

    table: str
    field: str
    name: str
    places: tuple[str, ...] = ("position",)
    is_ordered: bool = True
    ignored: tuple[str, ...] = ()

    @property
    def is_within_related(self) -> bool:
        """Whether its items are parts of related items."""
        return "related_position" in self.places


_WITHIN: Final = ("related_position", "position")
LISTS: Final = (
    ListField("document_topics", "topics", "item.topic", ignored=("topic_id",)),
    ListField("document_images", "images", _URL, ignored=("host",)),
    ListField(
        "related_items",
        "related",
        "coalesce(item.canonical_url, nullif(item.web_url, ''), item.title, '')",
        ignored=("canonical_url",),
    ),
    ListField(
        "related_images",
        "related_images",
        f"concat_ws(' ', {_RELATED}, {_URL})",
        places=_WITHIN,
        is_ordered=False,
        ignored=("host",),
    ),
    ListField(
        "provider_images",
        "provider_images",
        f"concat_ws(' ', {_RELATED}, item.provider_id, {_URL})",
        places=_WITHIN,
        is_ordered=False,
        ignored=("provider_id",),
    ),
    ListField("document_authors", "authors", "coalesce(item.name, item.url, '')"),
    ListField("document_actions", "actions", "coalesce(item.url, item.title, '')"),
    ListField("document_levels", "levels", "item.level"),
    ListField("document_items", "items", "item.item"),
    ListField("document_columns", "columns", "item.column_name", places=("column_name",), is_ordered=False),
    ListField("field_sources", "sources", "item.field", is_ordered=False),
    ListField("field_issues", "issues", "item.field", is_ordered=False, ignored=("path",)),
)
