"""TOML front matter -> nested values, with every scalar but true and false as text."""

import re
import tomllib
from typing import Final

from transforms.parse.limits import Limits, enforce, too_deep
from transforms.parse.nested import ParsedFrontMatter, as_text
from transforms.parse.outcomes import Reason, Reject
from transforms.parse.split import FrontMatter
from transforms.redact.messages import strip_quotes

_ADVICE: Final = "correct it, or write the front matter as YAML between lines of '---'"
# Strings and comments, closed or not. The rest of a text is keys, numbers and punctuation.
_TEXT: Final = re.compile(
    rb"""\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\Z)|'{3}(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"""
    rb"""|"(?:[^"\\\n]|\\[^\n])*+"?|'[^'\n]*+'?|\#[^\n]*+""",
    re.DOTALL,
)
_NO_KEY: Final = re.compile(rb"[^\w\-. \t]+")


def read_toml(front: FrontMatter, limits: Limits) -> ParsedFrontMatter:
    """The value of a TOML text. Raises Reject for invalid TOML and beyond the limits."""
    if _has_deep_key(front.text, limits.depth):
        raise too_deep(limits)
    try:
        value = tomllib.loads(front.text.decode(), parse_float=str)
        enforce(limits, value)
        return ParsedFrontMatter(as_text(value))
    except tomllib.TOMLDecodeError as error:
        # Before Python 3.14 only the message has the place, counted from the fence.
        problem, _, place = str(error).rpartition(" (at ")
        line, column = map(int, re.findall(r"\d+", place) or (front.text.count(b"\n"), 1))
        message = f"{strip_quotes(problem)}: {_ADVICE}"
        raise Reject(Reason.INVALID_TOML, message, line + front.line - 1, column) from None
    except ValueError:  # raised by Python for an integer of thousands of digits
        raise Reject(Reason.INVALID_TOML, "a number of thousands of digits: put it in quotes") from None
    except RecursionError:
        raise too_deep(limits) from None


def _has_deep_key(text: bytes, depth: int) -> bool:
    """Whether a dotted key has more parts than mappings may nest: tomllib takes quadratic time for its parts."""
    if text.count(b".") < depth:
        return False
    return any(piece.count(b".") >= depth for piece in _NO_KEY.split(_TEXT.sub(b"text", text)))
