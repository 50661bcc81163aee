"""Dates of front matter of any generator."""

import datetime as dt
import re

_ISO = re.compile(
    r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|z|[+-]\d{1,2}:?(?:\d{2})?)?)?$"
)
_IN_PATH = re.compile(r"(?:^|/)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?=[-_/.])")


def read_date(text: str) -> str | None:
    """A date as UTC text."""
    match = _ISO.match(text.strip())
    if not match:
        try:
            when = dt.datetime.strptime(text[:33], "%a %b %d %Y %H:%M:%S GMT%z")
        except ValueError:
            return None
        return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    *numbers, zone = match.groups()
    try:
        when = dt.datetime(*(int(each or 0) for each in numbers))  # type: ignore[arg-type]
        if zone and zone not in "Zz":
            digits = zone[1:].replace(":", "")
            offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
            when += offset if zone[0] == "-" else -offset
    except (ValueError, OverflowError):
        return None
    return when.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def is_impossible_date(text: str) -> bool:
    """Whether a text has the shape of a date, and is none."""
    return bool(_ISO.match(text.strip())) and read_date(text) is None


def date_in_path(path: str) -> str | None:
    """The date in a path."""
    found = [read_date("-".join(match.groups())) for match in _IN_PATH.finditer(path)]
    return next((date for date in reversed(found) if date), None)
