"""Numbers, dates and names as text on the page, without characters that affect the text around them."""

import datetime as dt
import re
from collections.abc import Sequence
from math import floor
from typing import Final, Self

# Control characters, and marks that change the direction of the text after them.
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_DAY_HOURS: Final = 24


class Name(str):
    """A word from a file, which the page sets apart from the sentence around it.

    Attributes:
        kind: what it names: `event`, `topic`, `provider` or `author`; `missing` for a number of articles without one;
            empty if that has no page.
        key: the id of what it names, which a title or a name may share; empty if the name alone is known.
    """

    __slots__ = ("key", "kind")
    kind: str
    key: str

    def __new__(cls, text: str, kind: str = "", key: str = "") -> Self:
        """Make a name of a text."""
        name = super().__new__(cls, text)
        name.kind, name.key = kind, key
        return name


# A sentence in parts, some of which are names.
Sentence = tuple[str, ...]


def clean(text: str, limit: int = 300) -> str:
    """Text from a file on one line, without control characters, cut at `limit` characters."""
    line = " ".join(_UNSAFE.sub(" ", text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: `1 article`, `2,000 articles`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def join(words: Sequence[str]) -> str:
    """Words as a list in a sentence: `a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def name_list(names: Sequence[str], most: int | None = None) -> list[str]:
    """Names as parts of a sentence: `a`, `a and b`, `a, b and 3 more`.

    Args:
        names: the names; one that is plain text becomes a `Name` without a page.
        most: how many are named at most; None for all.
    """
    shown = names if most is None or len(names) <= most else names[: most - 1]
    words: list[str] = [name if isinstance(name, Name) else Name(name) for name in shown]
    if len(shown) < len(names):
        words.append(f"{len(names) - len(shown):,} more")
    parts: list[str] = []
    for number, word in enumerate(words):
        before = "" if not number else " and " if number == len(words) - 1 else ", "
        parts += [before, word] if before else [word]
    return parts


def percent(share: float) -> str:
    """A share (0..1) in whole percent, a half rounded up; only 0 and 1 become 0 % and 100 %."""
    if 0 < share < 0.01:
        return "under 1\u00a0%"
    if 0.99 < share < 1:
        return "over 99\u00a0%"
    return f"{floor(share * 100 + 0.5):,}\u00a0%"


def points(difference: float) -> str:
    """A difference of shares in percentage points: `+3.1`, `−12.0`, `0.0`."""
    text = f"{abs(100 * difference):,.1f}"
    return text if text == "0.0" else f"{'+' if difference > 0 else '−'}{text}"


def day(date: dt.date) -> str:
    """A day, such as 3 Jan 2026."""
    return f"{date.day} {date:%b} {date.year}"


def month(date: dt.date) -> str:
    """The month of a day, such as Jan 2026."""
    return f"{date:%b} {date.year}"


def moment(at: dt.datetime) -> str:
    """A time (UTC) to the minute, such as 3 Jan 2026 08:05."""
    return f"{day(at)} {at:%H:%M}"


def duration(hours: float) -> str:
    """A duration in a suitable unit."""
    if hours < 1:
        return "within an hour"
    if hours < 2 * _DAY_HOURS:
        return count(round(hours), "hour")
    return count(round(hours / _DAY_HOURS), "day")


def period(start: dt.date, grain: str) -> str:
    """A period by its first day: `week of 3 Jan 2026`, `Jan 2026`, `Q1 2026` or `2026`."""
    match grain:
        case "week":
            return f"week of {day(start)}"
        case "month":
            return month(start)
        case "quarter":
            return f"Q{(start.month + 2) // 3} {start.year}"
        case _:
            return str(start.year)


def change(now: int, before: int) -> str:
    """The change of a count, relative to the count before unless that was zero."""
    if now == before:
        return "unchanged"
    if before == 0:
        return "none before"
    share = (now - before) / before
    if share >= 2:
        return f"×{now / before:,.3g}" if now < 100 * before else f"×{now / before:,.0f}"
    if abs(share) < 0.01:
        return f"{percent(abs(share))} {'more' if share > 0 else 'fewer'}"
    return f"{'+' if share > 0 else '−'}{percent(abs(share))}"
