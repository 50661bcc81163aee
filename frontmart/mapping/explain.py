"""Errors of pydantic about a mapping file as one line: the place in the file, what is wrong, and what to do."""

import datetime as dt
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ValidationError

from frontmart.mapping.model import COLUMN_NAME, TAGS, TYPES
from transforms.fields import GENERIC_FIELDS

_HEADERS: Final = {"fields": "[fields]", "articles": "[articles]", "defaults": "[[defaults]]", "columns": "[columns]"}
_OPTIONS: Final = {
    "articles": ("include", "exclude"),
    "defaults": ("path", "values"),
    "columns": ("type", "key", "description"),
}
_SHAPES: Final = {
    "fields": 'a key, a list of keys, or a table such as {key = "tags"} or {value = "News"}',
    "columns": 'a type, or a table such as {key = "extra.team", type = "text"}',
}


def explain(error: ValidationError) -> str:
    """The first problem of a mapping file; unknown names come before all others, which they may cause."""
    problems = error.errors(include_url=False)
    problems.sort(key=lambda each: (each["type"] != "extra_forbidden", len(each["loc"]) > 1))
    first = problems[0]
    place = tuple(part for part in first["loc"] if part not in TAGS)
    return _explain(place, first)


def place_of(place: Sequence[int | str]) -> str:
    """A place in the file as people write it: `[fields] topics[0].kind`."""
    table, *rest = place
    text = _HEADERS.get(str(table), str(table))
    if table == "defaults" and rest:
        text, rest = f"[[defaults]] number {int(rest[0]) + 1}", rest[1:]
    parts = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in rest)
    return f"{text} {parts.removeprefix('.')}".strip()


def did_you_mean(name: str, known: Sequence[str], otherwise: str) -> str:
    """`did you mean X?` for the nearest known name, else other advice."""
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else otherwise


def _explain(place: tuple[int | str, ...], problem: Any) -> str:
    table, kind = str(place[0]), problem["type"]
    if kind == "extra_forbidden":
        return _unknown(place)
    if table == "columns" and place[-1] == "[key]":
        name = str(place[1])
        message = f"[columns] {name}: not a name of a column"
        return f"{message}; write it in lower case, with letters, digits and _, at most 63 ({COLUMN_NAME})"
    if kind == "missing":
        return f"{place_of(place[:-1])}: {place[-1]} is missing; add it"
    if table == "columns" and kind == "literal_error":
        listed = f"{', '.join(TYPES[:-1])} or {TYPES[-1]}"
        return f"{place_of(place)}: unknown type {problem['input']!r}; write {listed}"
    return f"{place_of(place)}: must be {_expected(place, problem)}, but it is {_written(problem['input'])}; correct it"


def _unknown(place: tuple[int | str, ...]) -> str:
    name = str(place[-1])
    if len(place) == 1:
        near = get_close_matches(name.lower(), _HEADERS, n=1)
        advice = f"did you mean {_HEADERS[near[0]]}?" if near else f"the tables are {', '.join(_HEADERS.values())}"
        return f"unknown table {name}; {advice}"
    if place[0] == "fields" and len(place) == 2:
        names = [field.name for field in GENERIC_FIELDS]
        listed = f"the fields are {', '.join(names)}"
        return f"[fields] {name}: unknown field; {did_you_mean(name, names, listed)}"
    if place[0] == "fields":
        return f"{place_of(place)}: unknown or unfit option; {_options_of(str(place[1]))}"
    known = _OPTIONS[str(place[0])]
    listed = f"the options are {', '.join(known)}"
    return f"{place_of(place)}: unknown option; {did_you_mean(name, known, listed)}"


def _options_of(field: str) -> str:
    extra = {"topics": ", kind and separator", "authors": " and separator"}.get(field, "")
    return f"{field} takes key{extra}, or value"


def _expected(place: tuple[int | str, ...], problem: Any) -> str:
    kind, table = problem["type"], str(place[0])
    if len(place) == 1:
        return "a list of tables" if table == "defaults" else "a table"
    if kind == "literal_error":
        return str(problem["ctx"]["expected"]).replace("'", "")
    if kind in ("list_type", "too_short") and table == "articles":
        return 'a list of globs, such as ["posts/**"]'
    if kind in ("string_too_short", "string_type"):
        return "a text that is not empty"
    if kind in ("dict_type", "model_type", "too_short") and table == "defaults":
        return "a table with a key or more"
    if kind == "too_short":
        return "a list of one key or more"
    return _SHAPES.get(table, "another type")


def _written(value: object) -> str:
    """A value of the file as TOML, cut to 60 characters."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, str):
        text = '"' + value + '"'
    elif isinstance(value, dict):
        text = "a table" if value else "an empty table"
    else:
        text = value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
