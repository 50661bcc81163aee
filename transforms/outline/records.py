"""Plain front matter -> the line of JSON of its document, as the preset `smartable` reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from transforms.outline.lines import Outline, split_lines
from transforms.outline.mappings import is_within
from transforms.outline.memo import OutlineMemo, parse_outline
from transforms.outline.related import RelatedReader
from transforms.outline.template import NotPlainError, Template, TemplateMaker, placeholder, places_in
from transforms.outline.values import STRUCTURAL, within_text
from transforms.parse.content_hash import ContentHash
from transforms.parse.frontmatter import KNOWN_NAMES
from transforms.parse.limits import Limits
from transforms.parse.nested import Mapping, dump_json
from transforms.parse.outcomes import RelatedItem
from transforms.parse.records import RecordBuilder, shape_record
from transforms.parse.yaml_rapid import is_root_indented
from transforms.redact.record import is_suspect_text

_RELATED: Final = "related"
_RELATED_EXTRA: Final = "related_extra"
# The values of a line that are not in its front matter, in the order in which a template takes them.
_NAMES: Final = (*KNOWN_NAMES, _RELATED_EXTRA)


@dataclass(frozen=True, slots=True)
class _Templates:
    """The templates of an outline.

    Attributes:
        secured_count: how many `secured` keys it has.
        line: of a document without related items that have other keys than fields.
        with_extra: of a document with such items.
    """

    secured_count: int
    line: Template
    with_extra: Template


class LineReader:
    """Reads documents, and remembers their outlines and related items."""

    def __init__(self, limits: Limits) -> None:
        """Set the limits of a file."""
        self._limits = limits
        self._related = RelatedReader(limits)
        self._templates = OutlineMemo(self._make_templates)

    def read(
        self, front: ContentHash, find_known: Callable[[], Sequence[bytes]]
    ) -> tuple[bytes, Sequence[RelatedItem]] | None:
        """The line of JSON of a document and its related items, which the line does not have.

        None if its front matter is not plain, or may need a closer look.

        Args:
            front: YAML, as its content hash covers it.
            find_known: finds the values of `frontmatter.KNOWN_NAMES` as JSON; called only if the document is plain.
        """
        text, secured_count = front.text, front.left_out
        size = len(text) + sum([len(item.text) for item in front.related])
        if not is_within(size, self._limits) or is_root_indented(text) or is_suspect_text(text, secured_count):
            return None
        lines = split_lines(text)
        templates = self._templates.get(*lines) if lines else None
        if lines is None or templates is None or templates.secured_count != secured_count:
            return None
        items = self._related.read(front.related) if front.related else ()
        if items is None:
            return None
        values = [*lines[1], *find_known()]
        template = templates.line
        if any(item.extra != b"{}" for item in items):
            template = templates.with_extra
            values.append(within_text(b"[" + b",".join([item.extra for item in items]) + b"]"))
        try:
            return template.fill(values), items
        except NotPlainError:
            return None

    def _make_templates(self, outline: Outline, values: Sequence[bytes]) -> _Templates:
        parsed = parse_outline(outline, values)
        if not isinstance(parsed, dict) or _RELATED in parsed:
            raise NotPlainError
        builder = RecordBuilder(max_items=self._limits.items)
        record, extra = shape_record(parsed, builder)
        secured_count = builder.secured.count
        if builder.issues or secured_count > 1:
            raise NotPlainError
        maker = TemplateMaker(outline, self._limits.items, _NAMES)
        known = {name: placeholder(name) for name in KNOWN_NAMES} | {
            "has_secured": secured_count > 0,
            "is_repaired": False,
            "issues": [],
        }
        with_extra = extra | {_RELATED: placeholder(_RELATED_EXTRA)}
        texts = [_line(record | known, extra), _line(record | known, with_extra)]
        expected = {place for place, value in enumerate(values) if value not in STRUCTURAL}
        if set(places_in(texts[0])) != expected:
            raise NotPlainError
        return _Templates(secured_count, *(maker.make(text) for text in texts))


def _line(record: Mapping, extra: Mapping) -> bytes:
    return dump_json(record | {"extra": dump_json(extra).decode() if extra else None})
