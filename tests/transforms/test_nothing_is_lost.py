"""Front matter of any shape: every value but `secured` is in a tidy table, in extra or in field_issues.

Every text, number and date of a generated file is unique, so that each can be found again; nulls and empty texts are
counted.
"""

import datetime as dt
import json
import os
from collections import Counter
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.front_matter import PATH, Frames, tables_of
from transforms.parse.frontmatter import parse_file
from transforms.parse.outcomes import Document
from transforms.parse.records import DOCUMENT, ListOf, MappingOf, Shape

SECURED = ("secured", "Secured", "SECURED", " secured ")
HIDDEN = "hidden"


def known_keys(shape: Shape) -> set[str]:
    """Every key that some field of the record has."""
    if isinstance(shape, ListOf):
        return known_keys(shape.item)
    if isinstance(shape, MappingOf):
        return set(shape.fields).union(*map(known_keys, shape.fields.values()))
    return set()


# Each example is a run of the whole way from bytes to tables.
few = settings(max_examples=int(os.environ.get("FRONTMART_FUZZ", "4000")) // 200)
KEYS = st.sampled_from([*sorted(known_keys(DOCUMENT)), *SECURED, "layout", "X-key", "größe"])
LEAVES = st.sampled_from(["text", "text", "number", "date", "true", "null", "empty"])
ANY = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


def shaped(shape: Shape) -> st.SearchStrategy[Any]:
    """Values as the record has them, now and then something else."""
    if isinstance(shape, MappingOf):
        fields = {name: shaped(inner) for name, inner in shape.fields.items()}
        return st.fixed_dictionaries({}, optional=fields) | ANY
    if isinstance(shape, ListOf):
        return st.lists(shaped(shape.item), max_size=3) | ANY
    return LEAVES


FRONTS = st.dictionaries(KEYS, ANY, min_size=1, max_size=8) | shaped(DOCUMENT).filter(
    lambda front: isinstance(front, dict)
)


def filled(value: Any, numbers: Iterator[int], is_hidden: bool = False) -> Any:
    """A generated shape with leaves that are each their own."""
    if isinstance(value, dict):
        return {key: filled(item, numbers, is_hidden or key in SECURED) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, numbers, is_hidden) for item in value]
    number = next(numbers)
    if is_hidden:
        return f"{HIDDEN}{number}"
    leaves = {
        "text": f"leaf{number}",
        "number": number,
        "date": f"2021-04-20T{number % 24:02d}:00:00.{number:06d}Z",
        "true": True,
        "null": None,
        "empty": "",
    }
    return leaves[value]


def leaves_of(value: Any) -> Iterator[Any]:
    """The leaves of a nested value without `secured`."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in SECURED:
                yield from leaves_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves_of(item)
    else:
        yield value


def as_text(leaf: Any) -> str:
    """A leaf as a cell shows it: whole numbers without fraction, dates as in the file, all in lower case as domains."""
    if isinstance(leaf, float) and leaf.is_integer():
        leaf = int(leaf)
    return (leaf.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(leaf, dt.datetime) else str(leaf)).lower()


def found_in(frames: Frames) -> Counter[str]:
    """The values in all tables, as text: cells, leaves of `extra`, and refused values, including null."""
    found: Counter[str] = Counter()
    for name, frame in frames.items():
        for row in frame.iter_rows(named=True):
            found.update(as_text(cell) for cell in row.values() if cell is not None)
            if name == "documents" and row["extra"]:
                found.update(map(as_text, leaves_of(json.loads(row["extra"]))))
            if name == "field_issues":
                refused = row["value"]
                nested = json.loads(refused) if refused and refused[0] in "[{" else refused
                found.update(map(as_text, leaves_of(nested)))
    return found


def assert_nothing_is_lost(front: dict[str, Any], data: bytes) -> None:
    outcome = parse_file(PATH, data)
    assert isinstance(outcome, Document), (outcome, data)
    frames = tables_of([outcome])
    expected = Counter(map(as_text, leaves_of(front)))
    missing = expected - found_in(frames)
    assert missing == Counter(), data
    assert HIDDEN not in outcome.line.decode() + "".join(str(frame.rows()) for frame in frames.values())
    assert frames["documents"]["has_secured"][0] == any(True for _ in secured_of(front))


def rendered(value: Any, random: Random, indent: int = 0) -> str:
    """YAML as people write it: block or flow, in any quotes."""
    pad = "\n" + " " * indent
    if isinstance(value, dict) and value and random.random() < 0.8:
        return "".join(f"{pad}{_key(key)}:{rendered(item, random, indent + 2)}" for key, item in value.items())
    if isinstance(value, list) and value and random.random() < 0.8:
        return "".join(f"{pad}-{rendered(item, random, indent + 2)}" for item in value)
    return f" {_flow(value, random)}" if value is not None else random.choice(["", " null", " ~"])


def _flow(value: Any, random: Random) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_flow(item, random)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item, random) for item in value) + "]"
    if isinstance(value, str):
        return random.choice([f"'{value}'", f'"{value}"', value or "''"])
    return json.dumps(value)


def _key(key: str) -> str:
    return key if key.strip() == key else f'"{key}"'


@few
@given(FRONTS, st.sampled_from([None, True, False]))
def test_no_value_that_pyyaml_writes_is_lost(shape: dict[str, Any], flow: bool | None) -> None:
    front = filled(shape, count(1_000))
    text = yaml.safe_dump(front, default_flow_style=flow, allow_unicode=True, sort_keys=False, width=40)
    assert_nothing_is_lost(front, f"---\n{text}---\n".encode())


@few
@given(FRONTS, st.randoms(use_true_random=False))
def test_no_value_that_people_write_is_lost(shape: dict[str, Any], random: Random) -> None:
    front = filled(shape, count(1_000))
    assert_nothing_is_lost(front, f"---\n{rendered(front, random)}\n---\n".encode())


@few
@given(FRONTS)
def test_no_value_of_json_is_lost(shape: dict[str, Any]) -> None:
    front = filled(shape, count(1_000))
    assert_nothing_is_lost(front, json.dumps(front).encode() + b"\n")


@few
@given(FRONTS, FRONTS)
def test_no_value_of_a_repeated_key_is_lost(one: dict[str, Any], other: dict[str, Any]) -> None:
    numbers = count(1_000)
    first, second = filled(one, numbers), filled(other, numbers)
    # In a file with a nested `secured`, values of repeated keys may be part of it and are left out on purpose.
    nested = any(isinstance(value, dict | list) for front in (first, second) for key, value in secured_of(front))
    pairs = [*first.items(), *second.items()]
    data = ("---\n" + "".join(f"{_key(key)}: {json.dumps(value)}\n" for key, value in pairs) + "---\n").encode()
    if not nested:
        assert_nothing_is_lost({"first": first, "second": second}, data)
    else:
        assert HIDDEN not in repr(parse_file(PATH, data))


def secured_of(value: Any) -> Iterator[tuple[str, Any]]:
    """Every `secured` value of a nested value, with its key."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in SECURED:
                yield key, item
            yield from secured_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from secured_of(item)


@few
@given(FRONTS, st.integers(0, 2**32))
def test_the_same_file_gives_the_same_document(shape: dict[str, Any], seed: int) -> None:
    front = filled(shape, count(1_000))
    data = f"---\n{rendered(front, Random(seed))}\n---\n".encode()
    assert parse_file(PATH, data) == parse_file(PATH, data)
