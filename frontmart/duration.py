"""Durations as people write them: 90m, 26h, 2d, 1d12h."""

import datetime as dt
import re
from typing import Final

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PART: Final = re.compile(r"(\d{1,6})([smhdw])")


def parse_duration(text: str) -> dt.timedelta:
    """A duration from numbers with the units s, m, h, d and w. Raises ValueError for anything else, and for zero."""
    parts = _PART.findall(text)
    duration = sum((dt.timedelta(**{_UNITS[unit]: int(count)}) for count, unit in parts), dt.timedelta())
    if not duration or "".join(map("".join, parts)) != text:
        raise ValueError(f"{text!r} is not a duration; write it as 90m, 26h, 2d or 1d12h")
    return duration


def format_duration(duration: dt.timedelta) -> str:
    """A duration of at least zero in its two largest units, such as `2d 3h`, or in seconds below a minute."""
    seconds = int(duration.total_seconds())
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
