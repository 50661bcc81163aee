"""Plain front matter -> its mapping, as `yaml_rapid` gives it, in a fraction of the time."""

from collections.abc import Sequence

import orjson

from transforms.outline.lines import Outline, split_lines
from transforms.outline.memo import OutlineMemo, parse_outline
from transforms.outline.template import NotPlainError, Template, TemplateMaker
from transforms.parse.limits import DEFAULT_LIMITS, Limits
from transforms.parse.nested import ParsedFrontMatter
from transforms.parse.yaml_rapid import is_root_indented


class MappingReader:
    """Reads mappings, and remembers their outlines."""

    def __init__(self) -> None:
        """Start without outlines."""
        self._templates = OutlineMemo(_template)

    def read(self, text: bytes, limits: Limits) -> ParsedFrontMatter | None:
        """The mapping of a YAML text (UTF-8); None if the text is not plain, or may exceed the limits."""
        if not is_within(len(text), limits) or is_root_indented(text) or (lines := split_lines(text)) is None:
            return None
        template = self._templates.get(*lines)
        return None if template is None else ParsedFrontMatter(orjson.loads(template.fill(lines[1])))


def is_within(size: int, limits: Limits) -> bool:
    """Whether plain text of this many bytes is within the limits of values and depth, whatever it has.

    A value takes a character at least. Outlines are parsed with the default limits.
    """
    return size <= limits.values and limits.depth >= DEFAULT_LIMITS.depth


def _template(outline: Outline, values: Sequence[bytes]) -> Template:
    mapping = parse_outline(outline, values)
    if not isinstance(mapping, dict):
        raise NotPlainError
    return TemplateMaker(outline, max_items=0).make(orjson.dumps(mapping), has_flags=True)
