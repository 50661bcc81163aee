"""Related items of plain front matter, read once each."""

from collections.abc import Sequence
from typing import Final

from transforms.outline.lines import Outline, split_lines
from transforms.outline.memo import OutlineMemo, parse_outline_of_item
from transforms.outline.template import NotPlainError, Template, TemplateMaker
from transforms.parse.bounded_memo import BoundedMemo
from transforms.parse.limits import Limits
from transforms.parse.nested import dump_json
from transforms.parse.outcomes import RelatedItem
from transforms.parse.records import RecordBuilder, shape_related_item
from transforms.parse.related_list import RelatedText

# Bytes of items to remember.
_MOST_BYTES: Final = 32 * 2**20
# Of an item, in all that is kept of it, besides its values.
_BYTES_PER_ITEM: Final = 300


class RelatedReader:
    """Reads related items, and remembers them by the numbers of their texts."""

    def __init__(self, limits: Limits) -> None:
        """Set the limits of a file."""
        self._max_items = limits.items
        self._templates = OutlineMemo(self._make_templates)
        self._known = BoundedMemo[int, RelatedItem | None](_MOST_BYTES)

    def read(self, texts: Sequence[RelatedText]) -> Sequence[RelatedItem] | None:
        """The related items of texts; None if one of them is not plain, or if there are more than become rows."""
        if len(texts) > self._max_items:
            return None
        found: list[RelatedItem] = []
        for text in texts:
            try:
                item = self._known[text.number]
            except KeyError:
                item = self._remember(text)
            if item is None:
                return None
            found.append(item)
        return found

    def _remember(self, text: RelatedText) -> RelatedItem | None:
        item = None if text.is_suspect else self._read(text)
        size = len(item.record) + len(item.extra) if item else 0
        return self._known.remember(text.number, item, _BYTES_PER_ITEM + size)

    def _read(self, text: RelatedText) -> RelatedItem | None:
        lines = split_lines(text.text.rstrip(b"\n") + b"\n")
        templates = self._templates.get(*lines) if lines else None
        if lines is None or templates is None:
            return None
        try:
            return RelatedItem(text.number, *(template.fill(lines[1]) for template in templates))
        except NotPlainError:
            return None

    def _make_templates(self, outline: Outline, values: Sequence[bytes]) -> tuple[Template, Template]:
        item = parse_outline_of_item(b"related", outline, values)
        if not isinstance(item, dict):
            raise NotPlainError
        builder = RecordBuilder(max_items=self._max_items)
        record, extra = shape_related_item(item, builder)
        if builder.issues or builder.secured.count:
            raise NotPlainError
        maker = TemplateMaker(outline, self._max_items)
        return maker.make(dump_json(record)), maker.make(dump_json(extra), has_flags=True)
