"""What DuckDB says of a query that it refuses, as one line: where in the query, what is wrong, what may be meant."""

import re
from typing import Final

import duckdb

_PLACE = re.compile(r"^LINE (?P<line>\d+): (?P<text>.*)\n(?P<before> *)(?P<carets>\^+)", re.MULTILINE)
_NAMES = re.compile(r'^(?:Candidate (?:bindings|tables|columns): |Did you mean )(?P<names>".+")\??', re.MULTILINE)
_CALLS = re.compile(r"^\s+(?P<call>\w+\(.*\))", re.MULTILINE)
# These kinds say nothing that the message does not say.
_KIND = re.compile(r"^(?:Binder|Catalog|Parser|Conversion|Invalid Input) Error: ")
# DuckDB guesses among its own tables too, of which nobody thinks who asks about articles.
_OF_DUCKDB: Final = ("duckdb_", "pg_", "sqlite_", "pragma_", "information_schema.")
_MOST_HINTS: Final = 3


def explain_query_error(error: duckdb.Error) -> str:
    """The refusal of a query, such as: line 2, `topik`: Referenced column "topik" not found; did you mean "topic"?"""
    text = str(error)
    problem, *more = [line.strip() for line in text.splitlines() if line.strip()]
    message = _KIND.sub("", problem).rstrip(".!")
    return f"{_place(text)}{message}{_hint(text, more)}"


def _place(text: str) -> str:
    found = _PLACE.search(text)
    if not found:
        return ""
    start = len(found["before"]) - len(f"LINE {found['line']}: ")
    word = found["text"][start : start + len(found["carets"])].strip()
    return f"line {found['line']}, `{word}`: " if word else f"line {found['line']}: "


def _hint(text: str, more: list[str]) -> str:
    listed = [name for found in _NAMES.finditer(text) for name in re.findall(r'"[^"]+"', found["names"])]
    names = [name for name in listed if not name.strip('"').startswith(_OF_DUCKDB)]
    if names:
        return f"; did you mean {' or '.join(names[:_MOST_HINTS])}?"
    calls = _CALLS.findall(text) if "Candidate " in text else []
    if calls:
        return f"; write {' or '.join(calls[:_MOST_HINTS])}"
    advice = more[0].rstrip(".") if more and not more[0].startswith(("LINE ", "Candidate ", "Did you mean ")) else ""
    return f"; {advice[0].lower()}{advice[1:]}" if advice else ""
