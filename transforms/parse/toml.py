"""TOML front matter -> nested values, every scalar but true and false as text."""

import re
import tomllib
from typing import Final

from transforms.parse.limits import Limits, enforce, too_deep
from transforms.parse.nested import ParsedFrontMatter, as_text
from transforms.parse.outcomes import Reason, Reject
from transforms.parse.split import FrontMatter
from transforms.redact.messages import strip_quotes

_ADVICE: Final = "correct it, or write the front matter as YAML between lines of '---'"
# Texts and comments, also those that are not closed; what is left are keys, numbers and signs.
_TEXT: Final = re.compile(
    rb"""\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\Z)|'{3}(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"""
    rb"""|"(?:[^"\\\n]|\\[^\n])*+"?|'[^'\n]*+'?|\#[^\n]*+""",
    re.DOTALL,
)
_NO_KEY: Final = re.compile(rb"[^\w\-. \t]+")


def read_toml(front: FrontMatter, limits: Limits) -> ParsedFrontMatter:
    """The value of a TOML text; raises Reject where it is none, or is more than the limits allow."""
    if _has_deep_key(front.text, limits.depth):
        raise too_deep(limits)
    try:
        value = tomllib.loads(front.text.decode(), parse_float=str)
        enforce(limits, value)
        return ParsedFrontMatter(as_text(value))
    except tomllib.TOMLDecodeError as error:
        # Before Python 3.14 the place is in the message alone, counted from the fence.
        what, _, place = str(error).rpartition(" (at ")
        line, column = map(int, re.findall(r"\d+", place) or (front.text.count(b"\n"), 1))
        raise Reject(Reason.INVALID_TOML, f"{strip_quotes(what)}: {_ADVICE}", line + front.line - 1, column) from None
    except ValueError:  # Python's own, for a whole number of thousands of digits
        raise Reject(Reason.INVALID_TOML, "a number of thousands of digits: put it in quotes") from None
    except RecursionError:
        raise too_deep(limits) from None


def _has_deep_key(text: bytes, depth: int) -> bool:
    """Whether a dotted key has more parts than mappings may nest: tomllib takes time by the square of them."""
    if text.count(b".") < depth:
        return False
    return any(piece.count(b".") >= depth for piece in _NO_KEY.split(_TEXT.sub(b"text", text)))
