"""URLs with a user and a password -> the same URLs without them."""

import re
from typing import Final

# The user and password of a URL, up to the last @ before its path; `//host` is a URL without a scheme. White space is
# part of a password only where the whole text can be no more than a URL. It never takes more than linear time.
_CREDENTIALS: Final = re.compile(
    r"(?P<whole>\A\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?//)(?:[^/?#\s]*@|[^/?#\s:]*:(?>[^/?#]*@)(?=\S*\s*\Z))"
    r"|(?P<inner>://)[^/?#\s\"'<>]*@"
)


def without_credentials(text: str) -> str:
    """Text in which every URL is as written, less its user and password."""
    return _CREDENTIALS.sub(lambda found: found["whole"] or found["inner"], text)
