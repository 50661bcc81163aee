"""A Jupyter notebook -> its front matter, which is at the top of the first cell, and a body of the text of all cells.

Quarto and others read it there. A notebook is JSON; of its values only the kind and the source of each cell count, so
that running it changes no document.
"""

import json
from dataclasses import replace
from typing import Final

import orjson

from transforms.parse.outcomes import Reason, Reject
from transforms.parse.split import FrontMatter, as_unix_utf8, split_text

# Bytes that a value and a list or mapping take in memory, roughly, and how many a notebook may take.
_VALUE: Final = 60
_CONTAINER: Final = 200
_MAX_MEMORY: Final = 150_000_000

_FENCES: Final = (b"---", b"+++")
_SAVE_AGAIN: Final = "open it in Jupyter and save it again"


def split_notebook(data: bytes) -> FrontMatter | None:
    """Split a notebook into front matter and body; None if its first cell is code or does not begin with a fence.

    The lines of the front matter are counted in that cell. Raises Reject for a notebook that is malformed.
    """
    text = as_unix_utf8(data)
    if not text.strip():
        return None
    cells = _cells(_load(text))
    if not cells or cells[0].get("cell_type") not in ("raw", "markdown"):
        return None
    first, *others = [_source(cell) for cell in cells]
    front = split_text(first) if first.lstrip().startswith(_FENCES) else None
    return replace(front, body=b"\n\n".join([front.body, *others])) if front else None


def _load(text: bytes) -> object:
    if text.count(b",") * _VALUE + (text.count(b"[") + text.count(b"{")) * _CONTAINER > _MAX_MEMORY:
        advice = "clear its outputs, and save it again"
        raise Reject(Reason.TOO_MANY_VALUES, f"a notebook of more values than can be read at once: {advice}")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return _load_lenient(text.decode())


def _load_lenient(text: str) -> object:
    """As `orjson.loads`, but for what Jupyter writes beyond JSON: NaN, and halves of characters."""
    try:
        return json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        message = f"{error.msg}: the notebook is not valid JSON; {_SAVE_AGAIN}, or restore it"
        raise Reject(Reason.INVALID_JSON, message, error.lineno, error.colno) from None
    except RecursionError:
        raise Reject(Reason.TOO_DEEP, f"nested deeper than any notebook: {_SAVE_AGAIN}, or restore it") from None


def _cells(notebook: object) -> list[dict[str, object]]:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise Reject(Reason.INVALID_JSON, f"no list of cells, as a notebook of format 4 has: {_SAVE_AGAIN}")
    return cells


def _source(cell: dict[str, object]) -> bytes:
    """The text of a cell, which is a text or a list of lines."""
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    texts = [line for line in lines if isinstance(line, str)]
    if len(texts) != len(lines):
        raise Reject(Reason.INVALID_JSON, f"a cell whose source is not text: {_SAVE_AGAIN}")
    text = "".join(texts).encode(errors="replace")
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
