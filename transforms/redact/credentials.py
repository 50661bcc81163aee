"""URLs without their user and password: as stored, and as shown in messages."""

import re
from typing import Final

# The user and password of a URL, up to the last @ before its path; `//host` is a URL without a scheme. White space is
# part of a password only where the whole text can be no more than a URL. It never takes more than linear time.
_CREDENTIALS: Final = re.compile(
    r"(?P<whole>\A\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?//)(?:[^/?#\s]*@|[^/?#\s:]*:(?>[^/?#]*@)(?=\S*\s*\Z))"
    r"|(?P<inner>://)[^/?#\s\"'<>]*@"
)


def strip_credentials(text: str) -> str:
    """Text in which every URL is as written, less its user and password."""
    return _CREDENTIALS.sub(lambda found: found["whole"] or found["inner"], text)


def redact_url(target: str) -> str:
    """A target to show: where it is a URL, without user, password and query."""
    if "://" not in target:
        return target
    # A password may hold any character: where there is a colon, all up to the last @ is taken for one.
    without_user = re.sub(r"://(?:[^/]*:.*|[^/]*)@", "://***@", target, flags=re.DOTALL)
    return re.sub(r"\?.*", "?***", without_user, flags=re.DOTALL)
