"""YAML -> nested values with rapidyaml, some ten times as fast as libyaml; None for YAML left to the reference parser.

rapidyaml builds its tree and writes it as JSON without creating Python objects; the JSON is then read with every
number kept as the text in the file. Left to `yaml_reference`: YAML that rapidyaml refuses, JSON that does not parse,
and constructs whose text the JSON would change (anchors, tags, '~', '5.').
"""

import json
import re
from collections.abc import Sequence

import ryml

from transforms.parse.limits import DEFAULT_LIMITS, Limits, enforce, too_many_values
from transforms.parse.nested import Mapping, ParsedFrontMatter, keep_last

# More brackets, indentation or dashes than front matter has: deep nesting would overflow the stack of rapidyaml.
_MAX_BRACKETS = 5_000
_DEEP = (b" " * 400, b"- " * 100)
# The depth beyond which rapidyaml writes no JSON.
_MAX_EMITTED_DEPTH = 64
# Control characters, which libyaml refuses, and tabs, which the two parsers read differently after a key.
_CONTROLS = bytes({*range(32), 127} - {10})
# Constructs that the two parsers read differently, each with bytes that it contains, which are faster to search for.
# Quoted text may hold the signs of these ones.
_UNQUOTED_TRAPS = (
    (b"!", re.compile(rb"!(?<![^\s\[{,:-]!)")),  # a tag
    # an anchor, and one without a name
    (
        b"&",
        re.compile(
            rb"&(?:(?<![^\s\[{,:-]&)[\w-]+[\s?:,\]}%@`]|(?<=[\n\[{,]&)|(?<=[\n :?,\[{-] &))",
        ),
    ),
    # a complex key; in braces, one without a space after it
    (
        b"?",
        re.compile(
            rb"\?(?:(?<=[\n\[{,]\?)|(?<=[\n \[{,:] \?)|[ \n](?:(?<=[\n -][ -]\?.)|(?<!.\?.)))",
            re.DOTALL,
        ),
    ),
    (b"%", re.compile(rb"%(?<![^\n]%)")),  # a directive
    (b"...", re.compile(rb"\.\.\.(?<![^\n]\.\.\.)")),  # the end of a document
    # in brackets, a comment, and a line end, after which a key may continue
    (b"[", re.compile(rb"\[(?:(?<=[\n :-] \[)|(?<=\A \[)|(?<![^\n]\[))[^\n]{0,1999}?(?: #|[^\n\]} ] *\n)")),
    (b"{", re.compile(rb"\{(?:(?<=[\n :-] \{)|(?<=\A \{)|(?<![^\n]\{))[^\n]{0,1999}?(?: #|[^\n\]} ] *\n)")),
    # a block text with explicit indentation, which may be blank; and one on the line of its sign, which is lost
    (b">", re.compile(rb">(?:[-+]?[1-9]|(?:(?<=[\n :-] >)|(?<=\n>))[-+]? +[^\s#])")),
    (b"|", re.compile(rb"\|(?:[-+]?[1-9]|(?:(?<=[\n :-] \|)|(?<=\n\|))[-+]? +[^\s#])")),
)
_TRAPS = (
    (b"\\", re.compile(rb"\\u[dD][89A-Fa-f]")),  # half a character of UTF-16
    (b"\xc2", re.compile(rb"\xc2[\x80-\x9f]")),  # a control character, or NEL, a line break in YAML 1.1
    (b"\xe2", re.compile(rb"\xe2\x80[\xa8\xa9]")),  # the other line breaks of YAML 1.1
    (b"\xef", re.compile(rb"\xef(?:\xbb\xbf|\xbf[\xbe\xbf])")),  # a byte order mark, or no character at all
)
# A mapping that begins with a space: rapidyaml accepts some that are indented unevenly.
_INDENTED_ROOT = re.compile(rb"(?: *+(?:#[^\n]*+)?\n)*+ ")
# A quoted value, alone on its line or after a key, that ends on it.
_QUOTED_LINE = re.compile(
    rb"""^( *(?:- +)*(?:[\w-]+: +)?)(?:"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*(?:''[^'\n]*)*') *$""", re.MULTILINE
)
# A quote that may begin a value: one that ends on a later line, so that what looks like a quoted line need not be one.
_OPENING_QUOTE = re.compile(rb"""(?:^|[\[{,:?-]) *["']""", re.MULTILINE)
# Values that rapidyaml writes like quoted text: YAML's other nulls, infinities, aliases and merge keys, empty keys, and
# characters that libyaml refuses at the start of a value. The lookahead for one character skips most of the text.
_UNCLEAR = re.compile(r'"(?=[~N.<"*@`%\]}-])(?:~"|Null"|NULL"|-?\.inf"|\.nan"|<<"|":|[*@`%]|(?<=[ \n]")[\]}])')
# rapidyaml writes '5.' as 5.0 and '-.5' as -0.5.
_COMPLETED = re.compile(r"-?0\.|.*\.0(?:$|[eE])")
_INCOMPLETE = re.compile(rb"(?<![0-9])\.[0-9]|\.(?![0-9])(?<=[0-9]\.)")


def parse_with_rapidyaml(text: bytes, limits: Limits = DEFAULT_LIMITS) -> ParsedFrontMatter | None:
    """The mapping of a YAML text (UTF-8) and its repeated keys; None if the reference parser must read it.

    Raises Reject for more values, or deeper nesting, than the limits allow.
    """
    if text.isspace() or not text.endswith(b"\n") or is_root_indented(text) or _is_exotic(text):
        return None
    try:
        tree = ryml.parse_in_arena(text)
        if tree.size() > limits.values + 1:  # one more for the mapping itself
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
    """The tree of a YAML text of this length, as JSON. The buffer is ours: `ryml.emit_json` never frees its own."""
    # JSON is longer by its quotes. If the buffer is too short, rapidyaml returns the size that it needs.
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
        or _has_trap(text, _TRAPS)
        or (_has_trap(text, _UNQUOTED_TRAPS) and _has_trap(_without_quoted_lines(text), _UNQUOTED_TRAPS))
    )


def is_root_indented(text: bytes) -> bool:
    """Whether the first line of a YAML text, but for blank lines and comments, begins with a space."""
    return _INDENTED_ROOT.match(text) is not None


def _has_trap(text: bytes, traps: Sequence[tuple[bytes, re.Pattern[bytes]]]) -> bool:
    return any(needed in text and trap.search(text) for needed, trap in traps)


def _without_quoted_lines(text: bytes) -> bytes:
    """The text without the quoted values that take one line each; unchanged if a quoted value may take several.

    The first line of such a value keeps its quote, so it is found before a line within it could hide what follows it.
    """
    shorter = _QUOTED_LINE.sub(rb"\1", text)
    return text if _OPENING_QUOTE.search(shorter) else shorter


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
