"""The types of `run.json`: a record whose every value is of the type that builds write, so that readers need no care.

Keys of other versions are not checked; a key that is missing is not an error unless every version writes it.
"""

import datetime as dt
import math
from collections.abc import Callable
from typing import Any, Final

from transforms.vocabulary import Preset

# Every version writes these.
_REQUIRED: Final = ("snapshot_id", "as_of_date", "rows")
_CHECK_KEYS: Final = {"name", "severity", "description", "failed_row_count", "first_rows"}
_MOST: Final = 2**63


def require_record(run: Any) -> None:
    """Raise ValueError, KeyError, TypeError or AttributeError for a record that no build writes.

    Args:
        run: the JSON value of the file.
    """
    for key in _REQUIRED:
        if run[key] is None:
            raise ValueError(key)
    for key, is_valid in _TYPES.items():
        value = run.get(key)
        if value is not None and not is_valid(value):
            raise ValueError(key)


def _is_text(value: Any) -> bool:
    # Surrogates of a path that is not UTF-8 are valid.
    return isinstance(value, str)


def _is_date(value: Any) -> bool:
    return isinstance(dt.date.fromisoformat(value), dt.date)


def _is_time(value: Any) -> bool:
    # A time without a zone cannot be compared with the times of files.
    return dt.datetime.fromisoformat(value).tzinfo is not None


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < _MOST


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < _MOST and math.isfinite(value)


def _each(is_valid: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """A mapping of texts to valid values."""
    return lambda value: isinstance(value, dict) and all(map(is_valid, value.values()))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_checks(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_check, value))


def _is_check(value: Any) -> bool:
    return (
        value.keys() == _CHECK_KEYS
        and all(_is_text(value[key]) for key in ("name", "severity", "description"))
        and _is_count(value["failed_row_count"])
        and isinstance(value["first_rows"], list)
        and all(isinstance(row, dict) for row in value["first_rows"])
    )


def _is_preset(value: Any) -> bool:
    return (
        value["name"] in set(Preset) and _is_text(value["chosen_by"]) and isinstance(value["votes"], dict | type(None))
    )


_TYPES: Final[dict[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(
        ("run_id", "snapshot_id", "outcome", "frontmart_version", "name", "source", "source_path", "out"), _is_text
    ),
    **dict.fromkeys(("as_of_date", "window_end_date", "first_article_date", "last_article_date"), _is_date),
    "days_since_last_article": _is_count,
    "started_at": _is_time,
    **dict.fromkeys(("file_count", "document_count", "reject_count", "skipped_count", "failed_check_count"), _is_count),
    "total_seconds": _is_number,
    "preset": _is_preset,
    "files": _each(_is_count),
    "changed_files": _each(_is_count),
    "rows": _each(_is_count),
    "fingerprint": _each(_is_text),
    "seconds": _each(_is_number),
    "checks": _are_checks,
    "features": _are_texts,
    "notes": _are_texts,
    "warnings": _are_texts,
}
