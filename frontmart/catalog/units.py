"""The unit of a column, derived from its name: names follow one grammar, such as `_at`, `_count` and `_share`."""

from typing import Final

_WHOLE_NAMES: Final = {
    "position": "0-based position",
    "size": "bytes",
    "width": "pixels",
    "height": "pixels",
    "line": "1-based line",
    "column": "1-based column",
    "lift": "ratio, 1 is chance",
    "first_ratio": "ratio, 1 is as expected",
    "firsts": "count, may be a fraction",
    "expected_firsts": "count, may be a fraction",
    "event_jaccard": "share, 0..1",
    "topic_cosine": "cosine, 0..1",
    "log_odds": "natural logarithm",
    "files_per_second": "files a second",
    "change_count": "count, may be negative",
    "document_count_change": "count, may be negative",
    "expected_count": "count, may be a fraction",
    "p_value": "probability, 0..1",
    "q_value": "false discovery rate, 0..1",
    "z": "standard deviations",
    "adjusted_residual": "standard deviations",
    "share_difference": "share, from -1",
    "share_difference_low": "share, from -1",
    "share_difference_high": "share, from -1",
    "share": "share, 0..1",
    "content_hash": "32 hex digits",
    "weekday": "day of the week",
    "similarity": "share, 0..1",
    "step": "0-based step",
    "valid_from": "0-based step",
    "valid_to": "0-based step",
}
# The first match applies: `growth_share` precedes `_share`, its ending.
_ENDINGS: Final = {
    "growth_share": "share, from -1",
    "_share": "share, 0..1",
    "_share_without_omnipresent": "share, 0..1",
    "_correlation": "correlation, -1..1",
    "_hhi": "index, 0..1",
    "_at": "UTC timestamp",
    "_date": "UTC day",
    "_count": "count",
    "_seconds": "seconds",
    "_hours": "hours",
    "_days": "days",
    "_pixels": "pixels",
    "_chars": "characters",
    "_words": "words",
    "_ns": "nanoseconds",
    "_position": "0-based position",
    "_id": "id",
    "_id_a": "id",
    "_id_b": "id",
    "_url": "URL",
    "_rank": "rank, 1 is first",
    "_number": "number, from 1",
    "heat": "score",
    "quality": "score",
}
_BEGINNINGS: Final = {"is_": "yes or no", "has_": "yes or no", "hours_": "hours", "days_": "days"}


def unit_of(name: str) -> str:
    """The unit of a column of this name, such as `share, 0..1`; empty for text and other columns without a unit."""
    if name in _WHOLE_NAMES:
        return _WHOLE_NAMES[name]
    for ending, unit in _ENDINGS.items():
        if name.endswith(ending):
            return unit
    for beginning, unit in _BEGINNINGS.items():
        if name.startswith(beginning):
            return unit
    return "URL" if name == "url" else ""


def bounds_of(unit: str) -> dict[str, int]:
    """The bounds that a unit sets, as `minimum` and `maximum`."""
    if unit.endswith(", 0..1"):
        return {"minimum": 0, "maximum": 1}
    if unit.endswith(", -1..1"):
        return {"minimum": -1, "maximum": 1}
    if unit in ("count", "count, may be a fraction", "0-based position"):
        return {"minimum": 0}
    return {"minimum": -1} if unit == "share, from -1" else {}
