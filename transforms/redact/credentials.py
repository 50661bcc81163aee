"""URLs without user and password: as stored, and as shown in messages."""

import re
from typing import Final

# The user and password of a URL, up to the last @ before its path; `//host` is a URL without a scheme. White space
# counts as part of a password only where the whole text can be a URL. The pattern takes linear time.
_CREDENTIALS: Final = re.compile(
    r"(?P<whole>\A\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?//)(?:[^/?#\s]*@|[^/?#\s:]*:(?>[^/?#]*@)(?=\S*\s*\Z))"
    r"|(?P<inner>://)[^/?#\s\"'<>]*@"
)


def strip_credentials(text: str) -> str:
    """A text in which every URL is as written, but without user and password."""
    return _CREDENTIALS.sub(lambda found: found["whole"] or found["inner"], text)


def redact_url(target: str) -> str:
    """A target as shown in messages: for a URL, `***` in place of user, password and query."""
    if "://" not in target:
        return target
    # A password may contain any character: after a colon, everything up to the last @ counts as one.
    without_user = re.sub(r"://(?:[^/]*:.*|[^/]*)@", "://***@", target, flags=re.DOTALL)
    return re.sub(r"\?.*", "?***", without_user, flags=re.DOTALL)
