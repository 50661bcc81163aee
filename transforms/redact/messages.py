"""The messages of parsers, without what they quote of the file."""

import re
from typing import Final

# Quotations in the ways of Python's repr. A single character, or its escape, gives nothing away.
_QUOTED: Final = re.compile(r"""(?<!\w)(?P<mark>['"])(?P<text>(?:\\.|(?!(?P=mark)).)*)(?P=mark)""", re.DOTALL)
_CHARACTER: Final = re.compile(r"\\?.|\\x..|\\u.{4}", re.DOTALL)


def strip_quotes(message: str) -> str:
    """The message of a parser with `...` in place of each quotation, which may be part of a `secured` value."""
    return _QUOTED.sub(lambda found: found[0] if _CHARACTER.fullmatch(found["text"]) else "...", message)
