"""Front matter of other generators, of any shape: every value is stored once as written, but `secured` never.

Every text, number and date of a generated file has a number of its own, by which it is found again; nulls and empty
texts are counted. Flags are not looked for: together they make one column.
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.front_matter import PATH, Frames, adapted, tables_of
from tests.transforms.test_nothing_is_lost import HIDDEN, SECURED, few, secured_of
from transforms.fields import GENERIC_FIELDS
from transforms.generic.adapt import adapter
from transforms.generic.rules import DEFAULT_RULES, ColumnRule, PathDefaults
from transforms.parse.frontmatter import parse_file
from transforms.parse.outcomes import Document

ALIASES = sorted({alias.key for field in GENERIC_FIELDS for alias in field.aliases})
PARTS = sorted({part for alias in ALIASES for part in alias.split(".")} - {"*"})
ITEM_KEYS = ["name", "title", "url", "src", "path", "alt", "caption", "credit", "width", "height", "id", "bio", "slug"]
# Names of the preset `smartable` and of records, which no file here has.
INTERNAL = ("publishedDateTime", "updatedDateTime", "originalUrl", "webUrl", "generic", "topic_kinds", "sources")
RULES = replace(
    DEFAULT_RULES,
    columns=(ColumnRule("team", "extra.team", "text"), ColumnRule("cover", "cover", "text")),
)

KEYS = st.sampled_from([*PARTS, *SECURED, "X-key", "größe", "extra", "Tags", "team"])
LEAVES = st.sampled_from(
    [
        *("text", "image", "url", "credentials", "embedded", "number", "date", "words", "link", "hash", "mail"),
        *("true", "null", "empty", "status", "size", "language"),
    ]
)
ANY = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.dictionaries(st.sampled_from([*ITEM_KEYS, *SECURED]), inner, max_size=4)
    ),
    max_leaves=20,
)
FRONTS = st.dictionaries(KEYS, ANY, min_size=1, max_size=8)


def filled(value: Any, numbers: Iterator[int], *, is_hidden: bool = False) -> Any:
    """A generated shape with leaves that are each their own."""
    if isinstance(value, dict):
        return {key: filled(item, numbers, is_hidden=is_hidden or key in SECURED) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, numbers, is_hidden=is_hidden) for item in value]
    number = next(numbers)
    if is_hidden:
        return f"{HIDDEN}{number}"
    leaves = {
        "text": f"leaf{number}",
        "image": f"/leaf{number}.png",
        "url": f"https://example.org/leaf{number}",
        "credentials": f"https://user:{HIDDEN}@example.org/leaf{number}",
        "embedded": f'{{"secured": "{HIDDEN}"}}',
        "number": number,
        "date": f"2021-04-20T{number % 24:02d}:00:00.{number}Z",
        "words": f"leaf{number}, leaf{next(numbers)}",
        "link": f"[[leaf{number}/leaf{next(numbers)}|leaf{next(numbers)}]]",
        "hash": f"#leaf{number}",
        "mail": f"leaf{number} <leaf{next(numbers)}@example.org>",
        "true": True,
        "null": None,
        "empty": "",
        "status": f"draft leaf{number}",
        "size": f"{number}px",
        "language": "fr",
    }
    return leaves[value]


def numbers_of(value: Any) -> Counter[str]:
    """The numbers, nulls and empty texts in a nested value without `secured`."""
    found: Counter[str] = Counter()
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in SECURED:
                found += numbers_of(item)
    elif isinstance(value, list):
        for item in value:
            found += numbers_of(item)
    elif value in (None, ""):
        found[repr(value)] += 1
    else:
        text = value.strftime("%f") if isinstance(value, dt.datetime) else str(value)
        found.update(re.findall(r"\d{6}", text))
    return found


def stored_in(frames: Frames) -> Counter[str]:
    """The numbers, nulls and empty texts in all tables; nulls only where they stand for those of the file."""
    found: Counter[str] = Counter()
    for name, frame in frames.items():
        for row in frame.iter_rows(named=True):
            nested = {
                key: value for key, value in row.items() if value is not None and key not in ("key", "document_id")
            }
            if name == "documents":
                nested |= {"content_hash": "", "extra": json.loads(row["extra"] or "{}")}
            if name == "field_issues":
                refused = row["value"]
                nested = {"value": json.loads(refused) if refused and refused[0] in "[{" else refused}
            found += numbers_of(nested)
    return found


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def assert_nothing_is_lost(front: dict[str, Any], data: bytes) -> None:
    outcome = parse_file(PATH, data, make_record=adapter(RULES))
    assert isinstance(outcome, Document), (outcome, data)
    frames = tables_of([outcome])
    assert numbers_of(front) - stored_in(frames) == Counter(), data
    assert HIDDEN not in outcome.line.decode() + "".join(str(frame.rows()) for frame in frames.values())
    assert frames["documents"]["has_secured"][0] == any(True for _ in secured_of(front))
    for name in frames["field_issues"]["field"]:
        assert not set(re.split(r"[.\[\]]", name)) & set(INTERNAL), (name, data)
        parts = re.sub(r"\[[^]]*\]", "", name).split(".")
        assert set(parts) <= keys_of(front), (name, data)


@few
@given(FRONTS)
def test_no_value_is_lost(shape: dict[str, Any]) -> None:
    front = filled(shape, count(100_000))
    text = yaml.safe_dump(front, allow_unicode=True, sort_keys=False)
    assert_nothing_is_lost(front, f"---\n{text}---\n".encode())


@few
@given(st.sampled_from(ALIASES), ANY, st.sampled_from(ALIASES), ANY)
def test_no_value_under_the_key_of_a_field_is_lost(key: str, value: Any, other: str, more: Any) -> None:
    front = filled(nested(other, more) | nested(key, value), count(100_000))
    assert_nothing_is_lost(front, json.dumps(front).encode() + b"\n")


def test_a_secret_in_the_defaults_of_a_mapping_file_is_not_stored() -> None:
    values = (("cover", {"image": "a.png", "secured": HIDDEN}), ("authors", [{"name": "Ann", "Secured": [HIDDEN]}]))
    rules = replace(RULES, defaults=(PathDefaults("**", values),))
    outcome = parse_file(PATH, b"---\ntitle: A\n---\n", make_record=adapter(rules))
    assert isinstance(outcome, Document)
    assert b"a.png" in outcome.line
    assert HIDDEN.encode() not in outcome.line


@pytest.mark.parametrize(
    ("front", "fields"),
    [
        ("url: https://me:pw@x.org/a", ["url"]),
        ("cover: {image: 'https://me:pw@x.org/a.png', alt: A}", ["cover"]),
        ("author: [{name: Ann, url: 'https://me:pw@x.org/'}]", ["author"]),
        ("category: Law\ntags: [AI, 'https://me:pw@x.org/']", ["tags"]),
        ("slug: 'https://me:pw@x.org/'", ["slug"]),
        ("canonical: 'https://me:pw@x.org/'", ["canonical"]),
        ("headline: 'https://me:pw@x.org/'\ntitle: [1]", ["headline"]),
        ("extra: {note: ['https://me:pw@x.org/']}", ["extra.note[0]"]),
        ("taxonomies: {'https://me:pw@x.org/': [AI]}", []),
    ],
)
def test_issues_name_the_key_in_the_file(front: str, fields: list[str]) -> None:
    frames = adapted({PATH: front})
    assert frames["field_issues"]["field"].to_list() == fields
    assert "pw" not in "".join(str(frame.rows()) for frame in frames.values())


def nested(alias: str, value: Any) -> dict[str, Any]:
    """A mapping with a value under a dotted key."""
    first, _, rest = alias.replace("*", "other").partition(".")
    return {first: nested(rest, value) if rest else value}
