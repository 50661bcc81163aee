"""Front matter that breaks on one line -> the same with the value of that line in quotes, as its writer meant it.

`name: DM: The Show` is no YAML, and neither is `title: @work`: a value that holds a colon and a space, or begins with a
character that YAML keeps for itself, wants quotes. Only the line that the parser's error points into is touched, only
where a block mapping or sequence has a single unquoted value there, and only if all of the front matter parses then.
What lies inside `secured` is left alone, and so is a line with ` #`, where a comment might begin.
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

# A file with more broken lines than this was not broken by a missing pair of quotes.
MAX_REPAIRS: Final = 5
# Each repair reads the front matter anew; what is longer than this is left as it is.
MAX_BYTES: Final = 2**18
# Characters of a line: more than any title, and few enough that matching it takes no time.
MAX_LINE: Final = 5_000

# `key: value` or `- value`, also `- key: value`; a key that begins otherwise is no plain key.
_LINE: Final = re.compile(
    r"""(?P<before>\ *(?:-\ +)*
        (?:(?:"[^"\\]*"|'[^']*'|[^\s\-?:,\[\]{}\#&*!|>'"%@`](?:[^:]|:(?=\S))*?)\ *:[\ \t]+|(?<=-\ )\ *))
        (?P<value>[^\s'"](?:.*\S)?)\s*""",
    re.VERBOSE | re.ASCII,
)
# Not a list or mapping on one line that is wrong within, such as `[a, b: c: d]`: that is no text.
_WANTS_QUOTES: Final = re.compile(r"[@`%*&!\]}|>?,-]|\{[{%]|\[.*[^\]]\Z|\{.*[^}]\Z|[^\[{].*?:(?:\s|\Z)|:\s", re.ASCII)
_COMMENT: Final = re.compile(r"(?:^|\s)#", re.ASCII)
_PROBLEM: Final = "no YAML without quotes: it was read as if it stood in quotes"


@dataclass(frozen=True, slots=True)
class Repaired:
    """YAML (UTF-8) that parses, and what was put in quotes to that end, in the order of the file."""

    text: bytes
    repairs: tuple[Repair, ...]


def repaired(text: bytes, first_line: int, reject: Reject, limits: Limits = DEFAULT_LIMITS) -> Repaired | None:
    """A YAML text that was refused, with the values of its broken lines in quotes; None where that is no remedy.

    Args:
        text: front matter as UTF-8 with Unix line ends.
        first_line: the line of the file that it begins in.
        reject: why the judge refused it.
        limits: what it may hold.
    """
    if len(text) > MAX_BYTES:
        return None
    lines = text.decode().split("\n")
    columns: dict[int, int] = {}
    while reject.reason is Reason.INVALID_YAML and reject.line and reject.column and len(columns) < MAX_REPAIRS:
        place = reject.line - first_line
        match = _broken(lines[place], reject.column - 1) if place < len(lines) and place not in columns else None
        if match is None:
            return None
        lines[place] = match["before"] + "'" + match["value"].replace("'", "''") + "'"
        columns[place] = match.start("value")
        mended = "\n".join(lines).encode()
        try:
            parse_with_pyyaml(mended, first_line, limits)
        except Reject as another:
            reject = another
            continue
        return _located(mended, columns, limits)
    return None


def _broken(line: str, column: int) -> re.Match[str] | None:
    """The parts of a line that an error points into, if its value is one that wants quotes."""
    match = _LINE.fullmatch(line) if len(line) <= MAX_LINE else None
    if match is None or not match.start("value") <= column <= match.end("value"):
        return None
    return match if _WANTS_QUOTES.match(match["value"]) and not _COMMENT.search(match["value"]) else None


def _located(text: bytes, columns: dict[int, int], limits: Limits) -> Repaired | None:
    """The repairs by the fields that they are values of; None where one is not what its line made it look like."""
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

    A node that was seen stands there once more by an alias: what it is was told where it is written out.
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
