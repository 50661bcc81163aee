"""The line of a key in YAML, TOML and JSON front matter: the right one, or none."""

import itertools
import json
from collections import Counter
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.parse.key_lines import line_of_key
from transforms.parse.split import split_file, split_front_matter


def line(data: str | bytes, key: str) -> int | None:
    front = split_front_matter(data.encode() if isinstance(data, str) else data)
    assert front is not None
    return line_of_key(front, key)


YAML = """
---
# date: a comment
title: "date: é ü\N{NEXT LINE}\N{LINE SEPARATOR}"
text: |
  date: not a key
  more
"date": 2021-02-29
extra: {updated: 2021-02-30, other: x}
deep:
  down:
    'when': 2021-13-01
list:
- date: 1
a.b: 1
twice: 1
last:
  inner: 1
twice: 2
last:
  inner: 2
  outer: 3
x.y: 1
x:
  y: 2
base: &base
  made: 2021-02-29
copy:
  <<: *base
---
date: in the body
"""


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("title", 4), ("text", 5), ("date", 8), ("extra", 9), ("extra.updated", 9), ("deep.down", 11),
        ("deep.down.when", 12), ("list", 13),
        ("a.b", 15), ("twice", 19), ("last", 20), ("last.inner", 21), ("last.outer", 22), ("x", 24), ("base.made", 27),
        ("when", None), ("list.date", None), ("absent", None), ("x.y", None), ("copy.made", None), ("", None),
        (".", None), ("date.", None),
    ],
)  # fmt: skip
def test_line_of_a_key_in_yaml(key: str, expected: int | None) -> None:
    assert line(YAML, key) == expected
    assert line(YAML.replace("\n", "\r\n"), key) == expected


TOML = '''+++
# date = 1
title = "date = é"
text = """
date = "not a key"
"""
date = "2021-02-29"
updated = 2021-02-28
list = [
  "date",
]
"quoted" = 1
dotted.key = 1
inline = {when = "2021-13-01", then = {now = 1}}
[extra]
date = "2021-02-30"
[extra.deep]
made = 1
[[many]]
date = 1
[a]
b = 1
+++
date = "in the body"
'''


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("title", 3), ("date", 7), ("updated", 8), ("quoted", 12), ("dotted", 13), ("dotted.key", 13),
        ("inline.when", 14), ("inline.then.now", 14),
        ("extra", 15), ("extra.date", 16), ("extra.deep", 17), ("extra.deep.made", 18), ("a.b", 22),
        ("text", None), ("list", None), ("many.date", None), ("absent", None), ("key", None), ("", None), (".", None),
    ],
)  # fmt: skip
def test_line_of_a_key_in_toml(key: str, expected: int | None) -> None:
    assert line(TOML, key) == expected


def test_a_toml_key_that_may_be_two_has_no_line() -> None:
    assert line('+++\n"a.b" = 1\na.b = 2\n+++\n', "a.b") is None
    assert line('+++\n"a.b" = 1\na.c = 2\n+++\n', "a.b") == 2


JSON = """
{
\t"title": "\\"date\\": 1 é",
\t"date": "2021-02-29",
\t"emoji": "\\ud83d\\ude00 \\\\ud83d", "updated":1, "url": "http:\\/\\/x",
\t"extra": {"made": "x",
\t  "deep": {"down": [{"date": 1}]}},
\t"twice": 1,
\t"twice": {"a": 2}
}
{"date": 1}
"""


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("title", 3), ("date", 4), ("updated", 5), ("url", 5), ("extra.made", 6), ("extra.deep", 7), ("twice", 9),
        ("twice.a", 9),
        ("made", None), ("extra.deep.down.date", None), ("absent", None),
    ],
)  # fmt: skip
def test_line_of_a_key_in_json(key: str, expected: int | None) -> None:
    assert line(JSON, key) == expected


@pytest.mark.parametrize(
    "data", ["---\na: b: c\ndate: 1\n---\n", "+++\na =\ndate = 1\n+++\n", '{"date": 1', "---\n- date\n---\n"]
)
def test_front_matter_that_cannot_be_parsed_has_no_lines(data: str) -> None:
    assert line(data, "date") is None


def test_front_matter_beyond_the_limits_has_no_lines() -> None:
    assert line("---\na: " + "x" * 70_000 + "\ndate: 1\n---\n", "date") is None
    assert line('{"a": "' + "x" * 70_000 + '",\n"date": 1}\n', "date") is None
    assert line("---\na: " + "[" * 200 + "]" * 200 + "\ndate: 1\n---\n", "date") is None


def test_the_lines_of_a_notebook_are_those_of_its_first_cell() -> None:
    cell = {"cell_type": "raw", "source": ["---\n", "title: x\n", "date: 2021-02-29\n", "---"]}
    front = split_file("a.ipynb", json.dumps({"cells": [cell]}).encode())
    assert front is not None
    assert line_of_key(front, "date") == 3


KEYS = st.text("ab.c: é\"'#\\\N{GRINNING FACE}", min_size=1, max_size=4)
TREES = st.dictionaries(
    KEYS, st.recursive(st.none(), lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=2), max_leaves=3),
    min_size=1, max_size=3,
)  # fmt: skip


def numbered(value: dict[str, object], numbers: Iterator[int]) -> dict[str, object]:
    """The tree with another number in each leaf, by which its line is found."""
    return {key: numbered(inner, numbers) if isinstance(inner, dict) else next(numbers) for key, inner in value.items()}


def leaves(value: dict[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, inner in value.items():
        yield prefix + key, inner
        if isinstance(inner, dict):
            yield from leaves(inner, f"{prefix}{key}.")


@settings(max_examples=50)
@given(TREES)
def test_every_leaf_is_found_on_its_line_unless_its_key_may_be_two(value: dict[str, object]) -> None:
    tree = numbered(value, itertools.count(100_000))
    names = Counter(name for name, _ in leaves(tree))
    as_yaml = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=10_000)
    for data in (json.dumps(tree, indent=1, ensure_ascii=False), f"---\n{as_yaml}---\n"):
        for name, leaf in leaves(tree):
            if isinstance(leaf, int):
                expected = data[: data.index(str(leaf))].count("\n") + 1 if names[name] == 1 else None
                assert line(data, name) == expected
