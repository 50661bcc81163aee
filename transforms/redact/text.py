"""A text that a field takes, without the parts that must not be stored."""

import re
from typing import Final

from transforms.redact.credentials import strip_credentials
from transforms.redact.secured import SECURED_KEYS

_KEY: Final = f"(?:{'|'.join(SECURED_KEYS)})"
# JSON or YAML as text: the key in quotes or after a brace, or at the start of one of several lines.
_EMBEDDED: Final = re.compile(
    rf"""["'{{\[][\s"'-]{{0,9}}{_KEY}[\s\\]{{0,9}}["']?\s{{0,9}}[:=]"""
    rf"""|^[ \t"'-]*{_KEY}[ \t]{{0,9}}["']?[ \t]{{0,9}}[:=]""",
    re.IGNORECASE | re.MULTILINE,
)


def redact_text(text: str) -> str | None:
    """A text without credentials in URLs; None if it contains a `secured` key of its own."""
    # A single line that begins with the word is a sentence, such as a title.
    has_key = any(
        found.start() or "\n" in text.strip() or found[0].lstrip()[0] in "\"'{[" for found in _EMBEDDED.finditer(text)
    )
    return None if has_key else strip_credentials(text)
