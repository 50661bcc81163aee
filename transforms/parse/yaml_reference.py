"""YAML -> nested values with python-frontmatter (PyYAML): the reference parser, for YAML that rapidyaml leaves.

Its result counts, and its errors have the line. Scalars stay text as written; only null, true and false are resolved.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple

import yaml
from frontmatter.default_handlers import YAMLHandler

from transforms.parse.limits import DEFAULT_LIMITS, Limits, enforce, too_deep, too_many_aliases, too_many_values
from transforms.parse.nested import ParsedFrontMatter, as_text, shadowed
from transforms.parse.outcomes import Reason, Reject
from transforms.redact.messages import strip_quotes
from transforms.redact.yaml_graph import remove_secured

# PyYAML takes quadratic time for the length of a number in base 60, such as 1:30:00.
_MAX_DIGITS: Final = 1_000

# The C parser is an optional part of PyYAML; it is some ten times as fast.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TextLoader(_Base):  # type: ignore[misc]
    """PyYAML's safe loader, with scalars as text, a list of repeated keys, and limits."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (as PyYAML declares it)

    def __init__(self, stream: str, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(stream)
        self.repeated: list[tuple[str, object]] = []
        self.limits = limits
        self.has_aliases = "*" in stream
        self.depth = 0
        self.count = 0

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        # Called for every node before its children are read: without a limit, nesting overflows the C parser's stack.
        self.depth += 1
        if self.depth > self.limits.depth + 1:  # the deepest list may contain a single value
            raise too_deep(self.limits)
        self.count += current_index is not None  # not for the root and for keys
        if self.count > self.limits.values:
            raise too_many_values(self.limits)
        super().descend_resolver(current_node, current_index)

    def ascend_resolver(self) -> None:
        self.depth -= 1
        super().ascend_resolver()

    def construct_document(self, node: yaml.Node) -> "_Document":
        if self.has_aliases:
            _measure(node, self.limits)
        shared = remove_secured(node)
        value = super().construct_document(node)
        return _Document(ParsedFrontMatter(value, self.repeated, shared))

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        if isinstance(node, yaml.MappingNode):
            self.repeated.extend(self._repeated_in(node))
        return super().construct_mapping(node, deep=deep)

    def _repeated_in(self, node: yaml.MappingNode) -> list[tuple[str, object]]:
        own = [(key.value, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]
        return [(key, self.construct_object(value, deep=True)) for key, value in shadowed(own) if key != "<<"]


class _Document(dict[str, Any]):
    """A mapping, as python-frontmatter expects from a handler."""

    def __init__(self, loaded: ParsedFrontMatter) -> None:
        super().__init__(loaded=loaded)


_TextLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
# As JSON spells them, and so rapidyaml: other spellings of YAML 1.1, such as yes, may as well be texts.
_TextLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_TextLoader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), ["<"])


def _short(construct: Callable[[Any, yaml.ScalarNode], object]) -> Callable[[Any, yaml.ScalarNode], object]:
    """A constructor of tagged numbers that refuses texts longer than any number."""

    def construct_short(loader: Any, node: yaml.ScalarNode) -> object:
        if len(node.value) > _MAX_DIGITS:
            raise ValueError
        return construct(loader, node)

    return construct_short


_TextLoader.add_constructor("tag:yaml.org,2002:int", _short(_Base.construct_yaml_int))
_TextLoader.add_constructor("tag:yaml.org,2002:float", _short(_Base.construct_yaml_float))


def parse_with_pyyaml(text: bytes, first_line: int, limits: Limits = DEFAULT_LIMITS) -> ParsedFrontMatter:
    """The value of a YAML text (UTF-8) that begins on `first_line` of its file, and its repeated keys.

    Raises Reject, with the place in the file, for invalid YAML and beyond the limits.
    """
    try:
        document = YAMLHandler().load(text.decode(), Loader=partial(_TextLoader, limits=limits))
    except yaml.MarkedYAMLError as error:
        raise _refused(error, first_line) from None
    except yaml.reader.ReaderError:
        raise _unprintable(text, first_line) from None
    except RecursionError:
        raise too_deep(limits) from None
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError):
        # Raised by PyYAML for !!int x and !!bool y. Its message quotes the value, which may be secret.
        message = "a value does not match its YAML tag: correct the value or remove the tag"
        raise Reject(Reason.INVALID_YAML, message) from None
    if document is None:
        return ParsedFrontMatter({})
    loaded: ParsedFrontMatter = document["loaded"]
    enforce(limits, loaded.value, loaded.repeated)
    return ParsedFrontMatter(
        as_text(loaded.value), [(key, as_text(value)) for key, value in loaded.repeated], loaded.shared
    )


def compose_with_pyyaml(text: bytes, limits: Limits) -> yaml.Node | None:
    """The nodes of a YAML text that `parse_with_pyyaml` accepts, each with its place."""
    node: yaml.Node | None = _TextLoader(text.decode(), limits).get_single_node()
    return node


def _refused(error: yaml.MarkedYAMLError, first_line: int) -> Reject:
    # The snippet of the line is left out, because it may be secret. So is text that PyYAML quotes, unless it was
    # constructing values: by then `secured` values are removed.
    mark = error.problem_mark or error.context_mark
    problem = (error.problem or error.context or "not valid YAML").strip()
    problem = problem if isinstance(error, yaml.constructor.ConstructorError) else strip_quotes(problem)
    line = mark.line + first_line if mark else None
    return Reject(Reason.INVALID_YAML, f"{problem}: {_advice(problem)}", line, mark.column + 1 if mark else None)


def _advice(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "a value that contains a colon and a space needs quotes around it"
    if "found character" in problem:
        return "a value that begins with this character needs quotes around it; indent with spaces, not tabs"
    if "could not determine a constructor" in problem:
        return "remove the tag, or write the value without it"
    if "duplicate anchor" in problem or "undefined alias" in problem:
        return "a value that begins with & or * needs quotes around it"
    if "<document start>" in problem:
        return "'...' on a line ends the front matter: remove it, or indent it if it is part of a text"
    if "unhashable key" in problem:
        return "a key must be a single value, not a list or mapping"
    return "check the quotes, brackets and indentation of this line and the one before"


def _unprintable(text: bytes, first_line: int) -> Reject:
    # Searched for again, because the error of the C parser counts bytes and that of the other parser characters.
    before = yaml.reader.Reader.NON_PRINTABLE.split(text.decode(), maxsplit=1)[0]
    return Reject(
        Reason.INVALID_YAML,
        "a control character that YAML does not allow: remove it, or write it as an escape in double quotes",
        before.count("\n") + first_line,
        len(before) - (before.rfind("\n") + 1) + 1,
    )


class _Size(NamedTuple):
    """The size of a node with aliases expanded: values in it, characters, and nesting depth."""

    values: int
    characters: int
    depth: int


def _measure(root: yaml.Node, limits: Limits) -> None:
    """Measure what aliases expand to, each node once, before values are constructed. Raises Reject."""
    sizes: dict[int, _Size] = {}
    open_: set[int] = set()
    stack: list[tuple[yaml.Node, bool]] = [(root, False)]
    while stack:
        node, is_done = stack.pop()
        if is_done:
            open_.discard(id(node))
            size = sizes[id(node)] = _size(node, sizes)
            if size.values > limits.values or size.characters > limits.front_matter_bytes:
                raise too_many_aliases(limits)
            if size.depth > limits.depth:
                raise too_deep(limits)
        elif id(node) in open_:
            raise Reject(Reason.TOO_MANY_ALIASES, "an alias inside the value that it refers to: remove it")
        elif id(node) not in sizes:
            open_.add(id(node))
            stack.append((node, True))
            stack.extend((child, False) for child in _children(node))


def _size(node: yaml.Node, sizes: dict[int, _Size]) -> _Size:
    if isinstance(node, yaml.ScalarNode):
        return _Size(0, len(node.value), 0)
    inner = [sizes[id(child)] for child in _children(node)]
    return _Size(
        values=len(node.value) + sum(size.values for size in inner),
        characters=sum(size.characters for size in inner),
        depth=1 + max((size.depth for size in inner), default=0),
    )


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
