"""The field list at the top of a reStructuredText file (`:date: 2021-03-04`), and its title -> front matter as JSON.

Pelican and others write metadata there. Docutils reads it: the title, subtitle and comments may precede the list.
"""

import re
from typing import Final

import orjson
from docutils import nodes
from docutils.core import publish_doctree

from transforms.parse.outcomes import Reason, Reject
from transforms.parse.split import FrontMatter

# Docutils takes a second for a list of this size, in characters.
_MAX_LENGTH: Final = 2**14
# A field, with its place in the lines before, none of which is one, in the first 60 lines.
_FIRST_FIELD: Final = re.compile(r"(?:(?!:)[^\n]*\n){0,60}?(?=:[^\s:][^:\n]*:(?:[ \n]|\Z))")
_LIST: Final = re.compile(r"(?:(?::[^\s:][^:\n]*:(?:[ ][^\n]*)?|[ \t]+[^\n]*|)(?:\n|\Z))++")
# Nothing is read or run for a file, and no configuration of the machine counts.
_SETTINGS: Final = {
    "_disable_config": True,
    "docinfo_xform": False,
    "file_insertion_enabled": False,
    "halt_level": 5,
    "input_encoding": "unicode",
    "raw_enabled": False,
    "report_level": 5,
    "warning_stream": False,
}


def split_docinfo(text: bytes) -> FrontMatter | None:
    """Split a file, as UTF-8 with Unix line ends, into the fields at its top, and the body; None if it has none.

    The fields are a JSON object with each key on its line in the file; the title is one of them, unless a field has
    that name.
    """
    content = text.decode()
    first = _FIRST_FIELD.match(content)
    fields = _LIST.match(content, first.end()) if first else None
    if fields is None or fields.end() > _MAX_LENGTH:
        return None
    pairs = _read(content[: fields.end()])
    if not pairs:
        return None
    return FrontMatter("json", _as_json(pairs) + b"\n" + content[fields.end() :].encode(), b"", 1)


def _read(head: str) -> list[tuple[int, str, str | None]]:
    """Line, name and value of each field, and of the title, in the order of the file; none if no list is at the top."""
    try:
        document = publish_doctree(head, settings_overrides=_SETTINGS)
    except RecursionError:
        message = "the fields are nested too deeply: flatten them, or move them into the body"
        raise Reject(Reason.TOO_DEEP, message) from None
    titles = [child for child in document.children if isinstance(child, nodes.title)]
    shown = [child for child in document.children if not isinstance(child, nodes.Titular | nodes.Invisible)]
    listed = shown[0] if shown and isinstance(shown[0], nodes.field_list) else None
    if listed is None or any(not isinstance(child, nodes.system_message) for child in shown[1:]):
        return []
    pairs = [(field.line, field[0].rawsource, " ".join(field[1].rawsource.split()) or None) for field in listed]
    if titles and "title" not in [name.lower() for _, name, _ in pairs]:
        pairs.insert(0, (_line_of(titles[0].rawsource, head), "title", titles[0].astext()))
    return pairs


def _line_of(title: str, head: str) -> int:
    lines = [line.strip() for line in head.split("\n")]
    return lines.index(title) + 1 if title in lines else 1


def _as_json(pairs: list[tuple[int, str, str | None]]) -> bytes:
    text = b"{"
    for place, (line, name, value) in enumerate(pairs):
        text += b"," * (place > 0) + b"\n" * (line - 1 - text.count(b"\n"))
        text += orjson.dumps(name) + b": " + orjson.dumps(value)
    return text + b"}"
