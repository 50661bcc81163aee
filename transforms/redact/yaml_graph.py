"""`secured` values removed from YAML that is composed but not yet constructed, with everything that aliases share.

An alias elsewhere to an anchor inside a `secured` value puts a part of it into another field; an alias inside a
`secured` value makes the node that it refers to a part of it. Both are one node of the graph, and that node is secured
wherever it occurs.
"""

from collections.abc import Iterator
from typing import Final

import yaml

from transforms.redact.secured import is_secured

_MERGE: Final = "tag:yaml.org,2002:merge"
_NULL: Final = "tag:yaml.org,2002:null"


def remove_secured(root: yaml.Node) -> list[str]:
    """Set the value of every `secured` key to null, and remove nodes shared with it -> the fields that lost one.

    Args:
        root: a graph without cycles. Its nodes are changed in place.
    """
    secret = {id(node) for value in _secured_values(root) for node, _ in _walk(value, "")}
    if not secret:
        return []
    shared: list[str] = []
    for node, name in list(_walk(root, "")):
        if id(node) in secret:
            continue
        if isinstance(node, yaml.MappingNode):
            node.value = list(_kept_pairs(node, name, secret, shared))
        elif isinstance(node, yaml.SequenceNode):
            node.value = [_kept_item(item, f"{name}[{place}]", secret, shared) for place, item in enumerate(node.value)]
    return shared


def _secured_values(root: yaml.Node) -> Iterator[yaml.Node]:
    for node, _ in _walk(root, ""):
        if isinstance(node, yaml.MappingNode):
            yield from (value for key, value in node.value if _is_secured(key))


def _walk(root: yaml.Node, name: str) -> Iterator[tuple[yaml.Node, str]]:
    """The node and every node below it, once each, with the field in which it occurs first."""
    seen: set[int] = set()
    stack = [(root, name)]
    while stack:
        node, name = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node, name
        stack.extend(reversed(list(_children(node, name))))


def _children(node: yaml.Node, name: str) -> Iterator[tuple[yaml.Node, str]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key, name
            yield value, _field(name, key)
    elif isinstance(node, yaml.SequenceNode):
        yield from ((item, f"{name}[{place}]") for place, item in enumerate(node.value))


def _kept_pairs(
    node: yaml.MappingNode, name: str, secret: set[int], shared: list[str]
) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    for key, value in node.value:
        if _is_secured(key):
            yield key, _null(value)
        elif id(key) in secret:
            shared.append(name)  # without the key, which is the secret itself
        elif id(value) in secret:
            shared.append(_field(name, key))
        else:
            if key.tag == _MERGE and isinstance(value, yaml.SequenceNode):
                _remove_merged(value, _field(name, key), secret, shared)
            yield key, value


def _remove_merged(merged: yaml.SequenceNode, name: str, secret: set[int], shared: list[str]) -> None:
    kept = [each for each in merged.value if id(each) not in secret]
    shared.extend([name] * (len(merged.value) - len(kept)))
    merged.value = kept


def _kept_item(item: yaml.Node, name: str, secret: set[int], shared: list[str]) -> yaml.Node:
    if id(item) not in secret:
        return item
    shared.append(name)
    return _null(item)  # so that later items keep their positions


def _is_secured(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode) and is_secured(key.value)


def _field(name: str, key: yaml.Node) -> str:
    own = key.value if isinstance(key, yaml.ScalarNode) else "?"
    return f"{name}.{own}" if name else own


def _null(node: yaml.Node) -> yaml.ScalarNode:
    return yaml.ScalarNode(_NULL, "", node.start_mark, node.end_mark)
