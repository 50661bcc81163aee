"""Dates as people write them in front matter and in the names of files -> one normalised text in UTC.

`tidy.dates` reads the spellings of the smartable family, column by column; this reads one text, in many more spellings.
Both agree on what both read. English names of months and weekdays count, nothing is guessed: a text is a date only as
a whole, with a day, a month and a year of four digits.

A text without a zone keeps its day and time as written. The leap second `:60` is the second after it, as in
`tidy.dates`; `24:00` is no time of a day. A weekday that contradicts the date is ignored.
"""

import datetime as dt
import re
from typing import Final, NamedTuple

# Longer than any date: JavaScript's has a zone name in parentheses.
_MAX_LENGTH: Final = 120
# The years of eight digits that no time follows, and of folders: other numbers are no dates.
_YEARS: Final = range(1900, 2101)
# The years of eight digits in the name of a file.
_YEARS_IN_NAMES: Final = range(1990, 2101)

_CLOCK: Final = (
    r"(?:(?P<mark>[T:]|, ?| at | )(?P<hour>\d\d?)"
    r"(?:(?P<colon>:?)(?P<minute>\d\d)(?:(?P=colon)(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?)"
)
# The names are those of RFC 2822; a name in brackets or parentheses after it is a comment.
_ZONE: Final = (
    r"(?: ?(?P<zone>Z|UTC?|GMT|[ECMP][SD]T|(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d\d?)(?::?(?P<minutes>[0-5]\d))?)"
    r"(?: ?\([^()]*\)| ?\[[^\[\]]*\])?)"
)
_NAMED_ZONES: Final = {"e": -5, "c": -6, "m": -7, "p": -8}
_WEEKDAY: Final = r"(?:(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?(?:, ?| ))?"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME: Final = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR: Final = r"(?P<year>\d{4})"
_MONTH: Final = r"(?P<month>\d\d?)"
_DAY: Final = r"(?P<day>\d\d?)"
_NTH: Final = _DAY + r"(?:st|nd|rd|th)?"
_REST: Final = f"{_CLOCK}?{_ZONE}?"

# Most of the dates that are not in the two spellings that `read_date` tries first.
_WITH_SECONDS: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?: ?([+-]\d\d):?([0-5]\d))?", re.ASCII
)
_to_moment: Final = dt.datetime.fromisoformat
_to_day: Final = dt.date.fromisoformat
_SPELLINGS: Final = [
    re.compile(spelling, re.ASCII | re.IGNORECASE)
    for spelling in (
        f"{_YEAR}[-/.]{_MONTH}[-/.]{_DAY}{_REST}",
        f"{_DAY}[-.]{_MONTH}[-.]{_YEAR}{_REST}",
        rf"(?P<first>\d\d?)/(?P<other>\d\d?)/{_YEAR}{_REST}",
        rf"(?P<compact>{_YEAR}(?P<month>\d\d)(?P<day>\d\d)){_REST}",
        f"{_WEEKDAY}{_NAME} {_NTH}(?:, ?| ){_YEAR}{_REST}",
        rf"{_WEEKDAY}{_NTH}(?:\. ?|-| | of ){_NAME}(?:, ?|-| ){_YEAR}{_REST}",
        f"{_YEAR}[- ]{_NAME}[- ]{_DAY}{_REST}",
        f"{_WEEKDAY}{_NAME} {_DAY}{_CLOCK}{_ZONE}? {_YEAR}",
    )
]


class _Date(NamedTuple):
    """The numbers of a text that has the shape of a date; they need not exist. `offset` is in minutes."""

    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0
    second: int = 0
    microsecond: int = 0
    offset: int = 0


def read_date(text: str) -> str | None:
    """A date or moment as `2021-04-20T22:38:00Z`, with a fraction if it has one; None if the text is no date.

    A moment with a zone is converted to UTC; if that leaves the years 1 to 9999, it is no date. The fraction has up to
    six digits, further ones are cut. What is returned is read as itself.
    """
    try:
        # The two most common spellings, twenty times as fast as the others. Newer releases of Python take 24:00.
        length = len(text)
        if length == 20 and text[4::3] == "--T::Z" and (text[11] != "2" or text[12] != "4"):
            _to_moment(text)
            return text
        if length == 10 and text[4] == "-" == text[7]:
            _to_day(text)
            return text + "T00:00:00Z"
    except ValueError:
        pass
    found = _find(text)
    return _in_utc(found) if found else None


def is_impossible_date(text: str) -> bool:
    """Whether a text has a spelling of `read_date`, but a month, day, time or offset that does not exist.

    So has `2021-02-29`, `2021-13-01` and `2021-03-04 25:00`. Where the day and the month may be either, as in
    `03/04/2021`, the text is no date, but not impossible.
    """
    found = _find(text)
    return found is not None and _in_utc(found) is None


def _find(text: str) -> _Date | None:
    text = text.strip()
    if len(text) > _MAX_LENGTH:
        return None
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    if text.startswith("[[") and text.endswith("]]"):
        target = text[2:-2].partition("|")[0].partition("#")[0].removesuffix(".md")
        return _match(target) or _match(target.rpartition("/")[2])
    return _match(text)


def _match(text: str) -> _Date | None:
    match = _WITH_SECONDS.fullmatch(text)
    if match:
        year, month, day, hour, minute, second, hours, minutes = match.groups()
        offset = 60 * int(hours) + int(hours[0] + minutes) if hours else 0
        return _Date(int(year), int(month), int(day), int(hour), int(minute), int(second), 0, offset)
    text = " ".join(text.split())
    for spelling in _SPELLINGS:
        match = spelling.fullmatch(text)
        if match:
            return _date(match.groupdict())
    return None


def _date(parts: dict[str, str | None]) -> _Date | None:
    day, clock, offset = _day(parts), _clock(parts), _offset(parts)
    return None if day is None or clock is None or offset is None else _Date(*day, *clock, offset)


def _day(parts: dict[str, str | None]) -> tuple[int, int, int] | None:
    """Year, month and day; None if the day and the month may be either, or if eight digits are another number."""
    year = int(parts["year"] or 0)
    if parts.get("first"):
        month, day = int(parts["first"] or 0), int(parts["other"] or 0)
        if day != month and max(day, month) <= 12:
            return None
        return (year, day, month) if month > 12 >= day else (year, month, day)
    if parts.get("compact") and parts["hour"] is None and year not in _YEARS:
        return None
    name = parts.get("name")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(parts["month"] or 0)
    return year, month, int(parts["day"] or 0)


def _clock(parts: dict[str, str | None]) -> tuple[int, int, int, int] | None:
    """Hour, minute, second and microsecond; None for digits without a colon that need not be a time."""
    hour, minute = parts["hour"], parts["minute"]
    if hour is None:
        return 0, 0, 0, 0
    is_marked = parts["mark"] in ("T", "t")
    if not parts["colon"] and not (is_marked and len(hour) == 2) and not (parts["half"] and minute is None):
        return None
    number = int(hour)
    if parts["half"]:
        # An hour that a clock of twelve hours does not have, such as 13 PM, does not exist.
        number = number % 12 + 12 * (parts["half"] in "pP") if 1 <= number <= 12 else 24
    return number, int(minute or 0), int(parts["second"] or 0), int((parts["fraction"] or "").ljust(6, "0")[:6])


def _offset(parts: dict[str, str | None]) -> int | None:
    """Minutes that a zone is ahead of UTC; None for digits after a day that need not be an offset."""
    zone, hours = parts["zone"], parts["hours"]
    if zone is None:
        return 0
    if hours is None:
        zone = zone.lower()
        return 60 * (_NAMED_ZONES[zone[0]] + (zone[1] == "d")) if zone[0] in _NAMED_ZONES else 0
    if parts["hour"] is None and len(hours) == 1:
        return None
    return int(f"{parts['sign']}1") * (60 * int(hours) + int(parts["minutes"] or 0))


def _in_utc(date: _Date) -> str | None:
    is_leap = date.second == 60
    if abs(date.offset) >= 24 * 60:
        return None
    try:
        written = dt.datetime(*date[:5], date.second - is_leap, date.microsecond)
        moment = written + dt.timedelta(seconds=is_leap) - dt.timedelta(minutes=date.offset)
    except (ValueError, OverflowError):
        return None
    text = moment.isoformat()
    return (text.rstrip("0") if moment.microsecond else text) + "Z"


_FULL_DAY: Final = re.compile(r"(\d{4})(?:([-_])(\d\d?)\2(\d\d?)|(\d\d)(\d\d))(?![^-_. ,])", re.ASCII)
# A day, or month and day, that folders above begin with a year.
_DAY_AFTER_FOLDERS: Final = re.compile(r"(\d\d?)(?:-(\d\d?))?(?=[-_]|\.[a-z]\w*\Z|\Z)", re.ASCII | re.IGNORECASE)
_YEAR_FOLDER: Final = re.compile(r"\d{4}", re.ASCII)
_MONTH_FOLDER: Final = re.compile(r"\d\d?", re.ASCII)


def date_in_path(path: str) -> str | None:
    """The day in the path of a file, as `2021-03-04T00:00:00Z`: the last one that the path has, or None.

    It is at the start of the name of the file or a folder (`2021-03-04-title.md`, `20210304-title.md`,
    `2021-03-04/index.md`), or the folders above it begin it (`2021/03/04/title.md`, `2021/03/04-title.md`,
    `2021/03-04-title/index.md`). If that day does not exist, the path has none.
    """
    parts = path.split("/")
    for place in range(len(parts) - 1, -1, -1):
        found = _day_of_part(parts, place)
        if found:
            return _in_utc(found)
    return None


def _day_of_part(parts: list[str], place: int) -> _Date | None:
    part = parts[place]
    if not part[:1].isdigit():
        return None
    match = _FULL_DAY.match(part)
    if match and match[2]:
        return _Date(int(match[1]), int(match[3]), int(match[4]))
    if match:
        found = _Date(int(match[1]), int(match[5]), int(match[6]))
        return found if found.year in _YEARS_IN_NAMES and _in_utc(found) else None
    match = _DAY_AFTER_FOLDERS.match(part)
    if match and match[2] and _is_year(parts, place - 1):
        return _Date(int(parts[place - 1]), int(match[1]), int(match[2]))
    if match and place > 1 and _MONTH_FOLDER.fullmatch(parts[place - 1]) and _is_year(parts, place - 2):
        return _Date(int(parts[place - 2]), int(parts[place - 1]), int(match[1]))
    return None


def _is_year(parts: list[str], place: int) -> bool:
    return place >= 0 and _YEAR_FOLDER.fullmatch(parts[place]) is not None and int(parts[place]) in _YEARS
