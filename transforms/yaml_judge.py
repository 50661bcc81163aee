"""YAML -> nested Python values with python-frontmatter (PyYAML): the judge of whatever rapidyaml leaves open.

Its word is final, and its message names the line. Scalars stay the text they were: only null is resolved.
"""

import re
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from transforms.outcomes import MAX_DEPTH, Reason, Reject, too_deep
from transforms.values import Loaded, as_text, earlier

MAX_NODES = 1_000_000

# The C parser is an optional part of PyYAML; it is some ten times as fast.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TextLoader(_Base):  # type: ignore[misc]
    """PyYAML's safe loader, but scalars stay text, repeated keys are kept aside, and aliases are counted first."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (PyYAML's own way)

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.repeated: list[tuple[str, object]] = []
        self.depth = 0

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        # Called for every node before its children are read; left alone, depth would run the C parser out of stack.
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_deep()
        super().descend_resolver(current_node, current_index)

    def ascend_resolver(self) -> None:
        self.depth -= 1
        super().ascend_resolver()

    def construct_document(self, node: yaml.Node) -> "_Document":
        _measure(node)
        value = super().construct_document(node)
        return _Document(value, self.repeated)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        if isinstance(node, yaml.MappingNode):
            self.repeated.extend(self._repeated_in(node))
        return super().construct_mapping(node, deep=deep)

    def _repeated_in(self, node: yaml.MappingNode) -> list[tuple[str, object]]:
        own = [(key.value, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]
        return [(key, self.construct_object(value, deep=True)) for key, value in earlier(own) if key != "<<"]


class _Document(dict[str, Any]):
    """What python-frontmatter wants a handler to return, with the repeated keys beside the value."""

    def __init__(self, value: object, repeated: list[tuple[str, object]]) -> None:
        super().__init__(loaded=Loaded(value, repeated))


_TextLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_TextLoader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), ["<"])


def read_judged(text: bytes, first_line: int) -> Loaded:
    """Value and repeated keys of a YAML text (UTF-8) that begins in `first_line` of its file.

    Raises Reject with the place in the file where the text is no YAML, nests too deep, or expands too far.
    """
    try:
        document = YAMLHandler().load(text.decode(), Loader=_TextLoader)
    except yaml.MarkedYAMLError as error:
        raise _refused(error, first_line) from None
    except yaml.reader.ReaderError:
        raise _unprintable(text, first_line) from None
    except RecursionError:
        raise too_deep() from None
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError):  # PyYAML's own: !!int x, !!bool y
        # Its message shows the value, which may be what must not be shown.
        message = "a tagged value is not what its tag says: correct the value or remove the tag"
        raise Reject(Reason.INVALID_YAML, message) from None
    if document is None:
        return Loaded({})
    loaded: Loaded = document["loaded"]
    return Loaded(as_text(loaded.value), [(key, as_text(value)) for key, value in loaded.repeated])


def compose_judged(text: bytes) -> yaml.Node | None:
    """The nodes of a YAML text that `read_judged` takes, each with its place."""
    node: yaml.Node | None = _TextLoader(text.decode()).get_single_node()
    return node


def _refused(error: yaml.MarkedYAMLError, first_line: int) -> Reject:
    # The snippet of the line stays out: it may hold what must not be shown.
    mark = error.problem_mark or error.context_mark
    what = (error.problem or error.context or "not valid YAML").strip()
    line = mark.line + first_line if mark else None
    return Reject(Reason.INVALID_YAML, f"{what}: {_advice(what)}", line, mark.column + 1 if mark else None)


def _advice(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "a value that holds a colon and a space needs quotes around it"
    if "found character" in problem:
        return "a value that begins with this character needs quotes around it; indent with spaces, not tabs"
    if "could not determine a constructor" in problem:
        return "remove the tag, or write the value without it"
    if "duplicate anchor" in problem or "undefined alias" in problem:
        return "a value that begins with & or * needs quotes around it"
    return "check the quotes, brackets and indentation of this line and the one before"


def _unprintable(text: bytes, first_line: int) -> Reject:
    # Looked for anew: the error counts bytes in the C parser and characters in the other.
    before = yaml.reader.Reader.NON_PRINTABLE.split(text.decode(), maxsplit=1)[0]
    return Reject(
        Reason.INVALID_YAML,
        "a control character that YAML does not allow: remove it, or write it as an escape in double quotes",
        before.count("\n") + first_line,
        len(before) - (before.rfind("\n") + 1) + 1,
    )


def _measure(root: yaml.Node) -> None:
    """Count the nodes that aliases would expand to, each node once, before anything is built from them."""
    sizes: dict[int, int] = {}
    open_: set[int] = set()
    stack: list[tuple[yaml.Node, bool]] = [(root, False)]
    while stack:
        node, is_done = stack.pop()
        children = _children(node)
        if is_done:
            open_.discard(id(node))
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in children)
            if sizes[id(node)] > MAX_NODES:
                message = f"aliases expand to more than {MAX_NODES:,} values: write fewer of them out"
                raise Reject(Reason.TOO_MANY_ALIASES, message)
        elif id(node) in open_:
            raise Reject(Reason.TOO_MANY_ALIASES, "an alias stands inside the value that it names: remove it")
        elif id(node) not in sizes:
            open_.add(id(node))
            if len(open_) > MAX_DEPTH:
                raise too_deep()
            stack.append((node, True))
            stack.extend((child, False) for child in children)


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
