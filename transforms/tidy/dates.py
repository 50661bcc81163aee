"""Dates, times and durations as people write them -> UTC timestamps and seconds. A time without offset is in UTC."""

import polars as pl

_EXACT = "%Y-%m-%dT%H:%M:%SZ"
_TIME = r"(?:(?:[Tt:]|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>\.\d{1,9})?)?)?"
_ZONE = r"\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
_YEAR_FIRST = r"^(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _TIME + _ZONE + "$"
_DAY_FIRST = r"^(?P<day>\d{1,2})[-.](?P<month>\d{1,2})[-.](?P<year>\d{4})" + _TIME + _ZONE + "$"
_IN_WORDS = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y")
_MAIL = "%a, %d %b %Y %H:%M:%S %z"

_ISO_DURATION = (
    r"(?i)^P(?:(?P<weeks>[0-9]+)W)?(?:(?P<days>[0-9]+)D)?(?P<lone_minutes>[0-9]+M)?"
    r"(?P<time>T(?:(?P<hours>[0-9]+(?:\.[0-9]+)?)H)?(?:(?P<minutes>[0-9]+(?:\.[0-9]+)?)M)?(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?$"
)
_CLOCK = r"^(?:(?P<hours>[0-9]+):)?(?P<minutes>[0-9]{1,2}):(?P<seconds>[0-5][0-9])$"
_WORDS = (
    r"(?i)^(?:(?P<hours>[0-9]+(?:\.[0-9]+)?)\s*(?:h|hr|hrs|hours?))?[\s,]*"
    r"(?:(?P<minutes>[0-9]+(?:\.[0-9]+)?)\s*(?:m|min|mins|minutes?))?[\s,]*"
    r"(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)\s*(?:s|sec|secs|seconds?)?)?$"
)


def as_timestamp(text: pl.Expr) -> pl.Expr:
    """Text -> UTC timestamp in microseconds; null if the text is not a date between the years 1 and 9999.

    Takes `2021-04-20T22:38:00Z`, the most common form, and also: other ISO forms with or without time, seconds,
    fraction and offset, `2009-11-10:23:00Z`, `dd-mm-yyyy`, `April 20, 2021` and the form of mail headers.
    """
    exact = text.str.to_datetime(_EXACT, time_unit="us", strict=False)
    other = pl.when(exact.is_null()).then(text.str.strip_chars())
    words = [(other + " 00:00").str.to_datetime(f"{form} %H:%M", time_unit="us", strict=False) for form in _IN_WORDS]
    numbered = other.str.replace(r" (?:GMT|UTC?)$", " +0000")
    mail = numbered.str.to_datetime(_MAIL, time_unit="us", time_zone="UTC", strict=False).dt.replace_time_zone(None)
    found = pl.coalesce(exact, _from_parts(other, _YEAR_FIRST), _from_parts(other, _DAY_FIRST), *words, mail)
    return pl.when(found.dt.year().is_between(1, 9999)).then(found)


def common_timestamp(text: pl.Expr) -> pl.Expr:
    """As `as_timestamp`, but only for texts such as `2021-04-20T22:38:00Z`."""
    exact = text.str.to_datetime(_EXACT, time_unit="us", strict=False)
    return pl.when(exact.dt.year().is_between(1, 9999)).then(exact)


def _from_parts(text: pl.Expr, pattern: str) -> pl.Expr:
    parts = text.str.extract_groups(pattern)

    def part(name: str, width: int = 2) -> pl.Expr:
        return parts.struct.field(name).fill_null("").str.zfill(width)

    zone = parts.struct.field("zone").fill_null("Z").str.to_uppercase().str.replace(":", "")
    zone = pl.when(zone.is_in(["Z", "UTC", "GMT"])).then(pl.lit("+0000")).otherwise(zone.str.pad_end(5, "0"))
    fraction = parts.struct.field("fraction").fill_null(".0")
    written = pl.concat_str(
        part("year", 4), "-" + part("month"), "-" + part("day"),
        "T" + part("hour"), ":" + part("minute"), ":" + part("second"), fraction, zone,
    )  # fmt: skip
    is_match = parts.struct.field("year").is_not_null()
    moment = pl.when(is_match).then(written).str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", time_zone="UTC", strict=False
    )  # fmt: skip
    return moment.dt.replace_time_zone(None)


def as_seconds(text: pl.Expr) -> pl.Expr:
    """Text -> duration in seconds: ISO 8601 (`PT1H2M3S`; `P1M` is read as a minute), `1:02:03`, `25 mins`."""
    text = text.str.strip_chars()
    iso = text.str.extract_groups(_ISO_DURATION)
    lone_minutes = iso.struct.field("lone_minutes").str.strip_suffix("M").str.strip_suffix("m")
    has_part = text.str.contains(r"[0-9]")
    total = (
        _number(iso, "weeks") * 604_800 + _number(iso, "days") * 86_400 + _clock_seconds(iso)
        + lone_minutes.cast(pl.Float64, strict=False).fill_null(0) * 60
    )  # fmt: skip
    found = pl.coalesce(
        pl.when(text.str.contains(_ISO_DURATION) & has_part).then(total),
        pl.when(text.str.contains(_CLOCK)).then(_clock_seconds(text.str.extract_groups(_CLOCK))),
        pl.when(text.str.contains(_WORDS) & has_part).then(_clock_seconds(text.str.extract_groups(_WORDS))),
    )
    return pl.when(found.is_finite()).then(found)


def _clock_seconds(parts: pl.Expr) -> pl.Expr:
    return _number(parts, "hours") * 3_600 + _number(parts, "minutes") * 60 + _number(parts, "seconds")


def _number(parts: pl.Expr, name: str) -> pl.Expr:
    return parts.struct.field(name).cast(pl.Float64, strict=False).fill_null(0)
