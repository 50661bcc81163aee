"""The line of a key in front matter, for issues that a reader looks up in the file. It is None rather than wrong."""

import json
import re
import tomllib
from typing import Final

import yaml

from transforms.parse.limits import DEFAULT_LIMITS, Limits
from transforms.parse.outcomes import Reject
from transforms.parse.split import FrontMatter
from transforms.parse.yaml_reference import compose_with_pyyaml

# Bytes: front matter is parsed once more for this, and TOML once for each line that may have the key.
_MAX_BYTES: Final = 2**16
# An escape; half a character, if it is one.
_ESCAPE: Final = re.compile(r"\\(?:(u[dD][89A-Fa-f][0-9A-Fa-f]{2})|.)")


def line_of_key(front: FrontMatter, key: str, limits: Limits = DEFAULT_LIMITS) -> int | None:
    """The 1-based line of a key in the file (of a notebook, in its first cell); None if it is not certain.

    Args:
        front: the front matter.
        key: a key as in the file, of the front matter itself or, with dots, of a mapping in it. A key that occurs more
            than once is the last one, whose value counts.
        limits: the limits of the front matter.
    """
    if len(front.text) > _MAX_BYTES and front.format != "json":
        return None
    text = front.text.decode(errors="replace")
    if front.format == "toml":
        line = _line_in_toml(text, key)
    else:
        line = _line_in_yaml(text if front.format == "yaml" else _json_as_yaml(text), key, limits)
    return None if line is None else front.line + line


def _json_as_yaml(text: str) -> str:
    """The object at the start of a text, with every character in its place.

    JSON is YAML, but for tabs, which it has only outside of texts, and for characters written as two escapes.
    """
    try:
        _, end = json.JSONDecoder().raw_decode(text[:_MAX_BYTES])
    except (ValueError, RecursionError):
        return ""
    return _ESCAPE.sub(lambda match: r"\ufffd" if match[1] else match[0], text[:end].replace("\t", " "))


def _line_in_yaml(text: str, key: str, limits: Limits) -> int | None:
    try:
        root = compose_with_pyyaml(text.encode(), limits)
    except (yaml.YAMLError, Reject):
        return None
    places = {node.start_mark.index for node in _last_keys(root, key)}
    if len(places) != 1:
        return None
    place = places.pop()
    return text.count("\n", 0, place)


def _last_keys(node: yaml.Node | None, key: str) -> list[yaml.Node]:
    """The nodes of the keys that a dotted key may name: more than one if a key has dots itself."""
    if not isinstance(node, yaml.MappingNode):
        return []
    last = {name.value: (name, value) for name, value in node.value if isinstance(name, yaml.ScalarNode)}
    found: list[yaml.Node] = [last[key][0]] if key in last else []
    for place, character in enumerate(key):
        if character == "." and key[:place] in last:
            found += _last_keys(last[key[:place]][1], key[place + 1 :])
    return found


def _line_in_toml(text: str, key: str) -> int | None:
    """The line before which TOML lacks the key, and after which it has it.

    A key occurs once in TOML, and a text up to the end of a line is TOML unless it ends within a value. A value of
    several lines is none.
    """
    whole = _load_toml(text)
    if whole is None or _ways(whole, key) != 1:
        return None
    lines = text.split("\n")
    last = key.rpartition(".")[2]
    for place in (place for place, line in enumerate(lines) if last in line):
        before, after = _load_toml("\n".join(lines[:place])), _load_toml("\n".join(lines[: place + 1]))
        if before is not None and after is not None and _ways(after, key) > _ways(before, key):
            return place
    return None


def _load_toml(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        return None


def _ways(value: object, key: str) -> int:
    """How many keys a dotted key may name."""
    if not isinstance(value, dict):
        return 0
    dots = [place for place, character in enumerate(key) if character == "."]
    return (key in value) + sum(_ways(value.get(key[:dot]), key[dot + 1 :]) for dot in dots)
