"""YAML -> nested Python values with rapidyaml, some ten times as fast as libyaml, or None: ask the judge.

rapidyaml builds its tree and writes it as JSON without making a Python object; the JSON is then read with every
number left as the text that the file has. It is not trusted further than that: what it refuses, JSON that does not
parse, and each construct whose text JSON would not give back (anchors, tags, '~', '5.') is left to `yaml_judge`.
"""

import json
import re

import ryml

from transforms.parse.limits import DEFAULT_LIMITS, Limits, enforce, too_many_values
from transforms.parse.nested import Mapping, ParsedFrontMatter, keep_last

# More brackets, indentation or dashes than any front matter has: deep nesting would overflow rapidyaml's stack.
_MAX_BRACKETS = 5_000
_DEEP = (b" " * 400, b"- " * 100)
# What nests deeper than this, rapidyaml does not write as JSON.
_MAX_EMITTED_DEPTH = 64
# Control characters, which libyaml refuses, and tabs, which the two read differently behind a key.
_CONTROLS = bytes({*range(32), 127} - {10})
# What the two read differently, each with bytes that it needs, which are found faster.
_TRAPS = (
    (b"!", re.compile(rb"!(?<![^\s\[{,:-]!)")),  # a tag
    # an anchor, and one without a name
    (
        b"&",
        re.compile(
            rb"&(?:(?<![^\s\[{,:-]&)[\w-]+[\s?:,\]}%@`]|(?<=[\n\[{,]&)|(?<=[\n :?,\[{-] &))",
        ),
    ),
    # a key that may be nested; in braces without a space behind it
    (
        b"?",
        re.compile(
            rb"\?(?:(?<=[\n\[{,]\?)|(?<=[\n \[{,:] \?)|[ \n](?:(?<=[\n -][ -]\?.)|(?<!.\?.)))",
            re.DOTALL,
        ),
    ),
    (b"%", re.compile(rb"%(?<![^\n]%)")),  # a directive
    (b"...", re.compile(rb"\.\.\.(?<![^\n]\.\.\.)")),  # the end of a document
    # in brackets a comment, and an end of the line, behind which a key may go on
    (b"[", re.compile(rb"\[(?:(?<=[\n :-] \[)|(?<=\A \[)|(?<![^\n]\[))[^\n]{0,1999}?(?: #|[^\n\]} ] *\n)")),
    (b"{", re.compile(rb"\{(?:(?<=[\n :-] \{)|(?<=\A \{)|(?<![^\n]\{))[^\n]{0,1999}?(?: #|[^\n\]} ] *\n)")),
    # a text with a given indentation, which may be blank; and one that begins on the line of its sign, and is lost
    (b">", re.compile(rb">(?:[-+]?[1-9]|(?:(?<=[\n :-] >)|(?<=\n>))[-+]? +[^\s#])")),
    (b"|", re.compile(rb"\|(?:[-+]?[1-9]|(?:(?<=[\n :-] \|)|(?<=\n\|))[-+]? +[^\s#])")),
    (b"\\", re.compile(rb"\\u[dD][89A-Fa-f]")),  # half a character of UTF-16
    (b"\xc2", re.compile(rb"\xc2[\x80-\x9f]")),  # a control character, or NEL, a line break in YAML 1.1
    (b"\xe2", re.compile(rb"\xe2\x80[\xa8\xa9]")),  # the other line breaks of YAML 1.1
    (b"\xef", re.compile(rb"\xef(?:\xbb\xbf|\xbf[\xbe\xbf])")),  # a byte order mark, or no character at all
)
# What rapidyaml writes as if it were quoted text: YAML's other nulls, infinities, aliases and merge keys, keys that
# are empty, and what libyaml refuses at the start of a value. A look at one character first spares most of the work.
_UNCLEAR = re.compile(r'"(?=[~N.<"*@`%\]}-])(?:~"|Null"|NULL"|-?\.inf"|\.nan"|<<"|":|[*@`%]|(?<=[ \n]")[\]}])')
# rapidyaml writes '5.' as 5.0 and '-.5' as -0.5.
_COMPLETED = re.compile(r"-?0\.|.*\.0(?:$|[eE])")
_INCOMPLETE = re.compile(rb"(?<![0-9])\.[0-9]|\.(?![0-9])(?<=[0-9]\.)")


def parse_with_rapidyaml(text: bytes, limits: Limits = DEFAULT_LIMITS) -> ParsedFrontMatter | None:
    """Mapping and repeated keys of a YAML text (UTF-8), or None where only the judge can tell.

    Raises Reject where it has more values, or nests deeper, than the limits allow.
    """
    if text.isspace() or not text.endswith(b"\n") or _is_exotic(text):
        return None
    try:
        tree = ryml.parse_in_arena(text)
        if tree.size() > limits.values + 1:  # and the mapping that holds them all
            raise too_many_values(limits)
        emitted = _emit_json(tree, len(text))
    except (ryml.ExceptionBasic, ryml.ExceptionParse, ryml.ExceptionVisit, UnicodeDecodeError):
        return None
    if _UNCLEAR.search(emitted):
        return None
    loaded = _read_json(emitted, text)
    if loaded and limits.depth < _MAX_EMITTED_DEPTH:
        enforce(limits, loaded.value, loaded.repeated)
    return loaded


def _emit_json(tree: ryml.Tree, length: int) -> str:
    """The JSON of a tree of YAML of a given length. The buffer is ours: `ryml.emit_json` never frees its own."""
    # JSON is longer by its quotes; where this does not do, the size that does is told.
    buffer = bytearray(2 * length + 1_024)
    is_too_short, size = ryml.emit_json_to_substr(tree, tree.root_id(), buffer)
    if is_too_short:
        buffer = bytearray(size)
        ryml.emit_json_to_substr(tree, tree.root_id(), buffer)
    return str(memoryview(buffer)[:size], "utf-8")


def _is_exotic(text: bytes) -> bool:
    return (
        (len(text) > _MAX_BRACKETS and text.count(b"[") + text.count(b"{") > _MAX_BRACKETS)
        or len(text.translate(None, _CONTROLS)) != len(text)
        or any(mark in text for mark in _DEEP)
        or any(needed in text and trap.search(text) for needed, trap in _TRAPS)
    )


def _read_json(emitted: str, text: bytes) -> ParsedFrontMatter | None:
    repeated: list[tuple[str, object]] = []
    completed = False

    def number(written: str) -> str:
        nonlocal completed
        completed = completed or _COMPLETED.match(written) is not None
        return written

    def mapping(pairs: list[tuple[str, object]]) -> Mapping:
        return keep_last(pairs, repeated)

    decoder = json.JSONDecoder(parse_float=number, parse_int=str, parse_constant=str, object_pairs_hook=mapping)
    try:
        value = decoder.decode(emitted)
    except (json.JSONDecodeError, RecursionError):
        return None
    if not isinstance(value, dict) or (completed and _INCOMPLETE.search(text)):
        return None
    return ParsedFrontMatter(value, repeated)
