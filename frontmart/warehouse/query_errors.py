"""Errors of DuckDB as one line: where in the query, what is wrong, and which name may be meant.

DuckDB describes an error as JSON, with its position and candidates, on a connection that sets `errors_as_json`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb

from frontmart.errors import UsageError

# The text of these error types is clear without the type.
_PLAIN_TYPES: Final = ("Binder", "Catalog", "Parser", "Conversion", "Invalid Input")
# DuckDB also suggests its own tables, which no query over the warehouse is about.
_SYSTEM_PREFIXES: Final = ("duckdb_", "pg_", "sqlite_", "pragma_", "information_schema.")
_SUGGESTION_LINES: Final = ("Candidate ", "Did you mean ")
_MOST_SUGGESTIONS: Final = 3
_MOST_CHARACTERS: Final = 60


_TIMED_OUT: Final = "maximum execution time"
# Arrow passes on DuckDB's error as a text.
_OUT_OF_MEMORY: Final = re.compile("Out of Memory Error|std::bad_alloc")
TOO_LARGE: Final = (
    "the query failed: Out of Memory: it takes more than 1 GB of memory, or spills more than 10 GB; "
    "select fewer rows or columns, or shorter texts"
)
TOO_SLOW: Final = "the query failed: it ran longer than the timeout; select less, as with WHERE, or give a longer one"


def query_error(error: Exception, sql: str) -> UsageError | KeyboardInterrupt:
    """The exception to raise for an error of a query: KeyboardInterrupt if it was interrupted, or else UsageError."""
    if isinstance(error, duckdb.InterruptException) and _TIMED_OUT in str(error):
        return UsageError(TOO_SLOW)
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError) or _OUT_OF_MEMORY.search(str(error)):
        return UsageError(TOO_LARGE)
    # DuckDB turns a signal into a RuntimeError.
    if isinstance(error, duckdb.InterruptException) or not isinstance(error, duckdb.Error | OSError):
        return KeyboardInterrupt()
    return UsageError(f"the query failed: {explain_query_error(error, sql)}")


def explain_query_error(error: Exception, sql: str) -> str:
    """The error of a query, such as: line 2, `topik`: Referenced column "topik" not found; did you mean "topic"?"""
    details = _details(error)
    if details is None:
        text = error_text(error).strip()
        # An error of the file system of spilled data ends with its message; others begin with theirs.
        return text.splitlines()[-1 if text.startswith("Traceback ") else 0].rstrip(".!")
    type_, text = str(details["exception_type"]), str(details["exception_message"])
    first, *others = [line.strip() for line in text.splitlines() if line.strip()] or [f"{type_} Error"]
    message = first.rstrip(".!") if type_ in _PLAIN_TYPES else f"{type_} Error: {first.rstrip('.!')}"
    return f"{_position(details, sql)}{message}{_advice(details, others)}"


def error_text(error: Exception) -> str:
    """The text of an error as DuckDB shows it by default, also from a connection that sets `errors_as_json`."""
    details = _details(error)
    return f"{details['exception_type']} Error: {details['exception_message']}" if details else str(error)


def _details(error: Exception) -> Mapping[str, Any] | None:
    """The JSON in an error's text, which follows its type; None for an error that DuckDB gave as plain text."""
    _, separator, text = str(error).partition(": {")
    try:
        details = json.loads("{" + text) if separator else {}
    except ValueError:
        return None
    return details if {"exception_type", "exception_message"} <= details.keys() else None


def _position(details: Mapping[str, Any], sql: str) -> str:
    """The line and the word of an error; nothing if it is in a view or macro rather than in the query itself."""
    start, length = json.loads(details.get("location", "[0, 0]"))
    content = sql.encode()  # positions count bytes
    if "location" not in details or start + length > len(content):
        return ""
    line = content[:start].count(b"\n") + 1
    word = " ".join(content[start : start + length].decode(errors="replace").split())
    if len(word) > _MOST_CHARACTERS:
        word = f"{word[:_MOST_CHARACTERS]}…"
    return f"line {line}, `{word}`: " if word else f"line {line}: "


def _advice(details: Mapping[str, Any], lines: Sequence[str]) -> str:
    """The end of the message: calls or names that may be meant, or else the second line of DuckDB's text.

    Args:
        details: the error.
        lines: its text, without the first line.
    """
    heading = next((line for line in lines if line.startswith("Candidate ") and line.endswith(":")), None)
    if heading:
        calls = [line.partition(" -> ")[0] for line in lines[lines.index(heading) + 1 :]]
        return f"; write {' or '.join(calls[:_MOST_SUGGESTIONS])}"
    suggestions = [line for line in lines if line.startswith(_SUGGESTION_LINES)]
    # Not every error that has candidates lists them as such.
    names = details.get("candidates", "").split(",") if "candidates" in details else _quoted(suggestions)
    names = [name for name in names if not name.startswith(_SYSTEM_PREFIXES)]
    if names:
        quoted = [f'"{name}"' for name in names[:_MOST_SUGGESTIONS]]
        return f"; did you mean {' or '.join(quoted)}?"
    advice = lines[0].rstrip(".") if lines and not suggestions else ""
    return f"; {advice[0].lower()}{advice[1:]}" if advice else ""


def _quoted(lines: Sequence[str]) -> list[str]:
    return [name for line in lines for name in re.findall(r'"([^"]+)"', line)]
