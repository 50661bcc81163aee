"""JSON front matter -> nested values, with every scalar but null, true and false as text; and the body after it."""

import json
from typing import Final

from transforms.parse.limits import Limits, enforce, too_deep, too_long
from transforms.parse.nested import Mapping, ParsedFrontMatter, keep_last
from transforms.parse.outcomes import Reason, Reject
from transforms.parse.split import FrontMatter

# How far before the end of a truncated text an error may point: the length of an escape, or of `-Infinity`.
_TAIL: Final = 16


def read_json(front: FrontMatter, limits: Limits) -> tuple[ParsedFrontMatter, bytes]:
    """The value at the start of a text, and the text after it. Raises Reject for invalid JSON and beyond the limits."""
    text = front.text.decode()
    # Only the parser knows where the object ends, so it gets as much text as front matter may have.
    head = text[: limits.front_matter_bytes]
    repeated: list[tuple[str, object]] = []

    def mapping(pairs: list[tuple[str, object]]) -> Mapping:
        return keep_last(pairs, repeated)

    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=mapping)
    try:
        value, end = decoder.raw_decode(head)
    except json.JSONDecodeError as error:
        if len(head) < len(text) and _is_due_to_truncation(error, head):
            raise too_long(limits, front.line) from None
        message = f"{error.msg}: correct it, or write the front matter as YAML between lines of '---'"
        raise Reject(Reason.INVALID_JSON, message, error.lineno + front.line - 1, error.colno) from None
    except RecursionError:
        raise too_deep(limits) from None
    enforce(limits, value, repeated)
    return ParsedFrontMatter(value, repeated), text[end:].encode(errors="surrogatepass")


def _is_due_to_truncation(error: json.JSONDecodeError, head: str) -> bool:
    return error.pos > len(head) - _TAIL or error.msg.startswith("Unterminated string")
