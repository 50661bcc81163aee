"""Invalid YAML -> the same text with quotes around the values that lack them.

`name: DM: The Show` and `title: @work` are not valid YAML: a value that contains a colon and a space, or begins with a
character that YAML reserves, needs quotes. Only the line that the parser's error points to is changed, only if it has a
single unquoted value of a block mapping or sequence, and only if the whole front matter parses after that. Values
inside `secured` are left alone, and so are lines with ` #`, where a comment might begin.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from transforms.parse.limits import DEFAULT_LIMITS, Limits
from transforms.parse.nested import Repair
from transforms.parse.outcomes import Reason, Reject
from transforms.parse.yaml_reference import compose_with_pyyaml, parse_with_pyyaml
from transforms.redact.secured import is_secured

# A file with more invalid lines than this has another problem than missing quotes.
MAX_REPAIRS: Final = 5
# Each repair parses the front matter again, so longer front matter is not repaired.
MAX_BYTES: Final = 2**18
# Characters of a line: longer than any title, and short enough to match quickly.
MAX_LINE: Final = 5_000

# `key: value`, `- value` or `- key: value`; other first characters do not begin a plain key.
_LINE: Final = re.compile(
    r"""(?P<before>\ *(?:-\ +)*
        (?:(?:"[^"\\]*"|'[^']*'|[^\s\-?:,\[\]{}\#&*!|>'"%@`](?:[^:]|:(?=\S))*?)\ *:[\ \t]+|(?<=-\ )\ *))
        (?P<value>[^\s'"](?:.*\S)?)\s*""",
    re.VERBOSE | re.ASCII,
)
# Not a list or mapping on one line with an error inside, such as `[a, b: c: d]`: that is not a text.
_NEEDS_QUOTES: Final = re.compile(r"[@`%*&!\]}|>?,-]|\{[{%]|\[.*[^\]]\Z|\{.*[^}]\Z|[^\[{].*?:(?:\s|\Z)|:\s", re.ASCII)
_COMMENT: Final = re.compile(r"(?:^|\s)#", re.ASCII)
_PROBLEM: Final = "not valid YAML without quotes: read as if quoted"


@dataclass(frozen=True, slots=True)
class Repaired:
    """Valid YAML (UTF-8), and the values that were quoted, in the order of the file."""

    text: bytes
    repairs: tuple[Repair, ...]


def repair_quotes(text: bytes, first_line: int, reject: Reject, limits: Limits = DEFAULT_LIMITS) -> Repaired | None:
    """Invalid YAML with quotes around the values of the lines that need them; None if that does not make it valid.

    Args:
        text: front matter as UTF-8 with Unix line ends.
        first_line: the line of the file on which it begins.
        reject: the reject of the reference parser.
        limits: the limits of the front matter.
    """
    if len(text) > MAX_BYTES:
        return None
    lines = text.decode().split("\n")
    columns: dict[int, int] = {}
    while reject.reason is Reason.INVALID_YAML and reject.line and reject.column and len(columns) < MAX_REPAIRS:
        place = reject.line - first_line
        match = _match_value(lines[place], reject.column - 1) if place < len(lines) and place not in columns else None
        if match is None:
            return None
        lines[place] = match["before"] + "'" + match["value"].replace("'", "''") + "'"
        columns[place] = match.start("value")
        candidate = "\n".join(lines).encode()
        try:
            parse_with_pyyaml(candidate, first_line, limits)
        except Reject as another:
            reject = another
            continue
        return _located(candidate, columns, limits)
    return None


def _match_value(line: str, column: int) -> re.Match[str] | None:
    """The parts of a line, if the error points into its value and the value needs quotes."""
    match = _LINE.fullmatch(line) if len(line) <= MAX_LINE else None
    if match is None or not match.start("value") <= column <= match.end("value"):
        return None
    return match if _NEEDS_QUOTES.match(match["value"]) and not _COMMENT.search(match["value"]) else None


def _located(text: bytes, columns: dict[int, int], limits: Limits) -> Repaired | None:
    """The repairs with the fields of their values; None if a quoted text is not the whole value of a field."""
    root = compose_with_pyyaml(text, limits)
    found = {(node.start_mark.line, node.start_mark.column): (name, node) for name, node in _values(root, "", set())}
    repairs = []
    for place in sorted(columns.items()):
        name, node = found.get(place, ("", None))
        if node is None:
            return None
        repairs.append(Repair(name, node.value, _PROBLEM))
    return Repaired(text, tuple(repairs))


def _values(node: yaml.Node | None, name: str, seen: set[int]) -> Iterator[tuple[str, yaml.ScalarNode]]:
    """The quoted values of block mappings and sequences outside of `secured`, each with its field.

    A node that was seen before is an alias; its values were yielded where they are written out.
    """
    if not isinstance(node, yaml.CollectionNode) or id(node) in seen:
        return
    seen.add(id(node))
    for inner_name, inner, is_hidden in _inner(node, name):
        if is_hidden:
            for _ in _values(inner, inner_name, seen):
                pass
            continue
        if isinstance(inner, yaml.ScalarNode) and inner.style == "'" and not node.flow_style:
            yield inner_name, inner
        yield from _values(inner, inner_name, seen)


def _inner(node: yaml.Node, name: str) -> Iterator[tuple[str, yaml.Node, bool]]:
    """The nodes within a node, each with its field, and whether it is `secured`."""
    if isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield f"{name}[{place}]", item, False
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield f"{name}.{key.value}" if name else key.value, value, is_secured(key.value)
